"""A damaged database is replaced by its backup or an empty one."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from desktop.gui.frame import repair
from desktop.gui.frame.cases import CaseFact
from desktop.gui.frame.repair import Repair
from sendoff_tasks.folder.database_backups import RestoreError, backup_path, backups_folder
from tests.gui.hands import answer

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play


def back_up(database: Path) -> None:
    """Copy a database that is in use, as the engine does."""
    copy = backup_path(database, datetime.now(UTC))
    copy.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(database)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def ruin(database: Path) -> None:
    """Put something else in the place of a database, and take its log away."""
    database.with_name(f"{database.name}-wal").write_bytes(b"")
    database.write_bytes(b"this is no database" * 1000)


async def test_a_damaged_database_gives_way_to_its_backup_and_without_a_sound_one_to_an_empty_one(
    play: Play, data: OfficeFolder
) -> None:
    play.submit("Ada")
    await play.until(lambda: play.states() == ["succeeded"])
    await asyncio.to_thread(back_up, data.db)
    ruin(data.db)
    play.kill_backend()
    await play.until(lambda: {"damaged", "soft backup"} <= play.told())
    play.submit("Bo")
    play.choose("restore")
    answer("Restore")
    await play.until(lambda: "look_first" in play.told())
    await play.until(lambda: sorted(play.states()) == ["queued", "succeeded"])
    play.choose("resume")
    await play.until(lambda: play.states() == ["succeeded"] * 2)

    for earlier in (backups_folder(data.db), *data.root.glob("damaged-*")):
        shutil.rmtree(earlier)
    await asyncio.to_thread(back_up, data.db)
    (copy,) = backups_folder(data.db).iterdir()
    copy.write_bytes(b"neither is this" * 1000)
    ruin(data.db)
    play.kill_backend()
    await play.until(lambda: {"damaged", "soft backup"} <= play.told())
    play.choose("restore")
    answer("Restore")
    await play.until(lambda: "There is no sound backup" in play.window.sentence.soft.text())
    play.choose("begin_empty")
    answer("Start empty")
    await play.note("damaged-")
    await play.until(lambda: play.program.source.api and play.model.rowCount() == 0)
    (kept,) = data.root.glob("damaged-*")
    assert (kept / data.db.name).read_bytes().startswith(b"this is no database")


def test_a_failed_repair_says_why(
    window: AppWindow, qtbot: QtBot, jobs: Jobs, data: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Path:
        raise RestoreError("The disk is full.")

    monkeypatch.setattr(repair, "begin_empty", refuse)
    Repair(window, data.db, jobs).offer()
    qtbot.waitUntil(lambda: bool(window.cases.facts))
    window.cases.press("begin_empty", "")
    answer("Start empty")
    qtbot.waitUntil(
        lambda: window.cases.facts == [CaseFact("begin_empty", why="The disk is full.")]
    )
