"""Calls of those who hand work in and look after it."""

from __future__ import annotations

from typing import Any, Final, Literal

from desktop.items.accepting import AcceptedItems, ItemSubmission, NewItemRow
from desktop.items.accepting import undo as undo_item
from desktop.items.facade import Register
from sendoff_tasks.folder.queue_limits import QueueSettings
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import BulkAction
from sendoff_tasks.model.times import Rate
from sendoff_tasks.queues.limits import QueueLimit
from sendoff_tasks.submission import (
    Idempotency,
    NewTask,
    Place,
    Submission,
    SubmissionAnswer,
    TaskOptions,
)
from sendoff_tasks.verbs.pending import undo_pending
from tests.simulation.calls.call import call
from tests.simulation.computer.clock import START
from tests.simulation.judging.broken import expect
from tests.simulation.judging.errand import Errand
from tests.simulation.stage.functions import DEADLINES
from tests.simulation.stage.props import Corrected, Handed
from tests.simulation.stage.scene import Scene

REMEMBERED_S: Final = 6 * 24 * 3600.0
"""So long an ``Idempotency-Key`` is surely known."""


@call
def submit(
    scene: Scene,
    label: str,
    tasks: list[dict[str, Any]],
    item: int | Literal["next"] | None = None,
    key: bool = False,
    text: str = "",
) -> None:
    """Hand in an item with tasks (``next``: the engine picks its number), or loose tasks.

    ``text`` is an argument of each task.

    All that has a number or an ``Idempotency-Key`` may be handed in again by its label.
    """
    errands, new = [], []
    for place, wanted in enumerate(tasks):
        task = dict(wanted)
        function, at = task.pop("function"), task.pop("run_at", None)
        after = task.pop("after", ())
        token = f"{label}t{place}"
        errand = Errand(token, function, label, task.get("key"))
        if "delay" in task:
            errand.not_before = scene.clock.steady() + task["delay"]
        if at is not None:
            task["run_at"] = START + at
            errand.not_before_wall = START + at if START + at > scene.clock.now() else None
        if "deadline" in task:
            task["deadline"] += START
        if function in DEADLINES:
            errand.deadline = scene.clock.now() + DEADLINES[function]
        errand.deadline = task.get("deadline", errand.deadline)
        errands.append(scene.outside.errands.setdefault(token, errand))
        errand.after = tuple(errands[other] for other in after)
        to = f"{token} <{token}@x.org>"
        options = TaskOptions(**task, after=tuple(map(Place, after)))
        new.append(NewTask(function, [text, token], to=to, options=options))
    idempotency = Idempotency(label, "") if key else None
    submission: Submission | ItemSubmission
    if item is None:
        submission = Submission(new, idempotency)
    else:
        row = NewItemRow(None if item == "next" else item, {"title": f"Item {label}"}, new)
        submission = ItemSubmission([row], idempotency=idempotency)
    handed = Handed(submission, errands, key or isinstance(item, int), scene.clock.moment)
    scene.handed.setdefault(label, handed)
    _hand_in(scene, handed)


@call
def submit_again(scene: Scene, label: str) -> None:
    """Hand in what may have been lost, or may not."""
    handed = scene.handed.get(label)
    if handed is None or not handed.repeatable:
        return
    is_known = scene.clock.is_within(handed.at, REMEMBERED_S)
    if is_known or not handed.submission.idempotency:
        _hand_in(scene, handed)


def _hand_in(scene: Scene, handed: Handed) -> None:
    submission = handed.submission

    def accepted(answer: SubmissionAnswer | AcceptedItems) -> None:
        told = f"{answer} after {handed.answer}"
        same = handed.answer is None or handed.answer.task_ids == answer.task_ids
        expect(same or not answer.replayed or not scene.is_trusted, "the same answer again", told)
        handed.answer = answer
        each = answer.task_ids if isinstance(answer, AcceptedItems) else [answer.task_ids]
        ids = [number for numbers in each for number in numbers]
        expect(len(ids) == len(handed.errands), "all of it is accepted", told)
        for errand, number in zip(handed.errands, ids, strict=True):
            scene.happened["tasks accepted"] += not answer.replayed
            errand.accepted = number if _is_its_own(scene, errand, number) else None

    if any(scene.registry.get(errand.function) is None for errand in handed.errands):
        return
    keys = {(errand.function, errand.key) for errand in handed.errands if errand.key}
    known = scene.witness.errands.items()
    if joined := frozenset(n for n, other in known if (other.function, other.key) in keys):
        scene.take_over("join", joined)
    if isinstance(submission, ItemSubmission):
        scene.ask(lambda engine: Register(engine).submit(submission), accepted)
    else:
        scene.ask(lambda engine: engine.submit(submission), accepted)


