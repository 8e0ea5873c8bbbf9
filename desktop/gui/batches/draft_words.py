"""Texts about a draft and its rows: what was found, and what happens once it is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.contract.batch_condition import rows_of_sheet
from desktop.contract.batches import (
    BY_ADDRESS,
    BY_NAME,
    BY_NUMBER,
    BatchKey,
    RowCheck,
    RowOutcome,
    RowProblem,
    Target,
    rows_to_send,
)
from desktop.contract.rules.addresses import AddressFault, AddressProblem
from desktop.contract.rules.file_names import is_place
from desktop.contract.rules.mailbox import addresses_meant
from desktop.contract.rules.templates import FIELD, if_calculated
from desktop.gui.batches.batch_words import after_quota, times_words, why_words
from desktop.gui.kit.words.addresses import address_sentence
from desktop.gui.kit.words.ages import day_and_time, until
from desktop.gui.kit.words.do_not_send import since_words
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, BatchCounts, BatchRow, Change


translate = QCoreApplication.translate


LEFT_OUT: Final = ""
"""The target of a column that is left out."""
PATHS: Final = {
    "item_id": Target.NUMBER,
    "recipient.name": Target.NAME,
    "recipient.first_name": Target.FIRST_NAME,
    "recipient.email": Target.EMAIL,
    "recipient": Target.EMAIL,
    "cc": Target.CC,
    "bcc": Target.BCC,
    "title": Target.TITLE,
    "fields.note": Target.NOTE,
    "run_at": Target.SEND_AT,
}
"""The target that fills each path of an item."""


_TARGETS: Final = {
    LEFT_OUT: QT_TRANSLATE_NOOP("import", "Left out"),
    Target.NUMBER: QT_TRANSLATE_NOOP("import", "Item number"),
    Target.NAME: QT_TRANSLATE_NOOP("import", "Name"),
    Target.FIRST_NAME: QT_TRANSLATE_NOOP("import", "First name"),
    Target.EMAIL: QT_TRANSLATE_NOOP("import", "E-mail"),
    Target.CC: QT_TRANSLATE_NOOP("import", "Cc"),
    Target.BCC: QT_TRANSLATE_NOOP("import", "Bcc"),
    Target.TITLE: QT_TRANSLATE_NOOP("import", "Title"),
    Target.NOTE: QT_TRANSLATE_NOOP("import", "Note in the e-mail"),
    Target.SEND_AT: QT_TRANSLATE_NOOP("import", "Send at"),
    Target.ATTACHMENT: QT_TRANSLATE_NOOP("import", "Attachment"),
    "template": QT_TRANSLATE_NOOP("import", "Template"),
}


def target_word(target: str | None) -> str:
    """Return the name of a target for the person."""
    target = target or LEFT_OUT
    if (words := _TARGETS.get(target)) is not None:
        return translate("import", str(words))
    return translate("import", "Field “{}”").format(target.removeprefix(FIELD).replace("_", " "))


def target_of(path: str) -> str:
    """Return the target that fills a path of an item."""
    if path.startswith("attachments"):
        return Target.ATTACHMENT
    return PATHS.get(path, path)


def path_word(path: str, columns: Mapping[str, str | None]) -> str:
    """Return the header of the column that fills a path, or else the target's name."""
    target = target_of(path)
    header = next((header for header, each in columns.items() if each == target), None)
    return header or target_word(target)


class ChipGroup(NamedTuple):
    """A chip: its title, its checks, and the names of their counts."""

    title: object
    checks: tuple[RowCheck, ...]
    counts: tuple[str, ...]

    def count(self, counts: BatchCounts | None) -> int:
        """Return the number of rows in this group."""
        return sum(counts[name] for name in self.counts) if counts else 0  # type: ignore[literal-required]


