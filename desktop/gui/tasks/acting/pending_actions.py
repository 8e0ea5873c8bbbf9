"""Actions that wait in the backend: how the window asks for them, keeps them and tells of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import QObject, Signal

from desktop.client.api import TaskQuery, new_key
from desktop.client.calls import next_addresses
from desktop.contract.states import TROUBLED, State
from desktop.contract.tasks import PendingRow
from desktop.gui.kit.words.verbs import (
    after_batch,
    announced,
    beside,
    carried_out,
    counted,
    starts_apart,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from desktop.client.api import Api
    from desktop.contract.items import Recipient
    from desktop.contract.tasks import BulkAction, BulkAnswer
    from desktop.gui.frame.notices.toasts import Toast, Toasts
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.task_actions import Verb, Which

AT_ONCE: Final = frozenset({"seen", "unseen"})
"""Verbs that are not announced: nothing is sent, and each undoes the other."""
TRIES: Final = frozenset({"retry", "again"})
NAMED: Final = 3
"""The most addresses named in a toast."""
_ALL: Final = TaskQuery()
_TRYING_WORDS: Final = frozenset({"retry", "send", "try_now"})


class Delivery(QObject):
    """How messages are sent; ``changed`` follows the mail settings.

    ``me`` is the sender's address, empty until the settings are read. ``is_real`` tells whether a
    server gets what is sent.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.me, self.is_real = "", False

    def follow(self, mail: Mapping[str, object]) -> None:
        """Take over the mail settings."""
        before = self.me, self.is_real
        self.me, self.is_real = str(mail["sender"]), mail["transport"] == "smtp"
        if before != (self.me, self.is_real):
            self.changed.emit()


@dataclass(frozen=True, slots=True, eq=False)
class PendingAction:
    """An action that waits in the backend: on tasks, given as runs of numbers, or on a ``batch``.

    ``number`` is its own, ``worded_as`` the verb whose texts are used. ``query`` chose its
    ``count`` tasks, if they were not named. ``is_due`` means that it can no longer be undone.
    """

    number: int
    worded_as: str
    count: int
    runs: Sequence[Sequence[int]] = ()
    query: TaskQuery | None = None
    batch: int | None = None
    is_due: bool = False

    def has(self, task: int) -> bool:
        """Tell whether the action is on a task, as far as the tasks are known."""
        place = bisect_right(self.runs, task, key=itemgetter(0)) - 1
        return place >= 0 and task <= self.runs[place][1]


class PendingActions(QObject):
    """Holds the actions that wait, until they are carried out or undone.

    ``delivery`` tells what sending means now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.delivery = Delivery(self)
        self.delivery.changed.connect(self.changed)
        self._actions: dict[int, PendingAction] = {}

    def begin(self, action: PendingAction) -> None:
        """Add an action, or update it."""
        self._actions[action.number] = action
        self.changed.emit()

    def end(self, number: int) -> None:
        """Remove an action that was carried out or undone."""
        if self._actions.pop(number, None) is not None:
            self.changed.emit()

    def of(self, row: Row) -> PendingAction | None:
        """Return the latest action on a task."""
        if not self._actions:  # called for each painted row
            return None
        found = [each for each in self._actions.values() if each.has(row.id)]
        return found[-1] if found else None

    def has(self, task: int, *, is_due: bool = False) -> bool:
        """Tell whether an action is on a task; with ``is_due``, one that can't be undone."""
        chosen = [each for each in self._actions.values() if each.is_due or not is_due]
        return any(each.has(task) for each in chosen)

    def of_all(self, query: TaskQuery) -> list[PendingAction]:
        """Return the actions on all tasks of a list, or on those in some states."""
        return [
            each
            for each in self._actions.values()
            if each.query is not None and _which_list(each.query) == _which_list(query)
        ]

    def of_cause(self, cause: str) -> list[PendingAction]:
        """Return the actions on all tasks of a cause, or on those in some states."""
        return self.of_all(TaskQuery(cause=cause, seen=False))

    def of_batch(self, number: int) -> PendingAction | None:
        """Return the action on a batch."""
        return next((each for each in self._actions.values() if each.batch == number), None)

    def batches(self) -> dict[int, PendingAction]:
        """Return the actions on batches by batch."""
        return {each.batch: each for each in self._actions.values() if each.batch is not None}

    def tries_of(self, number: int) -> list[PendingAction]:
        """Return the actions that try waiting messages of a batch."""
        tries = [each for each in self._actions.values() if each.worded_as in _TRYING_WORDS]
        return [each for each in tries if each.query and _waits_in(number, each.query)]

    def of_rows(self, rows: Iterable[Row]) -> list[PendingAction]:
        """Return the actions on any of these tasks, each once."""
        found = (self.of(row) for row in rows) if self._actions else ()
        return [*dict.fromkeys(each for each in found if each is not None)]


