"""``python -m tests.versions [--postgres] [--kills 3] [--seed 1]``: one folder, three versions.

The program of the baseline, taken from the history, a next version and one after that open one data
folder in turn. Each accepts 30 items, and is killed (kill -9) while their e-mails are sent. The
next one is killed at random moments of its start and in the middle of a change of the tables, then
goes on. At the end each item was delivered once, or its task is uncertain. The older programs then
refuse the folder in one sentence and change nothing. With ``--postgres`` the store is a database.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import ClientError
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.folder.database_backups import find_fault, list_backups
from sendoff_tasks.store.update import COPIED
from tests import WITHIN
from tests.engine.postgres.server import serving
from tests.journeys.sink import Sink
from tests.looking import eventually
from tests.versions.later import SLOW

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT: Final = Path(__file__).parents[2]
FIRST_CHANGE: Final = "desktop/library/sendoff_tasks/store/migrations/__init__.py"
BASELINE: Final = "baseline"
VERSIONS: Final = (BASELINE, "0040", "0041")
ITEMS: Final = 30
SENT: Final = 5
"""E-mails that have arrived when a version is killed."""
ENDED: Final = ("succeeded", "uncertain", "failed", "cancelled")


class Programs:
    """The versions of the program, on one folder and maybe a database."""

    def __init__(self, baseline: Path, folder: OfficeFolder, database: str | None) -> None:
        self._baseline = baseline
        self._folder = folder
        self._place = [] if database is None else ["--database", database]

    def start(self, version: str, millions: int = 0) -> subprocess.Popen[str]:
        """Start the backend of a version; its changes take long with ``millions``."""
        env = {**os.environ, SLOW: str(millions)}
        program = ["tests.versions.later", version]
        if version == BASELINE:
            env["PYTHONPATH"] = os.pathsep.join(
                map(str, (self._baseline, self._baseline / "desktop" / "library"))
            )
            program = ["desktop"]
        command = [sys.executable, "-P", "-m", *program, "serve", "--parent-pipe"]
        return subprocess.Popen(
            [*command, "--data-dir", str(self._folder.root), *self._place],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, version: str) -> Iterator[Api]:
        """Run a version during the block; kill it at its end."""
        process = self.start(version)
        assert process.stdout is not None
        while "url" not in (told := json.loads(process.stdout.readline() or '{"url": null}')):
            pass
        assert told["url"], process.communicate()[1]
        backend = read_backend(self._folder.backend_file)
        assert backend is not None
        with closing(Api(backend)) as api:
            yield api
        kill(process)

    def killed_while_it_updates(self, version: str, after: float | None) -> str:
        """Kill a version ``after`` s, or in the middle of a change; return what it last said."""
        process = self.start(version, millions=40 if self._place else 400)
        told = ""
        if after is not None:
            time.sleep(after)
        else:
            assert process.stdout is not None
            copied = 0.0 if self._place else COPIED
            while float(json.loads(told or "{}").get("updating", 0)) <= copied:
                told = process.stdout.readline()
                assert told, process.communicate()[1]
                assert "url" not in told, "it was brought up to date before"
        kill(process)
        return told.strip()

    def refusal(self, version: str) -> tuple[int, list[str], float]:
        """Return the status, the lines and the seconds of a version that does not start."""
        began = time.monotonic()
        status = (process := self.start(version)).wait(WITHIN)
        lines = process.communicate()[1].splitlines()
        return status, lines, time.monotonic() - began


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a backend at once."""
    process.kill()
    process.communicate()


def submit(api: Api, numbers: range) -> list[int]:
    """Submit these items; return those that were accepted."""
    accepted = []
    for number in numbers:
        with suppress(ClientError):
            api.items.submit(number, {"recipient": {"email": f"p{number}@example.org"}}, new_key())
            accepted.append(number)
    return accepted


