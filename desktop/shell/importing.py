"""``sendoff import``: upload, check and send a spreadsheet."""

from __future__ import annotations

import argparse
import json
import locale
import tempfile
import time
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.client.items import OF_THE_DRAFT, row_pages
from desktop.contract.batches import (
    BY_ADDRESS,
    BY_NAME,
    BY_NUMBER,
    RowCheck,
    RowProblem,
    Target,
    is_target,
    rows_to_send,
)
from desktop.contract.items import ValueKind
from desktop.contract.row_words import copies_words, opted_out_words, rows_not_new
from desktop.contract.rules.corrections import value_at
from desktop.contract.rules.file_names import FileNames
from desktop.contract.rules.locales import named_locale
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.rules.values import is_kind
from desktop.sheets.calls import describe, read_rows
from desktop.sheets.description import (
    SAID_HIDDEN,
    Kind,
    Note,
    SheetChoice,
    letter_notes,
    look_wrong,
)
from desktop.sheets.faults import SheetError, sentence
from desktop.shell.item_session import refused, with_items
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import BackendBusy, ClientError, Refused
from sendoff_tasks.model.times import Rate, utc_time
from sendoff_tasks.shell.command_line import fail, local, pair, say
from sendoff_tasks.words.file_faults import unread
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import rate_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, BatchRow, NewBatch, Replaced
    from desktop.sheets.description import Description

SOON: Final = 60.0
"""Seconds; a last message that is sent within them needs no time in the summary."""
_USUAL: Final = {
    "ISO8859-2": "cp1250",
    "ISO8859-5": "cp1251",
    "ISO8859-7": "cp1253",
    "ISO8859-9": "cp1254",
    "ISO8859-13": "cp1257",
}
"""The encoding that spreadsheets use where a locale of Unix has this one; else it is cp1252."""
MAY_SEND: Final = "Stopped. Batch {} may have been started: see “sendoff batches”."
LOOK_EVERY: Final = 0.2
"""Seconds between two requests for a draft whose rows are being checked."""


def typed_mapping(typed: str) -> tuple[str, str | None]:
    """Parse what a column becomes."""
    column, target = pair(typed)
    if target and not is_target(target):
        raise argparse.ArgumentTypeError(
            f"{target!r} is not a field: use {', '.join(Target)} or fields.NAME"
        )
    return column, target or None


def typed_kind(typed: str) -> tuple[str, str]:
    """Parse what a column counts as."""
    column, kind = pair(typed)
    if not is_kind(kind):
        raise argparse.ArgumentTypeError(f"{kind!r} is not a kind: use {', '.join(ValueKind)}")
    return column, kind


def typed_key(typed: str) -> list[str]:
    """Parse what recognizes a row."""
    words = {*typed.split(",")}
    for key in (BY_NUMBER, BY_ADDRESS, BY_NAME):
        if words == {*key}:
            return [*key]
    raise argparse.ArgumentTypeError(f"{typed!r} is not number, email,title or email,title,name")


def typed_rate(typed: str) -> str:
    """Parse how many in which time."""
    try:
        return str(Rate.parse(typed))
    except ValueError as error:
        raise argparse.ArgumentTypeError(rate_problem(error)) from error


