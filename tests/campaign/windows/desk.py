"""The campaign of the window's verbs: kills while a clerk works.

See ``clerk`` for what is done, and when it counts as answered.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from desktop.client.api import Api
from desktop.contract.office import OfficeRow, office_row
from desktop.gui.link.drafts import SUBMISSION
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.tasks import PAGE_LIMIT
from tests.campaign.judge import Verdict
from tests.campaign.lives import Life, Lives, pause
from tests.campaign.settling import come_to_rest
from tests.campaign.spreadsheets.batch import ANSWER_PAUSE
from tests.campaign.stored import is_sound
from tests.campaign.windows.clerk import TEMPLATE, VERBS, content
from tests.campaign.windows.window import WHOM, _kill, _kill_backend
from tests.journeys.sink import Sink
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sendoff_tasks.folder.backend_addresses import Backend
    from tests.campaign.faults import Plan

ITEMS: Final = 100
"""Items that are corrected, as many that are sent again, and as many where that is undone."""
GRACE: Final = "\n[window]\ngrace_seconds = 1\n"


@dataclass
class Log:
    """What clerks have pressed, by step, and which of it was answered."""

    pressed: dict[int, tuple[str, int]] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    refused: int = 0
    odd: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> Log:
        """Read the clerks' log."""
        log = cls()
        for line in file.read_text().splitlines():
            match line.split():
                case ["pressed", step, verb, item]:
                    log.pressed[int(step)] = verb, int(item)
                case ["answered", step]:
                    log.answered.add(int(step))
        return log


def desks(plan: Plan) -> tuple[Verdict, Log]:
    """Kill the window, its backend or both at any moment of the four verbs; judge each step."""
    random, file = plan.random, plan.folder / "desk.log"
    with Sink(plan.folder / "desk.sink", ANSWER_PAUSE) as sink:
        lives = Lives(plan.folder / "desk", sink.settings() + GRACE)
        _prepare(lives)
        for _ in range(plan.faults):
            window = _begin(lives, file)
            pause(random.uniform(0.0, 3.0))
            whom = random.choice(WHOM)
            if whom != "window":
                _kill_backend(lives)
            if whom == "backend":
                pause(random.uniform(0.2, 2.0))
            _kill(window)
        window = _begin(lives, file, 0)
        eventually(lambda: not [*lives.folder.drafts.glob(f"*{SUBMISSION}")])
        _kill(window)
        life, backend = eventually(lambda: _begun(lives))
        with closing(Api(backend)) as api:
            verdict, log = _judged(api, Log.read(file), sink, lives)
        life.stop()
        return verdict, log


def _begun(lives: Lives) -> tuple[Life, Backend] | None:
    """Start a backend; ``None`` while that of a killed window has not left the folder."""
    life = lives.begin()
    backend = life.ready()
    return None if backend is None else (life, backend)


def _prepare(lives: Lives) -> None:
    life, backend = eventually(lambda: _begun(lives))
    with closing(Api(backend)) as api:
        for number in range(1, 3 * ITEMS + 1):
            to = {"email": f"i{number}@example.org"}
            api.items.submit(number, {"recipient": to}, new_key())  # type: ignore[typeddict-item]
        parts = {"subject": "s", "text": "Hello", "html": None}
        api.templates.save(TEMPLATE, {"parts": parts})
        come_to_rest(api)
    life.stop()


def _rows(api: Api) -> list[OfficeRow]:
    """Read all tasks once no action waits and none is open."""
    eventually(lambda: not api.actions.pending())
    come_to_rest(api)
    rows: list[OfficeRow] = []
    while True:
        page = api.page(SortedFilter(), limit=PAGE_LIMIT, offset=len(rows))
        rows += map(office_row, page["tasks"])
        if not page["tasks"]:
            return rows


def _begin(lives: Lives, file: Path, items: int = ITEMS) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "tests.campaign.windows.clerk",
        str(lives.root),
        str(file),
        str(items),
    ]
    with (lives.folder.logs / "window.log").open("ab") as log:
        window = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    said = window.stdout.readline() if window.stdout else b""
    if not said.startswith(b"at work"):
        raise RuntimeError(f"the window does not open: {said!r}; see {lives.folder.logs}")
    return window


def _judged(api: Api, log: Log, sink: Sink, lives: Lives) -> tuple[Verdict, Log]:
    rows = {row["id"]: row for row in _rows(api)}
    received = sink.received()
    details = {number: api.task(number) for number in rows}
    by_address = Counter(row["to"] for row in rows.values())
    copies = Counter(detail["resend_of"] for detail in details.values() if detail["resend_of"])
    messages = {f"<{(each['message_id'] or '').strip('<>')}>": each for each in details.values()}
    lost, more = _effects(log, by_address, copies)
    torn = _torn_files(api, log, lives) + _torn_uploads(api, rows.values(), lives)
    done = [name for name, each in messages.items() if each["state"] == "succeeded"]
    unsure = [name for name, each in messages.items() if each["state"] == "uncertain"]
    lost += sum(not received[name] for name in done)
    again = sum(n - 1 if name in messages else n for name, n in received.items())
    arrived = sum(bool(received[name]) for name in unsure)
    print(f"pressed {Counter(verb for verb, _ in log.pressed.values())}", file=sys.stderr)
    accepted = len(log.answered)
    sound = is_sound(lives.store)
    verdict = Verdict(
        accepted, lost, len(done), again + more, len(unsure), arrived, 0, torn, sound=sound
    )
    return verdict, log


def _effects(log: Log, by_address: Counter[str | None], copies: Counter[int]) -> tuple[int, int]:
    """Count steps that were answered without an effect, and effects that no one pressed for.

    An effect that the window said was undone is one of these.
    """
    lost = more = 0
    for step, (verb, _) in log.pressed.items():
        if verb in {"correct", "submit"}:
            made = by_address[f"{verb[0]}{step}@example.org"]
            lost += step in log.answered and not made
            more += max(0, made - 1)
    for item in range(ITEMS + 1, 2 * ITEMS + 1):
        steps = [step for step, deed in log.pressed.items() if deed == ("resend", item)]
        lost += max(0, len(log.answered.intersection(steps)) - copies[item])
        more += max(0, copies[item] - len(steps))
        steps = [step for step, deed in log.pressed.items() if deed == ("undo", item + ITEMS)]
        more += max(0, copies[item + ITEMS] - len(steps) + len(log.answered.intersection(steps)))
    return lost, more


def _torn_uploads(api: Api, rows: Iterable[OfficeRow], lives: Lives) -> int:
    """Count submitted items that do not have their file whole, and nothing else."""
    torn, folder = 0, lives.folder.batches / "uploads"
    for row in rows:
        step = re.fullmatch(r"s(\d+)@example\.org", row["to"] or "")
        if step is not None and row["item_id"] is not None:
            item = api.items.one(row["item_id"])["item"]
            stored = [folder / each.replace("/", "-") for each in item.get("attachments", ())]
            torn += [each.read_bytes() for each in stored] != [content(int(step[1]))]
    return torn


def _torn_files(api: Api, log: Log, lives: Lives) -> int:
    """Count files that were answered and are not named, and those named that are not whole."""
    folder = lives.folder.templates / "attachments" / TEMPLATE
    named = {each["file"] for each in api.templates.one(TEMPLATE)["attachments"]}
    torn = 0
    for step, (verb, _) in log.pressed.items():
        file = f"{step}.bin"
        if verb == VERBS[2]:
            torn += step in log.answered and file not in named
            torn += file in named and (folder / file).read_bytes() != content(step)
    return torn
