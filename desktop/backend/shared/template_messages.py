"""The messages that need a template: how many there are, and which cannot be made with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from desktop.contract.batches import CheckData, RowProblem
from desktop.contract.items import CONFIRMATION
from desktop.contract.rules.templates import DEFAULT
from desktop.contract.states import OPEN, State
from desktop.engine.errors import UnknownId
from desktop.engine.store.reads.detail import NeedOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.backend.shared.parts import Parts
    from desktop.contract.items import Item, NewItem
    from desktop.contract.tasks import TaskDetail

Fault = tuple[RowProblem, str, CheckData]
_WAITS: Final = OPEN - {State.RUNNING}


def needing(parts: Parts, name: str, need: NeedOf) -> list[tuple[int, int]]:
    """Tell which messages need a template, also by its earlier names, with their items."""
    return parts.engine.with_template([name, *parts.letters.called.before(name)], need)


def still_to_leave(parts: Parts, name: str) -> int:
    """Count the open messages that need a template, and the rows that will need it."""
    return len(needing(parts, name, NeedOf.OPEN)) + len(_unsent(parts, name))


def messages_of(parts: Parts, name: str) -> dict[str, Any]:
    """Count the messages that need a template, and find those it cannot make as it is."""
    waiting, rows = needing(parts, name, NeedOf.OPEN), _unsent(parts, name)
    faults = {task: _fault(parts, item) for task, item in waiting}
    of_rows = [fault for fault in _faults_of(parts, rows) if fault is not None]
    lacking = map(_field, (*faults.values(), *of_rows))
    return {
        "open": len(waiting) + len(rows),
        "again": len(needing(parts, name, NeedOf.AGAIN)),
        "stuck": [task for task, fault in faults.items() if fault is not None],
        "rows": len(of_rows),
        "fields": list(dict.fromkeys(field for field in lacking if field is not None)),
    }


def field_lacking(parts: Parts, task: TaskDetail) -> str | None:
    """Tell what a message that waits would need to leave, as its template is now."""
    item = task["item_id"]
    if item is None or task["task"] != CONFIRMATION or task["state"] not in _WAITS:
        return None
    return _field(_fault(parts, item))


def _unsent(parts: Parts, name: str) -> Sequence[tuple[int, dict[str, Any]]]:
    names = [name, *parts.letters.called.before(name)]
    return parts.engine.batches.unsent(names)


def _faults_of(parts: Parts, rows: Sequence[tuple[int, dict[str, Any]]]) -> Iterator[Fault | None]:
    """Try to make the messages of rows, each with what its batch says of all."""
    from desktop.backend.shared.batches.row_check import Draft

    batches: dict[int, Draft] = {}
    for number, row in rows:
        if number not in batches:
            batches[number] = Draft.of(parts.engine.batches.get(number), {})
        body = cast("NewItem", batches[number].body(row))
        yield _fault_of(parts, body, row.get("item_id") or 1)


def _fault(parts: Parts, item_id: int) -> Fault | None:
    """Try to make an item's message."""
    try:
        return _fault_of(parts, parts.engine.item(item_id), item_id)
    except UnknownId:  # it was undone meanwhile
        return None


def _fault_of(parts: Parts, item: Item | NewItem, item_id: int) -> Fault | None:
    from desktop.backend.shared.batches.row_template import RowTemplate

    template = RowTemplate.find(parts.letters.templates, item.get("template") or DEFAULT)
    return template.fault_of(item, item_id, parts.settings.default_recipient() or "")


def _field(fault: Fault | None) -> str | None:
    if fault is None or fault[0] is not RowProblem.MISSING_FIELD:
        return None
    return fault[2]["field"]
