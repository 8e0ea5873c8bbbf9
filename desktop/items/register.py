"""The register: items, as a program submits, reads and corrects them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from desktop.contract.items import Item, Items
from desktop.engine.transaction.group import Group
from desktop.items.accepting import accept_items, prepare_items
from desktop.items.batches.drafting import check_drafts_again
from desktop.items.correcting import PreparedCorrection, correct, prepare_correction
from desktop.items.current_items import current_item
from desktop.items.forgetting import check_forgettable, forget_person
from desktop.items.reads.item_detail import read_item
from desktop.items.reads.items import read_items
from desktop.items.reads.person import Person, find_person
from desktop.items.reads.worded_items import ItemSearch
from desktop.items.submission import AcceptedItems, Corrected, ItemCorrection, ItemSubmission

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine


class Register:
    """The items of an engine; every method is thread-safe. Reads block for a short time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def submit(self, submission: ItemSubmission) -> Future[AcceptedItems]:
        """Submit items; the future is done after the COMMIT.

        Wrong task names and arguments raise at once, before anything is written.
        """
        prepared = prepare_items(submission, self._engine.config.registry)
        return self._engine.do(lambda group: accept_items(group, prepared), prepared.weight)

    def accept(self, submission: ItemSubmission) -> asyncio.Future[AcceptedItems]:
        """Like :meth:`submit`, for a coroutine: ``await`` it in the loop it was called in."""
        prepared = prepare_items(submission, self._engine.config.registry)
        return self._engine.ask(lambda group: accept_items(group, prepared), prepared.weight)

    def item(self, item_id: int) -> Item:
        """Return an item with its tasks; raise ``UnknownId``."""
        with self._engine.reading() as (connection, at_limit):
            return read_item(connection, item_id, at_limit)

    def page(self, query: ItemSearch) -> Items:
        """Return a page of items by number, and how many there are of each kind."""
        with self._engine.reading() as (connection, at_limit):
            return read_items(connection, query, at_limit)

    def person(self, item_id: int) -> Person:
        """Find what the store has of an item's person; raise ``UnknownId``. It takes its time."""
        return self._engine.read(find_person, item_id)

    def check_forgettable(self, person: Person) -> Future[None]:
        """Have the future raise ``Conflict`` while a message to a person may be under way."""
        return self._engine.do(partial(check_forgettable, person=person))

    def forget(self, person: Person) -> Future[None]:
        """Leave nothing of a person but the numbers and times of items, and the verdicts.

        The future raises ``Conflict`` while a message to the person may be under way.
        """
        return self._engine.do(partial(forget_person, person=person), weight=len(person.tasks) + 1)

    def correct(self, correction: ItemCorrection) -> Future[Corrected]:
        """Replace an item's body and keep the old one; with ``send`` add its ended tasks again.

        Drafts are checked again, because their rows may now be older or the same. The future raises
        ``InTheWay`` while a task of the item runs, ``UnknownId`` for an unknown item.
        """
        prepared = prepare_correction(correction, self._engine.config.registry)
        return self._engine.do(partial(_correct, prepared))


def _correct(prepared: PreparedCorrection, group: Group) -> Corrected:
    corrected = correct(group, prepared)
    is_new = not corrected.replayed
    if is_new and current_item(group, prepared.item_id).corrected_at == group.now:
        check_drafts_again(group)
    return corrected
