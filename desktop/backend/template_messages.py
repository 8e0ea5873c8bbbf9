"""The messages that need a template: how many there are, and which of them cannot be made."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from desktop.backend.batches import Draft, check_drafts_again
from desktop.contract.batches import RowProblem
from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeCure, OfficeTask, office_task
from desktop.contract.rules.templates import DEFAULT
from desktop.items import editions
from desktop.items.reads.batches import read_unsent, time_of
from desktop.items.reads.messages import COUNTED, MessageOf, NeedOf, read_with_template
from desktop.items.tables.batches import BatchRecord, editions_of
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.verbs.update_hold_text import update_hold_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.backend.services import Services
    from desktop.contract.items import Item, NewItem
    from desktop.contract.office import OfficeTask

FILLED: Final = "1"
"""Replaces a missing field when a message is tried; it is a text and can be read as a number."""


UnfedRow = tuple[BatchRecord, dict[str, Any]]
"""A row of a started batch that is no task yet."""


class MessageTrial(NamedTuple):
    """Why a message cannot be made, and the fields that it lacks; no ``fault`` if it can be."""

    fault: str | None = None
    lacks: Sequence[str] = ()


def needing(services: Services, name: str, need: NeedOf) -> list[MessageOf]:
    """List the messages that need a template."""
    return services.engine.read(read_with_template, name, need)


def still_to_leave(services: Services, name: str) -> tuple[int, bool]:
    """Count the open messages and the unsent rows that need a template; tell if that is exact."""
    found = needing(services, name, NeedOf.OPEN), _unsent(services, name)
    return sum(map(len, found)), _are_all(*found)


def messages_of(services: Services, name: str) -> dict[str, Any]:
    """Count the messages that need a template, and those that are made of an older edition of it.

    Those of an older one are tried with the newest.
    """
    still_open, again = (needing(services, name, need) for need in (NeedOf.OPEN, NeedOf.AGAIN))
    waiting, kept = (needing(services, name, need) for need in (NeedOf.NOT_RUNNING, NeedOf.KEPT))
    rows, newest = _unsent(services, name), services.letters.templates.edition(name)
    groups = [
        _older(
            "open", _of_tasks(services, waiting, newest), _of_rows(services, rows, name, newest)
        ),
        _older("kept", _of_tasks(services, kept, newest)),
    ]
    stuck = [trial for _, trials in groups for trial in trials if trial.fault]
    return {
        "open": len(still_open) + len(rows),
        "again": len(again),
        "older": [group for group, trials in groups if trials],
        "counts_are_exact": _are_all(still_open, again, kept, rows),
        "fields": list(dict.fromkeys(field for each in stuck for field in each.lacks)),
        "fault": stuck[0].fault if stuck else None,
    }


_Older = tuple[int | None, MessageTrial]
"""When a message starts that is made of an older edition, epoch ms, and how the newest suits it."""


def _older(kind: str, *found: Iterable[_Older]) -> tuple[dict[str, Any], list[MessageTrial]]:
    """Describe the messages of one kind."""
    times, trials = zip(*chain(*found), strict=True) if any(found) else ((), ())
    at = times[0] if len({*times}) == 1 else None
    stuck = sum(1 for trial in trials if trial.fault)
    told = {"kind": kind, "count": len(trials), "at": time_of(at), "stuck": stuck}
    return told, [*trials]


def _of_tasks(
    services: Services, messages: Sequence[MessageOf], newest: str | None
) -> list[_Older]:
    return [
        (each.run_at, _tried(services, each.item))
        for each in messages
        if newest is not None and each.edition not in {None, newest}
    ]


def _of_rows(
    services: Services, rows: Sequence[UnfedRow], name: str, newest: str | None
) -> list[_Older]:
    """Try the rows of started batches that have an older edition."""
    drafts: dict[int, Draft] = {}
    found: list[_Older] = []
    for batch, row in rows:
        if newest is None or editions_of(batch).get(name, newest) == newest:
            continue
        if batch.id not in drafts:
            drafts[batch.id] = Draft.of(services.batches.get(batch.id), {})
        body = cast("NewItem", drafts[batch.id].body(row, row.pop("plain", {})))
        found.append((batch.run_at, _tried_body(services, body, row.get("item_id") or 1)))
    return found


def take_newest(services: Services, name: str, need: NeedOf) -> int:
    """Have messages be made of the newest edition of their template; return how many."""
    newest = services.letters.templates.edition(name)
    if newest is None:
        return 0
    take = partial(editions.take_newest, name=name, edition=newest, need=need)
    taken: int = services.engine.do(take).result()
    return taken


def tell_template(services: Services, task: OfficeTask) -> None:
    """Add the template, its age and the missing fields of a message to its task.

    A message that has ended can be sent after a correction, which then has to fill them in for the
    newest edition.
    """
    task.update({"lacks": [], "template": None, "is_older": False})
    number = task["item_id"]
    if number is None or task["task"] != CONFIRMATION:
        return
    with suppress(UnknownId):  # it was undone meanwhile
        item = services.register.item(number)
        task["template"] = name = item.get("template") or DEFAULT
        newest = services.letters.templates.edition(name)
        task["is_older"] = None not in {task["edition"], newest} and task["edition"] != newest
        edition = task["edition"] if task["state"] in OPEN else None
        task["lacks"] = [*_tried(services, number, edition).lacks]


def template_changed(services: Services, name: str) -> None:
    """Check the drafts that may use a template again, and renew the reasons of held messages."""
    check_drafts_again(services, name)
    held = needing(services, name, NeedOf.HELD)
    _update_hold_text(services, [(each.task, each.item, each.edition) for each in held])


def item_changed(services: Services, item_id: int) -> None:
    """Renew the reasons of an item's held messages."""
    with suppress(UnknownId):
        _update_hold_text(
            services,
            [
                (task["id"], item_id, office_task(services.engine.task(task["id"]))["edition"])
                for task in services.register.item(item_id)["tasks"]
                if task["task"] == CONFIRMATION and task["reason"] == Reason.HELD_FOR_PERSON
            ],
        )


def _update_hold_text(services: Services, messages: Iterable[tuple[int, int, str | None]]) -> None:
    told = {task: _tried(services, item, edition).fault for task, item, edition in messages}
    if told:
        services.engine.do(
            lambda group: update_hold_text(group, told, OfficeCure.EDIT_TEMPLATE)
        ).result()


def _are_all(*found: Sequence[object]) -> bool:
    """Tell whether no list is as long as :data:`COUNTED`, so there can be no more."""
    return all(len(each) < COUNTED for each in found)


def _unsent(services: Services, name: str) -> Sequence[UnfedRow]:
    return services.engine.read(read_unsent, name, COUNTED)


def _tried(services: Services, item_id: int, edition: str | None = None) -> MessageTrial:
    """Try to make an item's message of an edition of its template, or of the newest."""
    try:
        item = services.register.item(item_id)
    except UnknownId:  # it was undone meanwhile
        return MessageTrial()
    if edition is not None:
        item["edition"] = edition
    return _tried_body(services, item, item_id)


def _tried_body(services: Services, body: Item | NewItem, item_id: int) -> MessageTrial:
    """Try to make a message, and fill in each missing field until none is missing."""
    from desktop.backend.rows import RowTemplate
    from desktop.mail.errors import BadTemplate
    from desktop.mail.templates.store import UnknownTemplate
    from desktop.mail.templates.template import lacking

    name = body.get("template") or DEFAULT
    try:
        template = RowTemplate.find(services.letters.templates.for_item(body), name)
    except BadTemplate as error:
        return MessageTrial(str(error))
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
