"""Jobs of this room."""

from django_tasks import task

from parvis.notices.sending import send_due


@task()
def send_due_messages() -> int:
    """Send what is due in the outbox; repeating it sends nothing twice."""
    return send_due()
