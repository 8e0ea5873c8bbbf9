"""Batches for requests: creates, reads and deletes them, and has drafts checked again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.backend.submitting import DEFAULT_TASKS, TemplateLook, item_errors
from desktop.contract.batches import BY_ADDRESS, BY_NUMBER, SKIP, BatchKey, BatchState
from desktop.contract.items import FieldReading, NumberToCome
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.corrections import as_it_leaves
from desktop.contract.rules.templates import headings_of
from desktop.contract.rules.values import add_reading, reading_of_fields
from desktop.items.batches import drafting
from desktop.items.batches.rows import DraftSettings
from desktop.items.facade import Batches
from desktop.items.reads.items import read_body, read_next_item
from sendoff_tasks.errors import Conflict, UnknownId
from sendoff_tasks.http.wire.bodies import moment
from sendoff_tasks.http.wire.problems import invalid
from sendoff_tasks.store.reads.waits import begins_paused
from sendoff_tasks.verbs.submit import recall

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desktop.backend.messages import Letter
    from desktop.backend.services import Services
    from desktop.backend.wire.batches import BatchBody, BatchSettings, StartBatch
    from desktop.backend.wire.items import ItemBody
    from desktop.backend.wire.mail import Shown
    from desktop.contract.batches import Batch
    from desktop.contract.items import NewItem
    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.submission import Idempotency


NO_PLAIN: Final[Mapping[str, str]] = {}
"""The plain values of a row that is shown as it is."""
OF_ROW: Final = frozenset({"item_id", SKIP})
"""Keys of a row's item that are no part of its body."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The values that a draft sets for all of its rows, and its files.

    ``attachments`` are the added files with their sizes in bytes; ``headings`` are the
    spreadsheet's headings of fields with another name. ``reading`` tells how fields are read.
    """

    batch_id: int
    key: Sequence[str]
    template: str | None = None
    tasks: Sequence[str] | None = None
    attachments: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)
    reading: FieldReading | None = None

    @classmethod
    def of(cls, batch: Batch, attachments: Mapping[str, int]) -> Draft:
        """Make the draft of a batch."""
        number, key, template = batch["batch_id"], batch["key"], batch["template"]
        headings = headings_of(batch["columns"])
        reading = reading_of_fields(batch["columns"], batch["reading"])
        return cls(number, key, template, batch["tasks"], attachments, headings, reading)

    def body(
        self,
        item: Mapping[str, Any],
        plain: Mapping[str, str] = NO_PLAIN,
        read: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the body of a row's item: the row's own values, else those of the draft.

        ``plain`` belongs to the item that was ``read``, which is this one if none is given.
        """
        body = {name: value for name, value in item.items() if name not in OF_ROW}
        if self.template is not None:
            body.setdefault("template", self.template)
        if self.tasks is not None:
            body.setdefault("tasks", [*self.tasks])
        if self.headings:
            body.setdefault("headings", self.headings)
        add_reading(body, self.reading, plain, item if read is None else read)
        if "attachments" in body:
            body["batch_id"] = self.batch_id
        return body


def draft_settings(body: BatchSettings) -> DraftSettings:
    """Make the settings of a draft from a body."""
    columns = body.get("columns", {})
    by = BY_NUMBER if BatchKey.NUMBER in columns.values() else BY_ADDRESS
    run_at = body.get("run_at")
    return DraftSettings(
        name=body["name"],
        key=body.get("key") or by,
        tasks=body.get("tasks") or DEFAULT_TASKS,
        template=body.get("template"),
        rate=body.get("rate"),
        run_at=None if run_at is None else round(moment(run_at) * 1000),
        columns=columns,
        reading=body.get("reading"),
    )


def start_options(body: StartBatch, undo_for: float) -> drafting.StartOptions:
    """Make the options of a start from a body; it can be undone for so many seconds."""
    return drafting.StartOptions(
        body.get("changed", False),
        body.get("send_same", False),
        body.get("send_anyway", False),
        undo_for,
        send_opted_out=body.get("send_opted_out", True),
    )


