"""What waits for a person is named, with what lets it go on."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry, task
from desktop.settings.paths import DataFolder
from desktop.shell.doctor.doctor import look_for_standstill
from tests.engine.duties.test_integrity import damage_page
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@task(name="other")
def other() -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


@pytest.fixture
def engine(folder: DataFolder) -> Iterator[Engine]:
    registry = Registry()
    registry.add(other)
    engine = Engine(folder.db, registry)
    engine.start()
    yield engine
    engine.stop()


def told(folder: DataFolder) -> list[str]:
    findings = list(look_for_standstill(folder.db, folder.settings_file))
    assert not any(finding.ok for finding in findings)
    return [finding.text for finding in findings]


@pytest.mark.usefixtures("engine")
def test_where_nothing_waits_nothing_is_said(folder: DataFolder) -> None:
    assert told(folder) == []


def test_without_a_store_there_is_nothing_to_say(folder: DataFolder) -> None:
    assert told(folder) == []
    folder.db.write_bytes(b"none at all")
    assert told(folder) == []


def test_settings_that_cannot_be_read_are_told_of_by_another(folder: DataFolder) -> None:
    folder.settings_file.mkdir()
    assert told(folder) == []


def test_a_damaged_store_is_told_of_by_another(folder: DataFolder, engine: Engine) -> None:
    engine.stop()
    with closing(sqlite3.connect(folder.db)) as connection:
        damage_page(connection, folder.db, "pauses")
    assert told(folder) == []


def test_pauses_are_named_with_the_command_that_ends_them(
    folder: DataFolder, engine: Engine
) -> None:
    engine.add_task(other)
    engine.pause("other").result()
    (one,) = told(folder)
    assert one.startswith("The queue other has been paused since ")
    assert one.endswith(": `sendoff resume other` resumes it.")
    engine.pause(None).result()
    assert told(folder)[0].startswith("Everything has been paused since ")


def test_an_older_store_is_named_as_why_all_is_paused(folder: DataFolder, engine: Engine) -> None:
    engine.stop()
    folder.db.with_name(f"{folder.db.name}.mark").unlink()
    again = Engine(folder.db, engine._registry)
    again.start()
    (one,) = told(folder)
    assert ". These tasks are older than those that were here last, " in one
    assert one.endswith("check them, then resume. (`sendoff resume`)")
    again.resume(None).result()
    assert told(folder) == []
    again.pause(None).result()
    assert "older" not in told(folder)[0]
    again.stop()


def test_a_doubted_clock_is_told_with_its_year(folder: DataFolder, engine: Engine) -> None:
    engine.stop()
    until = round(time.time() * 1000) + 3_600_000
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('doubted_until', ?)", (str(until),))
    (one,) = told(folder)
    assert f"it says {datetime.now().astimezone():%Y-%m-%d }" in one


def test_held_tasks_are_counted_by_their_reason(folder: DataFolder, engine: Engine) -> None:
    engine.pause(None).result()
    for _ in range(3):
        engine.add_task(other)
    engine._registry.exchange({"other": "There is no task named “other” any more."}, ())
    engine.resume(None).result()
    eventually(lambda: engine.stats()["counts"]["waiting"] == 3)
    (waits,) = told(folder)
    assert waits.startswith("Task 1 and 2 more is on hold: There is no task named “other”")


def test_a_misspelt_key_is_told(folder: DataFolder) -> None:
    folder.settings_file.write_text("[mail]\nprot = 25\n")
    assert told(folder) == ["settings.toml: there is no `mail.prot`; did you mean `port`?"]
