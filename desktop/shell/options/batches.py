"""The options of the commands about spreadsheets: ``import``, ``batches`` and ``report``."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.shell.options import values

if TYPE_CHECKING:
    from desktop.shell.options.values import Command


def add_import(command: Command) -> None:
    """Add ``sendoff import``."""
    parser = command(
        "import",
        "send a spreadsheet, one e-mail a row",
        "Every row is checked first; those that are ready are sent, and rows that were sent before "
        "with the same content are not. Exit status 1 with a sentence for each row that stays "
        "behind: it has a problem, or its entry is in the spreadsheet twice.",
    )
    parser.add_argument(
        "file", type=values.path, metavar="FILE", help="a .xlsx, .xls, .ods, .csv or .tsv file"
    )
    parser.add_argument(
        "--sheet", type=values.text, help="the sheet of a workbook (default: the first with rows)"
    )
    parser.add_argument(
        "--encoding",
        type=values.text,
        metavar="NAME",
        help="the encoding of a text file, such as cp1252 (default: found by its words, else by "
        "the language of this computer; if neither tells, nothing is sent until you say which)",
    )
    parser.add_argument(
        "--map",
        action="append",
        type=_mapped,
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column becomes: number, name, first_name, email, title, note, send_at, "
        "attachment, fields.NAME, or nothing to leave it out; may be given several times "
        "(default: guessed by its header)",
    )
    parser.add_argument(
        "--plain",
        action="append",
        type=values.text,
        default=[],
        metavar="COLUMN",
        help="a column whose cells are written plainly, 12.5, not as the sheet shows them, "
        "12.50 €; may be given several times. Numbers and dates follow LC_ALL",
    )
    parser.add_argument(
        "--visible-only",
        action="store_true",
        help="leave out rows that are hidden, by hand or by a filter (default: they are sent too)",
    )
    parser.add_argument(
        "--each-address",
        action="store_true",
        help="send a message to each address of a cell that has several (default: such a row has "
        "a problem)",
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="send the rows again that are the same as in an earlier batch",
    )
    parser.add_argument(
        "--key",
        type=_key,
        metavar="FIELD[,FIELD]",
        help="what recognizes a row that was sent before: number, or email,title (default: number "
        "where a column is matched to it)",
    )
    parser.add_argument(
        "--template", type=values.text, metavar="NAME", help="the template of its messages"
    )
    parser.add_argument(
        "--rate", type=_rate, help="how many may be sent in which time, such as 500/day"
    )
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="when the first may be sent, such as 2030-03-01 08:00 by this computer's clock, or "
        "2030-03-01T08:00:00Z (default: now)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only check, and leave nothing behind"
    )
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    parser.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from desktop.shell.commands import importing

    return importing.run(options)


def _mapped(typed: str) -> tuple[str, str | None]:
    from desktop.sheets import is_target

    column, target = values.pair(typed)
    if target and not is_target(target):
        raise argparse.ArgumentTypeError(
            f"{target!r} is not a field: use number, name, first_name, email, title, note, "
            "send_at, attachment or fields.NAME"
        )
    return column, target or None


def _key(typed: str) -> list[str]:
    from desktop.contract.batches import BY_ADDRESS, BY_NAME, BY_NUMBER

    words = {*typed.split(",")}
    for key in (BY_NUMBER, BY_ADDRESS, BY_NAME):
        if words == {*key}:
            return [*key]
    raise argparse.ArgumentTypeError(f"{typed!r} is not number, email,title or email,title,name")


def _rate(typed: str) -> str:
    from desktop.contract.rules.times import Rate

    try:
        return str(Rate.parse(typed))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _moment(typed: str) -> str:
    """Parse a time; without an offset it is this computer's local time."""
    try:
        at = datetime.fromisoformat(typed).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{typed!r} is not a time such as 2030-03-01 08:00"
        ) from error
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


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
    parser = command("report", "save a spreadsheet with the result of each row", more)
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
