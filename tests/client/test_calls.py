"""What goes over the wire for each call, and files that are streamed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from desktop.client.api import Api
from desktop.client.items import ItemQuery
from desktop.contract.items import NewItem
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.errors import BackendGone, Refused
from sendoff_tasks.folder.backend_addresses import Backend
from sendoff_tasks.model.problems import MEDIA_TYPE
from sendoff_tasks.model.tasks import IdsPart
from tests.client.conftest import Canned

REFUSAL = json.dumps({"title": "Conflict", "status": 409, "detail": "It was started."}).encode()
PARTS = ("batch_id", "item_id", "causes", "details", "functions", "pending", "queues", "schedules")
BO: NewItem = {"recipient": {"name": "Bo", "email": "bo@example.org"}}
SENT = {"item": BO, "send": True}
FAILED = SortedFilter(states=("failed",))


@pytest.fixture
def api_of() -> Iterator[Callable[[Backend], Api]]:
    opened: list[Api] = []

    def api(backend: Backend) -> Api:
        opened.append(Api(backend))
        return opened[-1]

    yield api
    for each in opened:
        each.close()


@pytest.mark.parametrize(
    ("call", "request_line", "body", "key"),
    [
        (lambda it: it.batches.create({"name": "May"}, "k"), "POST /batches",
         {"name": "May"}, "k"),
        (lambda it: it.batches.change(3, {"name": "May"}), "PUT /batches/3", {"name": "May"}, None),
        (lambda it: it.batches.page(after="x", limit=2), "GET /batches?limit=2&after=x",
         None, None),
        (lambda it: it.batches.one(3), "GET /batches/3", None, None),
        (lambda it: it.batches.delete(3), "DELETE /batches/3", None, None),
        (lambda it: it.batches.delete(3, delay=7, key="k"), "DELETE /batches/3?delay=7",
         None, "k"),
        (lambda it: it.batches.add_rows(3, [{"row": 2, "item": {}}]), "POST /batches/3/rows",
         {"rows": [{"row": 2, "item": {}}]}, None),
        (lambda it: it.batches.add_rows(3, b'{"rows": []}'),
         "POST /batches/3/rows?keep_corrections=true", {"rows": []}, None),
        (lambda it: it.batches.rows(3, check=["same", "twice"], outcome=["failed"], after="17",
                                    limit=9),
         "GET /batches/3/rows?limit=9&check=same,twice&outcome=failed&after=17", None, None),
        (lambda it: it.batches.correct_row(3, 2, {"title": "T"}), "PUT /batches/3/rows/2",
         {"item": {"title": "T"}}, None),
        (lambda it: it.batches.correct_row(3, 2, {"title": "T"}, ["title"]),
         "PUT /batches/3/rows/2", {"item": {"title": "T"}, "typed": ["title"]}, None),
        (lambda it: it.batches.send_row_to_me(3, 17, "k"), "POST /batches/3/rows/17/to_me",
         None, "k"),
        (lambda it: it.batches.start(3, "k", also=["same"], undo_for=5),
         "POST /batches/3/start?undo_for=5",
         {"send_same": True, "changed": False, "send_anyway": False,
          "send_opted_out": False}, "k"),
        (lambda it: it.batches.pause(3), "POST /batches/3/pause", None, None),
        (lambda it: it.batches.resume(3), "POST /batches/3/resume", None, None),
        (lambda it: it.batches.limit(3, "5/day"), "PUT /batches/3/rate", {"rate": "5/day"}, None),
        (lambda it: it.batches.retry(3, "k"), "POST /batches/3/retry", {"delay": 0}, "k"),
        (lambda it: it.batches.cancel(3, "k", delay=5), "POST /batches/3/cancel",
         {"delay": 5}, "k"),
        (lambda it: it.items.submit(None, BO, "k"), "POST /items", BO, "k"),
        (lambda it: it.items.submit(40, BO, "k"), "POST /items/40", BO, "k"),
        (lambda it: it.items.forget(7),
         "DELETE /items/7?forget=true&do_not_send=false", None, None),
        (lambda it: it.items.forget(7, do_not_send=True),
         "DELETE /items/7?forget=true&do_not_send=true", None, None),
        (lambda it: it.items.correct(7, BO, "k", send=True, undo_for=5),
         "PUT /items/7?undo_for=5", SENT, "k"),
        (lambda it: it.items.submit(None, BO, "k", undo_for=5), "POST /items?undo_for=5", BO, "k"),
        (lambda it: it.items.one(7), "GET /items/7", None, None),
        (lambda it: it.items.next_number(), "GET /items/next", None, None),
        (lambda it: it.items.page(ItemQuery("Bo", 3, ("sent", "failed")), after="x", deeds=True),
         ("GET /items?sort=-item_id&limit=100&text=Bo&batch_id=3&informed=sent,failed&after=x"
          "&deeds=true"), None, None),
        (lambda it: it.items.page(ItemQuery("Bo", without_task=True), limit=1),
         "GET /items?sort=-item_id&limit=1&text=Bo&tasks=none", None, None),
        (lambda it: it.page(FAILED, after="x", limit=2),
         "GET /tasks?state=failed&sort=-id&limit=2&after=x", None, None),
        (lambda it: it.page(SortedFilter(sort="id"), offset=4),
         "GET /tasks?sort=id&limit=256&offset=4", None, None),
        (lambda it: it.count_tasks(SortedFilter(states=("failed",), item_id=3)),
         "GET /tasks/counts?item_id=3", None, None),
        (lambda it: it.causes(["failed", "waiting"], 3),
         "GET /causes?state=failed,waiting&batch_id=3", None, None),
        (lambda it: it.task(9), "GET /tasks/9", None, None),
        (lambda it: it.cancel(9), "POST /tasks/9/cancel", None, None),
        (lambda it: it.retry(9), "POST /tasks/9/retry", None, None),
        (lambda it: it.resolve(9, "done"), "POST /tasks/9/resolve", {"outcome": "done"}, None),
        (lambda it: it.change_task(9, {"priority": 3}), "PATCH /tasks/9", {"priority": 3}, None),
        (lambda it: it.message(9), "GET /tasks/9/message", None, None),
        (lambda it: it.actions.act("resend", [9], key="k", more={"to_me": True}),
         "POST /tasks/bulk", {"action": "resend", "ids": [9], "delay": 0, "to_me": True}, "k"),
        (lambda it: it.actions.act("cancel", query=FAILED, key="k", delay=5), "POST /tasks/bulk",
         {"action": "cancel", "filter": {"state": "failed"}, "delay": 5}, "k"),
        (lambda it: it.actions.preview("cancel", [9]), "POST /tasks/bulk",
         {"action": "cancel", "ids": [9], "preview": True}, None),
        (lambda it: it.actions.pending(), "GET /pending", None, None),
        (lambda it: it.actions.undo(4), "DELETE /pending/4", None, None),
        (lambda it: it.functions.all(), "GET /functions", None, None),
        (lambda it: it.functions.run("f", {"a": 1}, "k", delay=5), "POST /tasks",
         {"task": "f", "kwargs": {"a": 1}, "delay": 5}, "k"),
        (lambda it: it.functions.run("f", {}, "k", ["one"]), "POST /tasks",
         {"task": "f", "kwargs": {}, "args": ["one"]}, "k"),
        (lambda it: it.preview({"item": BO}), "POST /templates/preview", {"item": BO}, None),
        (lambda it: it.test_mail({"to": "a@b.org"}), "POST /mail/test", {"to": "a@b.org"}, None),
        (lambda it: it.settings(), "GET /settings", None, None),
        (lambda it: it.save_settings({"mail": {}}), "PUT /settings", {"mail": {}}, None),
        (lambda it: it.stats(), "GET /stats", None, None),
        (lambda it: it.queues(), "GET /queues", None, None),
        (lambda it: it.pause("a/b?"), "POST /queues/a/b?/pause", None, None),
        (lambda it: it.pause(None), "POST /queues/pause", None, None),
        (lambda it: it.resume("mail"), "POST /queues/mail/resume", None, None),
        (lambda it: it.resume(None), "POST /queues/resume", None, None),
    ],
)  # fmt: skip
def test_each_call_has_its_route_its_body_and_a_key_where_it_may_not_act_twice(
    answering: Callable[[Canned], Backend],
    api_of: Callable[[Backend], Api],
    call: Callable[[Api], Any],
    request_line: str,
    body: object,
    key: str | None,
) -> None:
    canned = Canned(body=json.dumps(dict.fromkeys(PARTS, 3)).encode())
    call(api_of(answering(canned)))
    ((method, path, headers, sent),) = canned.heard
    assert f"{method} {unquote(path)}" == request_line
    assert (json.loads(sent) if sent else None) == body
    assert headers.get("Idempotency-Key") == key


def test_a_name_is_one_segment_of_its_path(
    answering: Callable[[Canned], Backend], api_of: Callable[[Backend], Api]
) -> None:
    canned = Canned()
    api_of(answering(canned)).pause("a/b?")
    assert canned.heard[0][1] == "/queues/a%2Fb%3F/pause"


def test_a_submission_is_answered_with_its_number_and_its_tasks(
    answering: Callable[[Canned], Backend], api_of: Callable[[Backend], Api]
) -> None:
    canned = Canned(body=b'{"item_id": 7}')
    items = api_of(answering(canned)).items
    assert items.submit(None, BO, "k").task_ids == []
    canned.headers |= {"X-Task-Ids": "3,4"}
    submitted = items.submit(None, BO, "k")
    assert (submitted.item_id, submitted.task_ids) == (7, [3, 4])


def test_numbers_come_line_by_line_and_a_refusal_is_raised(
    answering: Callable[[Canned], Backend], api_of: Callable[[Backend], Api]
) -> None:
    first: IdsPart = {"ids": [3, 2], "as_of": "s-1"}
    last: IdsPart = {"ids": [], "as_of": "s-1"}
    canned = Canned(body=f"{json.dumps(first)}\n{json.dumps(last)}\n".encode())
    api = api_of(answering(canned))
    assert [*api.ids(SortedFilter(states=("failed",), sort="to"))] == [first, last]
    assert canned.heard[0][1] == "/tasks/ids?state=failed&sort=to"
    canned.status, canned.body, canned.headers = 404, REFUSAL, {"Content-Type": MEDIA_TYPE}
    with pytest.raises(Refused):
        next(api.ids(SortedFilter()))


def test_a_query_is_read_back_from_its_filter() -> None:
    query = SortedFilter(states=("cancelled",), ids=(4, 9), reasons=(), seen=None, to="ada")
    assert SortedFilter.of(query.parameters()) == query


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
    api_of: Callable[[Backend], Api],
    tmp_path: Path,
    name: str,
    query: str,
    path: str,
) -> None:
    canned = Canned(body=b'{"attachments": []}')
    sheet = tmp_path / name
    sheet.write_bytes(b"\0rows\xff" * 100_000)
    calls = api_of(answering(canned)).batches
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
    api_of: Callable[[Backend], Api], tmp_path: Path
) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_bytes(b"rows")
    calls = api_of(Backend("http://127.0.0.1:1", "secret", 1)).batches
    with pytest.raises(BackendGone):
        calls.keep_sheet(3, sheet)
    with pytest.raises(BackendGone):
        calls.sheet(3, tmp_path / "copy")
