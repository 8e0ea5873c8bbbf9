"""Submit: write tasks once, also if they come again under an idempotency key or a unique key."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sendoff_tasks.clock import to_ms
from sendoff_tasks.errors import BadCall, Conflict, UnknownId, UnknownTask
from sendoff_tasks.functions.arguments import encode
from sendoff_tasks.functions.awaiting import waited_for
from sendoff_tasks.functions.eligibility import check_key
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.functions.spec import TaskSpec
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import WORDS, Refusal, State
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.queues.followers import check_order, set_order
from sendoff_tasks.store.reads.vocabulary import words
from sendoff_tasks.store.tables import statements
from sendoff_tasks.store.tables.beside_tasks import INSERT_TOKEN, TOKEN_OF_TASK
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.store.tables.records import DEADLINE_COUNTS, START_COUNTS, TaskRecord
from sendoff_tasks.store.tables.statements import OPEN_KEYS
from sendoff_tasks.submission import (
    Idempotency,
    NewTask,
    Submission,
    SubmissionAnswer,
    start_after,
)
from sendoff_tasks.text import Finder, sentence
from sendoff_tasks.transaction.acts import Acts
from sendoff_tasks.transaction.function_rows import function_id, store_variables
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.pending import PendingRecords
from sendoff_tasks.transaction.searching import SubjectTexts, words_at_once
from sendoff_tasks.verbs.pause_queue import log_pause


def make_key(spec: TaskSpec, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
    """Return the key that ``@task`` gives a call; ``BadCall`` if it cannot be made or used."""
    if spec.key is None or isinstance(spec.key, str):
        return spec.key
    try:
        key = waited_for(spec.key(*args, **kwargs))
    except Exception as error:
        raise BadCall(
            f"the key of the task “{spec.name}” could not be made: {sentence(error)}"
        ) from error
    try:
        return check_key(key)
    except ValueError as error:
        raise BadCall(f"the task “{spec.name}” has a bad key: {error}") from error


class OpenKeys:
    """The open tasks that have the keys of one submission, read with one query."""

    def __init__(self, group: Group, keys: Iterable[str | None]) -> None:
        self._ids: dict[tuple[str, str], int] = {}
        wanted = {key for key in keys if key is not None}
        if not wanted:
            return
        group.flush()
        rows = group.cursor.execute(OPEN_KEYS, (json.dumps([*wanted]),))
        for key, function, number in rows:
            self.take(group.name_of(function), key, number)

    def find(self, name: str, key: str | None) -> int | None:
        """Return the number of the open task with this key, if there is one."""
        return None if key is None else self._ids.get((name, key))

    def take(self, name: str, key: str | None, number: int) -> None:
        """Record that a task has the key now."""
        if key is not None:
            self._ids[name, key] = number


def check_unique(group: Group, record: TaskRecord) -> None:
    """Raise ``Conflict`` if another open task has taken the key of this ended one."""
    other = OpenKeys(group, [record.key]).find(group.name_of(record.function), record.key)
    if other not in {None, record.id}:
        raise Conflict(Refusal.SAME_KEY, task_id=other, key=record.key)


ROW = 1024
"""Characters of texts and arguments that weigh as much as one row."""


@dataclass(slots=True)  # a frozen one takes three times as long to make
class PreparedTask:
    """A task with checked arguments and its words.

    If its first argument is not known yet, ``arguments`` and ``key`` are made later.
    """

    task: NewTask
    spec: TaskSpec
    arguments: str
    key: str | None
    words: str
    reference: str | None
    place: tuple[int, int] | None = None
    """Its batch, and its row there."""

    def with_first(self, argument: Any) -> PreparedTask:
        """Return the task with its first argument; raise ``BadCall`` for a bad key."""
        args = (argument, *self.task.args)
        key = _key(self.task, self.spec, args)
        return replace(self, arguments=encode(args, self.task.kwargs), key=key)


@dataclass(frozen=True, slots=True)
class PreparedSubmission:
    """The input of :func:`sendoff_tasks.verbs.submit.accept`.

    The tasks begin once the ``response`` with this name is over; see ``transaction.responses``.
    ``undo_for`` is as in :class:`~sendoff_tasks.submission.Submission`.
    """

    tasks: list[PreparedTask]
    idempotency: Idempotency | None = None
    response: str | None = None
    undo_for: float = 0

    @property
    def weight(self) -> int:
        """The size in rows."""
        return weight_of([], self.tasks)


def weight_of(texts: Sequence[str], tasks: Sequence[PreparedTask]) -> int:
    """Return the size of rows: long ones count several times, because waiting ones take memory."""
    size = sum(map(len, texts)) + sum(len(task.arguments or "") for task in tasks)
    return max(len(texts) + len(tasks), size // ROW) or 1


def prepare(submission: Submission | PreparedSubmission, registry: Registry) -> PreparedSubmission:
    """Check and encode a submission, unless that is done.

    Raises ``UnknownTask``, ``BadCall``, ``ValueError``, or ``Conflict`` if the task's reference
    cannot be made.
    """
    if isinstance(submission, PreparedSubmission):
        return submission
    wait = submission.undo_for
    tasks = [prepare_task(start_after(task, wait), registry) for task in submission.tasks]
    return PreparedSubmission(tasks, submission.idempotency, undo_for=wait)


def prepare_task(
    task: NewTask,
    registry: Registry,
    first: Sequence[Any] = (),
    found_by: str | None = None,
) -> PreparedTask:
    """Check and encode a task; raise as :func:`prepare` does.

    ``first`` are arguments before its own, ``(None,)`` for one that is not known yet. ``found_by``
    is another text by which it is found.
    """
    spec = registry.get(task.task)
    if spec is None:
        raise UnknownTask(task.task, registry.why_unknown(task.task))
    if task.subject is not None and not 1 <= task.subject <= ID_LIMIT:
        raise ValueError(f"a subject's number is 1 … {ID_LIMIT}, not {task.subject}")
    args = (*first, *task.args)
    spec.check_arguments(args, task.kwargs)
    arguments = encode(*spec.named(args, task.kwargs), spec.parameters)
    return PreparedTask(
        task,
        spec,
        arguments=arguments,
        key=None if first == (None,) else _key(task, spec, args),
        words=words(task.title, task.to, found_by),
        reference=spec.new_reference(),
    )


def _key(task: NewTask, spec: TaskSpec, args: Sequence[Any]) -> str | None:
    return make_key(spec, args, task.kwargs) if task.options.key is None else task.options.key


def recall(group: Group, key: Idempotency | None) -> Any:
    """Return the first answer to the key; ``None`` for a new key, and without a key.

    Raises ``Conflict`` if the key was used with another body.
    """
    if key is None:
        return None
    asked = (key.key, _digest(key.key))
    row = group.cursor.execute(statements.ANSWER_OF_EITHER, asked).fetchone()
    if row is None:
        return None
    body_hash, answer = row
    if body_hash != key.body_hash:
        raise Conflict(Refusal.KEY_USED)
    return json.loads(answer)


def remember(group: Group, key: Idempotency | None, answer: Any) -> None:
    """Store the first answer (JSON) to the key, if there is one."""
    if key is None:
        return
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.INSERT_IDEMPOTENCY, (key.key, key.body_hash, text, group.now))


def amend(group: Group, key: Idempotency, answer: Any) -> None:
    """Replace the stored answer (JSON) to a key; it expires with the first."""
    text = json.dumps(answer, separators=(",", ":"))
    group.cursor.execute(statements.CHANGE_ANSWER, (text, key.key))


def answers_with(source: Source, words: Finder) -> list[str]:
    """Return the keys that have words, or whose answers do; it reads all answers."""
    found = source.execute(statements.ANSWERS).fetchall()
    return [key for key, answer in found if words.search(f"{key} {json.loads(answer)}")]


def blank_answers(group: Group, keys: Iterable[str], words: Finder, tasks: Container[int]) -> None:
    """Leave texts with words out of answers; the numbers stay, so nothing is done twice.

    Rows of other tasks than ``tasks`` stay whole. A key with words is replaced by its digest.
    """
    for key in keys:
        row = group.cursor.execute(statements.ANSWER, (key,)).fetchone()
        if row is not None:
            blanked = _blanked(json.loads(row[1]), words, tasks)
            text = json.dumps(blanked, separators=(",", ":"))
            group.cursor.execute(statements.CHANGE_ANSWER, (text, key))
            if words.search(key):
                group.cursor.execute(statements.CHANGE_KEY, (_digest(key), key))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()


def _blanked(value: Any, words: Finder, tasks: Container[int]) -> Any:
    match value:
        case str():
            return "" if words.search(value) else value
        case list():
            return [_blanked(each, words, tasks) for each in value]
        case {"to": _, "id": number} if number not in tasks:
            return value
        case dict():
            return {name: _blanked(each, words, tasks) for name, each in value.items()}
    return value


def recall_accepted(group: Group, key: Idempotency | None) -> SubmissionAnswer | None:
    """Return the answer to a submission with this key as a replay; like :func:`recall`."""
    known = recall(group, key)
    if known is None:
        return None
    return SubmissionAnswer(
        task_ids=known["task_ids"],
        replayed=True,
        joined=frozenset(known["joined"]),
        row=known["row"],
        note=known["note"],
        pending=known.get("pending"),
    )


def remember_accepted(group: Group, key: Idempotency, accepted: SubmissionAnswer) -> None:
    """Store the answer to a submission with this key."""
    remember(group, key, asdict(accepted) | {"joined": [*accepted.joined]})


def accept(group: Group, submission: PreparedSubmission) -> SubmissionAnswer:
    """Accept all tasks or none; what is known already gets its first answer.

    Raises ``Conflict`` for a key that was used with another body, ``UnknownId`` for a task of an
    unknown subject.
    """
    key = submission.idempotency
    known = recall_accepted(group, key)
    if known is not None:
        return known
    log_pause(group)
    check_order(group, (prepared.task for prepared in submission.tasks))
    tasks = list(_with_subject_words(group, submission.tasks))
    writing = TaskWriting(group, (task.key for task in tasks))
    ids = [writing.task(task, task.task.subject) for task in tasks]
    set_order(group, [task.task for task in tasks], ids, writing.joined)
    if submission.response is not None:
        group.memory.responses.hold(group, submission.response, writing.added)
    group.part(Acts).note(group, writing.added)
    single = ids[0] if len(ids) == 1 else None
    accepted = SubmissionAnswer(
        task_ids=ids,
        joined=frozenset(writing.joined),
        row=None if single is None else group.row(_record(group, single)),
    )
    if submission.undo_for and writing.added:
        asked = ActionOptions(key=key.key if key else "")
        waiting = group.part(PendingRecords)
        row = waiting.offer_undo(group, "run", submission.undo_for, asked, writing.added)
        accepted = replace(accepted, pending=row)
    if key is not None:
        accepted = replace(accepted, note=key.note)
        remember_accepted(group, key, accepted)
    return accepted


def _with_subject_words(group: Group, tasks: Iterable[PreparedTask]) -> Iterator[PreparedTask]:
    """Add the words of their subjects; raise ``UnknownId`` for an unknown one."""
    known: dict[int, SubjectTexts] = {}
    for task in tasks:
        number = task.task.subject
        if number is None:
            yield task
            continue
        if number not in known:
            group.flush()
            known |= group.search.texts([number])
        if number not in known:
            raise UnknownId("subject", number)
        found_by = words_at_once(task.task.title, task.task.to, known[number])
        yield replace(task, words=found_by)


def accept_task(group: Group, task: PreparedTask) -> int:
    """Accept a task without a subject; return its number, or that of the open one with its key."""
    if task.key is None:
        return add_task(group, task, None).id
    return TaskWriting(group, [task.key]).task(task, None)


def _record(group: Group, number: int) -> TaskRecord:
    return group.new_tasks.get(number) or group.read(number)


class TaskWriting:
    """Adds new tasks to the group; a task whose key is taken joins the open task."""

    def __init__(self, group: Group, keys: Iterable[str | None]) -> None:
        self.added: list[int] = []
        self.joined: set[int] = set()
        self._group = group
        self._keys = OpenKeys(group, keys)

    def task(self, prepared: PreparedTask, item_id: int | None) -> int:
        """Add a task, or join the open task that has its key."""
        name = prepared.spec.name
        other = self._keys.find(name, prepared.key)
        if other is not None:
            self.joined.add(other)
            waiting = self._group.part(PendingRecords)
            waiting.take_out(self._group, [other], action="cancel")  # it is wanted again
            return other
        number = add_task(self._group, prepared, item_id).id
        self.added.append(number)
        self._keys.take(name, prepared.key, number)
        return number


def add_task(
    group: Group,
    prepared: PreparedTask,
    item_id: int | None,
    resend_of: int | None = None,
    addressee: str | None = None,
    copy_for: str | None = None,
) -> TaskRecord:
    """Add a task: queued, or scheduled if its time is in the future."""
    task, spec, now = prepared.task, prepared.spec, group.now
    options = task.options
    run_at = now if options.run_at is None else to_ms(options.run_at)
    if options.delay is not None and options.run_at is None:
        run_at += to_ms(options.delay)
    deadline = None if options.deadline is None else to_ms(options.deadline)
    scheduled = run_at > now
    counts = START_COUNTS if scheduled and options.run_at is None else 0
    if deadline is None and spec.deadline is not None:
        deadline = now + to_ms(spec.deadline)
        counts |= DEADLINE_COUNTS
    record = TaskRecord(
        id=group.next_task_id(),
        rev=group.next_event_id(),
        item_id=item_id,
        function=function_id(group, spec),
        title=task.title,
        recipient=task.to or "",
        state=WORDS[State.SCHEDULED if scheduled else State.QUEUED],
        reason=Reason.DELAYED.value if scheduled else None,
        max_attempts=spec.retry.attempts,
        priority=options.priority,
        created_at=now,
        run_at=run_at if scheduled else None,
        deadline=deadline,
        arguments=prepared.arguments,
        reference=prepared.reference,
        key=prepared.key,
        delayed=counts,
        resend_of=resend_of,
        addressee=addressee,
        copy_for=copy_for,
        edition=task.edition,
    )
    if prepared.place is not None:
        record.batch_id, record.batch_row = prepared.place
    group.add(record, prepared.words)
    if task.variables is not None:
        store_variables(group, record.id, task.variables)
    for moment in (record.run_at, deadline):
        if moment is not None:
            group.due(moment)
    return record


TOKEN_BYTES: Final = 16
"""Random bytes of a token: 128 bits."""


def make_token() -> str:
    """Return a new token: an unguessable name by which outsiders can look up one task."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_of(group: Group, task_id: int) -> str:
    """Return the task's token, creating one if it has none; raise ``UnknownId``."""
    group.read(task_id)
    known = group.cursor.execute(TOKEN_OF_TASK, (task_id,)).fetchone()
    if known is not None:
        return str(known[0])
    token = make_token()
    group.cursor.execute(INSERT_TOKEN, (token, task_id))
    return token
