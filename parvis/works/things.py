"""How this room's things stand on the thread: projects, worksites and handover have their files."""

from __future__ import annotations

from parvis.works import handover_things, project_things, site_things

__all__ = ["handover_things", "project_things", "site_things"]
