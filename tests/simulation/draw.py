"""Drawing histories: each seed has its own mixture of calls, so rare ones meet often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final

from sendoff_tasks.model.tasks import BULK_LIMIT
from tests.simulation.calls.call import Call
from tests.simulation.calls.work import RAISED
from tests.simulation.computer.clock import DAY_S
from tests.simulation.computer.disk import Kept, Trouble
from tests.simulation.history import History
from tests.simulation.stage.functions import FUNCTIONS, LETTER, QUEUES
from tests.simulation.stage.props import MANY, Setting

SHORTEST: Final = 15
LONGEST: Final = 80
CALM: Final = 0.25
"""The part of calls after which the engine takes no step, so groups hold several."""
CROWD: Final = 16
"""Tasks of one function that are handed in together, so some wait long."""
CROWDED: Final = 0.06
"""The part of histories in which that happens."""
SHORT: Final = (
    (Trouble.UNOPENED, 3),
    (Trouble.NO_MEMORY, 200),
    (Trouble.NO_THREAD, 4),
)
"""What a computer may be short of, and how many calls it may still have enough for."""
ODD_TEXTS: Final = (
    *("\ud83d", "caf\udce9.txt", "a\0b", "\x1b[2J\r\nA line.\x07", "\u202eabc\u2028\ufeff"),
    *("\udfff" * 2_500, "x" * 9_000 + "\ud800"),
)
SPOILED: Final = ("missing", "cut", "unreadable")
OUTAGES: Final = ("offline", "offline", "quota")
SHEET_CALLS: Final = (
    *("bring", "bring", "send", "send", "send", "pause_batch", "resume_batch"),
    *("cancel_batch", "retry_batch", "take_back"),
)
LATER: Final = (
    *(("cancel", ("queued", "scheduled")), ("cancel", ("queued", "running", "waiting"))),
    *(("retry", ("failed", "cancelled", "waiting")), ("done", ("uncertain",))),
    *(("again", ("uncertain",)), ("remove", ("succeeded", "cancelled"))),
)
MEETING: Final = ("cancel", ("waiting",)), ("retry", ("waiting",))
"""Those that meet on the same tasks."""
CHIMING: Final = 0.1
"""The part of histories in which a task runs by itself."""
SHARE: Final = 0.15
"""The part of histories in which each of the ``ACTORS`` plays."""
LIARS: Final = 0.04
"""The part of histories in which the drive may lie about a sync."""


def draw(seed: int) -> History:
    """Return the history of a seed."""
    random = Random(seed)
    setting = Setting(
        slots=random.choice([1, 2, 3, 5]),
        checkpoint_pages=random.choice([8, 60, 4000]),
        most=random.choice([1, 4, MANY, MANY, MANY, MANY]),
        few=Random(f"{seed} few").choice([BULK_LIMIT, BULK_LIMIT, 0, 1]),
        chimes=Random(f"{seed} schedules").random() < CHIMING,
        is_ours=Random(f"{seed} ours").random() < 0.5,
    )
    drawing = _Drawing(random, Random(f"{seed} beside"))
    calls = [drawing.next() for _ in range(random.randint(SHORTEST, LONGEST))]
    calls = list(_corrected(calls, Random(f"{seed} corrected")))
    calls = list(_without_servers(calls, Random(f"{seed} unreachable")))
    calls = list(_with_sheets(calls, Random(f"{seed} spreadsheets")))
    calls = list(_with_undo(calls, Random(f"{seed} undo")))
    calls = list(_with_repeats(calls, Random(f"{seed} repeats")))
    calls = list(_with_removals(calls, Random(f"{seed} removals")))
    calls = list(_in_order(calls, Random(f"{seed} order")))
    calls = list(_in_a_hostile_world(calls, Random(f"{seed} hostile")))
    if setting.is_ours:
        calls = list(_with_task_files(calls, Random(f"{seed} task files")))
    return History(seed, setting, tuple(calls))


def _corrected(calls: list[Call], random: Random) -> Iterator[Call]:
    """Put corrections among the calls of some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.1, 0.3])
    count = 0
    for call in calls:
        while random.random() < often:
            count += 1
            yield _correction(f"k{count}", count, random)
        yield call


