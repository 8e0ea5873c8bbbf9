"""What goes over the wire for each call about batches, and files that are streamed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from desktop.client.api import Api
from desktop.client.calls import BatchCalls
from desktop.client.errors import BackendGone, Refused
from desktop.contract.problems import MEDIA_TYPE
from desktop.settings.backend_file import Backend
from tests.client.conftest import Canned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

REFUSAL = json.dumps({"title": "Conflict", "status": 409, "detail": "It was started."}).encode()


@pytest.fixture
def calls_to() -> Iterator[Callable[[Backend], BatchCalls]]:
    opened: list[Api] = []

    def calls(backend: Backend) -> BatchCalls:
        opened.append(Api(backend))
        return opened[-1].batches

    yield calls
    for api in opened:
        api.close()


@pytest.mark.parametrize(
    ("call", "method", "path", "body"),
    [
        (lambda it: it.change(3, {"name": "May"}), "PUT", "/batches/3", {"name": "May"}),
        (lambda it: it.page(after="x", limit=2), "GET", "/batches?limit=2&after=x", None),
        (lambda it: it.one(3), "GET", "/batches/3", None),
        (lambda it: it.delete(3), "DELETE", "/batches/3", None),
        (lambda it: it.add_rows(3, [{"row": 2, "item": {}}]), "POST", "/batches/3/rows",
         {"rows": [{"row": 2, "item": {}}]}),
        (lambda it: it.add_rows(3, b'{"rows": []}'), "POST",
         "/batches/3/rows?keep_corrections=true", {"rows": []}),
        (lambda it: it.correct_row(3, 2, {"title": "T"}), "PUT", "/batches/3/rows/2",
         {"item": {"title": "T"}}),
        (lambda it: it.correct_row(3, 2, {"title": "T"}, ["title"]), "PUT", "/batches/3/rows/2",
         {"item": {"title": "T"}, "typed": ["title"]}),
        (lambda it: it.pause(3), "POST", "/batches/3/pause", None),
        (lambda it: it.resume(3), "POST", "/batches/3/resume", None),
    ],
)  # fmt: skip
def test_each_call_has_its_route(
    answering: Callable[[Canned], Backend],
    calls_to: Callable[[Backend], BatchCalls],
    call: Callable[[BatchCalls], Any],
    method: str,
    path: str,
    body: object,
) -> None:
    canned = Canned()
    call(calls_to(answering(canned)))
    (heard,) = canned.heard
    assert heard[:2] == (method, path)
    assert (json.loads(heard[3]) if heard[3] else None) == body


def test_what_may_not_happen_twice_has_a_key(
    answering: Callable[[Canned], Backend], calls_to: Callable[[Backend], BatchCalls]
) -> None:
    canned = Canned(body=b'{"batch_id": 3}')
    calls = calls_to(answering(canned))
    assert calls.create({"name": "May"}, "one") == 3
    calls.start(3, "two", send_same=True, delay=5)
    calls.retry(3, "three")
    calls.send_row_to_me(3, 17, "four")
    calls.cancel(3, "five")
    calls.delete(3, delay=7, key="six")
    assert [heard[1] for heard in canned.heard] == [
        "/batches", "/batches/3/start", "/batches/3/retry", "/batches/3/rows/17/to_me",
        "/batches/3/cancel", "/batches/3?delay=7",
    ]  # fmt: skip
    keys = [heard[2]["Idempotency-Key"] for heard in canned.heard]
    assert keys == ["one", "two", "three", "four", "five", "six"]
    started = json.loads(canned.heard[1][3])
    assert started == {"send_same": True, "delay": 5}


def test_rows_are_asked_for_by_check_and_outcome(
    answering: Callable[[Canned], Backend], calls_to: Callable[[Backend], BatchCalls]
) -> None:
    canned = Canned()
    calls_to(answering(canned)).rows(
        3, check=["same", "twice"], outcome=["failed"], after="17", limit=9
    )
    address = urlsplit(canned.heard[0][1])
    assert address.path == "/batches/3/rows"
    assert parse_qs(address.query) == {
        "check": ["same,twice"], "outcome": ["failed"], "after": ["17"], "limit": ["9"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "query", "path"),
    [
        ("Gäste & co.xlsx", "G%C3%A4ste+%26+co.xlsx", "G%C3%A4ste%20%26%20co.xlsx"),
        # A name that is not UTF-8 goes out with what can be read of it.
        (os.fsdecode(b"caf\xe9.csv"), "caf%EF%BF%BD.csv", "caf%EF%BF%BD.csv"),
    ],
)
def test_files_go_out_under_their_names_and_come_back(
    answering: Callable[[Canned], Backend],
    calls_to: Callable[[Backend], BatchCalls],
    tmp_path: Path,
    name: str,
    query: str,
    path: str,
) -> None:
    canned = Canned(body=b'{"attachments": []}')
    sheet = tmp_path / name
    sheet.write_bytes(b"\0rows\xff" * 100_000)
    calls = calls_to(answering(canned))
    calls.keep_sheet(3, sheet)
    calls.attach(3, sheet)
    assert [(method, place, body) for method, place, _, body in canned.heard] == [
        ("PUT", f"/batches/3/source?name={query}", sheet.read_bytes()),
        ("PUT", f"/batches/3/attachments/{path}", sheet.read_bytes()),
    ]
    canned.body = sheet.read_bytes()
    calls.sheet(3, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == canned.body
    canned.status, canned.body, canned.headers = 404, REFUSAL, {"Content-Type": MEDIA_TYPE}
    with pytest.raises(Refused) as refused:
        calls.sheet(3, tmp_path / "other")
    assert (refused.value.status, str(refused.value)) == (404, "It was started.")


def test_without_a_backend_files_are_not_sent(
    calls_to: Callable[[Backend], BatchCalls], tmp_path: Path
) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_bytes(b"rows")
    calls = calls_to(Backend("http://127.0.0.1:1", "secret", 1))
    with pytest.raises(BackendGone):
        calls.keep_sheet(3, sheet)
    with pytest.raises(BackendGone):
        calls.sheet(3, tmp_path / "copy")
