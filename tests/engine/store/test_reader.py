"""Reading beside the writer."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop.engine.errors import Closed
from desktop.engine.store.database import Reader, open_store
from desktop.engine.store.errors import StoreDamaged
from desktop.engine.store.reader_pool import SPARE

COUNT = "SELECT count(*) FROM log"


def test_a_snapshot_does_not_change_while_the_writer_writes(tmp_path: Path) -> None:
    writer = open_store(tmp_path / "store.db")
    reader = Reader(tmp_path / "store.db")
    with reader.snapshot() as before:
        assert before.execute(COUNT).fetchone() == (0,)
        writer.execute("INSERT INTO log VALUES (1, 1, 1, 0, 'info', 'sent')")
        assert before.execute(COUNT).fetchone() == (0,)
        with reader.snapshot() as after:
            assert after.execute(COUNT).fetchone() == (1,)
    with reader.snapshot() as again:
        assert again.execute(COUNT).fetchone() == (1,)
    reader.close()
    writer.close()


def test_an_error_in_a_read_leaves_the_connection_usable(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")
    with pytest.raises(ZeroDivisionError), reader.snapshot() as connection:
        _ = connection.execute(COUNT).fetchone()[0] / 0
    with reader.snapshot() as connection:
        assert connection.execute(COUNT).fetchone() == (0,)
    reader.close()


def test_a_database_that_is_gone_is_said_and_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    open_store(path).close()
    reader = Reader(path)
    told: list[StoreDamaged] = []
    reader.on_damage = told.append
    path.unlink()
    with pytest.raises(StoreDamaged, match="is not there any more"), reader.snapshot():
        pass
    assert not path.exists()
    assert reader.damage in told
    reader.close()


def test_damage_that_two_find_at_once_is_told_once(tmp_path: Path) -> None:
    class OneByOne(Reader):
        """Fails who looks whether damage was found, or says that, while another one may."""

        _found: StoreDamaged | None = None

        @property
        def damage(self) -> StoreDamaged | None:
            assert self.lock.locked()
            return self._found

        @damage.setter
        def damage(self, found: StoreDamaged | None) -> None:
            assert found is None or self.lock.locked()
            self._found = found

    reader = OneByOne(tmp_path / "store.db")
    told: list[StoreDamaged] = []
    reader.on_damage = told.append
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(reader.note, [sqlite3.DatabaseError("malformed")] * 2))
    assert len(told) == 1


def test_what_a_read_raised_is_not_hidden_by_its_end(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")

    class Failing:
        in_transaction = False

        def execute(self, statement: str) -> None:
            if statement == "ROLLBACK":
                raise sqlite3.OperationalError("disk I/O error")
            self.in_transaction = True

        def close(self) -> None:
            closed.append(self)

    closed: list[Failing] = []
    reader._spare = [Failing()]  # type: ignore[list-item]
    with pytest.raises(ZeroDivisionError), reader.snapshot():
        _ = 1 / 0
    assert len(closed) == 1
    reader.close()


def test_a_path_is_taken_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a store #1%20.db"
    open_store(path).close()
    reader = Reader(path)
    with reader.snapshot() as connection:
        assert connection.execute(COUNT).fetchone() == (0,)
    reader.close()


def test_more_readers_than_are_kept_are_lent_all_the_same(tmp_path: Path) -> None:
    open_store(tmp_path / "store.db").close()
    reader = Reader(tmp_path / "store.db")
    lent = [reader.snapshot() for _ in range(SPARE + 2)]
    connections = {id(snapshot.__enter__()) for snapshot in lent}
    assert len(connections) == SPARE + 2
    for snapshot in lent:
        snapshot.__exit__(None, None, None)
    reader.close()
    with pytest.raises(Closed), reader.snapshot():
        pass
