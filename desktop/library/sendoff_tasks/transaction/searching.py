"""The search index: the words by which each of a group's tasks is found, before and after.

A task is found at once by its title, its recipient and its subject's title. Its subject's fields,
its arguments and its error are indexed in a quiet moment (:func:`index_new_tasks`). Tasks up to
``SearchWords.searched_to`` have these words, and get those of a new error at once. A task is found
by all errors it has had, however it ends. The feature that knows a subject says its texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sendoff_tasks.store.reads.vocabulary import (
    error_words,
    remembered,
    spelled,
    words,
)
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.cursor import Cursor, Source, batches
from sendoff_tasks.store.tables.records import BriefRecord, TaskRecord
from sendoff_tasks.store.tables.schema import SPELLED
from sendoff_tasks.transaction.parts import Part

if TYPE_CHECKING:
    from sendoff_tasks.transaction.features import Feature
    from sendoff_tasks.transaction.group import Group


URGENT: Final = "now"


class SubjectTexts(NamedTuple):
    """The texts by which all tasks of a subject are found: at once, and ``fields`` later.

    ``recipient`` is the subject's own, where a task may have another one.
    """

    title: str | None
    recipient: str | None
    fields: str


@dataclass(slots=True)
class Indexing:
    """When new tasks become searchable by all their words; times are epoch ms, 0 for none."""

    due: int = 0
    at_latest: int = 0
    newest: int = 0  # the last task when the previous group looked
    told: int = 0  # listeners know that tasks up to this one can be found by all their words
    told_at: int = 0


class SearchWords(Part):
    """The changes of one group to the index, and how far tasks can be found by all their words.

    The index stores no text, so words are removed by giving exactly the words that were added.
    """

    _cursor: Cursor
    _features: Sequence[Feature]

    def __init__(self) -> None:
        self.searched_to = 0  # the last task that can be found by all its words
        self.indexing = Indexing()
        self.is_scrubbed = True  # the index has no more words than the tasks
        self.is_urgent = False  # a person waits for the scrub
        self.lost_now = False  # the group has taken words out of it
        self._pending: dict[int, tuple[str, str]] = {}  # by task: words in the index, words to be

    def load(self, source: Source) -> None:
        """Read how far the index is complete, and whether it is scrubbed."""
        reached = statements.read_meta(source, statements.SEARCHED_TO)
        self.searched_to = self.indexing.told = int(reached or 0)
        unscrubbed = statements.read_meta(source, statements.UNSCRUBBED)
        self.is_scrubbed, self.is_urgent = unscrubbed is None, unscrubbed == URGENT

    def begin(self, group: Group) -> None:
        """Forget the changes of a failed group."""
        self._cursor, self._features = group.cursor, group.memory.features
        self._pending.clear()
        self.lost_now = False

    def put(self, task_id: int, before: str, after: str) -> None:
        """Replace a task's words ``before``, which the index has now, by ``after``, if any."""
        known = self._pending.get(task_id)
        self._pending[task_id] = (before if known is None else known[0], after)

    def of(self, task: TaskRecord | BriefRecord, about: SubjectTexts | None) -> str:
        """Return a task's words; ``about`` is its subject as it is now."""
        return words_of(task, about, deep=task.id <= self.searched_to)

    def fail(self, task: TaskRecord, error: str | None) -> dict[str, str | None]:
        """Index a new error beside the earlier ones; return the columns that change."""
        past = remembered(task.past_errors, task.error)
        if task.id <= self.searched_to:
            about = self.texts([task.item_id]).get(task.item_id) if task.item_id else None
            before = words_of(task, about, deep=True)
            self.put(task.id, before, words_of(task, about, deep=True, errors=(error, past)))
        return {} if past == task.past_errors else {"past_errors": past}

    def texts(self, subjects: list[int]) -> dict[int, SubjectTexts]:
        """Read the current texts of subjects that are in the store."""
        return texts_of(self._features, self._cursor, subjects)

    def write(self) -> None:
        """Write what was collected so far."""
        if not self._pending:
            return
        changed = [(n, old, new) for n, (old, new) in self._pending.items() if old != new]
        gone = [(number, old) for number, old, _ in changed if old]
        come = [(number, new) for number, _, new in changed if new]
        if gone:
            self._cursor.executemany(statements.DELETE_WORDS, gone)
        for n, values in batches(come):
            self._cursor.execute(statements.insert_words(n), values)
        if any(map(_loses, changed)):
            self.lost_now = True
            self.unscrub()
        self._pending.clear()

    def unscrub(self, *, is_urgent: bool = False) -> None:
        """Note that something was deleted of which nothing is to be left: see ``scrubber``."""
        if self.is_scrubbed or is_urgent > self.is_urgent:
            self.is_scrubbed, self.is_urgent = False, is_urgent
            told = statements.UNSCRUBBED, URGENT if is_urgent else ""
            self._cursor.execute(statements.PUT_META, told)


