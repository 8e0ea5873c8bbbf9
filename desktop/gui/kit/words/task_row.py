"""A task as the table holds it: times as epoch seconds, repeated strings shared, texts cached."""

from __future__ import annotations

from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import MAIL_TASKS
from desktop.contract.items import CONFIRMATION, HANDED_OVER, MAIL_QUEUE
from desktop.contract.office import PRACTISED, WAITS_FOR_REAL, OfficeReason, office_row
from desktop.contract.rules.addresses import NO_SUCH_ADDRESS
from desktop.contract.rules.mailbox import same_address
from desktop.gui.kit.words.table import WORDS
from sendoff_tasks.model.reasons import NEEDS_PERSON, OUTAGES, PAUSED, Reason, ReasonData
from sendoff_tasks.model.states import RESENDABLE, TROUBLED, State
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.reasons import error_words
from sendoff_tasks.words.table import of_queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendoff_tasks.model.tasks import Attempt, TaskDetail, TaskRow

ON_HOLD, PAUSED_TASK, READY = "on hold", "paused", "ready"
"""The looks of a task that waits for a person: to fix a problem, to resume, or to start it."""

TO_START: Final = frozenset({State.QUEUED, State.SCHEDULED})


@dataclass(slots=True)
class Row:
    """A task's row; it takes a quarter of the memory of its JSON.

    ``created``, ``run_at``, ``started`` and ``finished`` are epoch seconds; ``done`` and ``total``
    are the progress in the task's own units. ``copy`` means that its message is not for its item's
    recipient; tasks with one ``cause`` failed, or wait, alike. ``cells`` are the texts of all
    columns at second ``cells_at``; they are made when the row is painted.
    """

    id: int
    rev: int
    item_id: int | None
    task: str
    title: str
    to: str | None
    state: str
    reason: str | None
    data: ReasonData
    attempt: int
    max_attempts: int
    done: float | None
    total: float | None
    progress_text: str
    queue: str
    created: float
    run_at: float | None
    started: float | None
    finished: float | None
    error: str | None
    seen: bool
    next_to: str | None
    copy: bool
    cause: str | None
    cells: tuple[str, ...] = field(default=(), compare=False, repr=False)
    cells_at: int = field(default=-1, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The name of its recipient, or the address alone; without a recipient, its title."""
        if self.to is None:
            return self.title
        return self.to.rpartition(" <")[0] or self.to

    @property
    def address(self) -> str:
        """The address of its recipient; empty if it has none."""
        return (self.to or "").rpartition(" <")[2].removesuffix(">")

    @property
    def needs_person(self) -> bool:
        """Whether a person has to look at it, and none has."""
        is_held = self.state == State.WAITING and self.reason in NEEDS_PERSON
        return is_held or (self.state in TROUBLED and not self.seen)

    @property
    def share(self) -> float | None:
        """The progress, 0 … 1, if the running attempt reports a total and has more to do."""
        told = self.state == State.RUNNING and self.reason is None and self.done is not None
        if not told or self.is_handed_over or not self.total or self.total <= 0:
            return None
        return min(max((self.done or 0.0) / self.total, 0.0), 1.0)

    @property
    def is_handed_over(self) -> bool:
        """Whether it is a message that a server already has, so no cancel stops it."""
        is_sending = self.state == State.RUNNING and self.task in MAIL_TASKS
        return is_sending and self.done is not None and self.done >= HANDED_OVER

    @property
    def held(self) -> bool:
        """Whether it waits for a person or a fix, not for a time."""
        return self.state == State.WAITING and self.run_at is None and not self.follows

    @property
    def for_person(self) -> bool:
        """Whether a person has to fix this one task, such as a message that cannot be made."""
        return self.state == State.WAITING and self.reason == Reason.HELD_FOR_PERSON

    @property
    def is_fixed(self) -> bool:
        """Whether the problem that a person had to fix is fixed, so it only has to be started."""
        return self.for_person and self.data.get("fixed", False)

    @property
    def awaits_template(self) -> bool:
        """Whether it is a message that cannot be made until its template or item is changed."""
        is_held = self.for_person and self.task == CONFIRMATION and not self.is_fixed
        return is_held and not self.is_about_practice

    @property
    def is_about_practice(self) -> bool:
        """Whether it was submitted before practice mode began or ended, and its reason says so."""
        told = self.data.get("told")
        return told is not None and told["refusal"] in {WAITS_FOR_REAL, PRACTISED}

    @property
    def awaits_attempt(self) -> bool:
        """Whether it waits for the time of its next attempt, which a person may bring forward."""
        is_next = self.state == State.WAITING and self.reason == Reason.RETRY_LATER
        return is_next and not self.is_paused_till

    @property
    def follows(self) -> bool:
        """Whether it waits for another task and then continues by itself."""
        return self.reason == Reason.AFTER_TASK

    @property
    def awaits_function(self) -> bool:
        """Whether it is on hold until its function exists again."""
        return self.reason == Reason.HELD_FOR_FUNCTION

    @property
    def behind_held_queue(self) -> bool:
        """Whether it is ready but its queue is on hold: other tasks met a problem to fix."""
        return self.state in TO_START and self.reason == Reason.QUEUE_HELD

    @property
    def awaits_server(self) -> bool:
        """Whether its queue waits for its server, and continues by itself."""
        return self.reason in OUTAGES

    @property
    def may_try_now(self) -> bool:
        """Whether its queue is stopped and a person may let it try at once."""
        return self.state != State.SCHEDULED and (self.behind_held_queue or self.awaits_server)

    @property
    def paused(self) -> bool:
        """Whether it is ready but waits until a person resumes its queue."""
        return self.reason in PAUSED

    @property
    def is_paused_till(self) -> bool:
        """Whether its time counts only after a person resumes its queue or batch."""
        return "paused" in self.data

    @property
    def paused_why(self) -> str:
        """Why everything is paused, if no person did that."""
        return self.data.get("text", "") if self.paused or self.is_paused_till else ""

    @property
    def is_held_till(self) -> bool:
        """Whether its time counts only after its queue's hold, which a person has to end."""
        return "on_hold" in self.data

    @property
    def awaits_resume(self) -> bool:
        """Whether a person has paused its queue or batch."""
        return self.paused or self.is_paused_till or self.is_batch_paused

    @property
    def is_batch_paused(self) -> bool:
        """Whether a person has paused its batch."""
        of_batch = self.is_paused_till and "batch_id" in self.data
        return of_batch or self.reason == OfficeReason.BATCH_PAUSED

    @property
    def is_stopped_by_batch(self) -> bool:
        """Whether its batch keeps it from starting: the batch is paused, or has a limit."""
        return self.is_batch_paused or self.reason == OfficeReason.BATCH_LIMIT

    @property
    def is_repeated(self) -> bool:
        """Whether it has ended and another task repeats it."""
        is_noted = "task_id" in self.data and self.reason != Reason.CANCELLED_WITH_TASK
        return is_noted and self.state in RESENDABLE

    @property
    def goes_elsewhere(self) -> bool:
        """Whether it would now go to another address, since its item was corrected."""
        return self.next_to is not None and not same_address(self.next_to, self.to or "")

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether it runs, and a person has asked it to stop."""
        return self.state == State.RUNNING and self.reason == Reason.CANCEL_REQUESTED

    @property
    def kept(self) -> bool:
        """Whether practice mode kept its message here instead of sending it."""
        return self.reason == Reason.KEPT

    @property
    def is_settled(self) -> bool:
        """Whether a person marked it as done; how and when it was done is unknown."""
        return self.reason == Reason.SETTLED_BY_PERSON

    @property
    def is_address_refused(self) -> bool:
        """Whether it is a message that was refused because a server does not know its recipient.

        A message whose address has been corrected since does not count: it only has to be sent.
        """
        is_unknown = self.data.get("code") in NO_SUCH_ADDRESS and not self.goes_elsewhere
        return self.is_mail and self.state in TROUBLED and is_unknown

    @property
    def may_have_arrived(self) -> bool:
        """Whether an earlier attempt may have sent its message."""
        return self.data.get("may_have_arrived", False)

    def is_refused_at(self, address: str) -> bool:
        """Tell whether it is a message for this address, and the address was refused."""
        return self.is_address_refused and same_address(address, self.to or "")

    @property
    def met(self) -> str:
        """The text of its failure for a cell: the server's own words, else the error."""
        return self.data.get("said") or self.error or ""

    @property
    def is_bounced(self) -> bool:
        """Whether its message came back after it was sent."""
        return self.reason == OfficeReason.CAME_BACK

    @property
    def look(self) -> str:
        """The key of its icon, word and colour: its state, or what it waits for, or *kept*."""
        if self.is_fixed:
            return READY
        if self.held or self.behind_held_queue:
            return ON_HOLD
        if self.paused and self.state == State.QUEUED:
            return PAUSED_TASK
        if self.may_try_now:
            return State.WAITING
        if self.is_bounced:
            return OfficeReason.CAME_BACK
        return Reason.KEPT if self.kept else self.state

    @property
    def is_mail(self) -> bool:
        """Whether its texts are those of e-mail: *Sending*, *Sent*."""
        return self.queue == MAIL_QUEUE

    @property
    def own_words(self) -> str:
        """The variant with the words of its queue."""
        return of_queue(self.queue)

    @property
    def took(self) -> float | None:
        """How long its last attempt ran, in seconds; ``None`` before it ends."""
        if self.started is None or self.finished is None:
            return None
        return max(0.0, self.finished - self.started)


def row_of(task: TaskRow) -> Row:
    """Convert a row of the API; for pages, this runs on a worker thread."""
    progress, own = task["progress"], office_row(task)
    return Row(
        id=task["id"],
        rev=task["rev"],
        item_id=own.get("item_id"),
        task=intern(task["task"]),
        title=intern(task["title"]),
        to=own.get("to"),
        state=intern(task["state"]),
        reason=None if task["reason"] is None else intern(task["reason"]),
        data=task["reason_data"],
        attempt=task["attempt"],
        max_attempts=task["max_attempts"],
        done=progress["done"] if progress else None,
        total=progress["total"] if progress else None,
        progress_text=progress["text"] if progress else "",
        queue=intern(task["queue"]),
        created=epoch(task["created_at"]) or 0.0,
        run_at=epoch(task["run_at"]),
        started=epoch(task["started_at"]),
        finished=epoch(task["finished_at"]),
        error=error_words(WORDS, task["error"], task["reason_data"]),
        seen=task["seen"],
        next_to=own.get("next_to"),
        copy=own.get("copy", False),
        cause=None if task["cause"] is None else intern(task["cause"]),
    )


def attempts_of(task: TaskDetail) -> list[Attempt]:
    """Return a task's attempts; the last error is told as data with the task."""
    before, said = task["error"], row_of(task).error
    return [{**e, "error": said} if e["error"] == before else e for e in task["history"]]


def repeats_of(number: int, tasks: Sequence[TaskRow]) -> list[TaskRow]:
    """Return the tasks of an item that repeat this one, oldest first."""
    repeats, ids = [], {number}
    for task in sorted(tasks, key=lambda each: each["id"]):
        if task["resend_of"] in ids:
            ids.add(task["id"])
            repeats.append(task)
    return repeats
