"""The state of the backend: health, counts, and metrics for a monitor."""

from __future__ import annotations

import re
import sqlite3

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import __version__
from desktop.backend.application import create_app
from desktop.backend.services import Services
from sendoff_tasks.facade.measures import Measures
from sendoff_tasks.folder.keys import proof
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.folder.tokens import add_token, proof_key, token_id
from sendoff_tasks.http.routes.backend import exposition
from sendoff_tasks.model.problems import CONTRACT, Access
from sendoff_tasks.model.queues import Queue
from sendoff_tasks.store.tables.records import FunctionRecord
from sendoff_tasks.transaction.measuring import GroupMeasures
from sendoff_tasks.writer.figures import Attempts, Durations
from tests.backend.conftest import PORT, TOKEN, bad_paths, client_of, settled

pytestmark = pytest.mark.anyio

NONCE = "ab" * 16


async def test_it_needs_no_token_and_holds_no_secret(services: Services) -> None:
    async with client_of(create_app(services, token=TOKEN, port=PORT), token=None) as client:
        answer = await client.get("/health")
        assert answer.status_code == 200
        assert answer.json() == {"status": "ok", "version": __version__, "contract": CONTRACT}
        for path in ("/stats", "/openapi.json", "/metrics"):
            assert (await client.get(path)).status_code == 401


async def test_it_proves_that_it_knows_a_token_without_showing_it_and_says_what_that_allows(
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
            params = {"nonce": NONCE, "token_id": token_id(token) or ""}
            answer = await client.get("/health", params=params)
            long = await client.get("/health", params={"nonce": f"{NONCE}0"})
        said = answer.json()
        assert said["access"] == access
        assert (said["proof"] == proof(proof_key(token), NONCE)) is (access != "none")
        assert token not in answer.text
        assert bad_paths(long) == ["nonce"]
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
    assert (
        found.items()
        >= {
            'sendoff_tasks{queue="nothing",state="succeeded"}': 3,
            'sendoff_tasks{queue="broken",state="scheduled"}': 1,
            'sendoff_queue_paused{queue="mail"}': 0,
            'sendoff_attempts_started_total{queue="nothing"}': 3,
            'sendoff_attempts_finished_total{queue="nothing",outcome="succeeded"}': 3,
            'sendoff_waiting_seconds_count{queue="nothing"}': 3,
            'sendoff_running_seconds_bucket{queue="nothing",le="+Inf"}': 3,
            'sendoff_lane_slots{lane="io"}': 40,
        }.items()
    )
    assert found["sendoff_last_event_id"] > before["sendoff_last_event_id"]
    assert found["sendoff_store_bytes"] > 0


NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{{LABEL}(?:,{LABEL})*\}})? (-?[0-9.e+-]+)")
"""One line of a value, by the text format's own description."""


def measures(*queues: Queue) -> Measures:
    return Measures(
        queues=queues,
        lanes={"io": {"slots": 32, "busy": 3}},
        attempts=attempts(),
        oldest_queued=1.5,
        last_event=4711,
        store_bytes=8192,
        refused=2,
    )


def attempts() -> Attempts:
    """Count three attempts, of which two have ended."""
    durations, measured = Durations(), GroupMeasures()
    measured.waited.update({(1, 0): 1, (1, 20): 2})
    measured.ran.update({(1, "succeeded", 400): 1, (1, "given back", 7_200_000): 1})
    durations.count(measured, {1: FunctionRecord(1, "confirm", "mail", "io", "Confirmation")})
    return durations.read()


def queue(name: str) -> Queue:
    since = "2026-03-01T09:30:00.000Z"
    return Queue(
        name=name,
        concurrency=None,
        rate=None,
        per_day=None,
        paused={"since": since},
        held=None,
        counts={"queued": 3, "failed": 0},
        waits_since=since,
    )


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def test_values_stand_behind_their_labels_and_times_are_histograms() -> None:
    lines = exposition(measures(queue("mail"))).splitlines()
    assert {
        'sendoff_tasks{queue="mail",state="queued"} 3',
        'sendoff_queue_paused{queue="mail"} 1',
        'sendoff_queue_held{queue="mail"} 0',
        'sendoff_lane_slots{lane="io"} 32',
        'sendoff_lane_busy{lane="io"} 3',
        'sendoff_attempts_started_total{queue="mail"} 3',
        'sendoff_attempts_finished_total{queue="mail",outcome="succeeded"} 1',
        'sendoff_attempts_finished_total{queue="mail",outcome="given_back"} 1',
        "sendoff_oldest_queued_seconds 1.5",
        "sendoff_last_event_id 4711",
        "sendoff_store_bytes 8192",
        "sendoff_refused_tasks 2",
        'sendoff_running_seconds_bucket{queue="mail",le="3600.0"} 1',
        'sendoff_running_seconds_sum{queue="mail"} 7200.400',
    } <= set(lines)
    waiting = [line for line in lines if line.startswith("sendoff_waiting_seconds")]
    assert [line.split()[1] for line in waiting] == ["1", "1", *["3"] * 15, "0.040", "3"]
    assert waiting[0] == 'sendoff_waiting_seconds_bucket{queue="mail",le="0.005"} 1'
    assert waiting[-3:] == [
        'sendoff_waiting_seconds_bucket{queue="mail",le="+Inf"} 3',
        'sendoff_waiting_seconds_sum{queue="mail"} 0.040',
        'sendoff_waiting_seconds_count{queue="mail"} 3',
    ]


def test_each_family_is_explained_once_before_its_values() -> None:
    text = exposition(measures(queue("mail"), queue("reports")))
    families = re.findall(
        rf"^# HELP ({NAME}) .+\n# TYPE \1 (gauge|counter|histogram)$", text, re.MULTILINE
    )
    names = [name for name, _ in families]
    assert len(set(names)) == len(names) == text.count("# HELP") == text.count("# TYPE")
    assert all((kind == "counter") == name.endswith("_total") for name, kind in families)
    present = ""
    for line in text.splitlines():
        if line.startswith("# HELP "):
            present = line.split()[2]
        elif not line.startswith("#"):
            name = re.match(NAME, line)[0]  # type: ignore[index]
            assert name in {present, *(f"{present}_{end}" for end in ("bucket", "sum", "count"))}


@given(st.text(min_size=1))
def test_a_queue_of_any_name_is_one_label(name: str) -> None:
    text = exposition(measures(queue(name)))
    assert text.endswith("\n")
    samples = [line for line in text[:-1].split("\n") if not line.startswith("#")]
    found = [SAMPLE.fullmatch(line) for line in samples]
    assert all(found)
    tasks = [each for each in found if each and each[1] == "sendoff_tasks"]
    assert {unescaped(each[2]) for each in tasks} == {name}
