"""Writes the check of a row as an English sentence for the shell and for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import RowCheck, RowProblem
from desktop.contract.rules.addresses import AddressFault, AddressProblem, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from desktop.contract.batches import BatchRow, Change, CheckData

UNCHECKED: Final = "It is being checked."
_KEYS: Final = {"number": "number", "email": "e-mail address"}
_COMPARED: Final = {**_KEYS, "title": "title", "name": "name"}


def with_message(row: BatchRow) -> BatchRow:
    """Add the sentence to a row."""
    return {**row, "message": message_of(row["check"], row["problem"], row["data"], row["path"])}


def message_of(
    check: str | None, problem: str | None, data: CheckData, path: str | None = None
) -> str:
    """Write the check of a row as a sentence; ``path`` is the field to correct."""
    if check is None:
        return UNCHECKED
    if check == RowCheck.PROBLEM and problem is not None:
        return _PROBLEMS[RowProblem(problem)](data, path or "")
    return _CHECKS[RowCheck(check)](data)


def _same(data: Mapping[str, Any]) -> str:
    if "unsettled" in data:
        return _unsettled(data)
    if "failed" in data:
        failed = f"It is the same as before{_where(data)}. That failed and can be sent again there."
        return f"{failed}{_kept(data)}"
    return f"It was sent before with the same content{_where(data)}.{_kept(data)}"


def _changed(data: Mapping[str, Any]) -> str:
    what = _listed("What differs", data.get("changes", ()))
    replaced = ", ".join(_name(change) for change in data.get("replaced", ()))
    if replaced:
        what += f" That replaces what was corrected by hand: {replaced}."
    what += _kept(data)
    if "unsettled" in data:
        return f"{_unsettled(data)}{what}"
    return f"It was sent before with other content{_where(data)}.{what}"


def _kept(data: Mapping[str, Any]) -> str:
    return _listed("It stays as it was corrected by hand", data.get("kept", ()))


def _listed(what: str, changes: Iterable[Change]) -> str:
    told = [
        f"{_name(change)}: {_value(change['after'])}, before {_value(change['before'])}"
        for change in changes
    ]
    return f" {what}: {'; '.join(told)}." if told else ""


def _name(change: Change) -> str:
    return change["field"].removeprefix("fields.").removeprefix("recipient.")


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def _unsettled(data: Mapping[str, Any]) -> str:
    number = data["item_id"]
    return f"Item {number} is uncertain. Say first whether its message was sent."


def _twice(data: Mapping[str, Any]) -> str:
    if data.get("batch_id") is not None:
        return f"Row {data['row']} of batch {data['batch_id']} has newer data for it."
    words = [_COMPARED[part] for part in data["key"]]
    what = " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
    return f"It has the same {what} as row {data['row']} of this spreadsheet."


def _where(data: Mapping[str, Any]) -> str:
    if data.get("batch_id") is None:
        return f", as item {data['item_id']}" if "item_id" in data else ""
    return f", as row {data['row']} of batch {data['batch_id']}"


_CHECKS: Final[dict[RowCheck, Callable[[Mapping[str, Any]], str]]] = {
    RowCheck.READY: lambda _: "It can be sent.",
    RowCheck.PROBLEM: lambda _: "It cannot be sent as it is.",
    RowCheck.SAME: _same,
    RowCheck.CHANGED: _changed,
    RowCheck.TWICE: _twice,
}


def _bad_address(data: Mapping[str, Any], _: str) -> str:
    fault = AddressFault(data["fault"])
    said = sentence(AddressProblem(fault, data.get("position", 0), data.get("detail", "")))
    return f"{said} Give each a row." if fault is AddressFault.SEVERAL else said


def _other_person(data: Mapping[str, Any], _: str) -> str:
    if "row" not in data:
        return (
            f"Item {data['item_id']} is for {data['text']}. Give this row another number, or none."
        )
    said = f"This address is {data['text']}{_where(data)}. "
    if "item_id" not in data:
        return f"{said}Give this row another address, or a title of its own."
    return (
        f"{said}If that is the same person, correct the name of item {data['item_id']}, in the "
        "window or by PUT /items; else give this row another address, or a title of its own."
    )


_PROBLEMS: Final[dict[RowProblem, Callable[[Mapping[str, Any], str], str]]] = {
    RowProblem.BAD_ADDRESS: _bad_address,
    RowProblem.NO_KEY: lambda data, _: (
        f"The {_KEYS.get(data['field'], data['field'])} is empty, and rows are recognized by it."
    ),
    RowProblem.MISSING_FIELD: lambda data, _: (
        f"The template needs “{data['field']}”, and this row has none."
    ),
    RowProblem.UNKNOWN_TEMPLATE: lambda data, _: (
        f"There is no template named “{data['template']}”."
    ),
    RowProblem.BROKEN_TEMPLATE: lambda data, _: str(data["text"]),
    RowProblem.MISSING_ATTACHMENT: lambda data, _: (
        f"The file “{data['file']}” was not added to this batch."
    ),
    RowProblem.BAD_TIME: lambda data, _: f"“{data['text']}” is not a time.",
    RowProblem.BAD_NUMBER: lambda data, _: (
        f"“{data['text']}” is not a number that an item can have."
    ),
    RowProblem.CELL_ERROR: lambda data, path: (
        f"“{path.removeprefix('fields.')}” has the spreadsheet's error {data['text']}. Correct it "
        "there, or give this row a value."
    ),
    RowProblem.BAD_VALUE: lambda data, path: f"{path}: {data['text']}",
    RowProblem.OTHER_PERSON: _other_person,
    RowProblem.UNREADABLE: lambda data, _: (
        f"“{data['text']}” cannot be read for certain. Correct this row, or its separators and "
        "quotation marks in the file."
    ),
}
