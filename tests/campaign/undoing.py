"""The campaign of actions that wait: backend, client or both are killed before they are due.

A client asks for actions under a key, each on a task of its own, and undoes some of them. At the
end each action was carried out once or undone, never both, and none that was answered is lost.

``python -m tests.campaign.undoing FOLDER LOG SEED`` is that client. It writes down what it asks
and what it is answered, and goes on after the last step of the one before.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from desktop.client.api import Api, TaskQuery
from desktop.client.errors import BackendGone, Refused
from desktop.contract.tasks import Deed
from desktop.settings.backend_file import read_backend
from desktop.settings.paths import DataFolder
from tests.campaign.judge import Verdict
from tests.campaign.lives import Lives, pause
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.tasks import BulkAction
    from tests.campaign.faults import Plan

KINDS: Final[tuple[BulkAction, ...]] = ("cancel", "run_now", "resend")
LATER: Final[Any] = {"recipient": {"email": "ada@example.org"}, "run_at": "2090-01-01T00:00:00Z"}
WHOM: Final = ("backend", "client", "both")
DELAYS: Final = (0.3, 1.0, 2.0)
"""Seconds that an action waits; kills come within the longest of them."""
AGAIN_S: Final = 0.1


@dataclass
class Steps:
    """What clients have asked for and were answered, by step."""

    asked: dict[int, str] = field(default_factory=dict)
    waits: set[int] = field(default_factory=set)
    undoing: set[int] = field(default_factory=set)
    undone: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)
    refused: int = 0
    odd: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> Steps:
        """Read the clients' log."""
        steps = cls()
        for line in file.read_text().splitlines() if file.exists() else ():
            word, step, *kind = line.split()
            if kind:
                steps.asked[int(step)] = kind[0]
            else:
                getattr(steps, word).add(int(step))
        return steps


def undoing(plan: Plan) -> tuple[Verdict, Steps]:
    """Kill the backend, the client or both while actions wait; judge each action."""
    random, log = Random(plan.seed), plan.folder / "undo.log"
    plan.folder.mkdir(parents=True, exist_ok=True)
    lives = Lives(plan.folder / "undo", "")
    life, client = None, None
    for _ in range(plan.faults):
        if life is None:
            life = lives.begin()
            eventually(life.ready)
        if client is None:
            client = _client(lives.root, log, random.random())
        size = log.stat().st_size if log.exists() else 0
        eventually(lambda size=size: log.exists() and log.stat().st_size > size)  # type: ignore[misc]
        pause(random.uniform(0.2, DELAYS[-1]))
        whom = random.choice(WHOM)
        if whom != "client":
            life.kill()
            life = None
        if whom != "backend":
            client.kill()
            client.wait()
            client = None
    if client is not None:
        client.kill()
        client.wait()
    last = life or lives.begin()
    backend = read_backend(lives.folder.backend_file) if life else eventually(last.ready)
    assert backend is not None
    with closing(Api(backend)) as api:
        eventually(lambda: not api.many.pending())
        steps = Steps.read(log)
        verdict = _judged(api, steps)
    last.stop()
    return verdict, steps


def _client(root: Path, log: Path, seed: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.campaign.undoing", str(root), str(log), str(seed)]
    return subprocess.Popen(command)


def _judged(api: Api, steps: Steps) -> Verdict:
    lost = twice = done = 0
    for step, kind in steps.asked.items():
        count = _carried_out(api, step, kind)
        done += count
        twice += max(0, count - 1) + (step in steps.undone and count > 0)
        is_due = step in steps.waits - steps.undoing or step in steps.late
        lost += is_due and count == 0
        if (is_due and count != 1) or (step in steps.undone and count):
            steps.odd.append(f"step {step}, {kind}, was carried out {count} times")
    print(
        f"asked {Counter(steps.asked.values())}, undone {len(steps.undone)}, "
        f"too late {len(steps.late)}, not answered {len(steps.asked.keys() - steps.waits)}",
        file=sys.stderr,
    )
    return Verdict(len(steps.waits), lost, done, twice, 0, 0, 0, 0, sound=True)


def _carried_out(api: Api, step: int, kind: str) -> int:
    """Count how often the action of a step was carried out, by what its item's tasks tell."""
    tasks = api.page(TaskQuery(item_id=step, sort="id"))["tasks"]
    if kind == "resend":
        return len(tasks) - 1
    detail = api.task(tasks[0]["id"])
    if kind == "cancel":
        return sum(Deed.CANCELLED in line["text"] for line in detail["log"])
    return int(detail["state"] != "scheduled")  # a kill may have cut its attempts short


class Client:
    """Asks and undoes, one action after the other; what had no answer is asked again."""

    def __init__(self, root: Path, log: Path, random: Random) -> None:
        self._folder, self._log, self._random = DataFolder(root), log, random

    def work(self) -> None:
        """Go on for ever."""
        step = max(Steps.read(self._log).asked, default=0) + 1  # one may be half prepared
        while True:
            step += 1
            kind, delay = self._random.choice(KINDS), self._random.choice(DELAYS)
            (task,) = self._ask(
                lambda api, n=step: api.items.submit(n, LATER, f"item {n}").task_ids  # type: ignore[misc]
            )
            if kind == "resend":
                with suppress(Refused):  # the client before has done it
                    self._ask(lambda api, task=task: api.cancel(task))  # type: ignore[misc]
            self._write(f"asked {step} {kind}")
            answer = self._ask(
                lambda api, task=task, n=step, kind=kind, delay=delay: api.many.act(  # type: ignore[misc]
                    kind, [task], key=f"action {n}", delay=delay
                )
            )
            self._write(f"waits {step}")
            pause(self._random.uniform(0.0, 0.2))
            if self._random.random() < 0.5:
                pause(self._random.uniform(0.0, delay))
                self._undo(step, answer["pending"]["id"])

    def _undo(self, step: int, number: int) -> None:
        self._write(f"undoing {step}")
        try:
            self._ask(lambda api: api.many.undo(number))
        except Refused as error:
            # 404: an undo without an answer was done
            self._write(f"{'late' if error.status == 409 else 'undone'} {step}")
        else:
            self._write(f"undone {step}")

    def _ask(self, call: Callable[[Api], Any]) -> Any:
        """Call until there is an answer."""
        while True:
            try:
                if (backend := read_backend(self._folder.backend_file)) is not None:
                    with closing(Api(backend)) as api:
                        return call(api)
            except BackendGone:
                pass
            pause(AGAIN_S)

    def _write(self, line: str) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


if __name__ == "__main__":
    Client(Path(sys.argv[1]), Path(sys.argv[2]), Random(sys.argv[3])).work()
