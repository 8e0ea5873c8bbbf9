"""Texts about a draft and its rows: what was found, and what happens once it is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.contract.batches import (
    BY_ADDRESS,
    BY_NAME,
    BY_NUMBER,
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
from desktop.gui.batches.batch_words import read_words, times_words, tried_again_words
from desktop.gui.kit.words.addresses import address_sentence
from desktop.gui.kit.words.ages import day_and_time, until
from desktop.gui.kit.words.do_not_send import since_words
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import capital, sentences
from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.model.reasons import PAUSED, Reason
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
    words = translate("batches", "Only {} of %Ln rows were read.", None, rows_of_file)
    return [words.format(QLocale().toString(rows))]


def corrected(batch: Batch, lost: int) -> list[str]:
    """Say how many values were corrected; ``lost`` ones are of rows that are no longer read."""
    used, unused, said = batch["corrected"], batch["unused"] + lost, []
    if used:
        said.append(translate("batches", "%Ln values were corrected.", None, used))
    if unused:
        said.append(
            translate(
                "batches",
                "%Ln corrections are not used: the spreadsheet is read differently now.",
                None,
                unused,
            )
        )
    return said


def way_out(unfilled: Sequence[str]) -> str:
    """Say what to do about fields that the template asks for and no column fills."""
    words = translate(
        "batches",
        "The template asks for “{}”: choose that for a column, or edit the template.",
    )
    return words.format("”, “".join(unfilled))


def what_happens(batch: Batch, also: Collection[str] = ()) -> list[str]:
    """Say what is sent, what is left out, and when the last message is sent.

    Rows that were sent before are sent again if their check is in ``also``.
    """
    counts, said = batch["counts"], []
    if not counts["rows"]:
        return [translate("batches", "The spreadsheet has no rows.")]
    columns = batch["columns"].values()
    if Target.EMAIL not in columns:
        return [
            translate(
                "batches",
                "No column is the e-mail address. Choose one, or another sheet. An address behind a"
                " link is not read.",
            )
        ]
    if Target.NUMBER in batch["key"] and Target.NUMBER not in columns:
        return [
            translate(
                "batches",
                "No column is the item number, which tells who is the same person. Choose one.",
            )
        ]
    to_send = rows_to_send(counts, also)
    if not to_send:
        said.append(translate("batches", "Nothing to send."))
    said += _rows_not_new(batch, also)
    if to_send:
        said += _replaced(batch, also)
        said += _repeated_rows(batch)
        said.append(_when(batch, also))
    return said


def _rows_not_new(batch: Batch, also: Collection[str] = ()) -> list[str]:
    """Say how many rows have a problem, are the same as before, or have changed."""
    problems, said = batch["counts"]["problems"], []
    if problems:
        said.append(translate("batches", "%Ln rows need a look and are not sent.", None, problems))
    if listed := batch["counts"]["do_not_send"]:
        said.append(_listed_rows(listed, again=RowCheck.DO_NOT_SEND in also))
    same, changed = (check in also for check in (RowCheck.SAME, RowCheck.CHANGED))
    return [*said, *_same_rows(batch, again=same), *_changed_rows(batch, again=changed)]


def _listed_rows(count: int, *, again: bool) -> str:
    """Say how many rows are on the list *Do not send*."""
    if again:
        return translate("batches", "%Ln that are on the list “Do not send” are sent.", None, count)
    return translate("batches", "%Ln are not to be written to.", None, count)


def _same_rows(batch: Batch, *, again: bool) -> list[str]:
    """Say how many rows are the same as before, and whether they are sent again."""
    same = batch["counts"]["same"]
    if not same:
        return []
    if not again:
        return [
            translate(
                "batches",
                "%Ln rows are the same as before in every value and are left out. Retry failed "
                "ones in their batch.",
                None,
                same,
            )
        ]
    return [translate("batches", "%Ln rows are the same as before and are sent again.", None, same)]


def _when(batch: Batch, also: Collection[str]) -> str:
    """Say what the messages wait for, and when the last one is sent.

    That time does not count rows that are sent again: with them, only the daily limit is named.
    """
    now, rate = time.time(), WORDS.rate(batch["rate"])
    waits = _draft_waits(batch, now)
    if rows_to_send(batch["counts"], also) > rows_to_send(batch["counts"]):
        return sentences(waits, translate("batches", "At most {}.").format(rate) if rate else "")
    is_known = batch["leaves"]["reason"] in {None, Reason.QUOTA}
    return sentences(waits, times_words(batch, now) if is_known else "")


def _draft_waits(batch: Batch, now: float) -> str:
    """Say what the messages of a draft will wait for once it is sent; empty if they will not."""
    data = batch["leaves"]["reason_data"]
    match batch["leaves"]["reason"]:
        case None:
            return ""
        case Reason.OFFLINE:
            when = translate("batches", "once there is a connection")
        case Reason.QUOTA:
            words = translate("batches", "{} accepts no more e-mails for now")
            server = data.get("server") or capital(translate("batches", "the mail server"))
            return sentences(words.format(server), tried_again_words(data, now))
        case reason if reason in PAUSED:
            when = translate("batches", "once you resume")
        case _:
            when = translate("batches", "once the problem is fixed: {}").format(
                data.get("text", "")
            )
    return sentences(translate("batches", "The e-mails are sent {}").format(when))


def about_draft(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which rows of a draft are not new: changed, the same, or with a problem."""
    said = _rows_not_new(batch)
    if may_act and read_words(batch):
        said.insert(0, translate("batches", "Open it to read the others."))
    if may_act:
        said.append(translate("batches", "Nothing is sent before you press Send."))
    return said


