"""The store is checked and copied at idle moments; what cannot be is told and stops nothing."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from desktop.engine.clock import DAY_S
from desktop.engine.duties import check_and_backup as module
from desktop.engine.duties.check_and_backup import PATIENCE_S, Upkeep
from desktop.engine.errors import UnknownId
from desktop.engine.store import backup
from desktop.settings.database_backups import list_backups
from tests.engine.duties.test_integrity import damage_page
from tests.engine.stepped import Stepped, registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.events import Notice


class Kept:
    """An upkeep whose moments the test chooses, beside a stepped engine."""

    def __init__(self, engine: Stepped) -> None:
        self.engine = engine
        self.resting = True
        self.heard: list[Notice] = []
        engine.journal.board.on_notice(self.heard.append)
        self.upkeep = Upkeep(
            engine.path, engine.reader, engine.clock, engine.journal, lambda: self.resting
        )

    def look(self, after: float = 10) -> None:
        self.engine.clock.time += after
        self.upkeep.look()

    def rest(self) -> None:
        """Do all that is due."""
        for _ in range(3):
            self.look()

    @property
    def copies(self) -> int:
        return len(list_backups(self.engine.path))


@pytest.fixture
def kept(in_file: None, make: Callable[..., Stepped]) -> Kept:
    engine = make()
    engine.add(delay=1e9)
    return Kept(engine)


def test_the_first_idle_moment_after_a_start_checks_and_copies(kept: Kept) -> None:
    kept.look()
    assert kept.copies == 0
    kept.rest()
    assert kept.copies == 1
    assert kept.heard == []


def test_a_day_later_it_is_copied_again_unless_nothing_has_changed(kept: Kept) -> None:
    kept.rest()
    kept.look(DAY_S - 100)
    assert kept.copies == 1
    kept.look(200)
    kept.rest()
    assert kept.copies == 1
    kept.engine.add(delay=1e9)
    kept.look(DAY_S)
    kept.rest()
    assert kept.copies == 2


def test_a_restart_does_not_bring_the_next_copy_forward(kept: Kept) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    again = Kept(kept.engine)
    again.rest()
    assert again.copies == 1
    again.look(DAY_S)
    again.rest()
    assert again.copies == 2


def test_a_busy_engine_is_left_alone_for_an_hour_at_most(kept: Kept) -> None:
    kept.resting = False
    for _ in range(int(PATIENCE_S / 100) - 1):
        kept.look(100)
    assert kept.copies == 0
    for _ in range(3):
        kept.look(100)
    assert kept.copies == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("is_in_log", [False, True])
@pytest.mark.parametrize("what", ["older", "foreign", "no database"])
def test_an_idle_store_that_is_written_over_is_noticed(
    tmp_path: Path, what: str, *, is_in_log: bool
) -> None:
    first = Stepped(tmp_path / "store.db", registry())
    first.add(delay=1e9)
    first.close()
    other = {"older": first.path.read_bytes(), "no database": b"no database at all" * 300}
    Stepped(tmp_path / "other.db", registry()).close()
    other["foreign"] = (tmp_path / "other.db").read_bytes()
    engine = Stepped(first.path, registry())
    kept = Kept(engine)
    for _ in range(300):
        engine.add(delay=1e9)
    engine.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if is_in_log:
        engine.add(delay=1e9)
    kept.look()
    assert engine.reader.damage is None
    first.path.write_bytes(other[what])
    kept.look()
    assert "was written into it while it was in use" in str(engine.reader.damage)
    engine.close()


def test_a_read_that_fails_as_none_should_has_a_busy_store_checked(kept: Kept) -> None:
    kept.rest()
    kept.resting = False
    kept.engine.reader.on_surprise = kept.upkeep.suspect
    damage_page(kept.engine.connection, kept.engine.path, "tasks_by_recipient")
    with suppress(UnknownId), kept.engine.reader.snapshot():
        raise UnknownId("task", 1)  # which a reader may well ask for
    kept.look()
    assert kept.engine.reader.damage is None
    with suppress(KeyError), kept.engine.reader.snapshot():
        raise KeyError(1)
    kept.look()
    assert kept.engine.reader.damage is not None


def test_a_sound_store_is_not_checked_again_and_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[object] = []
    kept.rest()
    monkeypatch.setattr(module, "find_damage", lambda *told: checks.append(told))
    for _ in range(int(PATIENCE_S / 100)):
        kept.upkeep.suspect()
        kept.look(100)
    assert len(checks) == 1


def test_an_engine_in_which_something_changes_is_not_idle(kept: Kept) -> None:
    for _ in range(5):
        kept.engine.add(delay=1e9)
        kept.look()
    assert kept.copies == 0


def test_a_copy_that_cannot_be_made_is_told_and_tried_again_later(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(backup, "RESERVE", 1 << 60)
        kept.rest()
    (told,) = kept.heard
    assert told["level"] == "warning"
    assert told["text"].endswith(" There is none yet.")
    assert kept.engine.journal.board.active == [told]
    assert kept.engine.add(delay=1e9)
    kept.rest()
    assert kept.copies == 0
    kept.look(PATIENCE_S)
    kept.rest()
    assert kept.copies == 1
    assert kept.heard[-1] == {**told, "active": False}
    assert kept.engine.journal.board.active == []


def test_a_stop_leaves_what_was_begun(kept: Kept) -> None:
    kept.upkeep.start()
    kept.upkeep.stop()
    kept.rest()
    assert kept.copies == 0
    assert kept.heard == []


def test_a_log_that_grows_too_long_meanwhile_ends_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, "LOG_BYTES", 0)
        kept.rest()
        assert kept.copies == 0
    kept.look(PATIENCE_S)
    kept.rest()
    assert kept.copies == 1


def test_damage_is_noted_and_no_sound_copy_gives_way_to_it(kept: Kept) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    damage_page(kept.engine.connection, kept.engine.path, "tasks_by_end")
    kept.look(DAY_S)
    kept.rest()
    damage = kept.engine.reader.damage
    assert damage is not None
    assert f"{kept.engine.path} cannot be used: " in str(damage)
    assert "`sendoff doctor --restore` puts its backup of " in str(damage)
    kept.look(DAY_S)
    kept.rest()
    assert kept.copies == 1


@pytest.mark.parametrize("years", [4, -4])
def test_a_clock_that_is_set_changes_no_interval(kept: Kept, years: int) -> None:
    kept.rest()
    kept.engine.clock.jump(years * 365 * DAY_S)
    kept.engine.add(delay=1e9)
    kept.look(DAY_S / 2)
    kept.rest()
    assert kept.copies == 1
    for day in range(2, 5):
        kept.engine.add(delay=1e9)
        kept.look(DAY_S)
        kept.rest()
        assert kept.copies == day


def test_copies_that_are_never_finished_are_told_after_a_day(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.rest()
    kept.engine.add(delay=1e9)
    with monkeypatch.context() as patch:
        patch.setattr(module, "LOG_BYTES", 0)
        kept.look(DAY_S)
        for _ in range(23):
            kept.look(PATIENCE_S)
            kept.rest()
        assert kept.heard == []
        kept.look(PATIENCE_S)
        kept.rest()
    told = kept.heard[-1]
    assert told["id"] == "backup"
    assert told["text"].startswith("No backup could be finished for a day, ")
    assert "The newest one is of " in told["text"]
    kept.look(PATIENCE_S)
    kept.rest()
    assert kept.copies == 2
    assert kept.heard[-1] == {**told, "active": False}


@pytest.mark.skipif(sys.platform == "win32", reason="there, a file that is open stays")
@pytest.mark.parametrize("instead", [None, b"", b"another"])
def test_a_database_that_is_gone_or_another_is_damage(kept: Kept, instead: bytes | None) -> None:
    kept.rest()
    kept.engine.path.unlink()
    if instead is not None:
        kept.engine.path.write_bytes(instead)
    kept.look()
    assert kept.engine.reader.damage is not None
    assert "then restart this one" in str(kept.engine.reader.damage)
    assert kept.engine.path.exists() is (instead is not None)
    kept.rest()
    assert kept.copies == 1
