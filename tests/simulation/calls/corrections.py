"""Calls of those who correct items, have tasks done once more, and change when they start."""

from __future__ import annotations

from typing import Any, Literal

from desktop.items.accepting import CorrectionAnswer, ItemCorrection, NewItemRow
from desktop.items.facade import Register
from sendoff_tasks.store.tables.pending import ActionOptions
from sendoff_tasks.submission import Idempotency, NewTask, TaskChange, TaskOptions
from sendoff_tasks.verbs.bulk import BulkDone
from tests.simulation.calls.call import call
from tests.simulation.calls.people import REMEMBERED_S
from tests.simulation.judging.broken import expect
from tests.simulation.judging.errand import Errand
from tests.simulation.stage.functions import DEADLINES
from tests.simulation.stage.props import Click, Corrected
from tests.simulation.stage.scene import Scene


@call
def correct(scene: Scene, label: str, pick: float, send: bool, delay: float = 0) -> None:
    """Correct an item; with ``send`` have its tasks that have ended done again."""
    handed = [each for each in scene.handed.values() if each.items]
    if not handed:
        return
    chosen = handed[int(pick * len(handed))]
    item = chosen.items[0]
    errands = [
        _errand(scene, f"{label}t{place}", errand.function, label, delay)
        for place, errand in enumerate(chosen.errands)
    ]
    tasks = [
        NewTask(e.function, [e.token], to=_to(e.token), options=TaskOptions(delay=delay))
        for e in errands
    ]
    row = NewItemRow(item, {"title": f"Item {label}"}, tasks)
    correction = ItemCorrection(row, _to(label), send, Idempotency(label, ""))
    known = scene.corrected.setdefault(item, Corrected())

    def ask(engine: Any) -> Any:
        known.titles.add(f"Item {label}")  # perhaps it is done without an answer
        if send:
            scene.take_over("send", None)
        return Register(engine).correct(correction)

    def answered(answer: CorrectionAnswer) -> None:
        if not answer.replayed:
            scene.happened["items corrected"] += 1
            known.titles, known.is_told = {f"Item {label}"}, True
        for number in answer.added:
            errand = scene.witness.errands.get(number)
            if errand is not None and number not in scene.witness.gone:
                expect(errand in errands, "accepted once", f"{errand} was not asked for here")
                errand.accepted = number

    _click(scene, label, Click("correct", ask, answered, scene.clock.moment))


@call
def resend(scene: Scene, label: str, pick: float) -> None:
    """Have a task that has ended done once more."""
    errand = _again(scene, label, pick, 0)
    if errand is None:
        return
    number = errand.resend_of or 0
    key, asked = Idempotency(label, ""), ActionOptions(addressee={"email": f"{errand.token}@x.org"})

    def answered(done: BulkDone) -> None:
        if not done.answer["touched"]:
            return
        (again,), same = done.answer["ids"], errand.accepted
        told = f"task {again} was made of {number}, before it was {same}"
        expect(same in {None, again} or not scene.is_trusted, "the same answer again", told)
        scene.happened["tasks sent again"] += not done.replayed
        errand.accepted = None if again in scene.witness.gone else again

    def act(engine: Any) -> Any:
        return engine.bulk("resend", [number], key, asked=asked)

    _click(scene, label, Click("resend", act, answered, scene.clock.moment))


@call
def resend_later(scene: Scene, label: str, pick: float, delay: float) -> None:
    """Have a task that has ended done once more after a while, unless it is undone."""
    errand = _again(scene, label, pick, delay)
    if errand is None:
        return
    number = errand.resend_of or 0
    errand.deadline = None if errand.deadline is None else errand.deadline + delay
    asked = ActionOptions(addressee={"email": f"{errand.token}@x.org"})
    scene.want_later("resend", [number], delay, asked)


@call
def click_again(scene: Scene, label: str) -> None:
    """Ask again for what may have been lost, or may not."""
    click = scene.clicks.get(label)
    if click is not None and scene.clock.is_within(click.at, REMEMBERED_S):
        scene.want(click.verb, None, click.act, click.on_answer)


@call
def change(scene: Scene, pick: float, what: Literal["now", "later", "seen"], after: float) -> None:
    """Have a task start now or later, or put one aside."""
    if what == "seen":
        number = scene.pick(pick, "failed", "uncertain")
        scene.ask(lambda engine: engine.change_task(number, TaskChange(seen=after > 5)))
        return
    number = scene.pick(pick, "scheduled", "queued")
    errand = scene.witness.errands.get(number)
    if errand is None:
        return
    run_at = 0.0 if what == "now" else scene.clock.now() + after
    verb = "run_now" if what == "now" else "move"

    def moved(_: Any) -> None:
        scene.happened["starts changed"] += 1
        errand.not_before = None
        errand.not_before_wall = run_at if run_at > scene.clock.now() else None

    errand.not_before = errand.not_before_wall = None  # perhaps there is no answer
    wanted = TaskChange(run_at=run_at)
    scene.want(verb, [number], lambda engine: engine.change_task(number, wanted), moved)


def _click(scene: Scene, label: str, click: Click) -> None:
    scene.clicks[label] = click
    scene.want(click.verb, None, click.act, click.on_answer)


def _errand(scene: Scene, token: str, function: str, label: str, delay: float) -> Errand:
    errand = Errand(token, function, label)
    if delay:
        errand.not_before = scene.clock.steady() + delay
    if function in DEADLINES:
        errand.deadline = scene.clock.now() + DEADLINES[function]
    return scene.outside.errands.setdefault(token, errand)


def _to(token: str) -> str:
    return f"{token} <{token}@x.org>"


def _again(scene: Scene, label: str, pick: float, delay: float) -> Errand | None:
    """Expect that a task that has ended is done once more; ``None`` if there is none."""
    number = scene.pick(pick, "succeeded", "failed", "cancelled")
    first = scene.witness.errands.get(number)
    if first is None:
        return None
    errand = _errand(scene, f"{label}r", first.function, label, delay)
    errand.key, errand.resend_of = first.key, number
    errand.row_of = first.row_of
    return errand
