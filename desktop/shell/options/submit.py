"""The options of ``sendoff submit``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.shell.options import values

if TYPE_CHECKING:
    import argparse

    from desktop.shell.options.batches import Command


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
