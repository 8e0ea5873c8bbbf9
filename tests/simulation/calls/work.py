"""Calls of the lanes: how far attempts get, what they say, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from desktop.mail.files import SENT
from desktop.mail.transport import MailFolder
from desktop.tasks import mail_tasks
from sendoff_tasks.attempts.attempt import run
from sendoff_tasks.attempts.context import TaskContext
from sendoff_tasks.attempts.control import Control
from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.errors import (
    EngineError,
    GiveUp,
    NeedsPerson,
    OverQuota,
    RetryLater,
    TaskCancelled,
    Unreachable,
)
from sendoff_tasks.model.reasons import Reason
from tests.simulation.calls.call import call
from tests.simulation.judging.broken import Broken, expect
from tests.simulation.judging.errand import Attempt, Phase
from tests.simulation.stage.functions import BACKOFF
from tests.simulation.stage.props import Awaited
from tests.simulation.stage.scene import Scene

MADE_ITEM = "SELECT 1 FROM items WHERE first_task = ?"
DONE = Succeeded('"done"')


@call
def go(scene: Scene, pick: float, steps: int = 1, text: str = "a letter") -> None:
    """Let an attempt go on: to its point of no return, beyond it, to its effect, to its end.

    ``text`` is what it hands over.
    """
    attempt = scene.attempt(pick)
    for _ in range(steps):
        if attempt is not None and attempt.claim.task_id in scene.outside.live:
            advance(scene, attempt, text)


def advance(scene: Scene, attempt: Attempt, text: str = "a letter") -> None:
    """Let one attempt take its next step."""
    match attempt.phase:
        case Phase.BEGUN if attempt.errand.is_message and (said := _look_first(scene, attempt)):
            scene.outside.finish(attempt, said)
        case Phase.BEGUN if attempt.errand.marks:
            attempt.ask(text)
        case Phase.BEGUN | Phase.CROSSED:
            attempt.act()
        case Phase.ASKED if attempt.mark is not None and attempt.mark.done():
            _cross(scene, attempt, attempt.mark.exception())
        case Phase.ACTED:
            scene.outside.finish(attempt, DONE)


class _Goes(Exception):
    """Nothing speaks against sending a message."""


class _Mailer:
    """What the shipped mail task asks of its mailer before it sends."""

    server = "x.org"

    def __init__(self, has_sent: Callable[[str], bool]) -> None:
        self.has_sent = has_sent

    def __getattr__(self, _: str) -> Any:
        raise _Goes


def _has_sent(scene: Scene) -> Callable[[str], bool] | None:
    """Ask the mailer of the product's settings; they may hold the message."""
    assert scene.process is not None
    if scene.process.settings is None:
        return None
    mailer = scene.process.letters.mailer()
    kept = mailer.is_practice and scene.is_trusted
    expect(not kept, "real sending stays real", "a message is kept for practice")
    return mailer.has_sent


def _has_made_item(scene: Scene, task_id: int) -> bool:
    """Whether a task came with its item."""
    assert scene.process is not None
    return scene.process.connection.execute(MADE_ITEM, (task_id,)).fetchone() is not None


def _look_first(scene: Scene, attempt: Attempt) -> Outcome | None:
    """Do what the shipped mail task does before it composes; returns how it ends there."""
    claim, errand = attempt.claim, attempt.errand
    has_sent = MailFolder(scene.files.below(SENT)).has
    message_id = claim.reference or ""
    known = {message_id}
    if claim.attempt == 1 and errand.row_of is not None and _has_made_item(scene, claim.task_id):
        errand.first = errand.first or message_id
        known.add(errand.first)
    if errand.is_past and (errand.had_crossed or not any(map(has_sent, known))):
        errand.may_act = True  # there is no evidence
    control = Control()
    context = TaskContext(claim, attempt.ledger, control)

    def body(*_: Any) -> None:
        with mail_tasks._fates(context), suppress(_Goes):
            mailer: Any = _Mailer(_has_sent(scene) or has_sent)
            mail_tasks._send(lambda: mailer, mailer, {}, 0, None, message_id, context)

    spec = replace(claim.spec, function=body)
    outcome = run(replace(claim, spec=spec), attempt.ledger, control)
    expect(not isinstance(outcome, Failed), "errors are the house's own", str(outcome))
    return None if isinstance(outcome, Succeeded) else outcome


def _cross(scene: Scene, attempt: Attempt, refused: BaseException | None) -> None:
    if refused is None:
        how = f"{attempt.errand} passed its point of no return"
        expect(not attempt.asked_to_stop, "who is cancelled is asked to stop", how)
        attempt.phase = Phase.CROSSED
        if attempt.errand.is_message:
            _keep(scene, attempt)
    elif isinstance(refused, TaskCancelled):
        scene.outside.finish(attempt, Cancelled())
    elif isinstance(refused, EngineError):
        scene.outside.finish(attempt, Failed(f"It could not be recorded: {refused}", ""))
    else:
        raise Broken("errors are the house's own", repr(refused))


