"""Calls every operation with the generated client; run by the environment that has it.

Every answer has the status that is expected, and comes back whole from what the client made of it:
nothing in it is unknown to the description, and nothing is missing.
"""

from __future__ import annotations

import io
import json
import os
import pkgutil
import re
import sys
import time
from datetime import datetime
from importlib import import_module
from typing import Any

import sendoff_client.api as operations
from sendoff_client import AuthenticatedClient, models
from sendoff_client.types import File

NOT_CALLED = {"stream_events"}
"""A stream that does not end."""
WITHIN = 30.0
RETURNED = b"""\
From: MAILER-DAEMON@mx.example.org
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1

--b--
"""
TIME = re.compile(r"\d{4}-\d\d-\d\dT")


class Calls:
    """The operations by their names; remembers which were called."""

    def __init__(self, url: str, token: str) -> None:
        self._client = AuthenticatedClient(url, token)
        self._modules = {
            info.name.rpartition(".")[2]: info.name
            for info in pkgutil.walk_packages(operations.__path__, f"{operations.__name__}.")
            if not info.ispkg
        }
        self._missing = {*self._modules} - NOT_CALLED

    def __call__(self, name: str, /, *place: Any, expect: int = 200, **given: Any) -> Any:
        """Call an operation; returns its answer as it came, decoded."""
        self._missing.discard(name)
        module = import_module(self._modules[name])
        said = module.sync_detailed(*place, client=self._client, **given)
        assert said.status_code == expect, (name, said.status_code, said.content)
        if not said.headers.get("content-type", "").startswith("application/"):
            return said.content
        if isinstance(said.parsed, str):
            return said.content
        if isinstance(said.parsed, File):
            return said.parsed.payload.read()
        answer = json.loads(said.content)
        assert _timed(said.parsed.to_dict()) == _timed(answer), (name, said.parsed, answer)
        unknown = [*_unknown(said.parsed)]
        assert not unknown, (name, unknown)
        return answer

    def until(self, task_id: int, state: str) -> None:
        """Look at a task until it is in a state."""
        latest = time.monotonic() + WITHIN
        while (now := self("get_task", task_id)["state"]) != state:
            assert time.monotonic() < latest, (task_id, state, now)
            time.sleep(0.05)

    def finish(self) -> None:
        """Complain about operations that were not called."""
        assert not self._missing, sorted(self._missing)


def _timed(value: Any) -> Any:
    """Read the times in an answer: a client writes one in its own way."""
    if isinstance(value, dict):
        return {name: _timed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_timed(each) for each in value]
    if isinstance(value, str) and TIME.match(value):
        return datetime.fromisoformat(value)
    return value


def _unknown(model: Any) -> list[str]:
    """Name what an answer has and the description does not, at any depth."""
    if isinstance(model, list):
        return [name for each in model for name in _unknown(each)]
    fields = [name for name in getattr(type(model), "__slots__", ()) if not name.startswith("_")]
    own = [name for name in fields if name != "additional_properties"]
    found = [
        f"{type(model).__name__}.{name}" for name in getattr(model, "additional_properties", ())
    ]
    below = [name for field in own for name in _unknown(getattr(model, field))]
    return (found if own else []) + below


def upload(content: bytes) -> File:
    """Make of bytes what an operation uploads."""
    return File(io.BytesIO(content))


def items(call: Calls) -> None:
    """Register items in every way, correct one, take one back."""
    ada = {"title": "Opera", "recipient": {"name": "Ada", "email": "ada@example.org"}}
    new = models.ItemBody.from_dict(ada)
    assert call("create_item", 1204, body=new) == {"item_id": 1204}
    assert call("create_item", 1204, body=new) == {"item_id": 1204}
    call("create_item", 1204, body=models.ItemBody(title="Other"), expect=409)
    assert call("get_next_number") == {"item_id": 1205}
    added = call("create_next_item", body=new, undo_for=600, idempotency_key="next", expect=201)
    call("undo_action", added["pending"]["id"], expect=204)
    call("get_item", added["item_id"], expect=404)
    many = models.ManyItems.from_dict({"items": [{**ada, "item_id": 7}, {**ada, "item_id": 8}]})
    assert len(call("create_items", body=many, partial=True)["results"]) == 2
    task = call("get_item", 1204)["tasks"][0]["id"]
    call.until(task, "succeeded")
    call("get_task_message", task)
    corrected = {"item": {**ada, "title": "Ballet"}, "send": True}
    call("correct_item", 1204, body=models.CorrectionBody.from_dict(corrected))
    assert {each["item_id"] for each in call("list_items")["items"]} == {7, 8, 1204}
    zoe = {**ada, "recipient": {"name": "Zoe", "email": "zoe@example.org"}}
    call("create_item", 9, body=models.ItemBody.from_dict(zoe))
    call.until(call("get_item", 9)["tasks"][0]["id"], "succeeded")
    call("forget_item", 9, forget=True, check=True, expect=204)


