"""What time and attempts do to tasks, as a reader of the design would tell it; no disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.engine.stepped import BACKOFF

LIMITS = {"work": 99, "narrow": 2, "slow": 99}
RATES = {"slow": 2}
PERIOD = 60.0
ENDS = {"succeeded", "failed", "cancelled"}
ATTEMPTS = 3
CRASHES = 3
APART = 2.5
FIRST = 10
AT_ONCE = 0.0
JUST_BEGUN = 2
LONG = 300


@dataclass(eq=False)
class ModelTask:
    id: int
    name: str
    item: int | None
    priority: int
    state: str
    made: float
    due: float | None = None
    delayed: bool = False
    key: str | None = None
    deadline: float | None = None
    attempt: int = 0
    left: int = ATTEMPTS
    crashes: int = 0
    began: float = 0.0
    passed: bool = False
    stopping: bool = False
    held: str = ""
    to: str = "Ada <ada@x.org>"
    resend_of: int | None = None
    noted: int | None = None  # which one repeats it, as it was told
    seen: bool = False
    ended: float = 0.0


@dataclass
class ModelPending:
    """An action that waits; it is undone or carried out."""

    id: int
    verb: str
    more: tuple[str, ...]
    tasks: list[int]
    due: float


@dataclass
class Outage:
    """A queue whose server takes nothing; from ``until`` on one task may probe."""

    kind: str
    until: float
    probes: int = 0


@dataclass
class ModelTasks:
    """What the tasks should be."""

    slots: int
    now: float
    tasks: dict[int, ModelTask] = field(default_factory=dict)
    held_queues: set[str] = field(default_factory=set)
    outages: dict[str, Outage] = field(default_factory=dict)
    trials: set[str] = field(default_factory=set)
    begun: Counter[str] = field(default_factory=Counter)
    freed: set[str] = field(default_factory=set)  # in this group
    pauses: set[str | None] = field(default_factory=set)
    starts: list[tuple[str, float]] = field(default_factory=list)
    # those that count no more, until the disk forgets them too
    past: list[tuple[str, float]] = field(default_factory=list)
    stopping: bool = False  # as it was killed, it was asked to end
    lived: float = 0.0  # when the program was last seen to run
    turns: dict[int, float] = field(default_factory=dict)
    last_suspect: int = 0
    free_at: float = 0.0
    pending: list[ModelPending] = field(default_factory=list)
    last: int = 0  # the highest number there was
    corrected: dict[int, str] = field(default_factory=dict)  # items, and whom they are for by now

    @property
    def may_change_with_time(self) -> bool:
        times = any(task.due or task.deadline for task in self.tasks.values())
        return times or bool(self.outages or self.pending)

    def running(self) -> list[ModelTask]:
        return [task for task in self.tasks.values() if task.state == "running"]

    def settle(self) -> None:
        """Do what time does, then start the best of what may start."""
        self.freed.clear()
        self.lived = self.now
        self.last = max([self.last, *self.tasks])
        while due := [each for each in self.pending if each.due <= self.now]:
            first = min(due, key=lambda each: (each.due, each.id))
            for number in first.tasks:
                if number in self.tasks:
                    getattr(self, first.verb)(self.tasks[number], *first.more)
                    self.last = max(self.last, *self.tasks)
            self.pending.remove(first)
            self._let_time_act()
        self._let_time_act()

    def _let_time_act(self) -> None:
        for task in self.tasks.values():
            waits = task.state in {"scheduled", "queued", "waiting"}
            if waits and task.deadline is not None and task.deadline <= self.now:
                self._over(task, "failed")
            elif waits and task.due is not None and task.due <= self.now:
                task.state, task.due = "queued", None
        while self._start_some():
            pass
        for queue in [name for name in self.outages if self._is_idle(name)]:
            del self.outages[queue]

    def _start_some(self) -> bool:
        """Start what one group looks at; tell whether any waits for its turn instead."""
        put_aside = False
        looked_at = {task.id for name in LIMITS for task in self._line(name)}
        while ready := [task for task in self._queued() if self._room(task)]:
            lines = {task.name for task in ready if task.id in looked_at}
            ready = [task for task in ready if task.name in lines]
            if not ready:
                break
            task = self._next(ready, looked_at)
            looked_at.discard(task.id)
            waits_until = self._turn(task) if task.crashes == CRASHES - 1 else self.now
            if waits_until > self.now:
                task.state, task.due, task.delayed = "waiting", waits_until, True
                put_aside = True
                continue
            self.begun[task.name] += 1
            self.starts.append((task.name, self.now))
            self.past = [each for each in self.past if each[0] != task.name]
            task.state, task.passed, task.stopping = "running", False, False
            task.began = self.now
            task.attempt += 1
            task.left -= 1
        return put_aside

    def _line(self, name: str) -> list[ModelTask]:
        """Return the best tasks of a queue, as many as there is room for."""
        queued = [task for task in self._queued() if task.name == name and self._room(task)]
        beside = sum(task.name == name for task in self.running())
        room = min(
            self.slots - len(self.running()),
            (1 if name in self.trials else LIMITS[name]) - beside,
            RATES.get(name, 99) - self._counted(name),
            1 if name in self.outages else 99,
        )
        return sorted(queued, key=lambda task: (-task.priority, task.id))[:room]

    def _turn(self, task: ModelTask) -> float:
        """Tell when a task may start that one more crash would hold."""
        turn = self.turns.pop(task.id, self.now)
        if turn == AT_ONCE:
            return self.now
        if self.free_at <= self.now:
            self.last_suspect, self.free_at = task.id, self.now + JUST_BEGUN
            return self.now
        if turn <= self.now:
            turn = max(self.free_at, max(self.turns.values(), default=0.0) + APART)
        self.turns[task.id] = turn
        return turn

    def _free(self, task: ModelTask) -> None:
        """Let the next one start if this was the last that waited for its turn."""
        if task.id == self.last_suspect:
            self.last_suspect, self.free_at = 0, min(self.free_at, self.now)
            for turn, number in sorted((turn, n) for n, turn in self.turns.items()):
                other = self.tasks.get(number)
                if turn > self.now and other and (other.state, other.due) == ("waiting", turn):
                    other.due = self.now
                    return

    def _queued(self) -> list[ModelTask]:
        cancels = (each.tasks for each in self.pending if each.verb == "cancel")
        stopped = {number for numbers in cancels for number in numbers}
        tasks = self.tasks.values()
        return [task for task in tasks if task.state == "queued" and task.id not in stopped]

    def _next(self, ready: list[ModelTask], looked_at: set[int]) -> ModelTask:
        """Choose the queue, then its task; every eighth time it is age that counts."""

        def rank(task: ModelTask) -> tuple[int, int, int]:
            return -task.priority, len(self._beside(task)), task.id

        by_age = self.begun.total() % 8 == 7
        best = min(ready, key=lambda task: task.id)
        if not by_age:
            best = min((task for task in ready if task.id in looked_at), key=rank)
        if not by_age and self.begun[best.name] % 8 != 7:
            return best
        return min((task for task in ready if task.name == best.name), key=lambda task: task.id)

    def _beside(self, task: ModelTask) -> list[ModelTask]:
        return [other for other in self.running() if other.name == task.name]

    def _room(self, task: ModelTask) -> bool:
        if task.name in self.held_queues or not self.pauses.isdisjoint({None, task.name}):
            return False
        outage = self.outages.get(task.name)
        if outage is not None and self.now < outage.until:
            return False
        began = self._counted(task.name)
        if outage and any(other.began >= outage.until for other in self._beside(task)):
            return False
        return (
            began < RATES.get(task.name, 99)
            and len(self.running()) < self.slots
            and len(self._beside(task)) < (1 if task.name in self.trials else LIMITS[task.name])
        )

    def _is_idle(self, name: str) -> bool:
        """Tell whether a wait's time has come, and no task of its queue can ask the server."""
        mine = [task for task in self.tasks.values() if task.name == name]
        if self.now < self.outages[name].until or any(task.state == "running" for task in mine):
            return False
        is_full = self._counted(name) >= RATES.get(name, 99)
        return is_full or all(task.state != "queued" for task in mine)

    def _counted(self, name: str) -> int:
        """Tell how many starts of a queue count; a whole period later they do not.

        What began in a time yet to come, as a clock set back has it, counts from now.
        """
        mine = [each for each in self.starts if each[0] == name]
        others = [each for each in self.starts if each[0] != name]
        if any(at > self.now for _, at in mine):
            mine = [(name, min(at, self.now)) for _, at in mine]
            self.past = [each for each in self.past if each[0] != name]
        self.past += [each for each in mine if each[1] <= self.now - PERIOD]
        mine = [each for each in mine if each[1] > self.now - PERIOD]
        self.starts = others + mine
        return len(mine)

    def _over(self, task: ModelTask, state: str) -> None:
        task.seen, task.ended = False, self.now
        task.state, task.due, task.deadline, task.held = state, None, None, ""

    def end(self, task: ModelTask, how: str) -> None:
        """End the running attempt, as one of the outcomes there are."""
        self._hear(task, how)
        if how in {"ok", "final", "unknown", "cancelled"}:
            states = {"ok": "succeeded", "final": "failed", "unknown": "uncertain"}
            self._over(task, states.get(how, how))
        elif how in {"crash", "killed", "give back"} and task.passed:
            self._over(task, "uncertain")
        elif how == "fail" and not task.left:
            self._over(task, "failed")
        elif task.stopping:
            self._over(task, "cancelled")
        elif how == "fail":
            task.state, task.due, task.crashes = "waiting", self.now + BACKOFF, 0
            task.delayed = True
        elif how in {"hold", "hold queue"}:
            task.state, task.held, task.crashes = "waiting", how, 0
            task.left += 1
            if how == "hold queue":
                self.outages.pop(task.name, None)
                self.held_queues.add(task.name)
        elif how in {"offline", "quota"}:
            task.state, task.crashes = "queued", 0
            task.left += 1
            self._defer(task, how)
        else:
            task.left += 1
            task.crashes = 0 if how == "killed" else task.crashes + (how == "crash")
            task.state = "queued"
            if task.crashes >= CRASHES and how == "crash":
                task.state, task.held = "waiting", "crashes"
            elif task.crashes == CRASHES - 1 and how == "crash":
                self.turns[task.id] = AT_ONCE  # the program lives
        if task.state in {"succeeded", "failed", "uncertain"}:
            self.trials.discard(task.name)
        self._free(task)

    def _hear(self, task: ModelTask, how: str) -> None:
        outage = self.outages.get(task.name)
        answers = {"ok", "fail", "final", "unknown", "hold queue"}
        if outage and how in answers and (outage.kind == "offline" or task.began >= outage.until):
            del self.outages[task.name]

    def _defer(self, task: ModelTask, how: str) -> None:
        if (task.name, task.began) in self.starts:
            self.starts.remove((task.name, task.began))
        outage = self.outages.get(task.name)
        is_probe = outage is None or task.began >= outage.until
        if task.name in self.held_queues:
            return
        if outage is None or (outage.kind != how and (how == "quota" or is_probe)):
            self.outages[task.name] = outage = Outage(how, 0.0, -1)
        elif outage.kind != how or not is_probe:
            return
        outage.probes += 1
        wait = min(60.0, 2.0**outage.probes) if how == "offline" else 3600.0
        outage.until = self.now + wait

    def restart(self) -> None:
        """Judge what a crash of the whole program leaves."""
        self.begun.clear()
        self.trials.clear()
        self.starts, self.past = self.past + self.starts, []
        self.last_suspect = 0  # the process that knew it has ended
        orphans = self.running()
        for task in orphans:
            age = max(self.lived, *(other.began for other in orphans)) - task.began
            is_suspect = age < LONG and (len(orphans) == 1 or age < JUST_BEGUN)
            self.end(task, "give back" if self.stopping else "crash" if is_suspect else "killed")
        self.stopping = False
        self.begin_turns()
        self.settle()

    def begin_turns(self) -> None:
        """Let none of them start at once, when the program starts or the clock was set."""
        self.turns, self.last_suspect, self.free_at = {}, 0, self.now + FIRST

    def jump(self, seconds: float) -> None:
        """Follow the clock, which has jumped."""
        self.begin_turns()
        for each in self.pending:
            each.due += seconds
        for task in self.tasks.values():
            if task.delayed and task.due is not None:
                task.due += seconds
        self.starts, self.past = [(name, at + seconds) for name, at in self.starts], []
        for outage in self.outages.values():
            is_to_come = outage.until > self.now - seconds
            outage.until = outage.until + seconds if is_to_come else min(outage.until, self.now)
