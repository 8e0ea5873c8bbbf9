"""Turns the checked bodies of requests into items, and hands these to the register."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from desktop.contract.items import CONFIRMATION, FieldReading, task_title
from desktop.contract.rules.file_names import is_upload, shown_name
from desktop.contract.rules.mailbox import Mailbox, parse_mailbox
from desktop.contract.rules.templates import DEFAULT, FilesLimit
from desktop.contract.rules.values import ISO, kind_in, value_problem, way_of
from desktop.items.accepting import (
    AcceptedItems,
    ItemCorrection,
    ItemSubmission,
    NewItemRow,
    answered_items,
    prepare_items,
)
from desktop.items.correcting import answered_correction
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.http.submitting import misfits, options_of, submitted, taken, unknown_task
from sendoff_tasks.http.wire.problems import bad_field
from sendoff_tasks.submission import NewTask
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desktop.backend.services import Services
    from desktop.backend.wire.items import CorrectionBody, ItemBody, MailBulk
    from desktop.contract.items import Addressee
    from desktop.items.accepting import CorrectionAnswer
    from sendoff_tasks.model.problems import FieldError
    from sendoff_tasks.submission import Idempotency

DEFAULT_TASKS = (CONFIRMATION,)


class TemplateLook:
    """What the items of one request need to know of their templates, looked at once each."""

    def __init__(self, services: Services) -> None:
        self.edition = cache(services.letters.templates.edition)
        self.wrong_sender = cache(services.letters.wrong_sender)


def item_row(
    item_id: int | None, body: ItemBody, services: Services, look: TemplateLook
) -> NewItemRow:
    """Make the row of an item and its tasks."""
    to = _recipient(body, services)
    options = options_of(body)
    names = body.get("tasks", DEFAULT_TASKS)
    edition = None
    if CONFIRMATION in names:
        edition = look.edition(body.get("template") or DEFAULT)
    tasks = [
        NewTask(name, to=to, title=task_title(name, body), options=options, edition=edition)
        for name in names
    ]
    return NewItemRow(item_id, body, tasks)


def correction_of(
    item_id: int,
    body: CorrectionBody,
    services: Services,
    key: Idempotency | None,
    undo_for: float,
) -> ItemCorrection:
    """Make the correction of an item; the item's delay is not that of tasks added now."""
    row = item_row(item_id, body["item"], services, TemplateLook(services))
    tasks = [replace(task, options=replace(task.options, delay=None)) for task in row.tasks]
    to, send = _recipient(body["item"], services), body.get("send", False)
    return ItemCorrection(replace(row, tasks=tasks), to, send, key, undo_for)


async def addressee_of(body: MailBulk, task_id: int, services: Services) -> Addressee | None:
    """Return the own recipient of a task's repeat; raise for a task that cannot have one.

    Raises ``SettingsError`` for unreadable settings.
    """
    if not (body.get("to_me") or "to" in body):
        return None
    with suppress(UnknownId):  # a repeated request is answered though its task is gone
        task = await to_thread.run_sync(services.engine.task, task_id)
        if task["task"] != CONFIRMATION:
            raise bad_field(
                "to_me" if body.get("to_me") else "to", ENGLISH.say("submission", "own_recipient")
            )
    if "to" in body:
        return {"name": body["to"].get("name", ""), "email": body["to"]["email"]}
    sender = parse_mailbox(services.settings.get().mail.sender)
    return {"name": sender.name, "email": sender.address, "to_me": True}


def item_errors(
    body: ItemBody, services: Services, look: TemplateLook, at: str = ""
) -> list[FieldError]:
    """List the errors of an item: in its tasks, template, files and recipient.

    ``at`` is the path of the item in the request's body (``items.3.``).
    """
    names = body.get("tasks", DEFAULT_TASKS)
    errors = [
        unknown_task(f"{at}tasks.{position}", name, services)
        for position, name in enumerate(names)
        if services.registry.get(name) is None
    ]
    if "template" in body and body["template"] not in services.letters.templates:
        message = ENGLISH.say("template", "missing", name=body["template"])
        errors.append({"path": f"{at}template", "message": message})
    wrong = look.wrong_sender(body.get("template") or DEFAULT)
    if wrong and CONFIRMATION in names:
        errors.append({"path": f"{at}template", "message": wrong})
    if "attachments" in body or CONFIRMATION in names:
        errors += _file_errors(body, services, at)
    lacks_recipient = CONFIRMATION in names and "recipient" not in body
    if lacks_recipient and services.settings.default_recipient() is None:
        errors.append(
            {"path": f"{at}recipient", "message": ENGLISH.say("submission", "no_recipient")}
        )
    return errors


