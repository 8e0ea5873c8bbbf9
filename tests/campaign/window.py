"""The campaign of the window: it, its backend or both are killed while it sends a spreadsheet."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

from desktop.client.api import Api
from desktop.settings.backend_file import read_backend
from tests.campaign.batch import ANSWER_PAUSE, at_rest, judge_rows, rows_of
from tests.campaign.lives import END_WITHIN, Lives, pause
from tests.journeys.sink import Sink

if TYPE_CHECKING:
    from pathlib import Path

    from tests.campaign.faults import Plan
    from tests.campaign.judge import Verdict

WHOM: Final = ("window", "backend", "both")
FIRST_STEPS: Final = 6.0
"""Seconds within which the first faults come: to read, check and start takes that long."""
WHILE_SENDING: Final = 0.5
"""Seconds within which the others come once it is started, of which each life sends some."""


class Hand:
    """A person who brings the spreadsheet in again and again until it is on its way."""

    def __init__(self) -> None:
        self.refused = 0
        self.odd: list[str] = []


def windows(plan: Plan) -> tuple[Verdict, Hand]:
    """Kill the window, its backend or both at any moment of an import; judge every row."""
    random, hand = plan.random, Hand()
    root, sheet = plan.folder / "window", plan.folder / "members-of-the-window.csv"
    sheet.write_text("E-Mail\n" + "".join(f"w{n}@example.org\n" for n in range(plan.items)))
    with Sink(plan.folder / "window.sink", ANSWER_PAUSE) as sink:
        lives = Lives(root, sink.settings())
        for fault in range(plan.faults):
            window = _begin(lives, sheet, plan.items)
            if 2 * fault < plan.faults:
                pause(random.uniform(0.5, 0.5 + FIRST_STEPS * 2 * (fault + 1) / plan.faults))
            else:
                _wait_for_start(window, lives)
                pause(random.uniform(0.0, WHILE_SENDING))
            whom = random.choice(WHOM)
            if whom != "window":
                _kill_backend(lives)
            if whom == "backend":
                pause(random.uniform(0.2, 2.0))
            _kill(window)
        window = _begin(lives, sheet, plan.items)
        _wait_for_start(window, lives)
        verdict = _judged(plan, lives, sink, hand)
        _kill(window)
        return verdict, hand


def _judged(plan: Plan, lives: Lives, sink: Sink, hand: Hand) -> Verdict:
    backend = read_backend(lives.folder.backend_file)
    assert backend is not None
    with contextlib.closing(Api(backend)) as api:
        batches = api.batches.page()["batches"]
        if Counter(each["state"] == "draft" for each in batches)[False] != 1:
            hand.odd.append(f"not one batch was started: {[each['state'] for each in batches]}")
        (number,) = [each["batch_id"] for each in batches if each["state"] != "draft"][:1]
        batch = at_rest(api, number)
        rows = list(rows_of(api, number))
    missing = plan.items - len(rows)
    received = sink.received()
    return judge_rows(plan.items, rows, batch["counts"], received, missing, sound=True)


def _begin(lives: Lives, sheet: Path, rows: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.campaign.hand", str(lives.root), str(sheet), str(rows)]
    with (lives.folder.logs / "window.log").open("ab") as log:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)


def _wait_for_start(window: subprocess.Popen[bytes], lives: Lives) -> None:
    """Wait until the spreadsheet is on its way, by this window or one before."""
    said = window.stdout.readline() if window.stdout else b""
    if not said.startswith(b"started"):
        raise RuntimeError(f"the window did not send it: {said!r}; see {lives.folder.logs}")


def _kill_backend(lives: Lives) -> None:
    backend = read_backend(lives.folder.backend_file)
    if backend is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(backend.pid, signal.SIGKILL)


def _kill(window: subprocess.Popen[bytes]) -> None:
    window.kill()
    window.wait(END_WITHIN)
    if window.stdout is not None:
        window.stdout.close()