def tasks(call: Calls) -> None:
    """Run tasks that succeed, fail and are lost; do everything to them."""
    assert "add" in {each["name"] for each in call("list_functions")["functions"]}

    def new(name: str, **kwargs: Any) -> int:
        body = models.TaskBody.from_dict({"task": name, "kwargs": kwargs})
        number: int = call("create_task", body=body, expect=201)["id"]
        return number

    done, failed, lost = new("add", left=1), new("fail", text="Nothing"), new("lost")
    call("create_task", body=models.TaskBody(task="add", args=["x"]), expect=422)
    assert (
        len(
            call("create_task", body=[models.TaskBody(task="add", args=[2])] * 2, expect=201)["ids"]
        )
        == 2
    )
    alike = models.TaskBody.from_dict({"like": done, "kwargs": {"left": 2}})
    call.until(call("create_task", body=alike, expect=201)["id"], "succeeded")
    for number, state in ((done, "succeeded"), (failed, "failed"), (lost, "uncertain")):
        call.until(number, state)
    call("cancel_task", done, expect=409)
    call("retry_task", failed)
    call.until(failed, "failed")
    assert call("list_causes")["causes"]
    call("resolve_task", lost, body=models.Resolution.from_dict({"outcome": "done"}))
    (again,) = call("act_on_tasks", body={"action": "resend", "ids": [done]})["ids"]
    call.until(again, "succeeded")
    waiting = call(
        "create_task", body=models.TaskBody(task="add", args=[1], delay=600), expect=201
    )["id"]
    call("change_task", waiting, body=models.TaskChangeBody(priority=3))
    call("cancel_task", waiting)
    act = {"action": "retry", "ids": [failed]}
    assert call("act_on_tasks", body={**act, "preview": True})["touched"]
    assert call("act_on_tasks", body=act, idempotency_key="act")["ids"] == [failed]
    later = call("act_on_tasks", body={"action": "resend", "ids": [done], "delay": 600})
    action = later["pending"]["id"]
    assert [each["id"] for each in call("list_pending")["pending"]] == [action]
    assert call("get_pending", action)["touched"] == 1
    call("undo_action", action, expect=204)
    found = call("list_tasks", called="FAIL", id=f"{done},{failed}")["tasks"]
    assert [each["id"] for each in found] == [failed]
    assert call("list_tasks", state="succeeded", limit=1)["next"]
    assert call("count_tasks", task="add")
    assert done in json.loads(call("list_ids", state="succeeded"))["ids"]


def mail(call: Calls) -> None:
    """Change templates and settings, and look at what was kept."""
    for text in ("Hello", "Dear {{ name }}"):
        parts = {"parts": {"subject": "Your {{ title }}", "text": text}}
        welcome = models.TemplateChange.from_dict(parts)
        call("replace_template", "welcome", body=welcome)
    assert call("upload_attachment", "map.txt", body=upload(b"left"))["size"] == len(b"left")
    call("attach_file", "welcome", "map.txt", body=upload(b"left, then right"), expect=200)
    assert "welcome" in call("list_templates")["templates"]
    version = call("get_template", "welcome")["versions"][0]["version"]
    call("get_template_version", "welcome", version)
    assert call("get_template_messages", "welcome")["open"] == 0
    club = {"name": "Club", "line": "", "colour": "#0B6B57", "signature": "Marta"}
    head = models.LetterheadChange.from_dict(club)
    assert call("replace_letterhead", body=head)["name"] == "Club"
    assert call("get_letterhead")["name"] == "Club"
    shown = models.Shown.from_dict({"template": "welcome", "item": {"title": "Opera"}})
    assert call("preview_template", body=shown)["subject"] == "Your Opera"
    call("test_mail", body=models.MailTest(template="welcome"))
    call("take_newest_template", "welcome", body=models.TakeNewest.from_dict({"kinds": ["open"]}))
    call("delete_template", "welcome", expect=204)
    grace = call("get_settings")["window"]["grace_seconds"]
    change = models.SettingsSaved.from_dict({"window": {"grace_seconds": grace}})
    call("change_settings", body=change)


def sign_in(call: Calls) -> None:
    """Begin to sign in, give it up, and sign out."""
    assert call("get_sign_in")["under_way"] is None
    microsoft = {"sign_in": "microsoft", "client_id": "of-nobody", "sender": "ada@example.org"}
    begun = models.SignInBegun.from_dict({"mail": microsoft})
    assert call("begin_sign_in", body=begun)["under_way"]["page"].startswith("https://")
    assert call("cancel_sign_in")["under_way"] is None
    assert call("sign_out", sign_in="microsoft")["problem"] == "no_client"