GROUPS: Final = (
    ChipGroup(QT_TRANSLATE_NOOP("rows", "All"), (), ("rows",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Needs a look"), (RowCheck.PROBLEM,), ("problems",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Ready"), (RowCheck.READY,), ("ready",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Changed"), (RowCheck.CHANGED,), ("changed",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Same as before"), (RowCheck.SAME,), ("same",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Do not send"), (RowCheck.DO_NOT_SEND,), ("do_not_send",)),
    ChipGroup(QT_TRANSLATE_NOOP("rows", "Twice"), (RowCheck.TWICE,), ("twice",)),
)


TOKENS: Final = {
    RowCheck.READY: "succeeded",
    RowCheck.PROBLEM: "failed",
    RowCheck.SAME: "queued",
    RowCheck.CHANGED: "waiting",
    RowCheck.TWICE: "waiting",
    RowCheck.DO_NOT_SEND: "soft text",
}
"""The theme token for the colour of a check."""


def check_words(row: BatchRow, also: Collection[str] = ()) -> str:
    """Return the sentences about the check of a row, with the corrections by hand that stay.

    A row that was cancelled is said to be so, with the later batch that took it over. Rows with a
    check in ``also`` are sent again, as are those to come.
    """
    kept = row["data"].get("kept")
    if row["outcome"] == RowOutcome.CANCELLED and row["check"] != RowCheck.TWICE:
        return translate("import", "It was cancelled.")
    is_left = row["check"] not in {RowCheck.READY, *also}
    is_sent = row["outcome"] != RowOutcome.LEFT_OUT and (bool(row["outcome"]) or not is_left)
    words = _check_words(row, again=is_sent)
    if is_sent and row["outcome"] != RowOutcome.LEFT_OUT:
        words = sentences(words, time_words(row))
    if not kept:
        return words
    return f"{words} {translate('import', 'Stays as corrected by hand: {}.').format(_each(kept))}"


def _check_words(row: BatchRow, *, again: bool) -> str:
    data: Mapping[str, Any] = row["data"]
    match row["check"]:
        case None:
            return translate("import", "It is being checked.")
        case RowCheck.READY if row["corrections"]:
            return sentences(translate("import", "It was corrected and is ready."), _meant(row))
        case RowCheck.READY:
            return sentences(translate("import", "It is ready."), _meant(row))
        case RowCheck.SAME if "unsettled" in data:
            return _unsettled(data)
        case RowCheck.SAME if again:
            words = translate("import", "Every value is as before{}. It is sent again.")
            return words.format(_where(data))
        case RowCheck.SAME if "failed" in data:
            words = translate(
                "import", "Every value is as before{}. That failed: send item {} again."
            )
            return words.format(_where(data), figure(data["item_id"]))
        case RowCheck.SAME:
            return translate("import", "Every value is as before{}. It is not sent twice.").format(
                _where(data)
            )
        case RowCheck.CHANGED if "unsettled" in data:
            return f"{_changed(data)} {_unsettled(data)}"
        case RowCheck.CHANGED if again:
            return f"{_changed(data)} {translate('import', 'It is sent again.')}"
        case RowCheck.CHANGED:
            return f"{_changed(data)} {translate('import', 'It is left out.')}"
        case RowCheck.TWICE:
            return _twice(data)
        case RowCheck.DO_NOT_SEND if again:
            return translate("import", "It is on the list “Do not send”, and is sent after all.")
        case RowCheck.DO_NOT_SEND if "entry" in data:
            return since_words(data["entry"])
        case RowCheck.DO_NOT_SEND:
            return translate("import", "It is on the list “Do not send”.")
        case _:
            return _problem(row, data)


def _meant(row: BatchRow) -> str:
    """Ask whether another address is meant, if it probably is."""
    recipient: Mapping[str, Any] = row["item"].get("recipient") or {}
    meant = addresses_meant(recipient.get("email") or "")
    return translate("import", "Did you mean {}?").format(meant[0]) if meant else ""


def time_words(row: BatchRow) -> str:
    """Say when a row with a time of its own is sent; empty if it has none or is not settled."""
    moment, now = epoch(row["item"].get("run_at")), time.time()
    if moment is None or "unsettled" in row["data"]:
        return ""
    said = f"{target_word(Target.SEND_AT)}: {day_and_time(moment, now)}"
    if moment > now:
        return sentences(said)
    passed = translate("import", "This time has passed: it is sent like a row without a time.")
    return sentences(said, passed)


def correction_words(row: BatchRow) -> list[str]:
    """Return a sentence about the corrections of a row, if there are any."""
    if not row["corrections"]:
        return []
    return [translate("import", "Corrected: {}.").format(_each(row["corrections"]))]


def _unsettled(data: Mapping[str, Any]) -> str:
    words = translate("import", "Item {} is uncertain: say first whether its e-mail was sent.")
    return words.format(figure(data["item_id"]))


def _changed(data: Mapping[str, Any]) -> str:
    changed = translate("import", "Changed since it was registered{}.")
    older = translate("import", "Older than what was registered since{}.")
    both = translate(
        "import", "Changed here and corrected by hand{}: the value of the spreadsheet is sent."
    )
    found = both if "replaced" in data else older if "newer" in data else changed
    words = found.format(_where(data))
    return f"{words} {_each(data['changes'])}." if data.get("changes") else words


def _each(changes: Sequence[Change]) -> str:
    return "; ".join(
        "{}: {} → {}".format(
            target_word(target_of(each["field"])), _value(each["before"]), _value(each["after"])
        )
        for each in changes
    )


def _twice(data: Mapping[str, Any]) -> str:
    if data.get("batch_id"):
        words = translate("import", "Batch {batch}, started later, replaces it.")
        return words.format(batch=data["batch_id"])
    compared = {
        BY_NUMBER: translate("import", "number"),
        BY_ADDRESS: translate("import", "address and title"),
        BY_NAME: translate("import", "address, title and name"),
    }
    words = translate("import", "Row {row} has the same {what}: only that is sent.")
    return words.format(row=figure(data["row"]), what=compared[tuple(data["key"])])


def _where(data: Mapping[str, Any]) -> str:
    if data.get("batch_id") is None:
        return ""
    words = translate("import", ", in batch {batch}, row {row}")
    return words.format(batch=data["batch_id"], row=figure(data["row"]))


def _problem(row: BatchRow, data: Mapping[str, Any]) -> str:
    match row["problem"]:
        case RowProblem.BAD_ADDRESS:
            fault = AddressFault(data["fault"])
            place = data.get("position", 0), data.get("detail", "")
            said = address_sentence(AddressProblem(fault, *place))
            several = translate(
                "import",
                "To write to each, tick “Send to each address of a cell” or give each a row.",
            )
            return f"{said} {several}" if fault is AddressFault.SEVERAL else said
        case RowProblem.NO_KEY:
            words = translate("import", "“{}” is missing in this row.")
            return words.format(target_word(data["field"]))
        case RowProblem.MISSING_FIELD:
            words = translate("import", "The template needs “{}”; this row has none.")
            name = str(data["field"]).removeprefix(FIELD)
            return words.format(name) + if_calculated(name)
        case RowProblem.UNKNOWN_TEMPLATE:
            return translate("import", "There is no template “{}”.").format(data["template"])
        case RowProblem.MISSING_ATTACHMENT if is_place(data["file"]):
            words = translate(
                "import",
                "“{}” is not a file's name. Type its name, without a folder or an address, and "
                "drop the file here.",
            )
            return words.format(data["file"])
        case RowProblem.MISSING_ATTACHMENT:
            words = translate(
                "import", "The file “{}” is missing. Drop it here, or correct its name."
            )
            return words.format(data["file"])
        case RowProblem.BAD_TIME:
            words = translate("import", "“{}” is not a time such as 2030-03-01 08:00.")
            return words.format(data["text"])
        case RowProblem.BAD_NUMBER:
            words = translate(
                "import", "“{}” cannot be an item number. Item numbers are whole numbers."
            )
            return words.format(data["text"])
        case RowProblem.CELL_ERROR:
            words = translate("import", "The cell has the error {}. Type the value that is meant.")
            return words.format(data["text"])
        case RowProblem.OTHER_PERSON:
            return _other_person(data)
        case RowProblem.UNREADABLE:
            words = translate(
                "import",
                "“{}” cannot be read for certain. Correct this row, or its separators and "
                "quotation marks in the file.",
            )
            return words.format(data["text"])
        case _:
            return str(data.get("text") or row["message"])


def _other_person(data: Mapping[str, Any]) -> str:
    if "row" not in data:
        words = translate("import", "Item {number} is for {person}: its number is taken.")
        return words.format(number=figure(data["item_id"]), person=data["text"])
    if "batch_id" not in data:
        words = translate(
            "import",
            "Row {row} has this address and title, for {person}. To send to both, choose “address,"
            " title and name”.",
        )
        return words.format(row=figure(data["row"]), person=data["text"])
    words = translate("import", "This address belongs to {person} in batch {batch}, row {row}.")
    place = {"batch": data["batch_id"], "row": figure(data["row"])}
    said = words.format(person=data["text"], **place)
    if "item_id" not in data:  # a row becomes an item only when its turn comes
        other = translate("import", "Give this row another address or a title of its own.")
        return f"{said} {other}"
    words = translate(
        "import",
        "If this is the same person, correct the name of item {number} in Items. Otherwise give "
        "this row another address or a title of its own.",
    )
    return f"{said} {words.format(number=figure(data['item_id']))}"


def _value(value: Any) -> str:
    if isinstance(value, list):  # names of files
        return ", ".join(map(str, value)) or "–"
    return "–" if value in {None, ""} else str(value)


def not_read(batch: Batch, rows_of_file: int | None) -> list[str]:
    """Say how many rows of the file were read, if some were not."""
    rows = batch["counts"]["rows"]
    if rows_of_file is None or rows >= rows_of_file:
        return []
    return [say("draft", "not_read", n=rows_of_file, rows=figure(rows))]


def corrected(batch: Batch, lost: int) -> list[str]:
    """Say how many values were corrected; ``lost`` ones are of rows that are no longer read."""
    counts = {"corrected": batch["corrected"], "unused": batch["unused"] + lost}
    return [say("draft", name, n=n) for name, n in counts.items() if n]


def way_out(unfilled: Sequence[str]) -> str:
    """Say what to do about fields that the template asks for and no column fills."""
    return say("draft", "unfilled", fields="”, “".join(unfilled))


def what_happens(batch: Batch, also: Collection[str] = ()) -> list[str]:
    """Say what is sent, what is left out, and when the last message is sent.

    Rows that were sent before are sent again if their check is in ``also``.
    """
    twice = batch["counts"]["twice"]
    if not batch["counts"]["rows"]:
        return [say("draft", "no_rows")]
    columns = batch["columns"].values()
    if Target.EMAIL not in columns:
        return [say("draft", "no_email")]
    if Target.NUMBER in batch["key"] and Target.NUMBER not in columns:
        return [say("draft", "no_number")]
    if not rows_to_send(batch["counts"], also):
        return [say("draft", "nothing"), *_rows_not_new(batch, also)]
    repeated = [say("draft", "twice", n=twice)] if twice else []
    return [*_rows_not_new(batch, also), *_replaced(batch, also), *repeated, _when(batch, also)]


def about_draft(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which rows of a draft are not new: changed, the same, or with a problem."""
    said = _rows_not_new(batch)
    if may_act and batch["counts"]["rows"] < rows_of_sheet(batch):
        said.insert(0, say("draft", "read_on"))
    return [*said, say("draft", "press_send")] if may_act else said


def _rows_not_new(batch: Batch, also: Collection[str] = ()) -> list[str]:
    """Say how many rows have a problem, are listed, are the same as before, or have changed."""
    counts = {name: batch["counts"][name] for name in _NOT_NEW}
    return [
        say("draft", name, "again" if name in also else "", n=n) for name, n in counts.items() if n
    ]


_NOT_NEW: Final[tuple[Literal["problems", "do_not_send", "same", "changed"], ...]] = (
    *("problems", "do_not_send", "same", "changed"),
)


def _when(batch: Batch, also: Collection[str]) -> str:
    """Say what the messages will wait for, and when the last one is sent.

    That time does not count rows that are sent again: with them, only the daily limit is named.
    """
    now, why, rate = time.time(), why_words(batch), WORDS.rate(batch["rate"])
    if over := after_quota(batch, now):
        return sentences(why, over)
    waits = sentences(why, say("draft", "waits")) if why else ""
    if rows_to_send(batch["counts"], also) > rows_to_send(batch["counts"]):
        return sentences(waits, say("batch_times", "at_most", rate=rate) if rate else "")
    return waits or times_words(batch, now)


def _replaced(batch: Batch, also: Collection[str]) -> list[str]:
    """Say which e-mails of other batches, not sent yet, this draft replaces."""
    found = [each for each in batch["replaces"] or () if each.get("check") in also]
    count, now = sum(each["count"] for each in found), time.time()
    times = {each.get("run_at") for each in found}
    begins = epoch(times.pop()) if len(times) == 1 else None
    when = until(begins, now) if begins is not None and begins > now else ""
    numbers = ", ".join(str(number) for number in sorted({each["batch_id"] for each in found}))
    said = say("draft", "replaces", "planned" if when else "", n=count, batches=numbers, when=when)
    return [said] if count else []


def about_repeated_rows(batch: Batch) -> str:
    """Say by what the rows of a draft repeat another one, and how to send each."""
    last = batch["key"][-1]
    if last == BatchKey.NUMBER:
        return say("draft_key", last)
    return sentences(say("draft_key", last), say("draft_key", "orders"))
