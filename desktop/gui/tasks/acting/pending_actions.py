"""Actions that wait in the backend: how the window asks for them, keeps them and tells of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from PySide6.QtCore import QObject, Signal

from desktop.client.items import next_addresses
from desktop.contract.office import OfficeReason
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.verbs import (
    ELSEWHERE,
    ENDING,
    after_batch,
    beside,
    counted,
    failed_words,
    tailed,
)
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.states import TROUBLED, State
from sendoff_tasks.model.tasks import MARKS, TRIES, UNDOABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.items import Recipient
    from desktop.gui.frame.notes import NoteLine, WindowNote
    from desktop.gui.frame.starts import StartTimes
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.link.drafts import DraftItem
    from desktop.gui.tasks.acting.task_actions import Verb, Which
    from sendoff_tasks.model.tasks import BulkAction, BulkAnswer, PendingRow

NAMED: Final = 3
"""The most addresses that a note names."""
_ALL: Final = SortedFilter()


class Delivery(QObject):
    """How messages are sent; ``changed`` follows the mail settings.

    ``me`` is the sender's address, empty until the settings are read. ``is_real`` tells whether a
    server gets what is sent.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.me, self.is_real = "", False

    def follow(self, mail: Mapping[str, object]) -> None:
        """Take over the mail settings."""
        before = self.me, self.is_real
        self.me, self.is_real = str(mail["sender"]), mail["transport"] == "smtp"
        if before != (self.me, self.is_real):
            self.changed.emit()


class ActionAnswer(NamedTuple):
    """The answer to a call: the action, if there is anything to do, and its addresses if few."""

    row: PendingRow | None
    answer: BulkAnswer | None = None
    to: Sequence[str] = ()


@dataclass(eq=False)
class PendingAction:
    """An action that waits in the backend, or is asked for; this window's own has a ``key``.

    ``worded_as`` is the verb whose texts are used. ``row`` is what was last heard of it, ``answer``
    that to this window's call. ``to`` has the addresses of its
    messages if there are few, ``address`` that of a copy. ``is_due`` means that it can no longer be
    undone. ``asked`` is called once the backend has the action, ``failed`` with an error, in place
    of a note; the person then asks again. ``undone`` is called once this window has undone it.
    """

    action: str
    worded_as: str
    key: str = ""
    row: PendingRow | None = None
    is_due: bool = False
    answer: BulkAnswer | None = None
    to: Sequence[str] = ()
    address: str = ""
    note: WindowNote | None = None
    asked: Callable[[], object] = lambda: None
    failed: Callable[[Exception], object] | None = None
    undone: Callable[[], object] = lambda: None

    @property
    def number(self) -> int:
        """Its number in the backend; 0 before it waits."""
        return self.row["id"] if self.row else 0

    @property
    def count(self) -> int:
        """How many tasks it means, or rows of a batch; 0 before it waits."""
        return self.row["touched"] if self.row else 0

    @property
    def query(self) -> SortedFilter | None:
        """The query that chose its tasks, if they were not named."""
        given = None if self.row is None else self.row["filter"]
        return None if given is None else SortedFilter.of(given)

    def ask(self, api: Api, delay: float) -> ActionAnswer:
        """Have the action wait. Raises ``Refused``."""
        raise NotImplementedError

    def has(self, task: int) -> bool:
        """Tell whether the action is on a task, as far as the tasks are known."""
        runs = self.row["tasks"] if self.row else []
        place = bisect_right(runs, task, key=itemgetter(0)) - 1
        return place >= 0 and task <= runs[place][1]

    def holds(self, row: Row) -> bool:
        """Tell whether it is the cancel of the batch that keeps a task from starting."""
        if self.row is None or self.action != "cancel" or row.reason != OfficeReason.BATCH_LIMIT:
            return False
        return self.row["batch_id"] == row.data["batch_id"]

    def words(self, starts: StartTimes, left: int) -> str:
        """Say what will happen in ``left`` seconds, and which tasks are left alone."""
        looked = self.answer or {"touched": self.count, "skipped": []}
        tells = partial(starts.when, releases=self.action == "retry")
        when, apart = _starts(looked.get("queues", {}), looked.get("aside", {}), tells, left)
        if self.worded_as in ENDING:
            when, apart = say("tail", "in", s=left), []
        what = counted(self.worded_as, self.count)
        to = self.address if self.worded_as in ELSEWHERE else ""
        said = tailed(self.worded_as, what, to, when if left else say("tail", "now"))
        more = [*apart, *beside(looked)]
        return "\n".join([said, *filter(None, [", ".join(self.to)]), *more])

    @property
    def name(self) -> str:
        """The name of its batch, if it is on one."""
        return ""

    def failed_words(self, answer: BulkAnswer) -> str:
        """Say that it ended with an error, and what it had done before."""
        return " · ".join(filter(None, [self.name, failed_words(self.worded_as, answer)]))

    def tell(self, notes: NoteLine, answer: BulkAnswer) -> None:
        """Say the outcome, if it is on a batch."""