def _keep(scene: Scene, attempt: Attempt) -> None:
    """Keep the message in ``sent/``; one that cannot be kept is not sent."""
    message: Any = SimpleNamespace(message_id=attempt.claim.reference, record=b"x")

    def keep(_: object) -> bool:
        try:
            MailFolder(scene.files.below(SENT)).store(message, durable=False)
        except OSError:
            return False
        return True

    if scene.guarded(keep) is False:
        not_done(scene, attempt, "later")


_NOT_DONE: dict[str, Outcome] = {
    "fail": Failed("no", ""),
    "final": Failed("never", "", final=True),
    "later": Later("not now", "", after=30.0),
    "hold": Held("look", ""),
    "hold queue": Held("wrong password", "", whole_queue=True),
    "offline": Deferred("no route", "", Reason.OFFLINE),
    "quota": Deferred("too many", "", Reason.QUOTA),
    "cancelled": Cancelled(),
    "not begun": NotBegun("The system gave no thread."),
}
"""What is said of an attempt that had no effect, or may have it again."""
RAISED: dict[str, Callable[[str], Exception]] = {
    "fail": ValueError,
    "final": GiveUp,
    "later": partial(RetryLater, after=30.0),
    "hold": NeedsPerson,
    "hold queue": partial(NeedsPerson, queue=True),
    "offline": Unreachable,
    "quota": OverQuota,
}
"""What a body raises to end so."""
_UNKNOWN: dict[str, Outcome] = {
    "crash": Crashed("signal 9"),
    "give back": GivenBack(begun=True),
}


@call
def end(scene: Scene, pick: float, how: str, text: str = "") -> None:
    """End an attempt in a way that fits what it has done; its body says ``text`` where it may."""
    attempt = scene.attempt(pick)
    if attempt is None:
        return
    crossing = attempt.phase in {Phase.ASKED, Phase.CROSSED}
    acted = attempt.phase is Phase.ACTED
    if how == "done":
        if acted:
            scene.outside.finish(attempt, _in_words(attempt, how, text))
    elif how in _UNKNOWN:
        # A lane says so itself of what has begun to cross.
        known = not (attempt.errand.marks and (crossing or acted))
        scene.outside.finish(
            attempt, _UNKNOWN[how] if known or how == "crash" else LeftUncertain("?", "")
        )
    elif how == "not begun" and attempt.phase is not Phase.BEGUN:
        return
    elif attempt.phase is not Phase.ASKED and not (acted and attempt.errand.marks):
        not_done(scene, attempt, how, text)


def not_done(scene: Scene, attempt: Attempt, how: str, text: str = "") -> None:
    """End an attempt that had no effect, or may have it again."""
    if attempt.errand.is_message and attempt.phase is Phase.CROSSED:
        message_id = attempt.claim.reference or ""
        scene.guarded(lambda _: MailFolder(scene.files.below(SENT)).forget(message_id))
    words = text and how in RAISED
    scene.outside.finish(attempt, _in_words(attempt, how, text) if words else _NOT_DONE[how])
    wait = {"fail": BACKOFF, "later": 30.0, "not begun": 5.0}.get(how)
    if wait is not None and attempt.errand.function not in scene.gone:
        attempt.errand.waits[attempt.claim.attempt] = scene.clock.steady() + wait


def _in_words(attempt: Attempt, how: str, text: str) -> Outcome:
    """Return what the engine makes of a body that returns or raises ``text``."""

    def body(*_: Any) -> str:
        if how in RAISED:
            raise RAISED[how](text)
        return text

    control = Control()
    if attempt.phase is Phase.CROSSED:
        with control.point_of_no_return():
            pass
    claim = replace(attempt.claim, spec=replace(attempt.claim.spec, function=body))
    return run(claim, attempt.ledger, control)


@call
def say(scene: Scene, pick: float, what: str, text: str = "Half of it.") -> None:
    """Let an attempt say something."""
    attempt = scene.attempt(pick)
    if attempt is not None:
        _say(attempt, what, text)


def _say(attempt: Attempt, what: str, text: str = "Half of it.") -> None:
    match what:
        case "log":
            attempt.ledger.log(attempt.claim, "info", text)
        case "progress":
            attempt.ledger.progress(attempt.claim, 1, 2, text)
        case "overdue":
            attempt.ledger.overdue(attempt.claim, stops=False)


@call
def late(scene: Scene, pick: float, what: str) -> None:
    """Let the body of an attempt write whose end was told already; nothing may come of it."""
    bodies = scene.outside.late
    if scene.process is None or not bodies:
        return
    scene.happened["writes after an attempt's end"] += 1
    attempt = bodies[int(pick * len(bodies))]
    if what == "mark":
        mark = attempt.ledger.point_of_no_return(attempt.claim, "", "")
        scene.awaited.append(Awaited(mark, lambda _: _crossed_late(attempt)))
    elif what == "finish":
        attempt.ledger.finish(attempt.claim, DONE)
    else:
        _say(attempt, what)


def _crossed_late(attempt: Attempt) -> None:
    raise Broken("a late writer changes nothing", f"{attempt.errand} crossed after its end")
