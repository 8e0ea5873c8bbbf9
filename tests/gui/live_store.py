"""A real store whose engine the test steps, read as the window reads it, and its event stream."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast, get_args

from desktop.contract.batches import BatchesEvent
from desktop.items.accepting import ItemCorrection, ItemSubmission, NewItemRow, undo
from desktop.items.batches.acting import BatchAction
from desktop.items.correcting import correct, prepare_correction
from desktop.items.reads.batches import BATCHES
from desktop.items.reads.items import ItemSearch, read_items
from sendoff_tasks.attempts.outcomes import Failed, LeftUncertain, Outcome, Succeeded
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.database import store_id
from sendoff_tasks.store.reads.pages import count_states, read_ids, read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.rows import changes_since, last_event
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT
from sendoff_tasks.submission import NewTask
from sendoff_tasks.verbs.bulk import bulk, choose
from sendoff_tasks.verbs.pause_queue import pause, resume
from tests.engine.stepped import Stepped, registry
from tests.items.batches.office import Office, mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.client.items import ItemQuery
    from sendoff_tasks.client.calls import SortedFilter
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import IdsPart

TO_BO = "Bo <bo@example.org>"
FILTERED = tuple(each.name for each in fields(TaskFilter))
MOST = 5
"""Most tasks in one event of the stream."""
OUTCOMES: dict[str, Outcome] = {
    "sent": Succeeded('"250 Ok"'),
    "kept": Succeeded('"kept"', kept=True),
    "unknown": Failed("550 no such user", "", final=True),
    "full": Failed("552 mailbox full", "", final=True),
    "later": Failed("451 try later", "", final=False),
    "unsure": LeftUncertain("no answer", ""),
}


class LiveStore:
    """People and servers that act on a store, and the calls of ``Api`` that read it."""

    def __init__(self, path: Path) -> None:
        self.engine = Stepped(path, registry(mail))
        self.office = Office(self.engine)

    def close(self) -> None:
        self.engine.close()

    # what happens

    def submit(self, items: int) -> None:
        tasks = [NewTask("mail", to="Ada <ada@example.org>")]
        rows = [NewItemRow(None, {"title": "Opera"}, tasks)] * items
        self.engine.submit(ItemSubmission(rows))

    def submit_alone(self) -> None:
        """Submit an item without a task."""
        self.engine.submit(ItemSubmission([NewItemRow(None, {"title": "Ballet"}, [])]))

    def correct(self, place: int, *, send: bool) -> None:
        """Have an item be about something else."""
        number = self._item(place)
        if number is not None:
            row = NewItemRow(number, {"title": f"Opera {self.last}"}, [NewTask("mail", to=TO_BO)])
            wanted = ItemCorrection(row, TO_BO, send=send)
            prepared = prepare_correction(wanted, self.engine.registry)
            self.engine.do(lambda group: correct(group, prepared))

    def undo(self, place: int) -> None:
        """Take an item back."""
        number = self._item(place)
        if number is not None:
            self.engine.do(lambda group: undo(group, number))

    def _item(self, place: int) -> int | None:
        with self.engine.reader.snapshot() as connection:
            there = read_items(connection, ItemSearch())["items"]
        return there[place % len(there)]["item_id"] if there else None

    def pause(self) -> None:
        """Let nothing more start."""
        self.engine.do(lambda group: pause(group, "mail"))

    def resume(self) -> None:
        """Let all go on that was paused."""
        self.engine.do(lambda group: resume(group, "mail"))

    def end(self, how: str) -> None:
        self.office.end(OUTCOMES[how])

    def act(self, action: Any, states: tuple[str, ...]) -> None:
        chosen = choose(TaskFilter(states=states), self.engine.reader, known=BATCHES)
        self.engine.ask(lambda group: bulk(group, action, chosen))
        self.engine.settle()

    def pass_time(self, seconds: float) -> None:
        self.engine.clock.time += seconds
        self.engine.settle()

    def bring(self, rows: int) -> None:
        self.office.draft(rows)

    def on_batch(self, verb: str, place: int) -> None:
        batches = self.office.batches.list()["batches"]
        if batches:
            number = batches[place % len(batches)]["batch_id"]
            if verb == "start":
                self.office.start(number)
            elif verb in {*get_args(BatchAction)} - {"delete"}:
                self.office.batches.act(cast("BatchAction", verb), number)
            else:
                getattr(self.office.batches, verb)(number)

    # what the window reads

    @property
    def last(self) -> int:
        with self.engine.reader.snapshot() as connection:
            return last_event(connection)

    @property
    def indexed_to(self) -> int:
        """The last task that can be found by all its words."""
        return self.engine.journal.indexed_to

    def changes(self, after: int) -> tuple[int, TasksEvent | None, BatchesEvent]:
        """Tell what changed since an event, as the stream does."""
        with self.engine.reader.snapshot() as connection:
            last, changes = changes_since(
                connection, after, MOST, known=BATCHES, at_limit=NONE_AT_LIMIT
            )
        if changes is None:
            return last, None, BatchesEvent(rows=[], gone=[])
        there = {each["batch_id"]: each for each in self.office.batches.list()["batches"]}
        rows = [there[number] for number in changes.batches if number in there]
        gone = [number for number in changes.batches if number not in there]
        return last, changes.tasks, BatchesEvent(rows=rows, gone=gone)

    def page(self, query: SortedFilter, **place: Any) -> Any:
        wanted = TaskFilter(**{name: getattr(query, name) for name in FILTERED})
        asked = TaskQuery(filter=wanted, sort=query.sort, **place)
        with self.engine.reader.snapshot() as connection:
            return read_page(connection, asked, store_id(connection), known=BATCHES)

    def ids(self, query: SortedFilter) -> Iterator[IdsPart]:
        wanted = TaskFilter(**{name: getattr(query, name) for name in FILTERED})
        with self.engine.reader.snapshot() as connection:
            asked, store = TaskQuery(filter=wanted, sort=query.sort), store_id(connection)
            yield from [*read_ids(connection, asked, store, known=BATCHES)]

    def count_tasks(self, query: SortedFilter) -> Any:
        wanted = TaskFilter(**{name: getattr(query, name) for name in FILTERED})
        with self.engine.reader.snapshot() as connection:
            return count_states(connection, wanted, known=BATCHES)

    def causes(self, states: tuple[str, ...]) -> Any:
        return self.office.causes(*states)

    def task_with_item(self, number: int) -> Any:
        return self.engine.task(number), None

    def message(self, number: int, *, again: bool = False) -> dict[str, Any]:
        text = "Dear guest,\nwe have you down."
        head = {"message_id": f"{number}@example.org", "from": "a@example.org", "source": text}
        return {**head, "to": "b@example.org", "subject": "Your booking", "text": text, "html": ""}

    @property
    def items(self) -> _Items:
        return _Items(self)

    @property
    def batches(self) -> _Batches:
        return _Batches(self)


class _Items:
    def __init__(self, store: LiveStore) -> None:
        self._store = store

    def page(self, query: ItemQuery, *, after: str | None = None, limit: int = 20) -> Any:
        beyond = None if after is None else int(after)
        asked = ItemSearch(query.text, query.batch_id, query.informed, beyond, limit=limit)
        with self._store.engine.reader.snapshot() as connection:
            return read_items(connection, asked)


class _Batches:
    def __init__(self, store: LiveStore) -> None:
        self._store = store

    def page(self, *, after: str | None = None) -> Any:
        return self._store.office.batches.list(after)


@contextmanager
def filled(path: Path) -> Iterator[LiveStore]:
    """Give a store with tasks in several states, a batch that runs, a draft and causes."""
    store = LiveStore(path)
    store.submit(6)
    for how in ("sent", "kept", "unknown", "full", "unsure"):
        store.end(how)
    store.bring(3)
    store.on_batch("start", 0)
    store.bring(2)
    yield store
    store.close()
