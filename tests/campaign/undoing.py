"""The campaign of actions that wait: backend, client or both are killed before they are due.

A client asks for actions under a key, each on a task or batch of its own, and undoes some; others
are undone by another of its hands, as by another window. At the end each action was carried out
once or undone, never both, and none that was answered is lost. Two watchers follow the events, as
two windows do, and end with what the store says.

The client writes down what it asks and what it is answered, and goes on after the last step of the
one before.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from desktop.client.api import Api
from desktop.contract.batches import NewBatch
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.errors import BackendGone, Refused
from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.model import events
from sendoff_tasks.model.tasks import Deed
from tests import forked
from tests.campaign.judge import Verdict
from tests.campaign.lives import Lives, pause
from tests.campaign.stored import is_sound
from tests.looking import eventually

if TYPE_CHECKING:
    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.model.events import PendingEvent
    from sendoff_tasks.model.tasks import BulkAction
    from tests.campaign.faults import Plan
    from tests.forked import Process

Kind = Literal[
    "cancel", "run_now", "resend", "stop", "submit", "correct", "run",
    "cancel_batch", "delete_draft", "start",
]  # fmt: skip
"""*Stop* cancels a task that would start while its cancel waits."""
ON_BATCH: Final = ("cancel_batch", "delete_draft", "start")
TO_ADA: Final[Any] = {"recipient": {"email": "ada@example.org"}}
FAR: Final = "2090-01-01T00:00:00Z"
SOON: Final = timedelta(seconds=0.8)
WHOM: Final = ("backend", "client", "both")
DELAYS: Final = (0.3, 1.0, 2.0)
"""Seconds that an action waits; kills come within the longest of them."""
AGAIN_S: Final = 0.05
HANDS: Final = 4
"""Threads of a client, each with steps of its own."""


@dataclass
class Steps:
    """What clients have asked for and were answered, by step.

    ``waits`` has the numbers of the actions, ``batch`` those of batches. A step was ``missed`` if
    its task had begun before.
    """

    asked: dict[int, str] = field(default_factory=dict)
    waits: dict[int, int] = field(default_factory=dict)
    batch: dict[int, int] = field(default_factory=dict)
    missed: set[int] = field(default_factory=set)
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
            match line.split():
                case ["asked", step, kind]:
                    steps.asked[int(step)] = kind
                case [("waits" | "batch") as word, step, number]:
                    getattr(steps, word)[int(step)] = int(number)
                case [word, step]:
                    getattr(steps, word).add(int(step))
        return steps


class Watcher:
    """Follows what waits by the events, across all backends."""

    def __init__(self) -> None:
        self.waiting: set[int] = set()
        self.done: set[int] = set()
        self.gone: set[int] = set()
        self._stream = EventStream(self._hear)
        self._loop = asyncio.new_event_loop()
        self._run: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def turn_to(self, backend: Backend) -> None:
        """Follow the events of another backend."""
        self._loop.call_soon_threadsafe(self._turn_to, backend)

    def _turn_to(self, backend: Backend) -> None:
        self._backend = backend
        if self._run is not None:
            self._run.cancel()
        self._run = self._loop.create_task(self._stream.run(backend))

    def end(self) -> None:
        """Follow no more."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        if self._run is not None:
            self._run.cancel()
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(self._run)
        self._loop.close()

    def _hear(self, kind: str, data: Any) -> None:
        if kind == events.RESET:
            with closing(Api(self._backend)) as api:
                self.waiting = {row["id"] for row in api.actions.pending()}
        elif kind == events.PENDING_ACTIONS:
            self._take(data)

    def _take(self, event: PendingEvent) -> None:
        """Take actions that wait, were carried out or were undone."""
        for row in event["rows"]:
            is_over = row["answer"] is not None
            (self.done if is_over else self.waiting).add(row["id"])
            if is_over:
                self.waiting.discard(row["id"])
        self.gone.update(event["gone"])
        self.waiting.difference_update(event["gone"])