def _which_list(query: TaskQuery) -> TaskQuery:
    """Return the list that a query is about, without its states, order and moment."""
    return replace(query, states=(), known_at=None, sort=_ALL.sort)


def _waits_in(batch: int, query: TaskQuery) -> bool:
    is_whole = len(query.reasons) == 1 and query.states == (State.WAITING.value,)
    return is_whole and query.batch_id == batch


@dataclass(eq=False)
class ActionCall:
    """An action that this window asks for; the key makes a repeated call harmless.

    ``worded_as`` is the verb whose texts are used, ``to`` the address of a copy. ``asked`` is
    called once the backend has the action, ``failed`` with an error, in place of a toast; the
    person then asks again.
    """

    verb: Verb
    which: Which
    worded_as: str
    to: Recipient | None = None
    key: str = field(default_factory=new_key)
    asked: Callable[[], object] = lambda: None
    failed: Callable[[Exception], object] | None = None

    def __post_init__(self) -> None:
        """Narrow the filter of a mark to the tasks that can be marked as seen, or as unseen."""
        if self.verb not in AT_ONCE or not isinstance(self.which, TaskQuery):
            return
        wanted = self.which.states or TROUBLED
        states = tuple(state for state in sorted(TROUBLED) if state in wanted)
        seen = self.verb == "unseen"
        narrowed = replace(self.which, states=states, standing=None, seen=seen)
        self.which = narrowed if states else []

    @property
    def action(self) -> BulkAction:
        """The action of its verb in the backend."""
        return cast("BulkAction", "resend" if self.verb in {"to_me", "send_to"} else self.verb)

    @property
    def query(self) -> TaskQuery | None:
        """The query that chooses its tasks, if they are not named."""
        return self.which if isinstance(self.which, TaskQuery) else None

    def ask(self, api: Api, delay: float) -> tuple[BulkAnswer, list[str]]:
        """Have the action wait; read the addresses of its messages if there are few."""
        more: dict[str, Any] = {"to_me": True} if self.verb == "to_me" else {}
        if self.to is not None:
            more = {"to": self.to}
        ids = None if isinstance(self.which, TaskQuery) else self.which
        answer = api.actions.act(self.action, ids, self.query, key=self.key, delay=delay, more=more)
        runs = answer["pending"]["tasks"] if "pending" in answer else []
        sends = self.verb in {*TRIES, "resend"} and self.to is None
        if not sends or ids is None or answer["skipped"] or not 0 < answer["touched"] <= NAMED:
            return answer, []
        tasks = [number for first, last in runs for number in range(first, last + 1)]
        return answer, next_addresses(api, tasks)

    def row(self, answer: BulkAnswer) -> PendingRow:
        """Return the action as the backend will tell of it."""
        return PendingRow(
            **answer["pending"],
            action=self.action,
            touched=answer["touched"],
            is_exact=answer.get("is_exact", True),
            filter=None if self.query is None else self.query.filter(),
            batch_id=None,
            done=0,
            answer=None,
        )


@dataclass(eq=False)
class Announced:
    """An action that waits in the backend, as the window tells of it.

    ``row`` is what was last heard of it, ``answer`` that to the call of this window. ``to`` has the
    addresses of messages if there are few.
    """

    worded_as: str
    action: str
    row: PendingRow | None = None
    is_own: bool = False
    is_due: bool = False
    answer: BulkAnswer | None = None
    to: Sequence[str] = ()
    address: str = ""
    toast: Toast | None = None
    is_to_stop: bool = False
    has_bar: bool = False

    def words(self, toasts: Toasts, left: int) -> str:
        """Say what will happen in ``left`` seconds, and which tasks are left alone."""
        later = announced(self.worded_as)
        count = 0 if self.row is None else self.row["touched"]
        looked = self.answer or {"touched": count, "skipped": []}
        when = partial(toasts.when, releases=self.action == "retry")
        starts, apart = _starts(looked.get("queues", {}), looked.get("aside", {}), when, left)
        what = counted(self.worded_as, count)
        told = {"what": what, "s": left, "when": starts, "to": self.address}
        said = later.format(**told) if left else carried_out(self.worded_as)
        more = [*(apart if "{when}" in later else []), *beside(looked)]
        return "\n".join([said, *filter(None, [", ".join(self.to)]), *more])


@dataclass(eq=False)
class AnnouncedBatch(Announced):
    """An action on the batch with a ``number``; the key makes a repeated call harmless."""

    number: int = 0
    key: str = field(default_factory=new_key)

    def ask(self, api: Api, delay: float) -> bool:
        """Have the action wait; return whether there is anything to do. Raises ``Refused``."""
        raise NotImplementedError

    def tell(self, toasts: Toasts, answer: BulkAnswer) -> str:
        """Say the outcome; return the name of the batch."""
        raise NotImplementedError


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
    return when(left, ""), [starts_apart(n, words) for words, n in by_start.items() if words]
