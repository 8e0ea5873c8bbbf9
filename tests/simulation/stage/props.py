"""What a history remembers of its people: what they await, hand in, click, correct, send, set."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from desktop.items.accepting import AcceptedItems, ItemSubmission
from desktop.items.batches.rows import CheckedRow
from sendoff_tasks.model.tasks import BULK_LIMIT
from sendoff_tasks.submission import Submission, SubmissionAnswer
from tests.simulation.computer.clock import Moment
from tests.simulation.judging.errand import Errand

MANY: Final = 2_000_000


@dataclass(eq=False)
class Awaited:
    """A caller who waits for an answer."""

    future: Future[Any]
    on_answer: Callable[[Any], Any]


@dataclass(eq=False)
class Handed:
    """What a caller hands in, perhaps more than once, and the last answer to it."""

    submission: Submission | ItemSubmission
    errands: list[Errand]
    repeatable: bool
    at: Moment
    answer: SubmissionAnswer | AcceptedItems | None = None

    @property
    def items(self) -> list[int]:
        """The numbers of its items, as far as they are known."""
        if isinstance(self.submission, Submission):
            return []
        if isinstance(self.answer, AcceptedItems):
            return self.answer.item_ids
        return [item.item_id for item in self.submission.items if item.item_id is not None]

    def forget(self) -> None:
        """Note that it was undone: its numbers are free, and it may be handed in again."""
        self.answer = None
        for errand in self.errands:
            errand.accepted = None


@dataclass(eq=False)
class Click:
    """What a person asks for under a key of its own, perhaps more than once."""

    verb: str
    act: Callable[[Any], Future[Any]]
    on_answer: Callable[[Any], Any]
    at: Moment


@dataclass
class Corrected:
    """The titles an item may have: of the last correction that was answered, and of later ones.

    While none ``is_told`` it may be as it was handed in. Of an item whose undoing was asked for
    nothing is sure.
    """

    titles: set[str] = field(default_factory=set)
    is_told: bool = False
    is_sure: bool = True


@dataclass(eq=False)
class Sheet:
    """A spreadsheet that was brought in as a batch; its rows are numbered from 1."""

    label: str
    rows: list[CheckedRow]
    errands: list[Errand]
    at: Moment
    number: int | None = None
    is_kept: bool = False  # its rows are on disk
    is_deleted: bool = False  # perhaps
    is_started: bool = False  # perhaps


@dataclass(frozen=True)
class Copy:
    """A copy of the store by another program, which may be put back later."""

    files: dict[str, bytes]
    run: str | None  # that its mark names
    mark: int  # the inode of that
    event: int  # its last one
    is_marked: bool  # whether it is surely known without its mark
    crossed: frozenset[str]  # tokens of what had passed a point of no return or was asked again


@dataclass(frozen=True)
class Setting:
    """What differs from one history to the next, but does not happen in it."""

    slots: int = 3
    checkpoint_pages: int = 4000
    most: int = MANY  # tasks kept of each state in which they have ended
    few: int = BULK_LIMIT  # tasks of an action that waits for exactly those
    chimes: bool = False  # whether a task runs by itself
    is_ours: bool = False  # whether the tasks are the product's own, and a file has its settings
