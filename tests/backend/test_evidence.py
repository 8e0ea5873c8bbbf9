"""A backend killed between final dot and answer: the evidence stands beside the question."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import Settings
from tests import WITHIN
from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.mail.server import Fault, Server, running
from tests.settings.saved import save

ITEM = {"title": "Two seats", "recipient": {"name": "Ada", "email": "ada@example.org"}}


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, server: Server) -> OfficeFolder:
    """Give a data folder whose mails go to the server."""
    made = OfficeFolder(tmp_path / "data")
    made.create()
    save(made.settings_file, Settings(mail=server.settings()))
    return made


@pytest.fixture
def killed(
    backends: Callable[[Path], RunningBackend], folder: OfficeFolder, server: Server
) -> list[int]:
    """Kill a backend once the server has two whole mails and has answered none."""
    server.faults["dot"] = Fault.SILENCE
    backend = backends(folder.root)
    with client_of(backend.backend) as client:
        posted = [client.post(f"/items/{number}", json=ITEM) for number in (1, 2)]
    for _ in posted:
        assert server.taken.acquire(timeout=WITHIN)
    backend.kill()
    server.faults.clear()
    return [int(answer.headers["X-Task-Ids"]) for answer in posted]


@pytest.fixture
def client(
    backends: Callable[[Path], RunningBackend], folder: OfficeFolder, killed: list[int]
) -> Iterator[httpx.Client]:
    """Talk to the backend that was started after the kill."""
    with client_of(backends(folder.root).backend) as talking:
        yield talking


def detail(client: httpx.Client, number: int) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"/tasks/{number}").json()
    return told


def texts(client: httpx.Client, number: int) -> list[str]:
    return [line["text"] for line in detail(client, number)["log"]]


def sizes(server: Server) -> dict[str, int]:
    """Tell how large the mails are that have come, by their Message-IDs."""
    sources = [mail.original_content or b"" for mail in server.mails]
    ids = [source.partition(b"Message-ID: <")[2].partition(b">")[0] for source in sources]
    return {each.decode(): len(source) for each, source in zip(ids, sources, strict=True)}


def test_the_evidence_is_what_went_to_which_server_and_settles_the_question(
    client: httpx.Client, killed: list[int], server: Server
) -> None:
    arrived = sizes(server)
    for number in killed:
        told = detail(client, number)
        assert told["state"] == "uncertain"
        evidence = told["handed_over"]
        size = arrived.pop(told["message_id"])
        assert evidence == {
            "at": evidence["at"],
            "what": f"The e-mail “{subject(client, number)}”, {size:,} bytes, "
            "for Ada <ada@example.org>",
            "to": "localhost",
            "message_id": told["message_id"],
        }
        assert told["started_at"] <= evidence["at"] <= told["finished_at"]
        assert (told["reason"], told["reason_data"]["server"]) == ("cut_short", "localhost")
        said = f"Handed over to localhost: {evidence['what']}. No answer came."
        assert said in texts(client, number)
    assert not arrived
    done, again = killed
    # What was done keeps the evidence, and nothing more is sent.
    before = detail(client, done)["handed_over"]
    answer = client.post("/tasks/bulk", json={"action": "done", "ids": [done]})
    assert answer.json() == {"touched": 1, "skipped": []}
    told = detail(client, done)
    assert (told["state"], told["handed_over"]) == ("succeeded", before)
    assert len(server.mails) == 2
    # What is done again leaves under the same Message-ID, and nothing is forgotten.
    said = texts(client, again)[-1]
    answer = client.post("/tasks/bulk", json={"action": "again", "ids": [again]})
    assert answer.json() == {"touched": 1, "skipped": [], "ids": [again]}
    wait_for(client, again, "succeeded")
    assert len(server.mails) == 3
    assert len(sizes(server)) == 2
    history = detail(client, again)["history"]
    assert [attempt["outcome"] for attempt in history] == ["uncertain", "succeeded"]
    assert said in texts(client, again)


def subject(client: httpx.Client, number: int) -> str:
    """Read it from the mail as it was kept."""
    return str(client.get(f"/tasks/{number}/message").json()["subject"])