def _without_servers(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have servers out of reach or over quota in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.1, 0.4])
    for call in calls:
        while random.random() < often:
            given = {"pick": random.randrange(100) / 100, "how": random.choice(OUTAGES)}
            yield Call("end", given, then=random.random() > CALM)
            if random.random() < CALM:
                yield Call("wait", {"seconds": random.choice([0.5, 1, 5, 60, 3600])})
        yield call


def _with_removals(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have what has ended removed in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.05, 0.15])
    given = {"action": "remove", "states": ("succeeded", "cancelled", "failed", "uncertain")}
    for call in calls:
        if random.random() < often:
            yield Call("bulk", given, then=random.random() > CALM)
        yield call


def _in_order(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have tasks begin after others in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0, 0.7])
    for call in calls:
        tasks = call.given.get("tasks", ())
        fits = "item" not in call.given and not any("key" in task for task in tasks)
        if fits and len(tasks) > 1 and random.random() < often:
            places = range(len(tasks))
            after = [sorted(random.sample(places[:n], random.randint(0, n))) for n in places]
            ordered = [t | {"after": [*a]} if a else t for t, a in zip(tasks, after, strict=True)]
            call = replace(call, given=call.given | {"tasks": ordered})
        yield call


def _with_undo(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have actions wait, so they can be undone, in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.1, 0.4])
    is_same = random.random() < 0.5  # so that actions meet on the same tasks
    kinds = MEETING if is_same else LATER
    for call in calls:
        while random.random() < often:
            pick: dict[str, Any] = {"pick": 0.0 if is_same else random.randrange(100) / 100}
            action, states = random.choice(kinds)
            given = pick | {
                "action": action,
                "states": states,
                "count": random.choice([1, 1, 3, 20]),
            }
            given |= {"delay": random.choice([5, 5, 5, 60])}
            name = random.choice(["later", "later", "undo_later", "wait"])
            what: dict[str, Any] = {
                "later": given,
                "undo_later": pick,
                "wait": {"seconds": random.choice([2, 5])},
            }
            if is_same and name == "later":
                yield Call("end", {"pick": 0.0, "how": "later"})  # so there is a task that waits
            yield Call(name, what[name], then=random.random() > CALM)
        yield call


def _with_task_files(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have files put into the tasks folder in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.05, 0.15])
    for call in calls:
        if random.random() < often:
            yield from _task_file(random)
        yield call


def _task_file(random: Random) -> Iterator[Call]:
    """Have a file copied by another computer, or put by another user, perhaps at a start."""
    at_start = random.random() < 0.3
    if at_start:
        yield Call(random.choice(["kill", "stop"]), then=False)
    if random.random() < 0.2:
        yield Call("plant_task_file", then=not at_start)
    else:
        parts = [0.0] if random.random() < 0.5 else []
        parts += sorted(random.random() for _ in range(random.choice([1, 1, 2, 6])))
        given = {"parts": parts, "pause": random.choice([0.05, 0.4, 0.95])}
        yield Call("copy_task_file", given, then=not at_start)
    if at_start:
        yield Call("start")
    if random.random() < 0.7:
        yield Call("wait", {"seconds": random.choice([0.1, 0.7, 2, 8])})


def _with_repeats(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have more things wait in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.1, 0.3])
    count = 0
    for call in calls:
        while random.random() < often:
            count += 1
            pick = {"pick": random.randrange(100) / 100}
            given = {"label": f"l{count}", "delay": random.choice([5, 5, 60])}
            given_of: dict[str, dict[str, Any]] = {
                "resend_later": pick | given,
                "batch_later": pick
                | {
                    "action": random.choice(["cancel", "cancel", "retry", "delete"]),
                    "delay": random.choice([5, 5, 60]),
                },
                "undo_later": pick,
                "wait": {"seconds": random.choice([2, 5])},
            }
            name = random.choice([*given_of, *given_of, "resend_later", "batch_later"])
            yield Call(name, given_of[name], then=random.random() > CALM)
        yield call