@dataclass(eq=False)
class DoneAction(PendingAction):
    """What was done already and can be undone for a while, in the words of its feature.

    ``said`` says it with the seconds left, 0 once it can no longer be undone; ``undo`` is the
    text of its button, if not *Undo*. ``kept`` is a copy of what would be lost between the answer
    to *Undo* and ``undone``: it is on disk before *Undo* is asked for.
    """

    said: Callable[[int], str] = lambda _: ""
    undo: str = ""
    kept: DraftItem | None = None

    def words(self, starts: StartTimes, left: int) -> str:
        """Say what was done."""
        return self.said(left)


class PendingActions(QObject):
    """Holds the actions that can be undone, by number, until they are carried out or undone.

    What was done already is no longer to come: tasks and batches show it as it is. ``delivery``
    tells what sending means now.
    """

    changed = Signal()

    def __init__(self, delivery: Delivery) -> None:
        super().__init__()
        self.delivery = delivery
        delivery.changed.connect(self.changed)
        self.actions: dict[int, PendingAction] = {}

    def hear(self, action: PendingAction, row: PendingRow) -> None:
        """Add an action, or take over what was heard of it."""
        action.row = row
        self.actions[row["id"]] = action
        self.changed.emit()

    def end(self, number: int) -> None:
        """Remove an action that was carried out or undone."""
        del self.actions[number]
        self.changed.emit()

    @property
    def waits(self) -> bool:
        """Whether any is still to be carried out."""
        return any(each.action not in UNDOABLE for each in self.actions.values())

    @property
    def _shown(self) -> list[PendingAction]:
        return [each for each in self.actions.values() if each.action not in MARKS | UNDOABLE]

    def done_to(self, rows: Iterable[Row]) -> list[PendingAction]:
        """Return what added any of these tasks and can still be undone."""
        done = [each for each in self.actions.values() if each.action in UNDOABLE]
        return [each for each in done if any(each.has(row.id) for row in rows)]

    def of(self, row: Row) -> PendingAction | None:
        """Return the latest action on a task, or on the batch that keeps it from starting."""
        if not self.actions:  # called for each painted row
            return None
        found = [each for each in self._shown if each.has(row.id) or each.holds(row)]
        return found[-1] if found else None

    def has(self, task: int, *, is_due: bool = False) -> bool:
        """Tell whether an action is on a task; with ``is_due``, one that can't be undone."""
        return any(each.has(task) for each in self._shown if each.is_due or not is_due)

    def of_all(self, query: SortedFilter) -> list[PendingAction]:
        """Return the actions on all tasks of a list, or on those in some states."""
        meant = _which_list(query)
        chosen = ((each, each.query) for each in self._shown)
        return [each for each, by in chosen if by is not None and _which_list(by) == meant]

    def of_batch(self, number: int) -> PendingAction | None:
        """Return the action on a batch."""
        return self.batches().get(number)

    def batches(self) -> dict[int, PendingAction]:
        """Return the actions on batches by batch."""
        found = ((each.row and each.row["batch_id"], each) for each in self._shown)
        return {batch: each for batch, each in found if batch is not None}

    def tries_of(self, number: int) -> list[PendingAction]:
        """Return the actions that try waiting messages of a batch."""
        tries = [each for each in self._shown if each.action == "retry"]
        return [each for each in tries if each.query and _waits_in(number, each.query)]

    def of_rows(self, rows: Iterable[Row]) -> list[PendingAction]:
        """Return the actions on any of these tasks, each once."""
        found = (self.of(row) for row in rows) if self.actions else ()
        return [*dict.fromkeys(each for each in found if each is not None)]