def _file_errors(body: ItemBody, services: Services, at: str) -> list[FieldError]:
    """List the attachments of an item that are not there; or that they are too large together."""
    files, batch = services.letters.batch_files, body.get("batch_id", 0)
    named = body.get("attachments", ())
    sizes = {file: files.size(batch, file) for file in named}
    errors: list[FieldError] = [
        {
            "path": f"{at}attachments.{position}",
            "message": no_file(file),
        }
        for position, file in enumerate(named)
        if not sizes[file]  # no message is sent with an empty one
    ]
    limit = services.letters.files_limit()
    if not sizes and limit == FilesLimit():
        return errors  # a template is never larger than that
    whole = sum(sizes.values()) + services.letters.size_of(body.get("template") or DEFAULT)
    if whole > limit.size:
        path = "attachments" if sizes else "template"
        errors.append({"path": f"{at}{path}", "message": limit.too_much()})
    return errors


def unread_values(
    item: Mapping[str, Any], before: Mapping[str, Any], reading: FieldReading | None, at: str
) -> list[FieldError]:
    """List the fields that were corrected to a text that their kind does not read."""
    known = reading or FieldReading()
    way = way_of(known, ISO)
    fields, former = (each.get("fields") or {} for each in (item, before))
    return [
        {"path": f"{at}fields.{name}", "message": problem}
        for name, code in known.get("kinds", {}).items()
        if isinstance(text := fields.get(name), str)
        and text != former.get(name)
        and (problem := value_problem(text, kind_in(code)[0], way))
    ]


def keep_reading(item_id: int, body: ItemBody, services: Services) -> list[FieldError]:
    """Have a corrected item read as before, where its fields are the same; list what cannot be.

    An unknown item has no such errors.
    """
    try:
        before = services.register.item(item_id)
    except UnknownId:
        return []
    known = body.setdefault("reading", before.get("reading") or {})
    if not known:
        del body["reading"]
    fields, former = body.get("fields") or {}, before["fields"]
    if "plain" in known:
        kept = {e: v for e, v in known["plain"].items() if fields.get(e) == former.get(e)}
        body["reading"] = {**known, "plain": kept}
    return unread_values(body, before, known, "item.")


def no_file(file: str) -> str:
    """Say that a file to attach is missing."""
    reason = "no_upload" if is_upload(file) else "not_in_batch"
    return ENGLISH.say("attachment", reason, file=shown_name(file))


async def accept_item(
    item_id: int | None,
    body: ItemBody,
    services: Services,
    key: Idempotency | None,
    undo_for: float,
) -> AcceptedItems:
    """Submit one item and its tasks; see ``accept_items``."""
    look = TemplateLook(services)
    row = item_row(item_id, body, services, look)
    submission = ItemSubmission((row,), idempotency=key, undo_for=undo_for)
    return await accept_items(submission, item_errors(body, services, look), services, at="tasks")


async def accept_items(
    submission: ItemSubmission,
    errors: Sequence[FieldError],
    services: Services,
    at: str,
    *,
    many: bool = False,
) -> AcceptedItems:
    """Submit items to the register, as ``accept`` submits tasks to the engine."""
    answer: AcceptedItems = await taken(
        lambda: submitted(services.register, submission, many=many),
        errors,
        lambda: bad_calls(submission.items, services, at),
        lambda group: answered_items(group, submission),
        services,
    )
    return answer


async def correct(
    correction: ItemCorrection, errors: Sequence[FieldError], services: Services
) -> CorrectionAnswer:
    """Correct an item; what has ``errors`` is answered as in ``accept``."""
    return await taken(
        lambda: asyncio.wrap_future(services.register.correct(correction)),
        errors,
        lambda: bad_calls([correction.item], services, "item.tasks"),
        lambda group: answered_correction(group, correction.idempotency),
        services,
        at="item",
    )


def bad_calls(items: Iterable[NewItemRow], services: Services, at: str) -> list[FieldError]:
    """List the items whose tasks cannot be called; see ``misfits``."""
    return misfits((partial(prepare_items, ItemSubmission([e])) for e in items), services, at)


def _recipient(body: ItemBody, services: Services) -> str | None:
    """Return the recipient of an item, as the rows of its tasks show it."""
    recipient = body.get("recipient")
    if recipient is None:
        return services.settings.default_recipient()
    return str(Mailbox(recipient.get("name", ""), recipient["email"]))