def _with_sheets(calls: list[Call], random: Random) -> Iterator[Call]:
    """Have spreadsheets sent in some histories; the others stay as they were."""
    often = random.choice([0, 0, 0, 0.1, 0.4])
    function = random.choice(["plain", "letter", "letter", "news"])
    count = 0
    for call in calls:
        while random.random() < often:
            count += 1
            yield _sheet_call(count, function, random)
        yield call


def _sheet_call(count: int, function: str, random: Random) -> Call:
    name = random.choice(SHEET_CALLS if count > 1 else SHEET_CALLS[:1])
    given: dict[str, Any] = {"pick": random.randrange(100) / 100}
    match name:
        case "bring":
            given = {
                "label": f"s{count}",
                "items": random.choices(range(1, 7), k=random.choice([1, 3, 6])),
                "title": random.choice("ab"),
                "function": function,
                "rate": random.choice([None, None, "1/min", "2/h"]),
            }
        case "send":
            given |= {"delay": random.choice([0, 0, 5]), "same": random.random() < 0.1}
    return Call(name, given, then=random.random() > CALM)


def _in_a_hostile_world(calls: list[Call], random: Random) -> Iterator[Call]:
    """Let actors play in some histories; the others stay as they were."""
    actors = [actor for actor in ACTORS if random.random() < SHARE]
    often = random.choice([0.05, 0.15])
    count = 0
    for call in calls:
        while actors and random.random() < often:
            count += 1
            yield from random.choice(actors)(f"x{count}", random)
        yield call


def _short_of_something(_: str, random: Random) -> Iterator[Call]:
    """Have the nth call of the system refused, in the middle of work or at a start."""
    trouble, most = random.choice(SHORT)
    fault = {"trouble": str(trouble), "after": int(random.random() ** 2 * most)}
    fault["times"] = random.randint(1, 3)
    at_start = trouble is Trouble.UNOPENED or random.random() < 0.3
    if at_start:
        yield Call(random.choice(["kill", "stop"]), then=False)
    yield Call("fault", fault, then=False)
    if at_start:
        yield from (Call("start"), Call("cure"), Call("start"))


def _odd_texts(label: str, random: Random) -> Iterator[Call]:
    """Have texts that are no valid Unicode, or obeyed by terminals, wherever tasks give them."""
    pick, text = random.randrange(100) / 100, random.choice(ODD_TEXTS)
    calls = [
        Call("end", {"pick": pick, "how": random.choice([*RAISED, "done"]), "text": text}),
        Call("say", {"pick": pick, "what": random.choice(["log", "progress"]), "text": text}),
        Call("go", {"pick": pick, "steps": 2, "text": text}),
    ]
    if random.random() < 0.3:
        tasks = [{"function": random.choice(sorted(FUNCTIONS))}]
        calls = [Call("submit", {"label": label, "tasks": tasks, "text": text})]
    yield replace(random.choice(calls), then=random.random() > CALM)


def _killed_again_and_again(label: str, random: Random) -> Iterator[Call]:
    """Have the program killed a few times, each time soon after its start, with mail under way."""
    letters = [{"function": LETTER} for _ in range(random.choice([1, 3, 8]))]
    yield Call("submit", {"label": label, "tasks": letters})
    lives = [
        (random.randint(5, 80) / 100, random.randint(0, 3)) for _ in range(random.randint(2, 6))
    ]
    yield Call("flurry", {"lives": lives}, then=False)
    yield Call("start")