def typed_encoding(typed: str) -> str:
    """Accept an encoding that Python knows."""
    try:
        "a".encode(typed)  # some codecs are not for text
    except (LookupError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{typed!r} is not an encoding such as cp1252") from error
    return typed


def typed_moment(typed: str) -> str:
    """Parse a time; without an offset it is this computer's local time."""
    try:
        return utc_time(datetime.fromisoformat(typed))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(
            f"{typed!r} is not a time such as 2030-03-01 08:00"
        ) from error


def run(options: argparse.Namespace) -> int:
    """Send a spreadsheet; return once its batch has started, with 1 if a row is left out.

    Nothing is sent while its words may be read in several ways, unless the likeliest is a word in
    the encoding of this computer's language.
    """

    def command(folder: Path, api: Api) -> int:
        choice = SheetChoice(
            sheet=options.sheet,
            encoding=options.encoding,
            each_address=options.each_address,
            visible_only=not options.hidden,
        )
        try:
            found = describe(options.file, choice, copy_in=folder)
            if options.sheet is not None and not found.sheets:
                return fail(f"{options.file}: It is a text file; leave --sheet out.")
            if not options.hidden and found.kind is Kind.XLS:
                said = "The hidden rows of an .xls are not known."
                return fail(f"{options.file}: {said} Save it as .xlsx, or send all by --hidden.")
            columns = matched(found, options.map, [*options.plain, *dict(options.kind)])
        except SheetError as error:
            return fail(f"{options.file}: {sentence(error)}")
        except ValueError as error:
            return fail(f"{options.file}: {error}")
        if found.readings and not options.dry_run and not _is_usual(found):
            said = f"{_uncertain(found)} Say which with --encoding. Nothing was sent."
            return fail(f"{options.file}: {said}")
        return _Import(api, options, found, columns).run()

    try:
        with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
            return with_items(options.place, partial(command, Path(folder)))
    except KeyboardInterrupt:
        return fail("Stopped.")


def matched(
    found: Description, chosen: Sequence[tuple[str, str | None]], named: Sequence[str]
) -> dict[str, str | None]:
    """Return the field of each column: the chosen one, else the guessed one.

    A field that is chosen for one column is not guessed for another. Raises ``ValueError`` with
    a sentence, also for a ``named`` column that there is not.
    """
    headers = ", ".join(found.mapping)
    for column in (*dict(chosen), *named):
        if column not in found.mapping:
            raise ValueError(f"There is no column “{column}”. The columns are: {headers}.")
    taken = {target for _, target in chosen}
    guessed = {
        column: None if target in taken else target for column, target in found.mapping.items()
    }
    columns = {**guessed, **dict(chosen)}
    if not {Target.EMAIL, Target.NUMBER} & {*columns.values()}:
        if not (found.rows or found.hidden_rows):  # without values, no address is recognized
            raise ValueError(ENGLISH.say("draft", "no_rows"))
        raise ValueError(
            "No column is matched to the e-mail address; say which with --map COLUMN=email. "
            f"An address behind a link is not read. The columns are: {headers}."
        )
    return columns


class _Import:
    """One import, from the draft to its start."""

    def __init__(
        self,
        api: Api,
        options: argparse.Namespace,
        found: Description,
        columns: dict[str, str | None],
    ) -> None:
        self._batches = api.batches
        self._templates = api.templates
        self._options = options
        self._found = found
        self._columns = columns
        chosen = {
            RowCheck.SAME: options.again,
            RowCheck.CHANGED: options.changed,
            RowCheck.DO_NOT_SEND: options.send_anyway,
            RowCheck.OPTED_OUT: options.opted_out,
        }
        self._also = [check for check, is_chosen in chosen.items() if is_chosen]
        chosen = {column: kind for column, kind in options.kind if kind != found.kind_of(column)}
        self._kinds = found.kinds | chosen
        self._asks = False  # rows opt out, and no option says what becomes of them
        self._doubtful: list[str] = []

    def run(self) -> int:
        """Upload, check and start the batch; delete a draft that is not started."""
        if not self._options.json:
            name = self._options.template or DEFAULT
            letters = {each["name"]: each for each in self._templates.all()}
            letter = letters.get(name, _NO_LETTER)
            for each in noted(self._found, self._columns, letter, self._kinds):
                say(each)
        try:
            batch_id = self._batches.create(self._settings(), new_key())
        except Refused as error:
            return refused(error)
        is_started = False
        try:
            batch = draft = self._upload(batch_id)
            self._asks = self._options.opted_out is None and bool(draft["opted_out"])
            to_send = rows_to_send(draft["counts"], self._also)
            # A repeated row counts only if something is sent.
            behind = [RowCheck.PROBLEM, *([RowCheck.TWICE] if to_send else [])]
            left = [*chain.from_iterable(row_pages(self._batches, batch_id, behind))]
            self._doubtful = self._look(batch_id)
            if to_send and not (self._asks or self._options.dry_run):
                is_started = True  # as far as is known, until there is an answer
                batch = self._batches.start(batch_id, new_key(), also=self._also)
        except (Refused, BackendBusy):
            is_started = False
            raise
        except SheetError as error:
            return fail(f"{self._options.file}: {sentence(error)} Nothing was sent.")
        except OSError as error:
            return fail(f"{error.filename}: {error.strerror or error}. Nothing was sent.")
        except KeyboardInterrupt:
            return fail(MAY_SEND.format(batch_id) if is_started else "Stopped. Nothing was sent.")
        finally:
            if not is_started:
                with suppress(ClientError):  # a draft that remains sends nothing
                    self._batches.delete(batch_id)
        return self._tell(draft, batch, left, is_started=is_started)

    def _settings(self) -> NewBatch:
        options = self._options
        asked = {
            "key": options.key,
            "template": options.template,
            "rate": options.rate,
            "run_at": options.at,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        whole = {"name": options.file.name, "columns": self._columns, **given}
        whole["reading"] = self._found.reading(self._columns, options.plain, self._kinds)
        return cast("NewBatch", whole)

    def _upload(self, batch_id: int) -> Batch:
        """Upload the spreadsheet, its rows and the files they name; return the checked draft."""
        self._batches.keep_sheet(batch_id, self._found.source)
        plain, kinds = self._options.plain, self._kinds
        for chunk in read_rows(self._found, self._columns, plain, kinds=kinds):
            self._batches.add_rows(batch_id, chunk.body)
        if Target.ATTACHMENT in self._columns.values():
            self._attach(batch_id, self._options.file.absolute().parent)
        while (batch := self._batches.one(batch_id))["counts"]["unchecked"]:
            time.sleep(LOOK_EVERY)
        return batch

    def _attach(self, batch_id: int, folder: Path) -> None:
        """Upload the files that rows name, if they are in the folder of the spreadsheet."""
        here = FileNames(path.name for path in folder.iterdir() if path.is_file())
        added: set[str] = set()
        while True:
            pages = row_pages(self._batches, batch_id, [RowCheck.PROBLEM])
            named = (
                file
                for row in chain.from_iterable(pages)
                if row["problem"] == RowProblem.MISSING_ATTACHMENT
                for each in row["item"]["attachments"]
                for file in here.named(each)
            )
            files = sorted({file for file in named if file in here} - added)
            if not files:
                return
            added.update(files)
            for file in files:
                self._attach_one(batch_id, folder / file)
            self._batches.take_files(batch_id, batch_id, ())  # has the rows checked
            while self._batches.one(batch_id)["counts"]["unchecked"]:
                time.sleep(LOOK_EVERY)

    def _attach_one(self, batch_id: int, file: Path) -> None:
        """Upload a file; say why one is not taken, whose rows are left out."""
        try:
            self._batches.attach(batch_id, file, more=True)
        except Refused as error:
            if error.status in OF_THE_DRAFT:
                raise
            fail(ENGLISH.say("added_files", "fault", name=file.name, why=error))
        except OSError as error:
            fail(unread(file, error))

    def _tell(self, draft: Batch, batch: Batch, left: list[BatchRow], *, is_started: bool) -> int:
        """Say what became of a ``draft``, which is this ``batch`` now."""
        for row in left:
            fail(told(row))
        left_out = self._left_out(draft)
        for each in left_out:
            fail(each)
        if self._options.json:
            result = {
                "batch_id": batch["batch_id"] if is_started else None,
                "counts": batch["counts"],
                "replaces": replaced(draft, self._also),
                "opted_out": draft["opted_out"],
                "copies": draft["copies"],
                "last_leaves_at": batch["leaves"]["last_at"],
                "left_behind": left,
                "notes": self._found.notes,
                "readings": self._found.readings,
            }
            print(json.dumps(result, indent=1))
        elif self._options.dry_run or not self._asks:
            is_written = self._found.kind is not Kind.ODS  # it has its own texts
            if is_written and any(column.shown is not None for column in self._found.columns):
                example = self._found.writing.example
                say(f"Numbers and dates are written so: {example}. See --plain.")
            found: Batch = {**draft, "leaves": batch["leaves"]}
            for each in self._doubtful:
                say(each)
            for each in summary(found, self._also, is_started=is_started, asks=self._asks):
                say(each)
        return 1 if left or left_out else 0

    def _look(self, batch_id: int) -> list[str]:
        """Say which values look wrong, though they are sent."""
        found = self._batches.rows(batch_id, check=[RowCheck.DOUBTFUL], limit=SAID_HIDDEN + 1)
        return look_wrong(
            [
                ENGLISH.say("sheet_note", "in_row", row=f"{row['row']:,}", text=row["data"]["text"])
                for row in found["rows"]
            ]
        )

    def _left_out(self, batch: Batch) -> list[str]:
        """Say how many rows are left out, or stop the others, although no option says so."""
        hidden = self._found.notes.get(Note.HIDDEN_ROWS, 0)
        changed = batch["counts"]["changed"]
        by_hand = f"{hidden:,} {_rows(hidden)} hidden, by hand or by a filter, left out."
        since = ENGLISH.say("draft", "changed", n=changed)
        opts_out = opted_out_words(batch, "asked")
        unsaid = [
            (by_hand, hidden, self._options.hidden, "hidden"),
            (since, changed, self._options.changed, "changed"),
            (" ".join(opts_out), len(opts_out), self._options.opted_out, "opted-out"),
        ]
        return [
            f"{why} See --{option} and --no-{option}."
            for why, count, said, option in unsaid
            if count and said is None
        ]


_NO_LETTER: Final = MappingProxyType({"left_over": (), "standard": ()})


def noted(
    found: Description,
    columns: Mapping[str, str | None],
    letter: Mapping[str, Any] = _NO_LETTER,
    kinds: Mapping[str, str] | None = None,
) -> list[str]:
    """Say what the spreadsheet hides, with counts, and which of its columns no message shows.

    Addresses whose domain is probably mistyped are asked about; they are sent all the same.
    ``letter`` is the template, as ``GET /templates`` details it; the
    columns count as ``kinds``.
    """
    said = found.note_words()
    if found.readings:
        said.append(f"{_uncertain(found)} It is read as the first; see --encoding.")
    filled = {column.header for column in found.columns if column.samples}
    if not found.each_address and (further := found.further(columns)):
        said.append(f"Further addresses in cells with several: {further:,}. See --each-address.")
    left_out = [header for header, target in columns.items() if not target and header in filled]
    if left_out:
        said.append(f"Columns that are left out: {', '.join(left_out)}. See --map.")
    said += [
        f"Each e-mail is sent at the time in column “{header}”. See --map."
        for header, target in columns.items()
        if target == Target.SEND_AT
    ]
    said += letter_notes(found, columns, letter, kinds)
    return said


def _is_usual(found: Description) -> bool:
    """Tell whether the likeliest reading is a word in the encoding of this computer's language."""
    of_unix = locale.normalize(named_locale("LC_CTYPE")).partition(".")[2]
    usual = _USUAL.get(of_unix, "cp1252")
    return found.encoding == usual and found.readings.get(usual, "").isalpha()


def _uncertain(found: Description) -> str:
    words = " or ".join(f"“{word}” ({name})" for name, word in found.readings.items())
    return f"A word may be {words}."


def told(row: BatchRow) -> str:
    """Say what is wrong with a row; quote the address if that is wrong."""
    wrong = value_at(row["item"], row["path"] or "")
    value = f" “{wrong}”:" if row["problem"] == RowProblem.BAD_ADDRESS and wrong else ""
    return f"Row {row['row']}:{value} {row['message']}"


def summary(
    batch: Batch, also: Collection[str], *, is_started: bool, asks: bool = False
) -> list[str]:
    """Say in a few lines which rows are sent and which are not, by the counts of the draft.

    Rows that are left out by themselves are sent if their check is in ``also``. Nothing is said of
    those that opt out while it ``asks`` about them.
    """
    counts, again = batch["counts"], RowCheck.SAME in also
    rows = f"{counts['rows']:,} {_rows(counts['rows'])}"
    n = rows_to_send(counts, also)
    at = batch["leaves"]["last_at"]
    verb = "is" if is_started else "would be"
    until = f" The last e-mail {verb} sent by {local(at)}." if at and _is_later(at) else ""
    if not n:
        first = "Nothing to send."
    elif not is_started:
        first = f"{n:,} of {rows} can be sent. This was a dry run; nothing is.{until}"
    else:
        first = f"Batch {batch['batch_id']} is started: {n:,} of {rows}.{until}"
    changed = counts["changed"] if RowCheck.CHANGED in also else 0  # else that is an error
    told: Batch = {**batch, "counts": {**counts, "changed": changed}}
    if asks:
        told["opted_out"] = None
    lines = rows_not_new(told, also)
    if twice := counts["twice"]:
        lines.append(ENGLISH.say("draft", "twice", n=twice))
    lines = [*copies_words(batch, also), *lines]
    if counts["same"] and not again:
        lines.append("See --again, to send what was sent before again.")
    if counts["twice"]:
        lines.append("See --key, and --map for an order's number as the number or the title.")
    lines += [
        ENGLISH.say("draft", "replaces", n=each["count"], batches=each["batch_id"])
        for each in replaced(batch, also)
    ]
    return [first, *lines]


def replaced(batch: Batch, also: Collection[str]) -> list[Replaced]:
    """Return the e-mails of other batches, not sent yet, that a batch replaces."""
    return [each for each in batch["replaces"] or () if each.get("check") in also]


def _is_later(moment: str) -> bool:
    return datetime.fromisoformat(moment).timestamp() > time.time() + SOON


def _rows(n: int) -> str:
    return "row" if n == 1 else "rows"