def _which_list(query: SortedFilter) -> SortedFilter:
    """Return the list that a query is about, without its states, order and moment."""
    return replace(query, states=(), known_at=None, sort=_ALL.sort)


def _waits_in(batch: int, query: SortedFilter) -> bool:
    is_whole = len(query.reasons) == 1 and query.states == (State.WAITING.value,)
    return is_whole and query.batch_id == batch


class ActionCall(PendingAction):
    """An action on tasks that this window asks for; its key makes a repeated call harmless."""

    def __init__(
        self,
        verb: Verb,
        which: Which,
        worded_as: str = "",
        to: Recipient | None = None,
        key: str = "",
    ) -> None:
        action = "resend" if verb in {"to_me", "send_to"} else verb
        super().__init__(action, worded_as or verb, key or new_key())
        self._which = _to_mark(verb, which) if verb in MARKS else which
        self._more: dict[str, Any] = {"to_me": True} if verb == "to_me" else {}
        if to is not None:
            self._more, self.address = {"to": to}, to["email"]

    @property
    def query(self) -> SortedFilter | None:
        """The query that chooses its tasks, if they are not named."""
        return self._which if isinstance(self._which, SortedFilter) else None

    def ask(self, api: Api, delay: float) -> ActionAnswer:
        """Have the action wait; read the addresses of its messages if there are few."""
        ids = None if isinstance(self._which, SortedFilter) else self._which
        action, more = cast("BulkAction", self.action), self._more
        answer = api.actions.act(action, ids, self.query, key=self.key, delay=delay, more=more)
        row = answer.get("pending")
        is_few = ids is not None and not answer["skipped"] and answer["touched"] <= NAMED
        sends = action in {*TRIES, "resend"} and not more
        runs = row["tasks"] if row is not None and is_few and sends else []
        tasks = [number for first, last in runs for number in range(first, last + 1)]
        return ActionAnswer(row, answer, next_addresses(api, tasks))


def _to_mark(verb: Verb, which: Which) -> Which:
    """Narrow a filter to the tasks that can be marked as seen, or as unseen."""
    if not isinstance(which, SortedFilter):
        return which
    wanted = which.states or TROUBLED
    states = tuple(state for state in sorted(TROUBLED) if state in wanted)
    narrowed = replace(which, states=states, standing=None, seen=verb == "unseen")
    return narrowed if states else []


def _starts(
    queues: Mapping[str, int],
    aside: Mapping[str, Mapping[str, int]],
    when: Callable[..., str],
    left: int,
) -> tuple[str, list[str]]:
    """Say when tasks start, normally in ``left`` seconds, and which of them start later.

    ``aside`` counts the tasks that their batch delays, by reason and queue; ``queues`` includes
    them.
    """
    by_start, free = Counter[str](), Counter(queues)
    for reason, counts in aside.items():
        by_start[after_batch(reason)] += sum(counts.values())
        free.subtract(counts)
    for queue, n in (+free).items():
        by_start[when(0, queue)] += n
    if len(by_start) == 1:
        return next(iter(by_start)) or when(left, ""), []
    return when(left, ""), [
        say("beside", "apart", n=n, when=words) for words, n in by_start.items() if words
    ]