def _wrong_clock_at_a_start(label: str, random: Random) -> Iterator[Call]:
    """Have the program started with the clock days off; later it may be set right."""
    tasks = [{"function": random.choice(sorted(FUNCTIONS))} for _ in range(2)]
    yield Call("submit", {"label": label, "tasks": tasks, "key": True})
    yield Call("go", {"pick": 0.99, "steps": 4})
    jump = random.choice([1, 89, 91, 400]) * random.choice([1, -1]) * DAY_S
    yield Call(random.choice(["kill", "stop"]), then=False)
    yield from (Call("jump", {"seconds": jump}, then=False), Call("start"))
    yield Call("submit_again", {"label": label})
    yield Call("wait", {"seconds": random.choice([1, 60, 4000, 80_000, 90_000])})
    if random.random() < 0.7:
        at_start = random.random() < 0.5
        if at_start:
            yield Call(random.choice(["kill", "stop"]), then=False)
        yield Call("jump", {"seconds": -jump}, then=not at_start)
        if at_start:
            yield Call("start")
        yield Call("submit_again", {"label": label})


def _older_store(label: str, random: Random) -> Iterator[Call]:
    """Have the store copied and put back when more was done; or only its mark spoiled."""
    letters = [{"function": LETTER} for _ in range(random.choice([1, 3]))]
    if random.random() < 0.3:
        yield Call(random.choice(["kill", "stop"]), then=False)
        yield Call("spoil_mark", {"how": random.choice(SPOILED)}, then=False)
        yield Call("start")
        return
    loose = Call("submit", {"label": label, "tasks": letters}, then=random.random() > CALM)
    has_rows = int(label[1:]) % 2 == 0
    yield from _more_rows_than_tasks(label) if has_rows else [loose]
    yield Call("copy_store", {"label": label}, then=False)
    if has_rows:
        yield from [Call("go", {"pick": 0.0, "steps": 4})] * 5
    for _ in range(random.choice([1, 2, 4])):
        yield Call("go", {"pick": random.randrange(100) / 100, "steps": random.choice([2, 4])})
    if random.random() < 0.5:
        yield Call("wait", {"seconds": random.choice([1, 12, 60])})
    for _ in range(random.choice([0, 0, 1, 2])):
        yield from (Call(random.choice(["kill", "stop"]), then=False), Call("start"))
    yield Call(random.choice(["kill", "kill", "stop"]), then=False)
    back = {"label": label, "mark": random.choice(["stays", "stays", "comes", "lost", "tells"])}
    yield Call("put_back", {**back, "in_place": random.random() < 0.6}, then=False)
    if random.random() < 0.3:
        yield Call("fault", {"trouble": "cut", "after": random.randrange(12)}, then=False)
        yield Call("start")
    yield Call("start")
    if random.random() < 0.5:
        yield Call("resume", {"queue": None})
        yield Call("go", {"pick": random.randrange(100) / 100, "steps": 4})


def _more_rows_than_tasks(label: str) -> Iterator[Call]:
    """Have a spreadsheet sent of which only the first rows become tasks at once."""
    sheet = {"label": label, "items": [*range(7, 13)], "title": "a"}
    yield Call("bring", {**sheet, "function": LETTER, "rate": None})
    yield Call("send", {"pick": 0.99})


def _spoiled_settings(label: str, random: Random) -> Iterator[Call]:
    """Have the settings lost, cut, locked away or written anew in place, perhaps at a start."""
    letters = [{"function": LETTER} for _ in range(random.choice([2, 5]))]
    yield Call("submit", {"label": label, "tasks": letters}, then=random.random() > CALM)
    at_start = random.random() < 0.4
    if at_start:
        yield Call(random.choice(["kill", "stop"]), then=False)
    for _ in range(random.choice([1, 1, 3])):
        part = random.choice([0, random.random(), 0.7 + 0.3 * random.random()])
        spoiled = {"how": random.choice(SPOILED), "part": part}
        yield Call("spoil_settings", spoiled, then=not at_start)
        if not at_start:
            yield Call("wait", {"seconds": random.choice([0.3, 1.5, 5])})
    if at_start:
        yield Call("start")
    yield Call("go", {"pick": random.randrange(100) / 100, "steps": random.choice([2, 4])})
    if random.random() < 0.3:
        yield Call("limit", {"queue": "post", "concurrency": random.choice([1, 2]), "rate": None})
    if random.random() < 0.5:
        yield from (Call("mend_settings"), Call("wait", {"seconds": random.choice([0.3, 3])}))


