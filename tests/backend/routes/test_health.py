"""``GET /health`` tells that a backend is there, and nothing else."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desktop import __version__
from desktop.backend.application import create_app
from desktop.settings.backend_file import proof
from tests.backend.conftest import PORT, TOKEN, bad_paths, client_of

if TYPE_CHECKING:
    import httpx

    from desktop.backend.parts.parts import Parts
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio


async def test_it_needs_no_token_and_holds_no_secret(parts: Parts) -> None:
    async with client_of(create_app(parts, token=TOKEN, port=PORT), token=None) as client:
        answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "version": __version__}
        assert (await client.get("/stats")).status_code == 401
        assert (await client.get("/openapi.json")).status_code == 401


async def test_it_proves_that_it_knows_the_token_without_showing_it(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/health", params={"nonce": "abc"}, headers={"Authorization": ""})
    assert answer.json()["proof"] == proof(TOKEN, "abc") != proof(TOKEN, "abd")
    assert TOKEN not in answer.text
    long = await client.get("/health", params={"nonce": "x" * 201})
    assert bad_paths(long) == ["nonce"]


async def test_a_damaged_database_is_said_and_written_no_more(
    parts: Parts, client: httpx.AsyncClient, folder: DataFolder
) -> None:
    await client.post("/items/1", json={"tasks": []})
    with sqlite3.connect(folder.db, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'items'"
        ).fetchone()
    connection.close()
    with folder.db.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(range(256)) * 16)
    for answer in (await client.get("/items/1"), await client.post("/items/2")):
        assert answer.status_code == 503, answer.text
        assert str(folder.db) in answer.json()["detail"]
        assert int(answer.headers["Retry-After"]) > 0
    assert (await client.get("/health")).json()["status"] == "damaged"
