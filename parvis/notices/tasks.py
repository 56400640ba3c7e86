"""Jobs of this room."""

from django_tasks import task

from parvis.notices import publishing
from parvis.notices.digests import Line
from parvis.notices.sending import send_due


@task()
def send_due_messages() -> int:
    """Send what is due in the outbox; repeating it sends nothing twice."""
    return send_due()


@task()
def publish_further(
    topics: list[str],
    event: str,
    line: dict[str, str],
    after: int,
    told: list[str],
    urgent: bool,
) -> int:
    """Tell the followers who come after this one; repeating it tells nobody twice. `told` holds
    digests, no address."""
    return publishing.go_on(topics, event, Line(**line), after=after, told=told, urgent=urgent)