def batches(call: Calls) -> None:
    """Take a spreadsheet from its draft to its report."""
    new = models.BatchBody.from_dict(
        {"name": "Renewals", "columns": {"Name": "name", "E-Mail": "email", "File": "attachment"}}
    )
    number = call("create_batch", body=new, expect=201)["batch_id"]
    call("change_batch", number, body=new)
    call("keep_sheet", number, body=upload(b"Name,E-Mail\nAda,ada@example.org\n"), name="may.csv")
    ada = {"title": "May", "recipient": {"name": "Ada", "email": "ada@example.org"}}
    rows = {"rows": [{"row": 2, "item": ada}, {"row": 3, "item": {"recipient": {"email": "x"}}}]}
    call("add_rows", number, body=models.RowsBody.from_dict(rows))
    call("attach_to_batch", number, "map.txt", body=upload(b"left"))
    assert call("list_attachments", number)
    other = call("create_batch", body=models.BatchBody(name="May"), expect=201)["batch_id"]
    copied = call("copy_attachments", other, body=models.FilesOfBatch(batch_id=number))
    assert [each["file"] for each in copied["attachments"]] == ["map.txt"]
    call("delete_batch", other, expect=204)
    call("detach_from_batch", number, "map.txt", expect=204)
    right = {"item": {**ada, "recipient": {"email": "bo@example.org"}}}
    call("correct_row", number, 3, body=models.RowCorrection.from_dict(right))
    call("take_back_value", number, 3, "recipient.email")
    call("correct_row", number, 3, body=models.RowCorrection.from_dict(right))
    call("send_row", number, 2, expect=201)
    latest = time.monotonic() + WITHIN
    while call("get_batch", number)["counts"]["unchecked"]:
        assert time.monotonic() < latest
    assert len(call("list_rows", number, check="ready")["rows"]) == 2
    late = {"run_at": "2036-01-01T08:00:00Z"}
    change = models.BatchBody.from_dict({"name": "Renewals", **late})
    call("change_batch", number, body=change)
    call("start_batch", number, body=models.StartBatch(), undo_for=600, expect=202)
    call("put_off_batch", number, body=models.BatchTime.from_dict(late))
    call("limit_batch", number, body=models.BatchLimit(rate="500/day"))
    for verb in ("pause", "resume", "cancel", "retry"):
        call(f"{verb}_batch", number)
    assert call("get_sheet", number).startswith(b"Name,E-Mail")
    draft = call("create_batch", body=models.BatchBody(name="June"), expect=201)["batch_id"]
    call("delete_batch", draft, expect=204)
    assert [each["batch_id"] for each in call("list_batches")["batches"]] == [number]


def do_not_send(call: Calls) -> None:
    """Put addresses on the list, take one off; mark an e-mail as bounced, and take that back."""
    entries = [{"address": "@alt.example"}, {"address": "cy@example.org", "note": "phoned"}]
    body = models.ListEntriesBody.from_dict({"entries": entries})
    _, entry = call("add_do_not_send", body=body)["added"]
    assert call("list_do_not_send", text="cy@")["entries"][0]["entry_id"] == entry
    asked = models.AddressesBody(addresses=["Cy@Example.org", "di@example.org"])
    found = call("check_do_not_send", body=asked)["addresses"]
    assert [each["entry"] is None for each in found] == [False, True]
    call("allow_do_not_send", body=models.AllowBody(entries=[entry]), expect=204)
    assert call("list_refused") == {"refused": []}
    (bounce,) = call("find_bounces", body=upload(RETURNED))["bounces"]
    assert bounce["address"] == "ada@example.org"
    kept = call("list_tasks", state="succeeded", limit=1)["tasks"][0]["id"]
    bounced = {"task_id": kept, "code": 550, "enhanced": "5.1.1", "said": "550 5.1.1 no such user"}
    for mark in (True, False):
        body = {"bounces": [bounced], "bounced": mark}
        call("mark_bounces", body=models.BouncedTasksBody.from_dict(body))


def backend(call: Calls) -> None:
    """Read how the backend is, open its page, and steer its queues."""
    assert call("make_page_code")["seconds"] == 60
    assert call("get_health")["status"] == "ok"
    assert call("get_stats")["counts"]["succeeded"]
    assert b"sendoff_tasks" in call("get_metrics")
    assert call("list_queues")["queues"]
    assert len(call("get_overview", span=models.Span.HOUR)["points"]) == 60
    assert {"add", "fail"} < {each["name"] for each in call("list_functions")["functions"]}
    call("pause_queue", "mail")
    call("resume_queue", "mail")
    call("retry_queue", "mail")
    call("pause_queues")
    call("resume_queues")
    assert "resume" in {act["verb"] for act in call("list_acts")["acts"]}
    assert b"resume" in call("export_acts")


def schedules(call: Calls) -> None:
    """Steer a task that runs by itself."""
    assert call("pause_schedule", "report")["next_at"] is None
    made = call("run_schedule", "report", idempotency_key="now", expect=201)["id"]
    assert call("run_schedule", "report", idempotency_key="now", expect=201)["id"] == made
    call.until(made, "succeeded")
    call("resume_schedule", "report")
    call("pause_schedule", "nothing", expect=404)
    (found,) = call("list_schedules")["schedules"]
    assert found["last"]["task_id"] == made


def main() -> None:
    """Call all there is at the address of the command line."""
    call = Calls(sys.argv[1], os.environ["SENDOFF_TOKEN"])
    for room in (items, tasks, sign_in, mail, batches, do_not_send, backend, schedules):
        room(call)
        print(f"  {room.__name__}: every answer is as described", flush=True)
    call.finish()


if __name__ == "__main__":
    main()