def undoing(plan: Plan) -> tuple[Verdict, Steps]:
    """Kill the backend, the client or both while actions wait; judge each action."""
    random, log = Random(plan.seed), plan.folder / "undo.log"
    plan.folder.mkdir(parents=True, exist_ok=True)
    lives = Lives(plan.folder / "undo", "")
    watchers = Watcher(), Watcher()
    life, client = None, None
    for _ in range(plan.faults):
        if client is None:
            client = _client(lives.root, log, random.random())
        if life is None:
            life = lives.begin()
            _watch(watchers, eventually(life.ready))
        size = log.stat().st_size if log.exists() else 0
        eventually(lambda size=size: log.exists() and log.stat().st_size > size)  # type: ignore[misc]
        pause(random.uniform(0.0, DELAYS[-1]))
        whom = random.choice(WHOM)
        if whom != "client":
            life.kill()
            life = None
        if whom != "backend":
            _end(client)
            client = None
    if client is not None:
        _end(client)
    if life is None:
        life = lives.begin()
        _watch(watchers, eventually(life.ready))
    backend = read_backend(lives.folder.backend_file)
    assert backend is not None
    with closing(Api(backend)) as api:
        eventually(lambda: not api.actions.pending() and not api.stats()["counts"]["running"])
        steps = Steps.read(log)
        verdict = _judged(api, steps)
        for watcher in watchers:
            _compare(watcher, steps, api)
            watcher.end()
    life.stop()
    return replace(verdict, sound=is_sound(lives.store)), steps


def _end(client: Process) -> None:
    client.kill()
    client.wait()
    for pipe in (client.stdin, client.stdout):
        assert pipe is not None
        pipe.close()


def _client(root: Path, log: Path, seed: float) -> Process:
    given = str(root), str(log), str(seed)
    return forked.start(given, f"from tests.campaign.undoing import work; work(*{given})")


def _watch(watchers: tuple[Watcher, ...], backend: Backend) -> None:
    for watcher in watchers:
        watcher.turn_to(backend)


def _judged(api: Api, steps: Steps) -> Verdict:
    lost = twice = done = 0
    for step, kind in steps.asked.items():
        if step in steps.missed:
            continue
        if kind in ON_BATCH:
            count = _done_to_batch(api, steps.batch[step], kind)
        else:
            count = _carried_out(api, step, kind)
        done += count
        twice += max(0, count - 1) + (step in steps.undone and count > 0)
        is_due = step in steps.waits.keys() - steps.undoing or step in steps.late
        lost += is_due and count == 0
        if (is_due and count != 1) or (step in steps.undone and count):
            steps.odd.append(f"step {step}, {kind}, was carried out {count} times")
    left = len(steps.asked.keys() - steps.waits - steps.missed)
    print(
        f"asked {Counter(steps.asked.values())}, undone {len(steps.undone)}, "
        f"too late {len(steps.late)}, begun before {len(steps.missed)}, not answered {left}",
        file=sys.stderr,
    )
    return Verdict(len(steps.waits), lost, done, twice, 0, 0, 0, 0, sound=True)


def _compare(watcher: Watcher, steps: Steps, api: Api) -> None:
    """Note where what a watcher has heard is not what the store says."""
    eventually(lambda: not watcher.waiting)
    done, undone = set[int](), set[int]()
    for step, number in steps.waits.items():
        try:
            (done if api.actions.pending_one(number)["answer"] is not None else undone).add(number)
        except Refused:
            undone.add(number)
        if number in watcher.done & watcher.gone:
            steps.odd.append(f"step {step} was heard of as done and as undone")
    for number in (done - watcher.done) | (undone - watcher.gone):
        steps.odd.append(f"the end of action {number} was not heard")


def _carried_out(api: Api, step: int, kind: str) -> int:
    """Count how often the action of a step was carried out, by what its item's tasks tell."""
    tasks = api.page(SortedFilter(item_id=step, sort="id"))["tasks"]
    left = sum(task["state"] != "cancelled" for task in tasks)
    if kind in {"submit", "correct", "run"}:
        return left
    if kind == "resend":
        return len(tasks) - 1
    detail = api.task(tasks[0]["id"])
    if kind == "run_now":
        return int(detail["state"] != "scheduled")  # a kill may have cut its attempts short
    return sum(line["deed"] == Deed.CANCELLED for line in detail["log"])


def _done_to_batch(api: Api, number: int, kind: str) -> int:
    """Tell whether the action on a batch of one row was carried out."""
    try:
        batch = api.batches.one(number)
    except Refused:
        return 1
    if kind == "start":
        return int(batch["state"] != "draft")
    return batch["counts"]["cancelled"] if kind == "cancel_batch" else 0


