"""The kept folder of the baseline is opened by this program and by later ones: nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.backend.services import Services
from desktop.gui.link.drafts import DraftBox, DraftKind
from desktop.items.tables.schema import metadata
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.database_backups import find_fault, list_backups
from sendoff_tasks.folder.tokens import read_tokens
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.postgres import opening
from sendoff_tasks.store import migrations
from sendoff_tasks.store.database import TABLES, open_store
from sendoff_tasks.store.errors import OtherVersion
from sendoff_tasks.store.migrations import KEY, own_version
from sendoff_tasks.store.update import update_store
from tests.backend.conftest import eventually_batch, services_on, settled
from tests.looking import eventually
from tests.versions.keep import DUMP, FORM, KEPT, TEXT, unpack
from tests.versions.later import become

OF_ITEMS = metadata.sorted_tables
STATES = {
    "succeeded": 2,
    "failed": 1,
    "waiting": 1,
    "uncertain": 1,
    "running": 1,
    "scheduled": 1,
    "cancelled": 1,
    "queued": 3,
}
OPEN = ("queued", "running", "waiting")
NOW = own_version()


@contextmanager
def program(version: str) -> Iterator[None]:
    """Be the program of a version while the block runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "OWN", migrations.OWN)
        patch.setitem(metadata.info, KEY, metadata.info[KEY])
        if version != NOW:
            become(version)
        yield


@pytest.fixture(params=[NOW, "0040", "0041"])
def version(request: pytest.FixtureRequest) -> Iterator[str]:
    """Be this program, and later ones."""
    with program(request.param):
        yield request.param


@pytest.fixture
def folder(tmp_path: Path) -> OfficeFolder:
    """Unpack the kept folder."""
    folder = OfficeFolder(tmp_path / "data")
    unpack(KEPT, folder)
    return folder


ADDED = frozenset({"skipped", "opted_out", "doubtful"})
"""The columns that tables of the baseline got since."""
CHECKED = frozenset({"revision", "ready"})
"""What the check of a draft's rows finds: they are checked again by each newer version."""


def rows(database: Path) -> dict[str, Counter[Any]]:
    """Read all rows of the tables of the baseline, with its columns."""
    with closing(sqlite3.connect(database)) as source:
        names = [name for (name,) in source.execute(TABLES).fetchall()]
        return {
            name: Counter(source.execute(f"SELECT {_columns(source, name)} FROM {name}"))  # noqa: S608
            for name in names
            if name not in {"alembic_version", "notes", "meta", "acts"}
            and not name.startswith("words")
        }


def _columns(source: sqlite3.Connection, table: str) -> str:
    named = [name for _, name, *_ in source.execute(f"PRAGMA table_info({table})")]
    of_draft = CHECKED if table == "batches" else ()
    return ", ".join(
        f"CASE WHEN state = 'draft' THEN 0 ELSE {name} END" if name in of_draft else name
        for name in named
        if name not in ADDED
    )


def test_a_change_of_the_tables_leaves_each_row_as_it_was(
    folder: OfficeFolder, version: str
) -> None:
    before = rows(folder.db)
    assert len(before["tasks"]) == sum(STATES.values())
    update_store(folder.db, OF_ITEMS)
    assert rows(folder.db) == before
    assert find_fault(folder.db, at_rest=False) is None
    assert version
    assert len(list_backups(folder.db)) == 1


def test_the_kept_folder_is_found_whole_and_goes_on(folder: OfficeFolder, version: str) -> None:
    with services_on(folder, None) as services:
        assert version
        check(services, folder)


def test_the_kept_database_is_found_whole_and_goes_on(
    folder: OfficeFolder, version: str, server: Any
) -> None:
    url = kept_database(server)
    folder.db.unlink()
    for name in ("settings.toml", "templates"):  # the database has them
        part = folder.root / name
        part.unlink() if part.is_file() else shutil.rmtree(part)
    with services_on(folder, url) as services:
        assert version
        check(services, folder)


