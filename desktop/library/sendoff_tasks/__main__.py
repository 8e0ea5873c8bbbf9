"""``python -m sendoff_tasks``: the commands of tasks."""

import sys

from sendoff_tasks.shell.commands import main

if __name__ == "__main__":
    sys.exit(main())
