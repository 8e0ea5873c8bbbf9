"""``/health`` says whether the backend is there, ``/metrics`` what it has done."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from desktop import __version__
from desktop.backend.application import create_app
from desktop.contract.access import CONTRACT, Access
from desktop.settings.backend_file import proof
from desktop.settings.tokens import add_token, proof_key, token_id
from tests.backend.conftest import PORT, TOKEN, bad_paths, client_of, settled

if TYPE_CHECKING:
    import httpx

    from desktop.backend.shared.services import Services
    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio


async def test_it_needs_no_token_and_holds_no_secret(services: Services) -> None:
    async with client_of(create_app(services, token=TOKEN, port=PORT), token=None) as client:
        answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "version": __version__, "contract": CONTRACT}
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


async def test_it_knows_named_tokens_by_their_id_and_says_what_they_allow(
    services: Services, folder: DataFolder
) -> None:
    file = folder.tokens_file
    tokens = {
        "viewer": add_token(file, "viewer", Access.VIEWER),
        "expired": add_token(file, "over", Access.FULL, expires_at=0.0),
        "full": TOKEN,
        "none": "another",
    }
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=file)
    for access, token in tokens.items():
        async with client_of(app, token=token) as client:
            params = {"nonce": "abc", "token_id": token_id(token) or ""}
            said = (await client.get("/health", params=params)).json()
        assert said["access"] == access
        assert (said["proof"] == proof(proof_key(token), "abc")) is (access != "none")
    assert not any(token in file.read_text() for token in tokens.values())
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("in_folder")
async def test_a_damaged_database_is_said_and_written_no_more(
    services: Services, client: httpx.AsyncClient, folder: DataFolder
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


def values(answer: httpx.Response) -> dict[str, float]:
    """Read the values by name and labels."""
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


async def test_what_ran_is_counted(client: httpx.AsyncClient, services: Services) -> None:
    before = values(await client.get("/metrics"))
    assert before["sendoff_oldest_queued_seconds"] == 0
    for _ in range(3):
        settled(services, (await client.post("/tasks", json={"task": "nothing"})).json()["id"])
    await client.post("/tasks", json={"task": "broken", "delay": 600})
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = values(answer)
    assert found['sendoff_tasks{queue="nothing",state="succeeded"}'] == 3
    assert found['sendoff_tasks{queue="broken",state="scheduled"}'] == 1
    assert found['sendoff_queue_paused{queue="mail"}'] == 0
    assert found['sendoff_attempts_started_total{queue="nothing"}'] == 3
    assert found['sendoff_attempts_finished_total{queue="nothing",outcome="succeeded"}'] == 3
    assert found['sendoff_waiting_seconds_count{queue="nothing"}'] == 3
    assert found['sendoff_running_seconds_bucket{queue="nothing",le="+Inf"}'] == 3
    assert found["sendoff_last_event_id"] > before["sendoff_last_event_id"]
    assert found["sendoff_store_bytes"] > 0
    assert found['sendoff_lane_slots{lane="io"}'] == 40


async def test_without_the_token_nothing_is_told(services: Services) -> None:
    async with client_of(create_app(services, token=TOKEN, port=PORT), token=None) as stranger:
        assert (await stranger.get("/metrics")).status_code == 401
