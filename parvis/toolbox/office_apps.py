"""The editor's library as this house installs it: its own mails are turned off."""

from wagtail.admin.apps import WagtailAdminAppConfig


class OfficeConfig(WagtailAdminAppConfig):
    """`wagtail.admin`, whose words go out through the one outbox."""

    def ready(self) -> None:
        super().ready()
        from parvis.toolbox import edit_signals

        edit_signals.silence()