def in_the_past(baseline: Path, commit: str) -> None:
    """Unpack the program as it was before tables were brought up to date, or of a commit."""
    git = ["git", "-C", str(ROOT)]
    if not commit:
        log = [*git, "log", "--diff-filter=A", "--format=%H^", "--", FIRST_CHANGE]
        commit = subprocess.run(log, check=True, capture_output=True, text=True).stdout.split()[-1]
    archive = subprocess.run(
        [*git, "archive", commit, "desktop", "resources"], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", str(baseline)], input=archive.stdout, check=True)


def content(folder: OfficeFolder) -> dict[str, bytes]:
    """Read the store with its log, and the settings."""
    parts = [*folder.root.glob("sendoff.db*"), *folder.root.glob("settings.toml")]
    ours = ("-shm", ".lock")
    return {part.name: part.read_bytes() for part in parts if not part.name.endswith(ours)}


def run(programs: Programs, folder: OfficeFolder, sink: Sink, kills: int) -> list[int]:
    """Let each version accept items, and be killed; return the items that were accepted."""
    accepted: list[int] = []
    for place, version in enumerate(VERSIONS):
        if version != BASELINE:
            for moment in [*(random.uniform(0.5, 8.0) for _ in range(kills)), None]:
                told = programs.killed_while_it_updates(version, moment)
                when = f"after {moment:.1f} s" if moment else f"in a change: {told}"
                print(f"{version}: killed {when}", flush=True)
        with programs.running(version) as api:
            enough = sum(sink.received().values()) + SENT
            first = place * 100 + 1
            accepted += submit(api, range(first, first + ITEMS))
            eventually(partial(_has, sink, enough))
            counts = api.stats()["counts"]
        under_way = {state: n for state, n in counts.items() if n and state not in ENDED}
        print(f"{version}: {len(accepted)} accepted, killed with {under_way} under way", flush=True)
    return accepted


def _has(sink: Sink, enough: int) -> bool:
    return sum(sink.received().values()) >= enough


def judge(api: Api, accepted: list[int], sink: Sink) -> bool:
    """Let all end, count what is lost or was delivered twice, and print it."""
    eventually(lambda: all(row["state"] in ENDED for row in rows(api)))
    found = rows(api)
    details = {row["item_id"]: api.task(row["id"]) for row in found}
    received = sink.received()
    times = {n: received[f"<{task['message_id']}>"] for n, task in details.items()}
    lost = [
        number
        for number in accepted
        if number not in details
        or (details[number]["state"] != "uncertain" and times[number] == 0)
        or details[number]["state"] in {"failed", "cancelled"}
    ]
    twice = [number for number, n in times.items() if n > 1]
    states = Counter(row["state"] for row in found)
    print(f"accepted {len(accepted)}, lost {len(lost)}, twice {len(twice)}, {dict(states)}")
    return not lost and not twice and sum(received.values()) == sum(times.values())


def rows(api: Api) -> list[Any]:
    """Read all tasks."""
    return [*api.page(SortedFilter(), limit=200)["tasks"]]


def main() -> int:
    """Run it; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.versions")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--kills", type=int, default=3, help="at any moment of a start")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--baseline", default="", metavar="COMMIT", help="an older program")
    options = parser.parse_args()
    random.seed(options.seed)
    with ExitStack() as held:
        scratch = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="sendoff-versions-")))
        baseline = scratch / "baseline"
        baseline.mkdir()
        in_the_past(baseline, options.baseline)
        folder = OfficeFolder(scratch / "data")
        folder.create()
        database = held.enter_context(serving()).empty() if options.postgres else None
        sink = held.enter_context(Sink(scratch / "received.log", pause=0.2))
        folder.settings_file.write_text(sink.settings(), encoding="utf-8")
        programs = Programs(baseline, folder, database)
        accepted = run(programs, folder, sink, options.kills)
        with programs.running(VERSIONS[-1]) as api:
            is_well = judge(api, accepted, sink)
        if database is None:
            print(f"backups {len(list_backups(folder.db))}")
            is_well &= find_fault(folder.db, at_rest=False) is None
        for version in reversed(VERSIONS[:-1]):
            before = content(folder)
            status, lines, seconds = programs.refusal(version)
            changed = [name for name, each in content(folder).items() if before.get(name) != each]
            told = f"status {status} after {seconds:.1f} s, changed {changed}: {' '.join(lines)}"
            print(f"{version} again: {told}")
            is_well &= status != 0 and len(lines) == 1
            is_well &= version == BASELINE or not changed  # which copied its log before it looked
    print("well" if is_well else "broken")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
