"""An option of ``install`` that cannot be is named at once, and nothing is made."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

from desktop.engine.fastapi import install
from desktop.engine.fastapi.monitoring import address_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"io_slots": 0}, "io_slots: 0 is not a number from 1"),
        ({"async_tasks": "mine"}, "async_tasks: it is 'own' or 'app', got 'mine'"),
        ({"cpu_slots": -1}, "cpu_slots: -1 is not"),
        ({"grace": math.nan}, "grace: nan is not"),
        ({"retention": timedelta(0)}, "retention: 0:00:00 is not"),
        ({"monitor": "9108"}, "monitor: '9108' is not an address such as 127.0.0.1:9108"),
        ({"monitor": "127.0.0.1:x"}, "monitor: '127.0.0.1:x' is not an address"),
        ({"monitor": "127.0.0.1:9108/metrics"}, "is not an address such as"),
        ({"monitor": "0.0.0.0:9108"}, "0.0.0.0 is not an address of this computer alone"),
        ({"monitor": "example.org:9108"}, "example.org is not an address of this computer alone"),
        ({"token": "short"}, "token: it needs 16 characters"),
        ({"token": "x" * 20, "monitor": False}, "token: there is no monitor"),
    ],
)
def test_it_is_a_value_error(options: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(ValueError, match=sentence.replace(".", r"\.")):
        install(FastAPI(), data_dir=folder, **options)
    assert not folder.exists()


def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(ValueError, match="data is a file, and tasks are kept in a folder"):
        install(FastAPI(), data_dir=tmp_path / "data")


def test_a_retention_that_is_no_time_is_a_type_error(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"retention is a timedelta, .*, got 7"):
        install(FastAPI(), data_dir=tmp_path, retention=7)  # type: ignore[arg-type]


def test_an_address_is_a_host_and_a_port() -> None:
    assert address_of("127.0.0.1:9108") == ("127.0.0.1", 9108)
    assert address_of("localhost:0") == ("localhost", 0)
    assert address_of("[::1]:9108") == ("::1", 9108)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, "Give data_dir or database"),
        ({"database": "sqlite:///shop.db"}, "must begin with postgresql://"),
        ({"database": "postgresql://server/shop", "monitor": "127.0.0.1:9108"}, "needs a data_dir"),
    ],
)
def test_tasks_are_kept_in_one_place(place: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        install(FastAPI(), **place)
