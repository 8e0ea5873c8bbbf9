"""Calls that no person makes: time passes, disks fail, programs and computers stop and start."""

from __future__ import annotations

from typing import Final

from sendoff_tasks.attempts.outcomes import GivenBack, LeftUncertain
from tests.simulation.calls.call import call
from tests.simulation.calls.work import advance
from tests.simulation.computer.disk import Fault, Kept, Trouble
from tests.simulation.judging.errand import Phase
from tests.simulation.stage.scene import Scene

HOPS: Final = 40
LOOKS: Final = 10
"""While a program has nothing else to do it looks so often for old rows, or once a minute."""


@call
def wait(scene: Scene, seconds: float) -> None:
    """Let time pass; the engine wakes when it said it would."""
    left, longest = seconds, max(60.0, seconds / LOOKS)
    for _ in range(HOPS):
        due = scene.settle()
        hop = min(left, longest)
        if due is not None:
            hop = min(hop, max(0.001, due - scene.clock.now()))
        scene.clock.advance(hop)
        left -= hop
        if left <= 0:
            return
    scene.clock.advance(left)


@call
def sleep(scene: Scene, seconds: float) -> None:
    """Let the computer sleep: time passes, and nothing wakes."""
    scene.clock.advance(seconds)


@call
def jump(scene: Scene, seconds: float) -> None:
    """Set the time of day."""
    scene.outside.come_due()
    scene.clock.jump(seconds)
    scene.happened["clock jumps"] += 1
    scene.jumped_unseen()


@call
def fault(scene: Scene, trouble: str, after: int, times: int = 1) -> None:
    """Have something go wrong with the disk, after so many of its operations."""
    scene.disk.faults.append(Fault(Trouble(trouble), after, times))


@call
def cure(scene: Scene) -> None:
    """Let the disk work again."""
    scene.disk.faults.clear()


@call
def kill(scene: Scene) -> None:
    """Kill the program, not the computer."""
    scene.end(Kept.ALL)


@call
def flurry(scene: Scene, lives: list[tuple[float, int]]) -> None:
    """Kill the program some seconds after each start; till then its attempts take some steps."""
    kill(scene)
    for seconds, steps in lives:
        scene.boot()
        for _ in range(steps):
            for attempt in list(scene.outside.live.values()):
                advance(scene, attempt)
            scene.settle()
        scene.clock.advance(seconds)
        scene.settle()
        kill(scene)


@call
def cut(scene: Scene, kept: str) -> None:
    """Cut the power, between two operations."""
    scene.end(Kept(kept))


@call
def start(scene: Scene) -> None:
    scene.boot()


@call
def stop(scene: Scene, killed: bool = False) -> None:
    """End the program in order: attempts are given back, what they said is written.

    One that is ``killed`` took too long for the one that gave it the signal to end.
    """
    if scene.process is None:
        return
    if killed:
        _signal(scene)
        return
    scene.process.inbox.close()
    scene.process.core.claiming = False
    live = list(scene.outside.live.values())
    for attempt in live:
        attempt.was_stopping = True
    for attempt in live:
        begun = attempt.phase is not Phase.BEGUN
        unsure = begun and attempt.errand.marks
        scene.outside.finish(attempt, LeftUncertain("?", "") if unsure else GivenBack(begun=True))
    scene.settle()
    scene.guarded(lambda process: process.end())
    if scene.process is not None:
        scene.leave()


def _signal(scene: Scene) -> None:
    """Let the program note that it is asked to end, and kill it."""
    scene.guarded(lambda process: setattr(process.core, "ending", True))
    for attempt in scene.outside.live.values():
        attempt.was_stopping = True
    scene.settle()
    if scene.process is not None:
        for attempt in scene.outside.live.values():
            attempt.was_stopping = True
            attempt.is_noted = not scene.process.refused
        for attempt in scene.outside.late:  # its report may not be on the disk
            attempt.was_stopping = True
        scene.end(Kept.ALL)


@call
def forget(scene: Scene, function: str) -> None:
    scene.forget(function)


@call
def bring_back(scene: Scene, function: str) -> None:
    scene.bring_back(function)


@call
def listen(scene: Scene) -> None:
    """Let a window read its next frame."""
    scene.guarded(lambda process: scene.listener.listen(process))