ACTORS: Final = (
    _short_of_something,
    _odd_texts,
    _killed_again_and_again,
    _wrong_clock_at_a_start,
    _older_store,
    _spoiled_settings,
)
"""What happens beside the store and its disk; each takes a label of its own."""


def _correction(label: str, count: int, random: Random) -> Call:
    pick, delay = random.randrange(100) / 100, random.choice([0, 0, 5, 60])
    match random.choice(["correct", "correct", "resend", "resend", "click_again", "change"]):
        case "correct":
            given = {"label": label, "pick": pick, "send": random.random() < 0.7, "delay": delay}
            return Call("correct", given, then=random.random() > CALM)
        case "resend":
            return Call("resend", {"label": label, "pick": pick}, then=random.random() > CALM)
        case "click_again":
            again = f"k{random.randint(max(1, count - 6), count)}"
            return Call("click_again", {"label": again}, then=random.random() > CALM)
    what = random.choice(["now", "now", "later", "seen"])
    given = {"pick": pick, "what": what, "after": random.choice([0.5, 5, 60, 3600])}
    return Call("change", given, then=random.random() > CALM)


class _Drawing:
    """Draws the calls of one history."""

    def __init__(self, random: Random, beside: Random) -> None:
        self._random = random
        self._beside = beside  # for what came later: the other calls of a seed stay as they were
        self._count = 0
        self._waiting: list[Call] = []
        self._functions = random.sample(sorted(FUNCTIONS), random.randint(1, len(FUNCTIONS)))
        self._items = random.choice([2, 5, 50])
        self._keys = random.random() < 0.3
        self._crowds = random.random() < CROWDED
        self._lies = random.random() < LIARS
        names, weights = zip(*WEIGHTS.items(), strict=True)
        self._names = names
        # Some kinds of call are left out of each history, and some come more often.
        self._weights = [
            weight * random.choice([0, 1, 1, 3]) if name not in STAPLES else weight
            for name, weight in zip(names, weights, strict=True)
        ]

    def next(self) -> Call:
        if self._waiting:
            return self._waiting.pop(0)
        random = self._random
        self._count += 1
        (name,) = random.choices(self._names, self._weights)
        given = _GIVEN[name](self) if name in _GIVEN else {}
        if name in ENDINGS:
            self._waiting.append(Call("start"))
        return Call(name, given, then=name not in QUIET and random.random() > CALM)

    def pick(self) -> dict[str, Any]:
        return {"pick": self._random.randrange(100) / 100}

    def submission(self) -> dict[str, Any]:
        random = self._random
        tasks = [self._task() for _ in range(random.choice([1, 1, 2, 3]))]
        if self._crowds and random.random() < 0.3:
            tasks = [{**self._task(), "function": tasks[0]["function"]} for _ in range(CROWD)]
        item = random.choice([None, "next", random.randint(1, self._items)])
        given: dict[str, Any] = {"label": f"h{self._count}", "tasks": tasks}
        if item is not None:
            given["item"] = item
        if random.random() < 0.3:
            given["key"] = True
        return given

    def _task(self) -> dict[str, Any]:
        random = self._random
        task: dict[str, Any] = {"function": random.choice(self._functions)}
        if self._keys and random.random() < 0.5:
            task["key"] = random.choice("ab")
        match random.randint(0, 7):
            case 0:
                task["delay"] = random.choice([0.5, 5, 60, 3600])
            case 1:
                task["run_at"] = random.choice([-10, 5, 60, 3600])
            case 2:
                task["deadline"] = random.choice([5, 60, 600])
            case 3:
                task["priority"] = random.choice([-1, 1])
        return task

    def stop(self) -> dict[str, Any]:
        return {"killed": True} if self._beside.random() < 0.3 else {}

    def label(self) -> dict[str, Any]:
        return {"label": f"h{self._random.randint(max(1, self._count - 12), self._count)}"}

    def one_of(self, name: str, *choices: Any) -> dict[str, Any]:
        return {name: self._random.choice(choices)}

    def trouble(self) -> dict[str, Any]:
        kinds = [Trouble.CUT] * 5 + [Trouble.FULL, Trouble.BROKEN, Trouble.UNSYNCED]
        trouble = self._random.choice([Trouble.LIE, Trouble.CUT] if self._lies else kinds)
        given: dict[str, Any] = {
            "trouble": str(trouble),
            "after": int(self._random.random() ** 2 * 30),
        }
        if trouble is not Trouble.CUT:
            given["times"] = self._random.choice([1, 3, 20])
        return given


