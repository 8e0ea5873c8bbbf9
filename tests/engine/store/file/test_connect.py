"""One engine at a time on a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.engine.store.database import lock_store
from desktop.engine.store.errors import StoreError, StoreInUse


def test_a_second_engine_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    lock = lock_store(path)
    with pytest.raises(StoreInUse, match="already in use"):
        lock_store(path)
    lock.release()
    lock_store(path).release()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        lock_store(tmp_path / "no folder" / "store.db")
