"""The options of ``sendoff batches`` and ``report``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.shell.options import values

if TYPE_CHECKING:
    import argparse

    from desktop.shell.options.values import Command


def add_batches(command: Command) -> None:
    """Add ``sendoff batches``."""
    more = (
        "The newest first, one a line: number, state, how many of its rows were sent, are marked "
        "as sent by a person, have failed, are open, were cancelled or left out, when the last one "
        "is sent, and its name; --json has it whole."
    )
    parser = command("batches", "list the spreadsheets that were sent", more)
    parser.add_argument("--json", action="store_true", help="print the batches as one JSON array")
    parser.set_defaults(run=_batches)


def add_report(command: Command) -> None:
    """Add ``sendoff report``."""
    more = (
        "Writes the spreadsheet once more, with the columns Sendoff status, sent at, answer and "
        "Message-ID. Its formatting is not kept."
    )
    parser = command("report", "save a spreadsheet with what became of each row", more)
    parser.add_argument(
        "batch", type=values.number, metavar="BATCH", help="number of a batch, see `batches`"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=values.path,
        metavar="FILE",
        help="where to write it (default: beside you, as NAME-report with the same ending; "
        "a file that is there is not replaced then)",
    )
    parser.set_defaults(run=_report)


def _batches(options: argparse.Namespace) -> int:
    from desktop.shell.commands import batches

    return batches.show(options.place, as_json=options.json)


def _report(options: argparse.Namespace) -> int:
    from desktop.shell.commands import batches

    return batches.report(options.place, options.batch, options.output)