def kept_database(server: Any) -> str:
    """Make a database of the kept rows."""
    url = str(server.empty())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((KEPT / DUMP).read_bytes())
    return url


def check(services: Services, folder: OfficeFolder) -> None:
    """Find what was kept, and let what waits go on."""
    counts = dict(services.engine.counts(TaskFilter())["counts"])
    is_open = sum(counts.pop(state, 0) for state in OPEN)  # what ran is tried again
    assert is_open == sum(STATES[state] for state in OPEN)
    assert {state: n for state, n in counts.items() if n} == {
        state: n for state, n in STATES.items() if state not in OPEN
    }
    assert services.settings.get().mail.sender == "Box office <box@example.org>"
    assert services.letters.templates.source("renewal") == TEXT
    assert [token.name for token in read_tokens(folder.tokens_file)] == ["board"]
    drafts = DraftBox(folder.drafts)
    found = drafts.load()
    assert (found.form, [each.form for each in found.submissions]) == (FORM, [FORM])
    assert drafts.load_typed(DraftKind.TEMPLATES) == {"renewal": {"text": "half typ"}}
    assert drafts.load_typed(DraftKind.IMPORTS) == {"2": {"row": 1}}
    assert services.batches.get(2)["state"] == "draft"
    services.engine.resume(None).result()
    eventually_batch(services, 1, lambda batch: batch["counts"]["kept"] == 3)
    for task in range(1, sum(STATES.values()) + 1):
        if services.engine.task(task)["state"] in {"queued", "running"}:
            assert settled(services, task)["state"] == "succeeded"
    marks = folder.root / "marks"
    eventually(marks.exists)
    assert sorted(map(int, marks.read_text().split())) == [9, 10, 11]


def test_an_older_program_says_in_one_sentence_that_the_folder_is_newer(
    folder: OfficeFolder,
) -> None:
    with program("0041"):
        update_store(folder.db, OF_ITEMS)
    before = {part: part.read_bytes() for part in folder.root.rglob("*") if part.is_file()}
    for version in (NOW, "0040"):
        with program(version), pytest.raises(OtherVersion, match="a newer version"):
            update_store(folder.db, OF_ITEMS)
    after = {part: part.read_bytes() for part in folder.root.rglob("*") if part.is_file()}
    assert after == before


def shape(database: Path) -> dict[str, Any]:
    """Read the columns of each table in order, and the indexes."""
    with closing(sqlite3.connect(database)) as source:
        made = source.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
        return {
            name: (
                source.execute(f"PRAGMA table_xinfo({name})").fetchall()
                if kind == "table"
                else " ".join(sql.split())
            )
            for kind, name, sql in made.fetchall()
        }


def test_a_store_that_was_brought_up_to_date_has_the_tables_of_a_new_one(
    folder: OfficeFolder, tmp_path: Path
) -> None:
    update_store(folder.db, OF_ITEMS)
    open_store(folder.db, OF_ITEMS).close()
    new = tmp_path / "new.db"
    open_store(new, OF_ITEMS).close()
    assert shape(folder.db) == shape(new)


_SHAPE = """
SELECT table_name, column_name, ordinal_position, data_type, column_default, is_nullable
    FROM information_schema.columns WHERE table_schema = 'sendoff';
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'sendoff';
SELECT trigger_name, event_object_table
    FROM information_schema.triggers WHERE trigger_schema = 'sendoff';
SELECT proname, prosrc FROM pg_proc WHERE pronamespace = to_regnamespace('sendoff')
"""


def test_a_database_that_was_brought_up_to_date_has_the_tables_of_a_new_one(server: Any) -> None:
    found = []
    for url in (kept_database(server), str(server.empty())):
        opening.migrate(url, OF_ITEMS)
        with psycopg.connect(url) as connection:
            found.append(
                [set(connection.execute(each.encode()).fetchall()) for each in _SHAPE.split(";")]
            )
    assert found[0] == found[1]
