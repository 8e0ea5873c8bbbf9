"""Fixtures of all rooms: Qt without a display, and a real backend on a folder of its own."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop.cli import SENDOFF
from desktop.plain_imports import import_shiboken
from sendoff_tasks.folder import safe_files
from sendoff_tasks.model.program import PROGRAM
from tests import WITHIN, forked
from tests.processes import Processes
from tests.property_based import FULL

import_shiboken()  # else it reads the source of each module that follows, also in each worker
# What a shell runs in the background ignores Ctrl+C, and so would the programs that get it here.
signal.signal(signal.SIGINT, signal.default_int_handler)
QThread.currentThread()  # Qt takes the first thread that asks for the one of its windows
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test and no program of a test sees the person's keyring; else keyring's search for one also
# finds the classes that tests derive from it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for name in ("MAIL_PASSWORD", "SIGN_IN", "CLIENT_ID", "CLIENT_SECRET", "TENANT"):
    os.environ.pop(f"SENDOFF_{name}", None)
# No deadline: a busy machine is slow, not wrong. The same examples every time: a change is
# judged by what it changes; "explore" looks for new ones. Before a release they are twice as many.
settings.register_profile("always the same", deadline=None, derandomize=True, max_examples=50)
settings.register_profile("long", deadline=None, derandomize=True, max_examples=FULL)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("always the same")
PROGRAM.runs_as(SENDOFF)  # as each process of the program

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication
    from pytestqt.wait_signal import MultiSignalBlocker, SignalBlocker

    from desktop.client.api import Api
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.folder.backend_addresses import Backend
    from tests.forked import Process

WITHIN_MS = int(WITHIN * 1000)
HERE = Path(__file__).parent
FIRST = frozenset({"benchmarks", "campaign", "simulation", "journeys", "postgres"})
"""Folders with tests that take ten seconds and more."""
FONTS = HERE / "fonts"
"""The font of the tests: widths must not depend on what a machine has installed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the engine's tests run on another store, and all tests that are long."""
    parser.addoption("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.addoption("--long", action="store_true", help="also run the tests marked long")
    parser.addoption("--processes", type=int, default=1, help="run the tests in so many at once")


def pytest_configure(config: pytest.Config) -> None:
    """Take all examples where all tests run; a profile that is asked for is loaded after this."""
    if config.getoption("--long"):
        settings.load_profile("long")
    if (count := config.getoption("--processes")) > 1 and sys.platform == "linux":
        config.pluginmanager.register(Processes(count))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what is imported before the first test, which all stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is long, if it is not asked for.

    Begin with what takes longest: at the end no core waits for it.
    """
    if not config.getoption("--long"):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    items.sort(key=lambda item: FIRST.isdisjoint(item.path.relative_to(HERE).parts))


@dataclass
class RunningBackend:
    """A backend in a child process, as ``sendoff serve`` starts it, and its data folder."""

    process: Process
    data_dir: Path
    backend: Backend

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it in an orderly way, by closing its pipe; returns its exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(WITHIN)


def start_backend(data_dir: Path, first: str = "") -> RunningBackend:
    """Start the real backend on ``data_dir`` and wait for its ready line.

    ``first`` is Python for its process to run before, where a constant would take too long.
    """
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.folder.backend_addresses import read_backend

    process = forked.start(["serve", "--parent-pipe", "--data-dir", str(data_dir)], first)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        pytest.fail(f"the backend ended with {process.wait()} before it was ready")
    backend = read_backend(OfficeFolder(data_dir).backend_file)
    assert backend is not None
    assert backend.url == json.loads(line)["url"]
    return RunningBackend(process, data_dir, backend)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """Run a PostgreSQL server for the tests of one process."""
    pytest.importorskip("psycopg", reason="psycopg (the extra `server`) is not installed")
    services = pytest.importorskip("tests.benchmarks.peers.services")
    if not services.is_installed("postgres"):
        pytest.skip("PostgreSQL is not installed")
    from tests.engine.postgres.server import serving

    with serving() as running:
        yield running


@pytest.fixture
def app_alone(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let an app in this process find the tasks of its tests only.

    The modules of all tests are loaded here, and some have tasks of the same name.
    """
    from sendoff_tasks.functions import registry
    from sendoff_tasks.functions.source import loaded_modules

    own = request.module.__name__.rpartition(".")[0]
    monkeypatch.setattr(
        registry,
        "loaded_modules",
        lambda: (module for module in loaded_modules() if module[0].startswith(own)),
    )


@pytest.fixture
def backends() -> Iterator[Callable[..., RunningBackend]]:
    """Start real backends; those that still run at the end are killed."""
    started: list[RunningBackend] = []

    def start(data_dir: Path, first: str = "") -> RunningBackend:
        started.append(start_backend(data_dir, first))
        return started[-1]

    yield start
    for each in started:
        each.kill()
        for pipe in (each.process.stdin, each.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture(autouse=True)
def _whole_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files as soon as they are written: a test writes them whole, unless it says so."""
    monkeypatch.setattr(safe_files, "QUIET", 0.0)


@pytest.fixture
def backend(backends: Callable[[Path], RunningBackend], tmp_path: Path) -> RunningBackend:
    """Start a real backend on an empty data folder."""
    return backends(tmp_path / "data")


@pytest.fixture
def api(backend: RunningBackend) -> Iterator[Api]:
    """Give the window's client of ``backend``."""
    from desktop.client.api import Api

    client = Api(backend.backend)
    yield client
    client.close()


@pytest.fixture
def forked_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork what reads spreadsheets: most of a short one's reading is the start of its process."""
    monkeypatch.setattr("desktop.sheets.child.start", forked.reader)


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Give a port that refuses every connection; no other test is given it before this one ends."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def usual_font() -> QFont:
    """Give the font in which tests begin."""
    from PySide6.QtGui import QFont

    return QFont("Sendoff Test Sans", 9)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Have the application count as the window does, in a font that is the same everywhere."""
    from PySide6.QtGui import QFontDatabase

    from desktop.gui.kit.words import plurals

    for file in sorted(FONTS.glob("*.ttf")):
        assert QFontDatabase.addApplicationFont(str(file)) >= 0
    qapp.setFont(usual_font())
    plurals.install(qapp)
    return qapp


class PatientBot(QtBot):
    """pytest-qt's, with our patience where it would have five seconds."""

    def waitUntil(  # noqa: N802 - its name
        self, callback: Callable[[], bool | None], *, timeout: int = WITHIN_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(  # noqa: N802
        self, signal: Any, *, timeout: int = WITHIN_MS, **options: Any
    ) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(  # noqa: N802
        self, signals: Any, *, timeout: int = WITHIN_MS, **options: Any
    ) -> MultiSignalBlocker:
        return super().waitSignals(signals, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Drive widgets, and wait for them as long as for anything else."""
    return PatientBot(request)


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    """Jobs on threads of their own; an unhandled error fails the test."""
    from PySide6.QtCore import QThreadPool

    from desktop.gui.assembly import WORKERS
    from desktop.gui.kit.words.states import in_words
    from desktop.gui.link.jobs import Jobs

    unhandled: list[Exception] = []
    pool = QThreadPool(maxThreadCount=WORKERS)
    runner = Jobs(pool, unhandled.append, in_words)
    yield runner
    runner.cancel_all()
    pool.waitForDone()
    assert not unhandled
