"""Backends, commands and apps, forked from a process with their imports: most of a start.

They are real processes with real pipes. What a test says of the start itself begins with the
command, as do all tests where the system is not Linux.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, NoReturn, cast

from desktop.cli import SENDOFF
from sendoff_tasks.folder import safe_files
from sendoff_tasks.model.program import PROGRAM
from sendoff_tasks.store import database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.client.child import Child
    from desktop.settings.office_folder import OfficeFolder

MODULES = (
    *("desktop.__main__", "desktop.cli", "desktop.qtpool"),
    *("desktop.backend.process", "desktop.backend.application", "desktop.backend.composition"),
    *("sendoff_tasks.http.server", "desktop.backend.template_operations"),
    *("sendoff_tasks.lanes.cpu_parent", "sendoff_tasks.lanes.io", "sendoff_tasks.lanes.loop"),
    *("desktop.mail.files", "desktop.mail.mailer", "desktop.mail.smtp.smtp"),
    *("desktop.sheets.process", "python_calamine", "xlsxwriter"),
    *("desktop.client.api", "sendoff_tasks.client.http", "httpcore", "httpx._client"),
    *("sendoff_tasks.shell.session", "sendoff_tasks.shell.tasks"),
    *("sendoff_tasks.fastapi", "pytest", "uvicorn", "uvicorn.lifespan.off"),
    *("anyio._backends._asyncio", "uvicorn.loops.asyncio", "encodings.idna"),
)
"""What they import, also what only their warm-up does; none of it begins a thread."""
LIBRARY = Path(__file__).parents[1] / "desktop" / "library"
RUN = os.environ.setdefault("SENDOFF_TESTS", str(os.getpid()))
"""The process that collects the tests; those that run them are forked from it."""
MOST = 1 << 16
"""Bytes of a request: arguments, directory and environment."""


class Forked:
    """A forked process, with what tests use of ``subprocess.Popen``.

    The process whose child it is tells its number and how it ended by ``line``.
    """

    def __init__(self, line: socket.socket, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.returncode: int | None = None
        # Its number only: a socket that the garbage collector frees first would warn.
        self._line, self._reading = line.detach(), threading.Lock()
        self.pid = int(os.read(self._line, MOST))

    def poll(self) -> int | None:
        """Tell how it ended, if it has."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises ``subprocess.TimeoutExpired``."""
        if self.returncode is None:
            ends = select.poll()
            ends.register(self._line, select.POLLIN)
            if not ends.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            with self._reading:
                if self.returncode is None:
                    self.returncode = int(os.read(self._line, MOST))
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it has just ended, which is about to be told
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._line)


Process = subprocess.Popen[bytes] | Forked


