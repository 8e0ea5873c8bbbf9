"""The tests of one run in several processes: one collects them all and forks those that run them.

Importing them all takes as long as a tenth of the tests; here it is done once.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import traceback
from itertools import chain, groupby, pairwise
from multiprocessing import connection
from typing import TYPE_CHECKING, NoReturn

import pytest
from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    Line = connection.Connection[object, object]

CHUNK = 16
"""Tests of one file that one process runs in a row: what they share is made once."""
PATIENCE = 10.0
"""Seconds for a process that is interrupted."""
NUMBER = 4
"""Bytes of the number of a chunk."""


class Processes:
    """A plugin for the process that collects; it reports what the others run."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._running: dict[Line, int] = {}
        """From each process, and its id."""
        self._unfinished: dict[Line, range] = {}
        """The test that each process runs, or ran last, and those after it in its chunk."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run all tests, unless pytest would run none."""
        if session.testsfailed or session.config.option.collectonly:
            return None
        chunks = _Chunks(session.items)
        try:
            for _ in range(self._count):
                self._fork(session, chunks)
            while self._running:
                for line in connection.wait(list(self._running)):
                    assert isinstance(line, connection.Connection)
                    try:
                        self._tell(session, line.recv(), line)
                    except EOFError:
                        self._end(session, line, chunks)
                    if session.shouldfail:
                        raise session.Failed(session.shouldfail)
        finally:
            self._stop()
        return True

    def _fork(self, session: pytest.Session, chunks: Iterable[range]) -> None:
        ours, its = connection.Pipe(duplex=False)
        folder = session.config._tmp_path_factory.mktemp("p")  # type: ignore[attr-defined]
        sys.stdout.flush()
        if (pid := os.fork()) == 0:
            for each in (ours, *self._running):
                each.close()
            _run(session, chunks, its, folder)
        its.close()
        self._running[ours] = pid

    def _tell(self, session: pytest.Session, said: object, line: Line) -> None:
        if isinstance(said, range):
            self._unfinished[line] = said
            return
        assert isinstance(said, list)
        self._unfinished[line] = self._unfinished[line][1:] or self._unfinished[line]
        hook = session.config.hook
        for data in said:
            report = hook.pytest_report_from_serializable(config=session.config, data=data)
            hook.pytest_runtest_logreport(report=report)

    def _end(self, session: pytest.Session, line: Line, chunks: Iterable[range]) -> None:
        """Let another process go on where one has crashed, after the test that it ran."""
        _, status = os.waitpid(self._running.pop(line), 0)
        if not status:
            return
        number, *others = self._unfinished.pop(line)
        item, how = session.items[number], os.waitstatus_to_exitcode(status)
        failed = pytest.TestReport(
            item.nodeid, item.location, {}, "failed", f"Its process ended with {how}.", "call"
        )
        session.config.hook.pytest_runtest_logreport(report=failed)
        rest = range(number + 1, number + 1 + len(others))
        self._fork(session, chain([rest], chunks))

    def _stop(self) -> None:
        """Interrupt those that still run, as Ctrl+C would: they end what their tests have begun."""
        for pid in self._running.values():
            os.kill(pid, signal.SIGINT)
        for pid in self._running.values():
            ended = os.pidfd_open(pid)
            if not connection.wait([ended], PATIENCE):
                os.kill(pid, signal.SIGKILL)
            os.close(ended)
            os.waitpid(pid, 0)


class _Chunks:
    """All tests, in chunks; iterating takes those that no process has taken.

    What is left is a pipe with a number for each: processes that read it at once get another each.
    """

    def __init__(self, items: list[pytest.Item]) -> None:
        self._all: list[range] = []
        for _, numbers in groupby(range(len(items)), key=lambda number: items[number].path):
            of_file = list(numbers)
            for start in of_file[::CHUNK]:
                self._all.append(range(start, min(start + CHUNK, of_file[-1] + 1)))
        self._left, end = os.pipe()
        for number in range(len(self._all)):
            os.write(end, number.to_bytes(NUMBER))
        os.close(end)

    def __iter__(self) -> Iterator[range]:
        while number := os.read(self._left, NUMBER):
            yield self._all[int.from_bytes(number)]


class _Telling:
    """A plugin for a process that runs tests: what they report is sent."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item) -> bool:
        hook = item.config.hook
        reports = _in_short(runtestprotocol(item, log=False, nextitem=nextitem))
        self._line.send(
            [
                hook.pytest_report_to_serializable(config=item.config, report=each)
                for each in reports
            ]
        )
        return True


def _in_short(reports: list[pytest.TestReport]) -> list[pytest.TestReport]:
    """Tell of a test that has passed in one report in place of three: it takes a third as long."""
    if len(reports) != 3 or not all(each.passed for each in reports):
        return reports
    _, call, _ = reports
    call.duration = sum(each.duration for each in reports)
    return [call]


def _run(session: pytest.Session, chunks: Iterable[range], line: Line, folder: Path) -> NoReturn:
    """Be a process that runs tests."""
    code, config = 1, session.config
    try:
        atexit._clear()  # what this process has not begun is not its to end
        config.pluginmanager.register(_Telling(line))
        try:
            for chunk in chunks:
                # For each new folder, pytest reads the names of all beside it.
                place = folder / str(chunk.start)
                place.mkdir(exist_ok=True)
                config._tmp_path_factory._basetemp = place  # type: ignore[attr-defined]
                # What is made for the whole run is kept from one chunk to the next.
                items = [*session.items[chunk.start : chunk.stop], session]
                line.send(chunk)
                for item, following in pairwise(items):
                    config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            session._setupstate.teardown_exact(None)
            atexit._run_exitfuncs()
        code = 0
    except KeyboardInterrupt:
        pass
    except BaseException:  # noqa: BLE001 - it ends as an uncaught one does
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)