def _loses(change: tuple[int, str, str]) -> bool:
    """Tell whether a task is no longer found by each of its words."""
    _, before, after = change
    return not after.startswith(before) and not {*before.split()} <= {*after.split()}


def texts_of(
    features: Iterable[Feature], source: Source, subjects: list[int]
) -> dict[int, SubjectTexts]:
    """Read the current texts of subjects from the features that know them."""
    found: dict[int, SubjectTexts] = {}
    for feature in features:
        found.update(feature.texts_of(source, subjects))
    return found


def words_at_once(title: str | None, recipient: str | None, about: SubjectTexts | None) -> str:
    """Return the words of a new task."""
    return words(*_at_once(title, recipient, about))


def words_of(
    task: TaskRecord | BriefRecord,
    about: SubjectTexts | None,
    *,
    deep: bool,
    errors: tuple[str | None, str | None] | None = None,
) -> str:
    """Return a task's words; ``deep`` includes those of fields, arguments and errors.

    ``errors`` are an error and the words of earlier ones that replace the task's own.
    """
    texts = _at_once(task.title, task.recipient, about)
    if not deep:
        return words(*texts)
    own = "" if task.arguments == f"[[{task.item_id}],{{}}]" else task.arguments
    fields = "" if about is None else about.fields[:SPELLED]
    told = " ".join(filter(None, errors or (task.error, task.past_errors)))
    return f"{words(*texts, fields, spelled(own), told)} {error_words(told)}".rstrip()


def _at_once(
    title: str | None, recipient: str | None, about: SubjectTexts | None
) -> list[str | None]:
    if about is None:
        return [title, recipient]
    elsewhere = None if about.recipient == (recipient or "") else about.recipient
    return [title, recipient, about.title, elsewhere]


STEP: Final = 100
"""Tasks indexed in one group, which keeps the group short."""
WAIT_MS: Final = 5_000
"""How long no new task must have come before indexing begins, ms."""
LATEST_MS: Final = 60_000
"""The longest wait while new tasks keep coming, ms."""
PAUSE_MS: Final = 10
"""Between two steps, ms; most of the time, disk and GIL are free for others."""
BUSY_MS: Final = 1_000
"""Between two steps while callers wait, ms; a step is then done only when it is late."""
TELL_MS: Final = 5_000
"""How often listeners are told at most, ms, until no task is left."""


def index_new_tasks(group: Group, *, alone: bool) -> None:
    """Do one step, and record when the next is due; ``alone``: no caller waits for the group."""
    memory, when = group.memory, group.search.indexing
    if group.search.searched_to >= memory.last_task:
        when.due = 0
        return
    when.at_latest = min(when.at_latest, group.now + LATEST_MS)  # a clock may be set back
    when.due = min(when.due, group.now + LATEST_MS)
    if memory.last_task != when.newest:
        when.newest = memory.last_task
        when.at_latest = when.at_latest if when.due else group.now + LATEST_MS
        when.due = max(when.due, min(group.now + WAIT_MS, when.at_latest))
    elif not when.due:  # tasks from before the program started
        when.due = when.at_latest = group.now + WAIT_MS
    if group.now >= when.due:
        if alone or group.now >= when.at_latest:
            _step(group)
            _tell(group)
        is_behind = group.search.searched_to < memory.last_task
        when.due = group.now + (PAUSE_MS if alone else BUSY_MS) if is_behind else 0
    if when.due:
        group.again_at(when.due)


def _step(group: Group) -> None:
    tasks = group.select(statements.TASKS_BEHIND, group.search.searched_to, STEP)
    found = group.search.texts([*{task.item_id for task in tasks if task.item_id is not None}])
    for task in tasks:
        about = None if task.item_id is None else found.get(task.item_id)
        before = words_of(task, about, deep=False)
        group.search.put(task.id, before, words_of(task, about, deep=True))
    reached = tasks[-1].id if len(tasks) == STEP else group.memory.last_task
    group.search.searched_to = reached
    group.cursor.execute(statements.PUT_META, (statements.SEARCHED_TO, str(reached)))


def _tell(group: Group) -> None:
    """Tell listeners, after the COMMIT, that searches find more."""
    reached, when = group.search.searched_to, group.search.indexing
    is_done = reached >= group.memory.last_task
    if is_done or group.now >= when.told_at + TELL_MS:
        when.told, when.told_at = reached, group.now