def _is_its_own(scene: Scene, errand: Errand, number: int) -> bool:
    """Tell whether the task was made for the errand, and not for another with its key.

    One that was forgotten in the meantime belongs to none.
    """
    other = scene.witness.errands.get(number, errand)
    same = other.function == errand.function and other.key == errand.key
    told = f"{errand} was answered with {other}"
    fits = other is errand or (same and errand.key) or not scene.is_trusted
    expect(fits, "one open task for each key", told)
    return other is errand and number not in scene.witness.gone


@call
def cancel(scene: Scene, pick: float) -> None:
    number = scene.pick(pick, "scheduled", "queued", "waiting", "running")
    scene.want("cancel", [number], lambda engine: engine.cancel(number), scene.outside.told_to_stop)


@call
def retry(scene: Scene, pick: float) -> None:
    number = scene.pick(pick, "failed", "cancelled", "waiting")
    scene.want("retry", [number], lambda engine: engine.retry(number))


@call
def resolve(scene: Scene, pick: float, outcome: Literal["done", "again"]) -> None:
    number = scene.pick(pick, "uncertain")
    scene.want(outcome, [number], lambda engine: engine.resolve(number, outcome))


@call
def bulk(scene: Scene, action: BulkAction, states: tuple[str, ...]) -> None:
    """Do something to all tasks in some states."""
    scene.want(action, None, lambda engine: engine.bulk(action, TaskFilter(states=states)))


@call
def later(
    scene: Scene, action: BulkAction, states: tuple[str, ...], pick: float, count: int, delay: float
) -> None:
    """Have something done to a few tasks after a while."""
    some = sorted(n for n, seen in scene.witness.tasks.items() if seen.state in states)
    first = int(pick * len(some))
    scene.want_later(action, some[first : first + count], delay)


@call
def undo_later(scene: Scene, pick: float) -> None:
    """Undo something that waits."""
    known = [each for each in scene.outside.laters if each.number is not None]
    if known:
        one = known[int(pick * len(known))]
        number = one.number or 0

        def undone(_: None) -> None:
            one.is_undone = True

        scene.ask(lambda engine: engine.do(lambda group: undo_pending(group, number)), undone)
        one.may_be_gone = True  # also if the answer is not heard


@call
def undo(scene: Scene, pick: float) -> None:
    items = sorted({n for handed in scene.handed.values() for n in handed.items})
    if items:
        item = items[int(pick * len(items))]

        def forget(_: Any) -> None:
            for handed in scene.handed.values():
                if item in handed.items:
                    handed.forget()

        scene.want(
            "undo", None, lambda engine: engine.do(lambda group: undo_item(group, item)), forget
        )
        # Once it is undone the number is free, also for what was handed in before.
        scene.corrected.setdefault(item, Corrected()).is_sure = False


@call
def pause(scene: Scene, queue: str | None) -> None:
    def told(_: None) -> None:
        kept = (queue or "") in scene.outside.paused or scene.outside.asked(0, "resume")
        expect(kept or not scene.is_trusted, "pauses are kept", f"{queue} is not paused")

    scene.want("pause", None, lambda engine: engine.pause(queue), told)


@call
def resume(scene: Scene, queue: str | None) -> None:
    scene.want("resume", None, lambda engine: engine.resume(queue))


@call
def limit(scene: Scene, queue: str, concurrency: int | None, rate: str | None) -> None:
    """Set what a person wants of a queue: in the settings, or through the app."""
    if scene.setting.is_ours:
        limits = QueueSettings(concurrency, rate)
        scene.guarded(lambda process: scene.preferences.limit(process, queue, limits))
        return
    allowance = scene.outside.allowance
    parsed = None if rate is None else Rate.parse(rate)
    allowance.want({**allowance.wanted, queue: QueueLimit(concurrency, parsed)})
    if scene.process is not None:
        scene.process.engine.limit(allowance.wanted)


@call
def release(scene: Scene, queue: str) -> None:
    scene.want("release", None, lambda engine: engine.release(queue))