def start(
    arguments: Sequence[str],
    first: str = "",
    stderr: int = 2,
    cwd: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Process:
    """Start Sendoff with arguments; ``first`` is Python for its process to run before.

    ``environment`` is what its process has there beyond ours.
    """
    place, environment = cwd or Path.cwd(), {**os.environ, **environment}
    if sys.platform != "linux":
        command = "import sys; from desktop.cli import run; sys.exit(run(sys.argv[1:]))"
        return subprocess.Popen(
            [sys.executable, "-c", f"{first}\n{command}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=place,
            env=environment,
        )
    (its_in, our_out), (our_in, its_out) = os.pipe(), os.pipe()
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        request = json.dumps([list(arguments), first, str(place), environment]).encode()
        socket.send_fds(_source(), [request], [its_in, its_out, stderr, its.fileno()])
    for end in (its_in, its_out):
        os.close(end)
    return Forked(ours, os.fdopen(our_out, "wb", 0), os.fdopen(our_in, "rb"))


@contextmanager
def running(
    arguments: Sequence[str],
    says: bytes,
    first: str = "",
    stderr: int = 2,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Process]:
    """Start Sendoff, read its first line, which ``says`` that it runs, and kill it in the end."""
    process = start(arguments, first, stderr, environment=environment)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout as said:
        try:
            assert says in said.readline()
            yield process
        finally:
            process.kill()
            process.wait()


def run(
    arguments: Sequence[str],
    first: str = "",
    cwd: Path | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
    within: float = 60.0,
) -> subprocess.CompletedProcess[str]:
    """Run Sendoff to its end, with nothing on stdin; see ``start``."""
    with tempfile.TemporaryFile() as complaints:
        process = start(arguments, first, complaints.fileno(), cwd, environment)
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin, process.stdout as said:
            printed = said.read().decode()
            code = process.wait(within)
        complaints.seek(0)
        return subprocess.CompletedProcess(arguments, code, printed, complaints.read().decode())


def script(file: str) -> str:
    """Give what runs a file as Python does, and nothing after it: for ``first``."""
    return (
        "import runpy, sys\nsys.path.insert(0, '')\n"
        f"runpy.run_path({file!r}, run_name='__main__')\nraise SystemExit"
    )


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a folder of tests in a session of its own, with no plugin but the library's."""
    plugins = ("-p", "_sendoff_tasks_pytest", "-p", "no:cacheprovider")
    arguments = ["-q", "-W", "error", *plugins, str(folder)]
    paths = [str(folder), str(LIBRARY)]
    first = (
        f"import pytest, sys\nsys.path[:0] = {paths}\nraise SystemExit(pytest.main({arguments}))"
    )
    alone = {"PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return run([], first, folder, alone)


def spawn(data: OfficeFolder, first: str = "") -> Child:
    """Start a backend as ``desktop.client.child.spawn`` does; ``first`` is as in :func:`start`."""
    from desktop.client.child import STDERR, Child

    data.create()
    with (data.logs / STDERR).open("ab") as stderr:
        arguments = ["serve", "--parent-pipe", "--data-dir", str(data.root)]
        before, process = stderr.tell(), start(arguments, first, stderr.fileno())
        return Child(cast("subprocess.Popen[bytes]", process), data, before)


def reader(command: str, *, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start what reads spreadsheets as ``desktop.child_process.start`` does."""
    return cast("subprocess.Popen[bytes]", start([command], stderr=stderr.fileno()))


@cache
def _source() -> socket.socket:
    """Reach the process that forks. Those of one run of tests share it; the first starts it."""
    name = f"\0sendoff-tests-{RUN}"
    ours, process = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET), None
    while ours.connect_ex(name):
        process = _begin(name) or process

    @atexit.register
    def end() -> None:
        ours.close()
        if process is not None:
            process.wait()  # it ends when none needs it any more

    return ours


def _begin(name: str) -> subprocess.Popen[bytes] | None:
    """Start the process that forks, unless another was first."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as place:
        try:
            place.bind(name)
        except OSError:
            time.sleep(0.01)  # it is about to listen
            return None
        place.listen()
        command = [sys.executable, "-m", "tests.forked", str(place.fileno())]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[place.fileno()])


def _fork(place: socket.socket) -> None:
    """Fork a process for each request, and tell its number and how it ended."""
    for name in MODULES:
        importlib.import_module(name)
    PROGRAM.runs_as(SENDOFF)  # before its words are read
    importlib.import_module("tests.warm_up").warm_up()
    gc.collect()
    gc.freeze()  # no fork looks through what they all have, or copies it by doing so
    vars(safe_files)["QUIET"] = 0.0  # as in the tests' own process
    # The machine's power stays on, so nothing need be synced.
    vars(database)["SYNCHRONOUS"] = "OFF"
    vars(os)["fsync"] = lambda _: None
    # Installed packages bring no tasks: to look for them is a fifth of a backend's start.
    plugins = importlib.import_module("sendoff_tasks.functions.plugins")
    vars(plugins)["entry_points"] = lambda **_: ()
    sys.modules["__main__"] = sys.modules["desktop.__main__"]  # what spawned workers import
    heard, running = select.poll(), dict[int, tuple[int, int]]()
    asking = dict[int, socket.socket]()
    heard.register(place, select.POLLIN)
    while True:
        for ready, _ in heard.poll():
            if ready in running:
                heard.unregister(ready)
                _tell_end(*running.pop(ready))
                os.close(ready)
                continue
            if ready == place.fileno():
                asked, _ = place.accept()
                asking[asked.fileno()] = asked
                heard.register(asked, select.POLLIN)
                continue
            request, ends, _, _ = socket.recv_fds(asking[ready], MOST, 4)
            if not request:
                heard.unregister(ready)
                asking.pop(ready).close()
                if not asking:
                    return
                continue
            line = ends.pop()
            pid = os.fork()
            if pid == 0:
                for each, (_, its_line) in running.items():
                    os.close(each)
                    os.close(its_line)
                os.close(line)
                for open_here in (place, *asking.values()):
                    open_here.close()
                _run(request, ends)
            for end in ends:
                os.close(end)
            os.write(line, b"%d" % pid)
            running[ended := os.pidfd_open(pid)] = pid, line
            heard.register(ended, select.POLLIN)


def _tell_end(pid: int, line: int) -> None:
    _, status = os.waitpid(pid, 0)
    with suppress(BrokenPipeError):  # no test waits for it any more
        os.write(line, b"%d" % os.waitstatus_to_exitcode(status))
    os.close(line)


def _run(request: bytes, ends: list[int]) -> NoReturn:
    """Be a backend."""
    arguments, first, place, environment = json.loads(request)
    os.setsid()
    for number, end in enumerate(ends):
        os.dup2(end, number)
        os.close(end)
    os.chdir(place)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["sendoff", *arguments]
    try:
        exec(first, {})  # noqa: S102 - the test's own
        from desktop.__main__ import main

        sys.exit(main())
    except SystemExit as status:
        code = status.code
    except BaseException as error:  # noqa: BLE001 - it ends as an uncaught one does
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(cast("int", code or 0))


if __name__ == "__main__":
    _fork(socket.socket(fileno=int(sys.argv[1])))
