"""What the history says of a task and its item: links, and lines of a name and a value."""

from __future__ import annotations

import time
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from desktop.contract.office import OfficeReason
from desktop.contract.rules.file_names import shown_name
from desktop.contract.rules.templates import heading, labels_in
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import attempts_words, template_word
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import action_word
from desktop.gui.tasks.detail.contents import Opens
from desktop.gui.tasks.detail.desk_content import Fact
from sendoff_tasks.model.reasons import QUEUE_STOPS
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.contract.items import Item
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.detail.contents import LinkTarget, TaskRead
    from sendoff_tasks.model.tasks import TaskDetail

translate = QCoreApplication.translate

STOPPING: Final = QUEUE_STOPS | {OfficeReason.BATCH_PAUSED}
"""Reasons that stop a task along with others; its earlier error is another cause."""
REPEAT, REPEATED = "repeat", "repeated"
ITEM, BATCH, CAUSE, RESULT = "item", "batch", "cause", "result"
LOG, LETTER, COPY, TASK, ROWS = "log", "letter", "copy", "task", "rows"
PLACES: Final = (COPY, REPEAT, REPEATED, ITEM, BATCH, CAUSE, RESULT, ROWS)
"""The places that the links of a history lead to, in their order; *copy* is the clipboard."""


def facts_of(row: Row, read: TaskRead, now: float) -> tuple[Fact, ...]:
    """Return the lines of a task's history."""
    return (*_links(read), *_facts(row, read, now), *_of_item(read))


def _links(read: TaskRead) -> Iterator[Fact]:
    task, show = read.task, translate("facts", "Show this task")
    for place, name, number in (
        (REPEAT, translate("facts", "Repeated by"), task["repeated_by"]),
        (REPEATED, translate("facts", "Repeats"), task["resend_of"]),  # maybe of several repeats
    ):
        if number is not None:
            yield Fact(name, translate("facts", "Task {}").format(number), place, number, show)
    if (item := task.get("item_id")) is not None:
        tip = translate("facts", "Show all tasks of this item")
        yield Fact(translate("facts", "Item"), str(item), ITEM, item, tip)
    if (batch := task["batch_id"]) is not None:
        tip = translate("facts", "Show all tasks of this batch")
        yield Fact(translate("facts", "Batch"), str(batch), BATCH, batch, tip)
    if task["cause"]:
        why, all_of_it = shared_reason(task), action_word("same_reason")
        yield Fact(translate("facts", "Reason"), all_of_it, CAUSE, (task["cause"], why), why)
    if read.target is not None:
        opens = {
            Opens.PAGE: translate("facts", "Open the page"),
            Opens.FILE: translate("facts", "Open the file"),
            Opens.FOLDER: translate("facts", "Open its folder"),
        }[read.target.opens]
        name, result = translate("facts", "Result"), task["result"]
        yield Fact(name, _short_name(read.target, result), RESULT, result, f"{result}\n{opens}")


def _facts(row: Row, read: TaskRead, now: float) -> Iterator[Fact]:
    task, added = read.task, day_and_time(row.created, now, seconds=True)
    handed = task["handed_over"]
    if handed is not None:
        yield Fact(translate("facts", "Handed over"), handed["what"])
        at = day_and_time(epoch(handed["at"]) or 0.0, now, seconds=True)
        yield Fact(translate("facts", "When"), at)
        to = translate("facts", "Server") if row.is_mail else translate("facts", "To")
        yield Fact(to, handed["to"])
    if reference := (task["reference"] or "").strip("<>"):
        name = translate("facts", "Message-ID") if row.is_mail else translate("facts", "Reference")
        yield Fact(name, reference)
        yield Fact("", translate("facts", "Copy {}").format(name), COPY, reference)
    yield Fact(translate("facts", "Added"), added)
    yield Fact(translate("facts", "Attempts"), attempts_words(row))
    if template := task.get("template"):
        yield Fact(translate("facts", "Template"), template_word(template))


def _of_item(read: TaskRead) -> Iterator[Fact]:
    if read.item is not None:
        said = item_lines(read.item)
        beside = translate("facts", "Template")  # stands above
        yield from (Fact(name, text) for name, text in said.items() if name != beside)


def shared_reason(detail: TaskDetail) -> str:
    """Return the reason that a task shares with others: its current stop, or its last error."""
    row = row_of(detail)
    why = reason_words(row, time.time())
    return why if row.reason in STOPPING else row.error or why


def _short_name(target: LinkTarget, result: Any) -> str:
    """Return a short name for a result that can be opened."""
    if target.opens is Opens.PAGE:
        parts = urlsplit(target.where)
        return f"{parts.hostname}{parts.path}".rstrip("/")
    return PurePath(result).name


def item_lines(item: Item, to: str = "") -> dict[str, str]:
    """Return the values of an item by their names; ``to`` is its recipient if that is included."""
    fields, labels = item["fields"] or {}, labels_in(item.get("headings", {}))
    said = {translate("facts", "To"): to, translate("facts", "Cc"): item.get("cc", "")}
    said |= {translate("facts", "Bcc"): item.get("bcc", "")}
    said[translate("facts", "Title")] = item["title"] or ""
    said[translate("facts", "Attachments")] = ", ".join(
        map(shown_name, item.get("attachments", ()))
    )
    if item["template"]:
        said[translate("facts", "Template")] = template_word(item["template"])
    for name, value in fields.items():
        label = field_title(labels.get(name, name))
        said[str(name) if label in said else label] = field_text(value)
    return {name: value for name, value in said.items() if value}


def field_title(name: str) -> str:
    """Return the title of a field."""
    return translate("facts", "Note") if name == "note" else heading(str(name))


def field_text(value: Any) -> str:
    """Return a field's value on one line."""
    if isinstance(value, list):
        return ", ".join(map(field_text, value))
    return "" if value is None else " ".join(str(value).split())