def _changed_rows(batch: Batch, *, again: bool) -> list[str]:
    """Say how many rows of a draft have changed, and whether they are sent again."""
    count = batch["counts"]["changed"]
    if not count:
        return []
    if not again:
        words = translate("batches", "%Ln rows have changed since and are left out.", None, count)
        return [words]
    return [
        translate(
            "batches",
            "%Ln rows have changed since they were registered and are sent again as they are now.",
            None,
            count,
        )
    ]


def _replaced(batch: Batch, also: Collection[str]) -> list[str]:
    """Say which e-mails of other batches, not sent yet, this draft replaces."""
    found = [each for each in batch["replaces"] or () if each.get("check") in also]
    count, now = sum(each["count"] for each in found), time.time()
    times = {each.get("run_at") for each in found}
    begins = epoch(times.pop()) if len(times) == 1 else None
    if begins is not None and begins > now:
        words = translate("batches", "It replaces %Ln e-mails planned for {}.", None, count)
        return [words.format(until(begins, now))]
    words = translate(
        "batches", "It replaces %Ln e-mails of batch {} that are not sent yet.", None, count
    )
    numbers = ", ".join(str(number) for number in sorted({each["batch_id"] for each in found}))
    return [words.format(numbers)] if count else []


def _repeated_rows(batch: Batch) -> list[str]:
    """Say how many rows of a draft repeat another one."""
    count = batch["counts"]["twice"]
    words = translate("batches", "%Ln rows repeat another one and are not sent.", None, count)
    return [words] if count else []


def about_repeated_rows(batch: Batch) -> str:
    """Say by what the rows of a draft repeat another one, and how to send each."""
    key = tuple(batch["key"])
    if key == BY_NUMBER:
        return translate(
            "batches",
            "The number is the same. To send to each person, choose “address, title and name”.",
        )
    if key == BY_ADDRESS:
        words = translate("batches", "The address and the title are the same.")
    else:
        words = translate("batches", "The address, the title and the name are the same.")
    orders = translate(
        "batches",
        "If each row is an order, make the column with the order's number the number or the title.",
    )
    return sentences(words, orders)