def batch_errors(body: BatchSettings, services: Services) -> list[FieldError]:
    """List the errors of a batch: in its template and its tasks."""
    item: ItemBody = {"recipient": {"email": ""}, "tasks": body.get("tasks") or []}
    if template := body.get("template"):
        item["template"] = template
    return item_errors(item, services, TemplateLook(services))


async def create(
    body: BatchBody, services: Services, key: Idempotency | None
) -> drafting.NewBatchAnswer:
    """Create a draft.

    A request that is wrong by now may have been accepted before: then its first answer is returned.
    Otherwise raises ``ProblemError`` 422.
    """
    errors = batch_errors(body, services)
    if errors:
        first = None
        if key is not None:
            first = await services.engine.ask(lambda group: recall(group, key))
        if first is None:
            raise invalid(errors)
        return drafting.NewBatchAnswer(first, replayed=True)
    wanted = replace(draft_settings(body), continues=body.get("continues"))
    return await asyncio.wrap_future(services.batches.create(wanted, key))


def delete(batch_id: int, services: Services, key: Idempotency | None) -> bool:
    """Delete a draft and its files, or turn a batch back into a draft; takes its time.

    Returns whether that was done before, for the same key.
    """
    with services.drafting:
        replayed = services.batches.delete(batch_id, key).result()
        try:
            services.batches.get(batch_id)
        except UnknownId:
            services.letters.forget_batch(batch_id)
    return replayed


def forget_deleted(services: Services) -> None:
    """Delete the files of batches that are gone: a deletion that waited leaves them.

    A store that may be older than its files waits for a person first: the newer one may come back.
    """
    if services.engine.read(begins_paused):
        return
    letters = services.letters
    sheets = (int(name) for name in letters.sheets.folders() if name.isdecimal())
    for number in {*letters.batch_files.batches(), *sheets}:
        try:
            services.batches.get(number)
        except UnknownId:
            letters.forget_batch(number)


def check_drafts_again(services: Services, template: str | None = None) -> None:
    """Have the drafts that may use this template checked again, or all; takes its time."""
    services.engine.do(partial(drafting.check_drafts_again, template=template)).result()


def check_again(services: Services, batch_id: int) -> None:
    """Have the rows of a draft checked again in the background; a started batch is left alone."""
    with suppress(Conflict, UnknownId):
        services.batches.check_again(batch_id).result()


def draft_of(batch_id: int, services: Services) -> Batch:
    """Read a batch that was not started; raises ``UnknownId``, ``Conflict``."""
    batch = services.batches.get(batch_id)
    if batch["state"] != BatchState.DRAFT:
        raise Conflict(OfficeRefusal.BATCH_STARTED)
    return batch


def letter_of(body: Shown, services: Services) -> Letter:
    """Find the item and template of a request's message; see ``MessageComposer.letter``."""
    engine = services.engine
    if "row" in body:
        item, number = row_item(engine, body["batch_id"], body["row"])
        body = {**body, "item": item, "item_id": number}
    return services.letters.letter(body, services.register.item, engine.read(read_next_item))


def row_item(engine: Engine, batch_id: int, row: int) -> tuple[NewItem, int]:
    """Return the item of a row, as its message is made, and its number; raises ``UnknownId``.

    A row that was registered before uses the number of its item. A row that gets its number when it
    is sent has a ``NumberToCome``.
    """
    batches = Batches(engine)
    found, batch = batches.row(batch_id, row), batches.get(batch_id)
    if found["task_id"] is not None and found["item_id"] is not None:
        return engine.read(read_body, found["item_id"]), found["item_id"]
    number = found["item"].get("item_id") or found["data"].get("item_id")
    item, plain = found["item"], found.get("plain", {})
    body = Draft.of(batch, {}).body(as_it_leaves(item, found["data"]), plain, item)
    return cast("NewItem", body), number if isinstance(number, int) else NumberToCome(1)
