"""The five campaigns: kills, early kills, power cuts, failing fsync, full disk; each is judged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from desktop.contract.items import MAIL_AT_ONCE
from tests.campaign import storage
from tests.campaign.clients import Clients
from tests.campaign.judge import Verdict, judge
from tests.campaign.lives import Life, Lives, pause
from tests.campaign.settling import WITHIN, settle
from tests.journeys.sink import Sink
from tests.small_disk import CAN_MOUNT, WHY_NOT, fill, small_disk

ANSWER_PAUSE: Final = 0.005
"""Seconds the mail server thinks after a final dot: that is where the outcome is not known."""
PEACE: Final = 60.0
"""Seconds in which everything has ended after the last of the early kills."""
EARLY_UNCERTAIN: Final = 1
"""Mails whose outcome is not known, at most, for each of the early kills."""
DISK: Final = "96m"


class CannotRun(Exception):
    """The machine lacks what the campaign needs; the text says what."""


@dataclass(frozen=True)
class Plan:
    """How many faults over how many items, in which folder, from which seed.

    ``database`` makes a database on a server for one campaign; it gives none for a store of files.
    """

    folder: Path
    faults: int
    items: int
    seed: int
    database: Callable[[], str] = str

    @property
    def in_flight(self) -> int:
        """How many mails can have been in flight at all its faults together."""
        return self.faults * MAIL_AT_ONCE

    @property
    def random(self) -> Random:
        """Chance for one campaign, always the same."""
        return Random(self.seed)


@dataclass
class Setting:
    """The parts of one campaign; ``share(n)`` is the number of items up to its n-th fault."""

    plan: Plan
    lives: Lives
    clients: Clients
    sink: Sink

    def share(self, fault: int) -> int:
        """Tell up to which item the clients may go at this fault."""
        return self.plan.items * (fault + 1) // self.plan.faults

    def verdict(self, within: float = WITHIN, *, helps: bool = True) -> Verdict:
        """Let it come to rest, with or without a person's help, and judge."""
        settle(self.lives, self.clients, self.plan.items, within, helps=helps)
        accepted = self.clients.accepted
        received = self.sink.received()
        return judge(self.lives.store, accepted, received, self.lives.records())


@contextmanager
def setting(plan: Plan, root: Path) -> Iterator[Setting]:
    """Start the mail server and the clients."""
    with Sink(plan.folder / f"{root.name}.sink", ANSWER_PAUSE) as sink:
        clients = Clients(plan.items)
        try:
            yield Setting(plan, Lives(root, sink.settings(), plan.database()), clients, sink)
        finally:
            clients.end()


def kills(plan: Plan) -> tuple[Verdict, Clients]:
    """Kill the backend at any moment, one time in ten while it starts."""
    random = plan.random
    with setting(plan, plan.folder / "kills") as here:
        for fault in range(plan.faults):
            life = here.lives.begin()
            here.clients.allow(here.share(fault))
            if random.random() < 0.1:
                pause(random.uniform(0.0, 0.6))
            else:
                _serve(life, here.clients)
                pause(random.uniform(0.01, 1.0))
            life.kill()
        return here.verdict(), here.clients


def early_kills(plan: Plan) -> tuple[Verdict, Clients]:
    """Kill each backend within a second of its start; afterwards everything ends by itself."""
    random = plan.random
    with setting(plan, plan.folder / "early") as here:
        for fault in range(plan.faults):
            life = here.lives.begin()
            here.clients.allow(here.share(fault))
            _serve(life, here.clients)
            pause(random.uniform(0.05, 0.8))
            life.kill()
        verdict = here.verdict(PEACE, helps=False)
        if verdict.uncertain > EARLY_UNCERTAIN * plan.faults:
            here.clients.odd.append(f"{verdict.uncertain} are uncertain")
        return verdict, here.clients


def power_cuts(plan: Plan) -> tuple[Verdict, Clients]:
    """Cut the power at any write; what no fsync had confirmed is there, or not, or in part."""
    return _cuts(plan, "power", lambda random: {"POWERCUT_AT": str(random.randint(1, 1500))})


def failing_fsync(plan: Plan) -> tuple[Verdict, Clients]:
    """Let some fsyncs fail, whose pages the system then forgets; later cut the power."""

    def faults(random: Random) -> dict[str, str]:
        return {
            "POWERCUT_FAIL": str(random.randint(1, 120)),
            "POWERCUT_FAILS": str(random.randint(1, 6)),
            "POWERCUT_AT": str(random.randint(400, 2000)),
        }

    return _cuts(plan, "fsync", faults)


def _cuts(
    plan: Plan, name: str, faults: Callable[[Random], dict[str, str]]
) -> tuple[Verdict, Clients]:
    if storage.compiler() is None:
        raise CannotRun("it needs a C compiler")
    random = plan.random
    with setting(plan, plan.folder / name) as here:
        first = here.lives.begin()
        first.ready()
        first.stop()
        database = here.lives.folder.db
        record = plan.folder / f"{name}.writes"
        here.lives.env = {
            "LD_PRELOAD": str(storage.build(plan.folder)),
            "POWERCUT_LOG": str(record),
            "POWERCUT_FILE": f"/{database.name}",
        }
        for fault in range(plan.faults):
            before = storage.contents(database)
            life = here.lives.begin(**faults(random))
            here.clients.allow(here.share(fault))
            _serve(life, here.clients)
            if not life.wait_dead(record):  # idle: it had written everything
                life.kill()
            storage.cut(database, record, random, before)
        here.lives.env = {}
        return here.verdict(), here.clients


def full_disk(plan: Plan) -> tuple[Verdict, Clients]:
    """Fill the disk until items are refused, free it, go on; every third time kill -9 as well."""
    if not CAN_MOUNT:
        raise CannotRun(WHY_NOT)
    with small_disk(plan.folder / "disk", DISK) as root, setting(plan, root) as here:
        life = here.lives.begin()
        _serve(life, here.clients)
        for fault in range(plan.faults):
            _empty_log(here.lives.folder.db)
            ballast = fill(root)
            here.clients.allow(here.share(fault))
            here.clients.wait_refused_or(here.share(fault), 20.0)
            if fault % 3 == 2:
                life.kill()
                ballast.unlink()
                life = here.lives.begin()
                _serve(life, here.clients)
            else:
                ballast.unlink()
            here.clients.wait_accepted(here.share(fault), 60.0)
        life.kill()
        return here.verdict(), here.clients


def _empty_log(database: Path) -> None:
    """Take the log's old room from it, so what is written next needs some."""
    with closing(sqlite3.connect(database)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _serve(life: Life, clients: Clients) -> None:
    backend = life.ready()
    if backend is not None:
        clients.turn_to(backend)
