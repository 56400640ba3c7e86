"""The management command of the project: `parvis migrate`, `parvis serve`, `parvis locate` ..."""

import os
import sys


def main() -> None:
    """Run a Django management command with the settings of Parvis."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
