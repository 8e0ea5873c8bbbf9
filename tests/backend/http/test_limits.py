"""An app's queue limits in a file: in force at the start, followed, never lost by half a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder import safe_files
from sendoff_tasks.functions.registry import Registry
from sendoff_tasks.http.limits import LimitsFile
from tests import WITHIN

LONG_AGO = 1_000_000_000


def write(file: Path, text: str, at: int) -> None:
    """Write a file that has been quiet since."""
    file.write_text(text)
    os.utime(file, (at, at))


@contextmanager
def running(folder: Path) -> Iterator[tuple[Engine, LimitsFile]]:
    engine = Engine(EngineConfig(folder / "tasks.db", Registry(), lanes=False))
    limits = LimitsFile(folder / "settings.toml", engine)
    engine.start()
    try:
        yield engine, limits
    finally:
        engine.stop()


def limited(engine: Engine, queue: str = "post") -> tuple[int | None, str | None, int | None]:
    wanted = engine.config.limits.wanted[queue]
    return wanted.concurrency, wanted.in_words, wanted.per_day


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_limits_are_in_force_at_the_start_and_followed(tmp_path: Path, file: Path) -> None:
    write(file, '[queues.post]\nrate = "30/min"\n', LONG_AGO)
    with running(tmp_path) as (engine, limits):
        assert limited(engine) == (None, "30/min", None)
        write(file, '[queues.post]\nrate = "1/s"\nconcurrency = 2\n', LONG_AGO + 1)
        assert not limits.look()
        assert limited(engine) == (2, "1/s", None)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda file: write(file, "", LONG_AGO + 1)])
def test_limit_whose_line_is_gone_stays_over_a_restart(
    tmp_path: Path, file: Path, spoil: Callable[[Path], None]
) -> None:
    write(file, "[queues.post]\nper_day = 3\n", LONG_AGO)
    with running(tmp_path) as (engine, _):
        engine.do(lambda _: None).result()  # what is written stores them
    spoil(file)
    with running(tmp_path) as (engine, limits):
        assert limited(engine) == (None, None, 3)
        write(file, '[queues.post]\nper_day = "none"\n', LONG_AGO + 2)
        limits.look()
        assert limited(engine) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[queues.post", "cannot be read"),
        ("[queues.post]\nrate = 3\n", "queues.post.rate"),
        ("[queues.post]\nconcurrency = 0\n", "queues.post.concurrency"),
        ("[queues.post]\nconcurrency = 1", "may be cut"),
    ],
)
def test_file_that_cannot_be_used_leaves_the_last_limits_with_a_notice(
    tmp_path: Path, file: Path, text: str, why: str
) -> None:
    write(file, "[queues.post]\nconcurrency = 16\n", LONG_AGO)
    with running(tmp_path) as (engine, limits):
        write(file, text, LONG_AGO + 1)
        limits.look()
        assert limited(engine) == (16, None, None)
        assert [why in notice["text"] for notice in engine.notices()] == [True]
        write(file, "[queues.post]\nconcurrency = 8\n", LONG_AGO + 2)
        limits.look()
        assert limited(engine) == (8, None, None)
        assert not engine.notices()


def test_file_is_read_once_it_is_quiet(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as (engine, limits):
        monkeypatch.setattr(safe_files, "QUIET", float(WITHIN))
        file.write_text("[queues.post]\nconcurrency = 2\n")
        assert limits.look()
        assert not engine.config.limits.wanted