WEIGHTS: Final = {
    "submit": 10,
    "submit_again": 3,
    "go": 24,
    "end": 7,
    "say": 2,
    "late": 4,
    "cancel": 3,
    "retry": 4,
    "resolve": 3,
    "bulk": 1,
    "undo": 1,
    "release": 2,
    "pause": 1,
    "resume": 2,
    "limit": 2,
    "wait": 7,
    "sleep": 2,
    "jump": 2,
    "fault": 6,
    "cure": 1,
    "kill": 3,
    "cut": 2,
    "stop": 2,
    "start": 1,
    "forget": 1,
    "bring_back": 1,
    "listen": 2,
}
"""How often each call is drawn, before a history has its own mixture."""
STAPLES: Final = frozenset({"submit", "go", "wait"})
ENDINGS: Final = frozenset({"kill", "cut", "stop", "fault", "forget"})
"""The program may be down after these: a person starts it again."""
QUIET: Final = frozenset({"fault", "forget", "bring_back", "start", "kill", "cut", "stop"})
_GIVEN: Final[dict[str, Callable[[_Drawing], dict[str, Any]]]] = {
    "submit": _Drawing.submission,
    "submit_again": _Drawing.label,
    "go": lambda d: {**d.pick(), **d.one_of("steps", 1, 2, 2, 4)},
    "end": lambda d: {
        **d.pick(),
        **d.one_of(
            "how",
            *("fail", "final", "later", "hold", "hold queue", "cancelled", "crash", "give back"),
            "not begun",
        ),
    },
    "say": lambda d: {**d.pick(), **d.one_of("what", "log", "progress", "overdue")},
    "late": lambda d: {**d.pick(), **d.one_of("what", "mark", "mark", "finish", "log", "progress")},
    "stop": _Drawing.stop,
    "cancel": _Drawing.pick,
    "retry": _Drawing.pick,
    "resolve": lambda d: {**d.pick(), **d.one_of("outcome", "done", "again")},
    "bulk": lambda d: {
        **d.one_of("action", "cancel", "retry", "done", "again"),
        **d.one_of(
            "states", ("failed",), ("uncertain",), ("queued", "scheduled"), ("waiting", "cancelled")
        ),
    },
    "undo": _Drawing.pick,
    "release": lambda d: d.one_of("queue", *QUEUES),
    "pause": lambda d: d.one_of("queue", *QUEUES, None),
    "resume": lambda d: d.one_of("queue", *QUEUES, None),
    "limit": lambda d: {
        **d.one_of("queue", *QUEUES),
        **d.one_of("concurrency", None, 1, 2),
        **d.one_of("rate", None, "1/s", "2/min", "4/h"),
    },
    "wait": lambda d: d.one_of("seconds", 0.5, 5, 12, 60, 300),
    "sleep": lambda d: d.one_of("seconds", 5, 60, 3700, 90_000, 2_700_000),
    "jump": lambda d: d.one_of("seconds", 0.4, -0.4, 0.9, 45, -45, 4000, -4000, 900_000),
    "fault": _Drawing.trouble,
    "cut": lambda d: d.one_of("kept", *[str(kept) for kept in list(Kept)[1:]]),
    "forget": lambda d: d.one_of("function", *sorted(FUNCTIONS)),
    "bring_back": lambda d: d.one_of("function", *sorted(FUNCTIONS)),
}
