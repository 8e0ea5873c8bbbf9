"""The options of the commands about items, tasks, queues and schedules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.shell.options import values

if TYPE_CHECKING:
    import argparse

    from desktop.shell.options.values import Command


def add_submit(command: Command) -> None:
    """Add ``sendoff submit``."""
    more = "The window's form from a shell; prints its number once item and tasks are on disk."
    submit = command("submit", "register one item", more)
    submit.add_argument(
        "--id", type=values.number, metavar="N", help="its number (default: the next)"
    )
    submit.add_argument(
        "--to", type=values.text, metavar="ADDR", help="the recipient's e-mail address"
    )
    submit.add_argument("--name", type=values.text, help="the recipient's name; needs --to")
    submit.add_argument("--title", type=values.text, help="what the item is")
    submit.add_argument("--template", type=values.text, metavar="NAME", help="the mail's template")
    submit.add_argument(
        "--field",
        action="append",
        type=values.pair,
        default=[],
        metavar="KEY=VALUE",
        help="a field of the item's own; may be given several times",
    )
    submit.add_argument(
        "--delay",
        type=values.seconds,
        metavar="S",
        help="seconds before its tasks start (default: 0)",
    )
    submit.set_defaults(run=_submit, refuse=submit.error)


def _submit(options: argparse.Namespace) -> int:
    if options.name is not None and options.to is None:
        options.refuse("--name needs --to")
    from desktop.shell.commands import submit

    return submit.run(options)


def add_tasks(command: Command) -> None:
    """Add ``sendoff tasks``."""
    more = (
        "Newest first, one a line as wide as the terminal: number, state, item, task, recipient, "
        "and why it is there; --json has it whole."
    )
    tasks = command("tasks", "list tasks", more)
    tasks.add_argument(
        "--state",
        action="append",
        metavar="STATE",
        help="only tasks in this state (scheduled, queued, running, waiting, succeeded, failed, "
        "cancelled, uncertain); may be given several times",
    )
    tasks.add_argument(
        "--text",
        type=values.text,
        default="",
        metavar="WORDS",
        help="only tasks with these words in a name, address or title",
    )
    tasks.add_argument("--json", action="store_true", help="print the rows as one JSON array")
    tasks.set_defaults(run=_tasks)


def add_show(command: Command) -> None:
    """Add ``sendoff show``."""
    more = "What it is, where it is and why; its attempts, log, arguments and result."
    show = command("show", "print a task and everything behind it", more)
    show.add_argument("id", type=values.number, metavar="ID", help="number of a task, see `tasks`")
    show.add_argument("--json", action="store_true", help="print it as one JSON object")
    show.set_defaults(run=_show)


def add_run(command: Command) -> None:
    """Add ``sendoff run``."""
    more = (
        "An argument becomes what the function is annotated with: a number, a date, yes or no; a "
        "list or an object is written as JSON. Prints the task's number once it is on disk."
    )
    run = command("run", "run any registered task", more)
    run.add_argument("task", type=values.text, metavar="TASK", help="its registered name")
    run.add_argument(
        "--arg",
        action="append",
        type=values.pair,
        default=[],
        metavar="NAME=VALUE",
        help="an argument, by its name; may be given several times",
    )
    run.set_defaults(run=_run)


def add_actions(command: Command) -> None:
    """Add ``sendoff retry``, ``cancel`` and ``resolve``."""
    each = "Each task is handled separately, with an answer of its own."
    sentences = {
        "retry": ("run failed, cancelled or waiting tasks again", each),
        "cancel": ("stop tasks that have not ended", each),
        "resolve": (
            "settle uncertain tasks",
            "The connection or the backend was lost while the e-mail was handed over: only you "
            "can find out whether it arrived. " + each,
        ),
    }
    for name, (does, more) in sentences.items():
        action = command(name, does, more)
        action.add_argument(
            "ids", nargs="+", type=values.number, metavar="ID", help="number of a task, see `tasks`"
        )
        if name == "resolve":
            action.add_argument(
                "--outcome",
                choices=["done", "again"],
                help="done: it happened; again: it did not, do it again (default: settle nothing, "
                "show what was handed over)",
            )
        action.set_defaults(run=_act, action=name)


def _tasks(options: argparse.Namespace) -> int:
    from desktop.shell.commands import tasks

    return tasks.show(options.place, tuple(options.state or ()), options.text, options.json)


def _show(options: argparse.Namespace) -> int:
    from desktop.shell.commands import show

    return show.run(options.place, options.id, as_json=options.json)


def _run(options: argparse.Namespace) -> int:
    from desktop.shell.commands import run

    return run.run(options.place, options.task, dict(options.arg))


def _act(options: argparse.Namespace) -> int:
    from desktop.shell.commands import actions

    return actions.run(
        options.place, options.action, options.ids, getattr(options, "outcome", None)
    )


def add_undo(command: Command) -> None:
    """Add ``sendoff undo``."""
    more = "In the window, an action on tasks waits a few seconds before it is carried out."
    undo = command("undo", "undo an action that still waits", more)
    undo.add_argument(
        "id", nargs="?", type=values.number, metavar="ID", help="its number (default: the last)"
    )
    undo.set_defaults(run=_undo)


def _undo(options: argparse.Namespace) -> int:
    from desktop.shell.commands import actions

    return actions.undo(options.place, options.id)


def add_pauses(command: Command) -> None:
    """Add ``sendoff pause`` and ``resume``."""
    queue = (
        "The confirmation's queue is `mail`; any other task's is what its @task says, or its name."
    )
    lasts = "Running tasks finish. A pause lasts until `resume`, across restarts too. "
    for name, does, more in (
        ("pause", "start no new tasks of some queues, or of all", lasts + queue),
        ("resume", "resume some paused queues, or all", queue),
    ):
        verb = command(name, does, more)
        verb.add_argument("queues", nargs="*", metavar="QUEUE", help="a queue (default: all)")
        verb.set_defaults(run=_pause, verb=name)


def _pause(options: argparse.Namespace) -> int:
    from desktop.shell.commands import pause

    return pause.run(options.place, options.verb, options.queues)


def add_watch(command: Command) -> None:
    """Add ``sendoff watch``."""
    more = "One line a change, as `tasks` prints it, from now on and until Ctrl+C."
    watch = command("watch", "print changes as they happen", more)
    watch.set_defaults(run=_watch)


def _watch(options: argparse.Namespace) -> int:
    from desktop.shell.commands import watch

    return watch.run(options.place)


def add_schedules(command: Command) -> None:
    """Add ``sendoff schedules``."""
    more = (
        "One a line: its name, when it is due, and the result of its last task. With a verb, it "
        "acts on one of them; a pause lasts until `resume`, across restarts too."
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