class Client:
    """Asks and undoes, one action after the other; what had no answer is asked again."""

    def __init__(
        self, root: Path, log: Path, random: Random, others: SimpleQueue[tuple[int, int]]
    ) -> None:
        self._folder, self._log, self._random = OfficeFolder(root), log, random
        self._others = others

    def work(self, first: int) -> None:
        """Go on for ever with every ``HANDS``-th step."""
        for step in range(first, sys.maxsize, HANDS):
            kind: Kind = self._random.choice(get_args(Kind))
            delay = self._random.choice(DELAYS)
            at = f"{datetime.now(UTC) + SOON:%FT%T.%fZ}" if kind == "stop" else FAR
            if kind in ON_BATCH:
                on = self._prepared_batch(step, kind)
            else:
                on = self._prepared(step, kind, at)
            self._write(f"asked {step} {kind}")
            answer = self._ask(_action(step, kind, on, delay))
            if not answer.get("pending") or "stopping" in answer:
                self._write(f"missed {step}")
                continue
            number = answer["pending"]["id"]
            self._write(f"waits {step} {number}")
            pause(self._random.uniform(0.0, 0.2))
            fate = self._random.random()
            if fate < 0.4:
                pause(self._random.uniform(0.0, delay))
                self._undo(step, number)
            elif fate < 0.6:
                self._others.put((step, number))
            with suppress(Empty):
                self._undo(*self._others.get_nowait())

    def _prepared(self, step: int, kind: Kind, at: str) -> int:
        """Submit the step's task, and have it as the action needs it."""
        if kind == "submit":
            return 0
        item: Any = {"recipient": {"email": "ada@example.org"}, "run_at": at}
        task = int(self._ask(lambda api: api.items.submit(step, item, f"item {step}").task_ids[0]))
        if kind in {"resend", "correct", "run"}:
            with suppress(Refused):  # the client before has done it
                self._ask(lambda api: api.cancel(task))
        return task

    def _prepared_batch(self, step: int, kind: Kind) -> int:
        """Make the step's draft with a row, and start it if it is to be cancelled."""
        key, wanted = f"batch {step}", NewBatch(name=f"step {step}", run_at=FAR)
        number = int(self._ask(lambda api: api.batches.create(wanted, key)))
        self._write(f"batch {step} {number}")
        item: Any = {"title": f"step {step}", "recipient": {"email": f"m{step}@example.org"}}
        self._ask(lambda api: api.batches.add_rows(number, [{"row": 2, "item": item}]))
        if kind == "cancel_batch":
            self._ask(lambda api: _start(api, number, f"start {step}", 0))
        return number

    def _undo(self, step: int, number: int) -> None:
        self._write(f"undoing {step}")
        try:
            self._ask(lambda api: api.actions.undo(number))
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


def _end_with_the_campaign() -> None:
    sys.stdin.read()
    os._exit(0)


def _action(step: int, kind: Kind, on: int, delay: float) -> Callable[[Api], Any]:
    """Return a call that has the action on a task or batch wait."""
    key = f"action {step}"
    match kind:
        case "cancel_batch":
            return lambda api: api.batches.cancel(on, key, delay=delay)
        case "delete_draft":
            return lambda api: {"pending": api.batches.delete(on, key=key, delay=delay)}
        case "start":
            return lambda api: _start(api, on, key, delay)
        case "submit":
            return lambda api: {
                "pending": api.items.submit(step, TO_ADA, key, undo_for=delay).pending
            }
        case "correct":
            return lambda api: api.items.correct(step, TO_ADA, key, send=True, undo_for=delay)
        case "run":
            given: Any = {"item_id": step}
            return lambda api: api.functions.run("record", given, key, item_id=step, undo_for=delay)
    action: BulkAction = "cancel" if kind == "stop" else kind
    return lambda api: api.actions.act(action, [on], key=key, delay=delay)


def _start(api: Api, number: int, key: str, undo_for: float) -> Any:
    """Start a batch; while its row is being checked, as if there was no answer."""
    try:
        return api.batches.start(number, key, undo_for=undo_for)
    except Refused as refused:
        raise BackendGone from refused


def work(root: str, log: str, seed: str) -> None:
    """Be a client."""
    threading.Thread(target=_end_with_the_campaign, daemon=True).start()
    chance, file = Random(seed), Path(log)
    steps = Steps.read(file)
    first = max({**steps.asked, **steps.batch}, default=0) + 1 + HANDS  # some are half prepared
    others = SimpleQueue[tuple[int, int]]()
    hands = [Client(Path(root), file, Random(chance.random()), others) for _ in range(HANDS)]
    for place, hand in enumerate(hands[1:], 1):
        threading.Thread(target=hand.work, args=(first + place,)).start()
    hands[0].work(first)
