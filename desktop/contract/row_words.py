"""Says what the check of a row has found, in the words of the window or of shell and API."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from desktop.contract.batches import (
    SENT_ALWAYS,
    SKIP,
    RowCheck,
    RowOutcome,
    RowProblem,
    Skip,
    Target,
)
from desktop.contract.do_not_send import listed_words
from desktop.contract.rules.addresses import AddressFault, AddressProblem, sentence
from desktop.contract.rules.file_names import is_place
from desktop.contract.rules.templates import FIELD, if_calculated
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.table import ENGLISH, WordTable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from desktop.contract.batches import Batch, BatchRow, Change, OptOut

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


_NAMED: Final = 3
"""Columns in which rows opt out, or addresses of copies, that a sentence names."""
_Counted = Literal["problems", "doubtful", "skipped", "do_not_send", "same", "changed"]
_NOT_NEW: Final[tuple[_Counted, ...]] = get_args(_Counted)


def rows_not_new(batch: Batch, also: Collection[str] = (), words: WordTable = ENGLISH) -> list[str]:
    """Say how many rows have a problem, look wrong, are left out for a reason, or have changed."""
    counts = {name: batch["counts"][name] for name in _NOT_NEW}
    again = {name: "again" if name in also else "" for name in counts}
    said = [words.say("draft", name, again[name], n=n) for name, n in counts.items() if n]
    return [*said, *opted_out_words(batch, *["again"] * (RowCheck.OPTED_OUT in also), words=words)]


def target_of(path: str) -> str:
    """Return the target that fills a path of an item."""
    return Target.ATTACHMENT if path.startswith("attachments") else PATHS.get(path, path)


def target_word(target: str | None, words: WordTable = ENGLISH) -> str:
    """Return the name of a target for the person; ``None`` and "" are no target."""
    if not target or target in [*Target, "template"]:
        return words.say("target", f"to_{target or 'none'}")
    return words.say("target", "field", name=target.removeprefix(FIELD).replace("_", " "))


def check_words(row: BatchRow, also: Collection[str] = (), words: WordTable = ENGLISH) -> str:
    """Return the sentences about the check of a row, with the corrections by hand that stay.

    Rows with a check in ``also`` are sent again, as are those to come.
    """
    kept = row["data"].get("kept")
    if row["outcome"] == RowOutcome.CANCELLED and row["check"] != RowCheck.TWICE:
        return words.say("row", "cancelled")
    is_left = row["check"] not in {*SENT_ALWAYS, *also}
    is_sent = row["outcome"] != RowOutcome.LEFT_OUT and (bool(row["outcome"]) or not is_left)
    is_told = row["check"] == RowCheck.OPTED_OUT
    said = [
        *_found(row, row["data"], words, again=is_sent),
        _opted_out(row.get("opted_out") if is_sent and not is_told else None, words),
        time_words(row, words) if is_sent else "",
        words.say("row", "kept", changes=_each(kept, words)) if kept else "",
    ]
    return " ".join(filter(None, said))


def time_words(row: BatchRow, words: WordTable = ENGLISH) -> str:
    """Say when a row with a time of its own is sent; empty if it has none or is not settled."""
    moment, now = epoch(row["item"].get("run_at")), time.time()
    if moment is None or "unsettled" in row["data"]:
        return ""
    field = target_word(Target.SEND_AT, words)
    said = words.say("row", "time", field=field, time=words.moment(moment, now))
    return said if moment > now else f"{said} {words.say('row', 'passed')}"


def correction_words(row: BatchRow, words: WordTable = ENGLISH) -> str:
    """Return a sentence about the corrections of a row; empty if there are none."""
    changes = row["corrections"]
    return words.say("row", "typed", changes=_each(changes, words)) if changes else ""


def _found(row: BatchRow, data: Mapping[str, Any], words: WordTable, *, again: bool) -> list[str]:
    item, kind = data.get("item_id", ""), "again" if again else ""
    unsettled = words.say("row", "unsettled", item=item) if "unsettled" in data else ""
    match row["check"]:
        case None:
            return [words.say("row", "unchecked")]
        case RowCheck.READY:
            ready = "corrected" if row["corrections"] else "ready"
            return [words.say("row", ready)]
        case RowCheck.SAME:
            kind = kind or ("failed" if "failed" in data else "")
            said = words.say("row", "same", kind, where=_where(data, words), item=item)
            return [unsettled or said]
        case RowCheck.CHANGED:
            then = words.say("row", "again" if again else "left_out")
            return [_changed(data, words, kind), unsettled or then]
        case RowCheck.TWICE:
            return [_twice(data, words)]
        case RowCheck.SKIPPED:
            total = ("total",) if row["item"].get(SKIP) == Skip.TOTAL else ()
            return [words.say("row", "skipped", *total)]
        case RowCheck.OPTED_OUT:
            then = "" if again else words.say("row", "left_out")
            return [_opted_out(data["opted_out"], words), then]
        case RowCheck.DOUBTFUL:
            return [words.say("row", "doubtful", data["kind"], text=data["text"])]
        case RowCheck.DO_NOT_SEND if "entry" in data and not again:
            since = words.moment(epoch(data["entry"]["since"]) or 0.0, time.time())
            return [listed_words(data["entry"], since, words)]
        case RowCheck.DO_NOT_SEND:
            return [words.say("row", "do_not_send", kind)]
        case _:
            return _problem(row["problem"] or "", data, words) or [row["message"]]


def _opted_out(said: OptOut | None, words: WordTable) -> str:
    return words.say("row", "opted_out", **said) if said else ""


def copies_sent(batch: Batch, also: Collection[str] = ()) -> tuple[int, list[tuple[str, int]]]:
    """Return how many e-mails of a start have copies, and who gets how many, the most first.

    The start sends ``also`` rows with these checks, as :func:`rows_to_send`.
    """
    found = batch["copies"]
    if found is None:
        return 0, []

    def sent(counts: dict[str, int]) -> int:
        return sum(counts.get(check, 0) for check in (*SENT_ALWAYS, *also))

    each = [(copied["address"], sent(copied["counts"])) for copied in found["addresses"]]
    told = sorted((pair for pair in each if pair[1]), key=lambda pair: -pair[1])
    return sent(found["emails"]), told


def copied_words(batch: Batch, also: Collection[str], words: WordTable = ENGLISH) -> list[str]:
    """Say address by address how many copies each gets if a draft is sent, as far as is known."""
    _, copied = copies_sent(batch, also)
    others = batch["copies"]["others"] if batch["copies"] else 0
    said = [
        words.say("draft", "copied", address=address, count=words.number(count))
        for address, count in copied
    ]
    return [*said, words.say("draft", "more_copied", n=others)] if copied and others else said


def copies_words(batch: Batch, also: Collection[str], words: WordTable = ENGLISH) -> list[str]:
    """Say how many e-mails of a draft have copies, who gets how many, or several e-mails."""
    n, copied = copies_sent(batch, also)
    said = copied_words(batch, also, words)
    more = len(copied) - _NAMED + (batch["copies"]["others"] if batch["copies"] else 0)
    if more > 0 and len(said) > _NAMED:
        said = [*said[:_NAMED], words.say("draft", "more_copied", n=more)]
    copies = [words.say("draft", "copies", n=n, who=", ".join(said))] if n else []
    repeated = batch["copies"]["repeated"] if batch["copies"] else 0
    return [*copies, *([words.say("draft", "repeated", n=repeated)] if repeated else [])]


def opted_out_words(batch: Batch, *way: str, words: WordTable = ENGLISH) -> list[str]:
    """Say how many rows of a draft opt out, and in which words; ``way`` is what becomes of them."""
    opts_out = batch["opted_out"] or ()
    n = sum(each["count"] for each in opts_out)
    named = [f"“{each['column']}: {each['text']}”" for each in opts_out[:_NAMED]]
    texts = ", ".join([*named, *["…"] * (len(opts_out) > _NAMED)])
    return [words.say("draft", "opted_out", *way, n=n, texts=texts)] if n else []


def _changed(data: Mapping[str, Any], words: WordTable, kind: str) -> str:
    name = "replaced" if "replaced" in data else "older" if "newer" in data else "changed"
    said = words.say("row", name, kind, where=_where(data, words))
    return f"{said}: {_each(data['changes'], words)}." if data.get("changes") else f"{said}."


def _each(changes: Sequence[Change], words: WordTable) -> str:
    return "; ".join(
        words.say(
            "row",
            "change",
            field=target_word(target_of(each["field"]), words),
            before=_value(each["before"]),
            after=_value(each["after"]),
        )
        for each in changes
    )


def _value(value: Any) -> str:
    if isinstance(value, list):  # names of files
        return ", ".join(map(str, value)) or "–"
    return "–" if value in {None, ""} else str(value)


def _twice(data: Mapping[str, Any], words: WordTable) -> str:
    row = words.number(data["row"])
    if data.get("batch_id"):
        return words.say("row", "taken_over", row=row, batch=data["batch_id"])
    return words.say("row", "twice", row=row, what=words.say("row_key", data["key"][-1]))


def _where(data: Mapping[str, Any], words: WordTable) -> str:
    """Say where a row was sent before: in a batch, or as an item that was typed."""
    if data.get("batch_id") is not None:
        row = words.number(data["row"])
        return words.say("row_place", "batch", batch=data["batch_id"], row=row)
    return words.say("row_place", "item", item=data["item_id"]) if "item_id" in data else ""


def _problem(problem: str, data: Mapping[str, Any], words: WordTable) -> list[str]:
    fields = {**data, "item": data.get("item_id"), "batch": data.get("batch_id")}
    if "row" in data:
        fields["row"] = words.number(data["row"])
    name, more = problem, ""
    match problem:
        case RowProblem.BAD_ADDRESS:
            fault = AddressFault(data["fault"])
            place = data.get("position", 0), data.get("detail", "")
            more = words.say("row_problem", "several") if fault is AddressFault.SEVERAL else ""
            return [sentence(AddressProblem(fault, *place), words), more]
        case RowProblem.NO_KEY:
            fields["field"] = target_word(data["field"], words)
        case RowProblem.MISSING_FIELD:
            fields["field"] = data["field"].removeprefix(FIELD)
            more = if_calculated(fields["field"], words)
        case RowProblem.UNKNOWN_TEMPLATE:
            return [words.say("template", "missing", name=data["template"])]
        case RowProblem.BROKEN_TEMPLATE if "file" in data:
            about = {"file": data["file"], "name": data["template"]}
            return [words.fill("attachment", "lost_of_template", fields=about)]
        case RowProblem.BROKEN_TEMPLATE if "field" in data:
            name = "template_subject"
        case RowProblem.MISSING_ATTACHMENT if is_place(data["file"]):
            name = "not_a_name"
        case RowProblem.OTHER_PERSON if "row" not in data:
            name = "other_number"
        case RowProblem.OTHER_PERSON if "batch_id" not in data:
            name = "other_row"
        case RowProblem.OTHER_PERSON:
            name = "other_item" if "item_id" in data else "other_batch"
    return [words.fill("row_problem", name, fields=fields), more] if name else []
