"""The messages that need a template: how many there are, and which of them cannot be made."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from desktop.backend.batches import Draft, check_drafts_again
from desktop.contract.batches import RowProblem
from desktop.contract.causes import Cure
from desktop.contract.items import CONFIRMATION
from desktop.contract.reasons import Reason
from desktop.contract.rules.templates import DEFAULT
from desktop.engine.errors import UnknownId
from desktop.engine.verbs.tell_held import tell_held
from desktop.items.reads.batches import read_unsent
from desktop.items.reads.messages import COUNTED, NeedOf, read_with_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desktop.backend.rows import RowTemplate
    from desktop.backend.services import Services
    from desktop.contract.items import Item, NewItem
    from desktop.contract.tasks import TaskDetail

FILLED: Final = "1"
"""Replaces a missing field when a message is tried; it is a text and can be read as a number."""


class MessageTrial(NamedTuple):
    """Why a message cannot be made, and the fields that it lacks; no ``fault`` if it can be."""

    fault: str | None = None
    lacks: Sequence[str] = ()


def needing(services: Services, name: str, need: NeedOf) -> list[tuple[int, int]]:
    """List the messages that need a template, as (task, item)."""
    return services.engine.read(read_with_template, name, need)


def still_to_leave(services: Services, name: str) -> tuple[int, bool]:
    """Count the open messages and the unsent rows that need a template; tell if that is exact."""
    found = needing(services, name, NeedOf.OPEN), _unsent(services, name)
    return sum(map(len, found)), _are_all(*found)


def messages_of(
    services: Services, name: str, changed: RowTemplate | None = None
) -> dict[str, Any]:
    """Count the messages that need a template, and find those that cannot be made with it.

    They are tried with the ``changed`` template, if one is given.
    """
    still_open, again = (needing(services, name, need) for need in (NeedOf.OPEN, NeedOf.AGAIN))
    waiting = needing(services, name, NeedOf.NOT_RUNNING)
    tried = {task: _tried(services, item, changed) for task, item in waiting}
    stuck = {task: each for task, each in tried.items() if each.fault}
    rows = _unsent(services, name)
    tried_rows = _tried_rows(services, rows, changed)
    of_rows = [(number, each) for number, each in tried_rows if each.fault]
    found = [*stuck.values(), *(each for _, each in of_rows)]
    by_batch = Counter(number for number, _ in of_rows)
    return {
        "open": len(still_open) + len(rows),
        "again": len(again),
        "counts_are_exact": _are_all(still_open, again, rows),
        "stuck": [*stuck],
        "rows": len(of_rows),
        "batches": [{"batch_id": number, "rows": by_batch[number]} for number in by_batch],
        "fields": list(dict.fromkeys(field for each in found for field in each.lacks)),
        "fault": found[0].fault if found else None,
    }


def tell_template(services: Services, task: TaskDetail) -> None:
    """Add the template and the missing fields of a message to its task.

    A message that has ended can be sent after a correction, which then has to fill them in.
    """
    number = task["item_id"]
    if number is None or task["task"] != CONFIRMATION:
        return
    with suppress(UnknownId):  # it was undone meanwhile
        item = services.register.item(number)
        task["template"] = item.get("template") or DEFAULT
        task["lacks"] = [*_tried_body(services, item, number).lacks]


def template_changed(services: Services, name: str) -> None:
    """Check the drafts that may use a template again, and renew the reasons of held messages."""
    check_drafts_again(services, name)
    _tell_held(services, needing(services, name, NeedOf.HELD))


def item_changed(services: Services, item_id: int) -> None:
    """Renew the reasons of an item's held messages."""
    with suppress(UnknownId):
        _tell_held(
            services,
            [
                (task["id"], item_id)
                for task in services.register.item(item_id)["tasks"]
                if task["task"] == CONFIRMATION and task["reason"] == Reason.HELD_FOR_PERSON
            ],
        )


def _tell_held(services: Services, messages: Iterable[tuple[int, int]]) -> None:
    told = {task: _tried(services, item).fault for task, item in messages}
    if told:
        services.engine.do(lambda group: tell_held(group, told, Cure.EDIT_TEMPLATE)).result()


def _are_all(*found: Sequence[object]) -> bool:
    """Tell whether no list is as long as :data:`COUNTED`, so there can be no more."""
    return all(len(each) < COUNTED for each in found)


def _unsent(services: Services, name: str) -> Sequence[tuple[int, dict[str, Any]]]:
    return services.engine.read(read_unsent, name, COUNTED)


def _tried_rows(
    services: Services,
    rows: Sequence[tuple[int, dict[str, Any]]],
    changed: RowTemplate | None,
) -> Iterator[tuple[int, MessageTrial]]:
    """Try to make the messages of rows; yields the batch of each row and the result."""
    batches: dict[int, Draft] = {}
    for number, row in rows:
        if number not in batches:
            batches[number] = Draft.of(services.batches.get(number), {})
        body = cast("NewItem", batches[number].body(row))
        yield number, _tried_body(services, body, row.get("item_id") or 1, changed)


def _tried(services: Services, item_id: int, changed: RowTemplate | None = None) -> MessageTrial:
    """Try to make an item's message."""
    try:
        return _tried_body(services, services.register.item(item_id), item_id, changed)
    except UnknownId:  # it was undone meanwhile
        return MessageTrial()


def _tried_body(
    services: Services, body: Item | NewItem, item_id: int, changed: RowTemplate | None = None
) -> MessageTrial:
    """Try to make a message, and fill in each missing field until none is missing."""
    from desktop.backend.rows import RowTemplate
    from desktop.mail.templates.store import UnknownTemplate
    from desktop.mail.templates.template import lacking

    name = body.get("template") or DEFAULT
    template = changed or RowTemplate.find(services.letters.templates, name)
    if template.fault is not None:
        return MessageTrial(template.fault.data.get("text") or str(UnknownTemplate(name)))
    default = services.settings.default_recipient() or ""
    filled = dict(body.get("fields") or {})
    lacks: list[str] = []
    while (fault := template.fault_of({**body, "fields": filled}, item_id, default)) is not None:
        data = fault.data
        if fault.problem is not RowProblem.MISSING_FIELD or data["field"] in filled:
            return MessageTrial(
                data.get("text") or lacking(name, [*lacks, data["field"]][0]), lacks
            )
        lacks.append(data["field"])
        filled[data["field"]] = FILLED
    return MessageTrial(lacking(name, lacks[0]) if lacks else None, lacks)
