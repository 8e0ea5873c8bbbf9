"""What callers submit of items, and the answers they get after the COMMIT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop.engine.submission import Idempotency, NewTask


@dataclass(frozen=True, slots=True)
class NewItemRow:
    """One item to accept with its tasks.

    With ``item_id`` ``None`` it gets the highest number so far plus one. ``body`` is the validated
    body; two bodies are *the same* when they are equal as JSON values. The function of a task gets
    the item's number *before* the task's own arguments.
    """

    item_id: int | None
    body: Mapping[str, Any]
    tasks: Sequence[NewTask] = ()


@dataclass(frozen=True, slots=True)
class ItemSubmission:
    """Items to accept in one transaction: all or none.

    With ``partial``, an item that conflicts is refused alone and the others are accepted.
    """

    items: Sequence[NewItemRow]
    idempotency: Idempotency | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class AcceptedItems:
    """The answer to an :class:`ItemSubmission`, given after the COMMIT.

    ``item_ids`` holds the items' numbers in order, ``task_ids`` one list for each item.
    ``replayed`` is true when nothing new was accepted: the key was known, or every item existed
    with an equal body. ``replayed_items`` and ``refused`` (position → sentence) report on single
    items. ``joined`` has those of ``task_ids`` that were already open with the same key. ``note``
    is the note that first came with the key.
    """

    item_ids: list[int]
    task_ids: list[list[int]]
    replayed: bool = False
    replayed_items: frozenset[int] = frozenset()
    refused: Mapping[int, str] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()
    note: Any = None


@dataclass(frozen=True, slots=True)
class ItemCorrection:
    """A new body for an item, and whether its tasks that have ended run again.

    ``item`` has the new body; with ``send`` its ``tasks`` are added. A task whose ``run_at`` has
    passed starts after its ``delay``. ``to`` is the recipient shown in the rows.
    """

    item: NewItemRow
    to: str | None = None
    send: bool = False
    idempotency: Idempotency | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """The answer to an :class:`ItemCorrection`: task numbers.

    ``using`` are tasks that have not begun or are between attempts; they use the corrected item.
    ``added`` are new. ``uncertain`` stay as they are.
    """

    using: list[int]
    added: list[int]
    uncertain: list[int]
    replayed: bool = False
