"""The campaign of the window: it, its backend or both are killed while it sends a spreadsheet."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.client.api import Api
from desktop.sheets.calls import describe, read_rows
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import ClientError
from sendoff_tasks.folder.backend_addresses import read_backend
from tests.campaign.judge import Verdict
from tests.campaign.lives import END_WITHIN, Lives, pause
from tests.campaign.spreadsheets.batch import ANSWER_PAUSE, at_rest, judge_rows, rows_of
from tests.campaign.stored import is_sound
from tests.journeys.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sendoff_tasks.folder.backend_addresses import Backend
    from tests.campaign.faults import Plan

WHOM: Final = ("window", "backend", "both")
MOMENTS: Final = ("upload", "start", "sending")
A_ROUND: Final = 7
"""Faults of one spreadsheet: three while it is uploaded, one as it is started, three later."""
LOOK_AGAIN: Final = 0.01
"""Seconds between two looks at how far the store is."""
WITHIN: Final = 300.0
"""Seconds until a moment has come."""
PRESSED: Final = 0.3
"""Seconds after *Send* within which the fault of a start comes."""


class Standing(NamedTuple):
    """How far the batch in a store is."""

    rows: int = 0
    started: bool = False
    sent: int = 0
    open: int = 0


@dataclass
class Hand:
    """A person who brings the spreadsheet in again and again until it is on its way.

    ``faults`` counts the kills that came in time, by their moment and whom they hit.
    """

    refused: int = 0
    odd: list[str] = field(default_factory=list)
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)


def windows(plan: Plan) -> tuple[Verdict, Hand]:
    """Kill the window, its backend or both at any moment of each import; judge every row."""
    hand, random = Hand(), plan.random
    verdicts = []
    for number, first in enumerate(range(0, plan.faults, A_ROUND)):
        count = min(A_ROUND, plan.faults - first)
        verdicts.append(_Round(plan, number, hand, random).run(count))
    print("| killed | " + " | ".join(MOMENTS) + " |\n| --- | --- | --- | --- |", file=sys.stderr)
    for whom in WHOM:
        cells = " | ".join(str(hand.faults[moment, whom]) for moment in MOMENTS)
        print(f"| {whom} | {cells} |", file=sys.stderr)
    return _sum(verdicts), hand


class _Round:
    """One spreadsheet in one data folder."""

    def __init__(self, plan: Plan, number: int, hand: Hand, random: Random) -> None:
        self._items, self._hand, self._random = plan.items, hand, random
        self._root = plan.folder / f"window-{number}"
        self._sheet = plan.folder / f"members-{number}.csv"
        self._sheet.write_text(_sheet(plan.items))
        self._start_hits = WHOM[number % len(WHOM)]
        self._window: subprocess.Popen[bytes] | None = None
        self._may_send = False

    def run(self, faults: int) -> Verdict:
        """Bring the spreadsheet in and send it, with so many faults on the way."""
        series = [(moment, whom) for moment in ("upload", "sending") for whom in WHOM]
        series.append(("start", self._start_hits))
        chosen = self._random.sample(series, faults)
        with Sink(self._root.with_suffix(".sink"), ANSWER_PAUSE) as sink:
            settings = f"{sink.settings()}[window]\ngrace_seconds = 1.0\n"
            self._lives = Lives(self._root, settings)
            for moment in MOMENTS:
                hit = [whom for each, whom in chosen if each == moment]
                self._random.shuffle(hit)
                for place, whom in enumerate(hit):
                    share = self._random.uniform(place, place + 0.9) / len(hit)
                    self._fault(moment, whom, share)
            self._send()
            if b"started" not in {self._said(), self._said()}:
                raise RuntimeError(f"the window did not send it; see {self._lives.folder.logs}")
            verdict = self._judged(sink)
            self._kill_window()
        return verdict

    def _fault(self, moment: str, whom: str, share: float) -> None:
        """Wait until the moment has come, and kill."""
        self._begin()
        self._backend()
        if moment == "upload":
            self._until(lambda now: now.started or now.rows >= share * self._items)
        else:
            self._send()
            said = self._said()
            if moment == "start":
                pause(self._random.uniform(0.0, PRESSED))
            elif b"started" in {said, self._said()}:
                self._until(lambda now: now.started and _ended(now) >= share * now.rows)
        before = self._standing()
        if whom != "window":
            _kill_backend(self._lives)
        if whom != "backend":
            self._kill_window()
        self._count(moment, whom, before)

    def _count(self, moment: str, whom: str, before: Standing) -> None:
        """Count a fault that came in time; the rows that were there are there."""
        in_time = {
            "upload": before.rows < self._items,
            "start": not before.sent,
            "sending": before.open > 0,
        }
        self._hand.faults[moment, whom] += in_time[moment]
        after = self._standing()
        if after.rows < before.rows:
            self._hand.odd.append(f"{before.rows - after.rows} rows are gone from the draft")

    def _judged(self, sink: Sink) -> Verdict:
        with contextlib.closing(Api(self._backend())) as api:
            batches = api.batches.page()["batches"]
            started = [each["batch_id"] for each in batches if each["state"] != "draft"]
            if len(started) != 1:
                self._hand.odd.append(f"{len(started)} batches were started")
            batch = at_rest(api, started[0])
            rows = list(rows_of(api, started[0]))
            self._bring_again(api)
        missing = self._items - len(rows)
        received = sink.received()
        counts = batch["counts"]
        return judge_rows(
            self._items, rows, counts, received, missing, sound=is_sound(self._lives.store)
        )

    def _bring_again(self, api: Api) -> None:
        """The same spreadsheet again sends nothing, with a changed row that one."""
        text = self._sheet.read_text()
        for changed in (0, 1):
            self._sheet.write_text(
                text.replace("Member 1;1\n", "Member 1;2\n") if changed else text
            )
            found = describe(self._sheet)
            number = api.batches.create({"name": "again", "columns": found.mapping}, new_key())
            for chunk in read_rows(found, found.mapping):
                counts = api.batches.add_rows(number, chunk.body)
            if (counts["changed"], counts["same"]) != (changed, self._items - changed):
                self._hand.odd.append(f"the same file again: {counts}")
            api.batches.delete(number)

    def _begin(self) -> None:
        """Open a window, unless the one before is still there."""
        if self._window is None:
            given = [str(self._root), str(self._sheet), str(self._items)]
            command = [sys.executable, "-m", "tests.campaign.windows.hand", *given]
            with (self._lives.folder.logs / "window.log").open("ab") as log:
                pipe = subprocess.PIPE
                self._window = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log)
            self._may_send = False

    def _send(self) -> None:
        """Let the window press *Send* once all rows are checked."""
        self._begin()
        assert self._window is not None
        assert self._window.stdin is not None
        if not self._may_send:
            self._window.stdin.write(b"send\n")
            self._window.stdin.flush()
            self._may_send = True
            self._heard: bytes = b""

    def _said(self) -> bytes:
        """Return the next that the window says: *pressing*, then *started*, which stays."""
        assert self._window is not None
        assert self._window.stdout is not None
        if self._heard != b"started":
            self._heard = self._window.stdout.readline().strip()
        return self._heard

    def _until(self, has_come: Callable[[Standing], bool]) -> None:
        """Wait; however slow the machine is, an error only when nothing moves for so long."""
        before, end = Standing(), time.monotonic() + WITHIN
        while not has_come(now := self._standing()):
            if now != before:
                before, end = now, time.monotonic() + WITHIN
            if time.monotonic() > end:
                raise RuntimeError(f"it goes on no more: {now}")
            pause(LOOK_AGAIN)

    def _standing(self) -> Standing:
        """Read how far the batch is; of several, the last."""
        place = f"file:{self._lives.folder.db}?mode=ro"
        query = "SELECT rows, started_at IS NOT NULL, sent, open FROM batches ORDER BY id DESC"
        with contextlib.suppress(sqlite3.OperationalError):  # it is being made
            with contextlib.closing(sqlite3.connect(place, uri=True)) as store:
                row = store.execute(query).fetchone()
            if row is not None:
                return Standing(row[0], bool(row[1]), row[2], row[3])
        return Standing()

    def _backend(self) -> Backend:
        """Wait for a backend that answers."""
        end = time.monotonic() + WITHIN
        while time.monotonic() < end:
            backend = read_backend(self._lives.folder.backend_file)
            if backend is not None:
                with contextlib.suppress(ClientError), contextlib.closing(Api(backend)) as api:
                    api.stats()
                    return backend
            pause(LOOK_AGAIN)
        raise RuntimeError(f"no backend comes; see {self._lives.folder.logs}")

    def _kill_window(self) -> None:
        window, self._window = self._window, None
        if window is not None:
            _kill(window)


def _kill_backend(lives: Lives) -> None:
    backend = read_backend(lives.folder.backend_file)
    if backend is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(backend.pid, signal.SIGKILL)


def _kill(window: subprocess.Popen[bytes]) -> None:
    window.kill()
    window.communicate(timeout=END_WITHIN)


def _sheet(rows: int) -> str:
    lines = (f"w{n}@example.org;Member {n};{n}\n" for n in range(1, rows + 1))
    return "E-Mail;Name;Seats\n" + "".join(lines)


def _ended(now: Standing) -> int:
    return now.rows - now.open


def _sum(verdicts: list[Verdict]) -> Verdict:
    """Add verdicts up."""
    names = [name for name in Verdict.__dataclass_fields__ if name != "sound"]
    sums = {name: sum(getattr(each, name) for each in verdicts) for name in names}
    return Verdict(**sums, sound=all(each.sound for each in verdicts))
