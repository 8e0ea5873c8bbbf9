"""The options of ``sendoff schedules``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.shell.options import values

if TYPE_CHECKING:
    import argparse

    from desktop.shell.options.values import Command


def add_schedules(command: Command) -> None:
    """Add ``sendoff schedules``."""
    more = (
        "One a line: its name, when it is due, and what became of its last task. With a verb, one "
        "of them is steered: a pause lasts until `resume`, across restarts too."
    )
    schedules = command("schedules", "list tasks that run by themselves", more)
    schedules.add_argument(
        "verb",
        nargs="?",
        choices=["pause", "resume", "run"],
        help="pause: make no task at its times; resume: go on with the next; run: make one now",
    )
    schedules.add_argument(
        "name", nargs="?", type=values.text, metavar="NAME", help="the task's registered name"
    )
    schedules.add_argument("--json", action="store_true", help="print them as one JSON array")
    schedules.set_defaults(run=partial(_schedules, schedules))


def _schedules(parser: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from desktop.shell.commands import schedules

    if options.verb is None:
        return schedules.show(options.place, as_json=options.json)
    if options.name is None:
        parser.error(f"{options.verb} needs the NAME of a schedule")
    return schedules.steer(options.place, options.verb, options.name)
