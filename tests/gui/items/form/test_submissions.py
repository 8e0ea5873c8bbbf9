"""What is submitted is registered once, in order, or comes back to the person; nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.client.api import Api
from desktop.gui.link.drafts import DraftItem
from desktop.gui.tasks.detail.desk_page import DeskPage
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.client.errors import BackendGone, Refused
from tests.client.conftest import Canned
from tests.gui.counter import Counter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.items import NewItem
    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.model.tasks import TaskPage
    from tests.conftest import RunningBackend


def test_an_item_is_registered_the_form_is_free_and_nothing_waits(
    counter: Counter, api: Api
) -> None:
    counter.connect(api)
    counter.submit("Ada")
    assert counter.kept() == []
    assert counter.notes() == ["Item 1 is registered"]
    assert api.items.one(1)["recipient"] == {"name": "Ada", "email": "ada@example.org"}
    counter.until(lambda: counter.form.number.text() == "2")
    counter.submit("Bo")
    counter.form.fields["recipient.name"].set_text("Cy")  # before the answer
    counter.until(lambda: len(counter.notes()) == 2)
    assert counter.typed_name() == "Cy"


def test_a_typed_item_does_not_wait_behind_what_came_in_bulk(counter: Counter, api: Api) -> None:
    api.save_settings({"queues": {"mail": {"concurrency": 1}}})
    api.pause("mail")
    bulk = [api.items.submit(None, {"title": "renewal"}, f"{n}").task_ids[0] for n in range(20)]
    counter.connect(api)
    counter.submit("Ada", number="500")
    (typed,) = api.items.one(500)["tasks"]
    api.resume("mail")
    ids = [typed["id"], *bulk]
    counter.until(lambda: all(api.task(each)["state"] == "succeeded" for each in ids))
    began = {each: api.task(each)["started_at"] or "" for each in ids}
    assert typed["id"] in sorted(ids, key=began.__getitem__)[:2]  # the oldest may have its turn


def is_gone(api: Api, item_id: int) -> bool:
    with pytest.raises(Refused) as gone:
        api.items.one(item_id)
    return gone.value.status == 404


def test_undo_takes_the_item_back_unless_it_has_left(counter: Counter, api: Api) -> None:
    """Its form comes back; where another is typed meanwhile, the item is set aside."""
    counter.connect(api)
    counter.grace.seconds = 600.0
    counter.submit("Ada", number="7")
    assert counter.notes() == ["Item 7 will be sent in 600 s"]
    assert api.items.one(7)["tasks"][0]["state"] == "scheduled"
    counter.undo()
    counter.until(lambda: counter.typed_name() == "Ada")
    assert counter.form.snapshot()["number"] == "7"
    assert is_gone(api, 7)

    counter.submit("Ada")
    counter.qtbot.keyClicks(counter.form.fields["recipient.name"].editor, "Bo")
    counter.until(lambda: counter.form.number.text() == "2")
    counter.undo()
    counter.until(lambda: counter.form.number.text() == "1")
    assert counter.typed_name() == "Bo"
    assert counter.aside() == "Ada: Item 1 was taken back"

    for name in ("Cy", "Di"):
        counter.submit(name)
    counter.until(lambda: len(counter.notes()) == 2)
    counter.grace.seconds = 0.05
    counter.submit("Eve")
    counter.until(lambda: api.items.one(3)["tasks"][0]["state"] == "succeeded")
    counter.undo()
    counter.until(lambda: "Too late: the e-mail was already sent" in counter.notes())
    assert counter.form.is_empty()
    assert [each.aside for each in counter.kept()] == ["Item 1 was taken back"]


def test_undo_takes_an_item_back_also_while_nothing_can_be_written(
    counter: Counter, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: DraftItem) -> None:
        raise OSError("full")

    counter.connect(api)
    counter.grace.seconds = 600.0
    counter.submit("Ada", number="7")
    counter.until(counter.notes)
    monkeypatch.setattr(counter.box, "save", fail)
    counter.undo()
    counter.until(lambda: counter.typed_name() == "Ada")
    assert is_gone(api, 7)


def test_an_item_with_a_time_of_its_own_can_be_taken_back_too(counter: Counter, api: Api) -> None:
    counter.connect(api)
    counter.type("Ada")
    later: Any = {**counter.form.snapshot(), "send_at": "2126-03-01T08:00:00+00:00"}
    counter.form.restore(later)
    counter.form.submit()
    counter.until(counter.notes)
    assert counter.notes()[0].startswith("Item 1 will be sent Mar 1, 2126, ")
    counter.undo()
    counter.until(lambda: counter.typed_name() == "Ada")
    assert is_gone(api, 1)


def test_undo_without_a_backend_is_done_as_soon_as_there_is_one(
    counter: Counter, api: Api, backend: RunningBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the window knows that there is none, or only its answer was lost."""
    undo, closed = api.actions.undo, Api(backend.backend)
    closed.close()

    def lose(number: int) -> None:
        monkeypatch.setattr(api.actions, "undo", undo)
        undo(number)
        raise BackendGone

    for number, there in ((7, None), (8, closed), (9, api)):
        counter.form.clear()
        counter.connect(api)
        counter.grace.seconds = 600.0
        counter.submit("Ada", number=str(number))
        counter.until(counter.notes)
        counter.source.api = there
        if there is api:
            monkeypatch.setattr(api.actions, "undo", lose)
        counter.undo()
        counter.until(lambda: counter.outbox.untold)
        assert (counter.outbox.unanswered, counter.outbox.saved) == (1, 0)
        assert counter.form.is_empty()
        counter.connect(api)
        counter.until(lambda: counter.typed_name() == "Ada")
        assert is_gone(api, number)


def test_without_a_backend_items_are_kept_and_go_in_order_when_it_is_there(
    counter: Counter, api: Api
) -> None:
    waiting: list[int] = []
    counter.outbox.changed.connect(lambda: waiting.append(counter.outbox.saved))
    for name in ("Ada", "Bo", "Cy"):
        counter.submit(name)
    assert waiting[-1] == 3
    assert [each.body["recipient"]["name"] for each in counter.kept()] == ["Ada", "Bo", "Cy"]
    counter.connect(api)
    counter.until(lambda: not counter.kept())
    assert sorted({*waiting}) == [0, 1, 2, 3]
    assert waiting[-1] == 0
    names = [api.items.one(number)["recipient"]["name"] for number in (1, 2, 3)]  # type: ignore[index]
    assert names == ["Ada", "Bo", "Cy"]
    counter.source.api, counter.grace.seconds = None, 600.0
    counter.submit("Di")
    counter.until(lambda: counter.outbox.saved)
    counter.connect(api)
    counter.until(lambda: counter.notes()[-1] == "Item 4 will be sent in 600 s")


def test_refused_while_something_else_is_typed_it_waits_in_a_pin(
    counter: Counter, api: Api
) -> None:
    api.items.submit(12, {"title": "other"}, "k")
    counter.submit("Ada", number="12")
    counter.type("Bo")
    counter.connect(api)
    counter.until(counter.aside)
    assert counter.typed_name() == "Bo"
    (aside,) = counter.kept()
    assert aside.problem is not None
    assert aside.problem["status"] == 409

    counter.put_back()
    assert counter.typed_name() == "Ada"
    assert counter.form.number.error
    assert counter.aside() == "Bo: not sent yet"
    assert [each.form["values"]["recipient.name"] for each in counter.kept()] == ["Bo"]

    counter.put_back()
    assert counter.typed_name() == "Bo"
    assert counter.aside() == "Ada: not sent yet"


def test_a_busy_backend_is_asked_again_when_it_says(
    counter: Counter, answering: Callable[[Canned], Backend]
) -> None:
    problem = {"type": "t", "title": "Busy", "status": 503, "detail": "The disk is full."}
    canned = Canned(503, json.dumps(problem).encode())
    canned.headers = {"Content-Type": "application/problem+json", "Retry-After": "0.05"}
    counter.source.api = Api(answering(canned))
    counter.submit("Ada")
    counter.until(lambda: len(canned.heard) >= 3)
    letter = {"subject": "", "text": "", "html": ""}  # it answers all that is asked with this
    canned.body = json.dumps({"item_id": 5, **letter}).encode()
    canned.status, canned.headers = 201, {}
    counter.until(lambda: not counter.kept())
    keys = {headers.get("Idempotency-Key") for _, _, headers, _ in canned.heard} - {None}
    assert len(keys) == 1
    assert "Item 5 is registered" in counter.notes()


def test_a_backend_that_fails_brings_the_item_back_and_says_that_it_may_be_registered(
    counter: Counter, answering: Callable[[Canned], Backend]
) -> None:
    counter.source.api = Api(answering(Canned(500, b"oops", {"Content-Type": "text/plain"})))
    counter.type("Ada")
    counter.form.submit()
    counter.until(lambda: "not this version" in counter.form.trouble.text())
    assert "may be registered already" in counter.form.trouble.text()
    assert counter.typed_name() == "Ada"
    assert counter.kept() == []


def test_what_cannot_be_kept_is_not_sent_and_says_so(counter: Counter, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "drafts")
    counter.type("Ada")
    counter.form.submit()
    counter.until(lambda: "could not be saved" in counter.form.trouble.text())
    assert counter.form.trouble.text().endswith(f"{os.strerror(errno.ENOENT)}.")
    assert counter.typed_name() == "Ada"
    counter.kept()
    QApplication.processEvents()  # of what was not written
    assert counter.trouble
    counter.trouble.clear()


def form_of(name: str) -> dict[str, object]:
    values = {"recipient.name": name, "recipient.email": "ada@example.org"}
    return {"number": "", "values": values, "tasks": ["send_confirmation_email"]}


def test_what_the_last_window_left_is_sent_once_even_if_it_was_sent_before(
    counter: Counter, api: Api
) -> None:
    sent = DraftItem(None, {"title": "sent"}, {})
    unsent = DraftItem(None, {"title": "unsent"}, {})
    api.items.submit(sent.number, sent.body, sent.key)
    counter.box.save(sent)
    counter.box.save(unsent)
    counter.type("Ada")
    form = dict(counter.form.snapshot())
    counter.box.save_form(form)
    counter.box.save(DraftItem(None, {"title": "submitted"}, form))
    counter.form.clear()
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: not counter.kept())
    titles = [api.items.one(number)["title"] for number in (1, 2, 3)]
    assert titles == ["sent", "unsent", "submitted"]
    assert api.items.next_number() == 4
    assert counter.form.is_empty(), "a form that was submitted does not come back"


def test_what_was_undone_since_the_last_window_is_not_said_to_be_sent(
    counter: Counter, api: Api
) -> None:
    since = time.time_ns() - 60 * 10**9
    left = DraftItem(None, {"title": "left"}, {}, since=since, undo_for=60.0)
    accepted = api.items.submit(None, left.body, left.key, undo_for=left.undo_for)
    assert accepted.pending is not None
    api.actions.undo(accepted.pending["id"])
    counter.box.save(left)
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: not counter.kept())
    counter.until(lambda: not counter.notes())


def test_what_was_left_too_long_for_its_key_is_not_sent_but_offered(
    counter: Counter, api: Api
) -> None:
    week_ago = time.time_ns() - 7 * 24 * 3600 * 10**9
    old = [
        DraftItem(None, {"title": name}, form_of(name), since=week_ago + place)
        for place, name in enumerate(("Ada", "Bo"))
    ]
    new = DraftItem(None, {"title": "new"}, {})
    for each in (*old, new):
        counter.box.save(each)
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: [each.form for each in counter.kept()] == [each.form for each in old])
    assert api.items.one(1)["title"] == "new"
    assert api.items.next_number() == 2
    assert "may be registered already" in counter.aside()
    assert all(each.aside for each in counter.kept()), "nor does the next window send it"

    counter.put_back()
    counter.until(lambda: counter.typed_name() == "Ada")
    counter.press_submit()
    assert api.items.next_number() == 3


def test_the_form_of_the_last_window_comes_back(counter: Counter) -> None:
    counter.type("Ada")
    counter.submissions.form_items.save_draft()
    counter.box_pool.waitForDone()
    counter.form.clear()
    counter.submissions.load()
    counter.until(lambda: counter.typed_name() == "Ada")


def test_what_was_put_aside_is_offered_again_by_the_next_window(counter: Counter) -> None:
    for name in ("Ada", "Bo"):
        form = {"number": "", "values": {"recipient.name": name}, "tasks": []}
        counter.box.save(DraftItem(None, {"title": name}, form, aside="came back"))
    counter.submissions.load()
    counter.until(counter.aside)
    assert [each.name for each in counter.pins()] == ["Ada", "Bo"]


def test_a_draft_that_cannot_be_read_is_pinned_until_it_is_put_away(
    counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "drafts" / "x.submission.json").write_text("{")
    counter.submissions.load()
    counter.until(counter.aside)
    assert counter.aside() == "A draft cannot be read: x.submission.json.broken"
    counter.discard()
    assert counter.aside() == ""
    assert [*(tmp_path / "drafts").glob("*.broken")]


def _says(counter: Counter, said: str) -> bool:
    return counter.form.same.text() == said and not counter.form.same.isHidden()


def test_the_same_person_is_found_by_address_and_name(
    counter: Counter, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by a search that stops before it."""
    for name, title in (("Ada", "Opera"), ("Berg, Bo", "Ballet")):
        body: NewItem = {"title": title, "recipient": {"name": name, "email": "ada@example.org"}}
        api.items.submit(None, body, new_key())
    counter.connect(api)
    for name, title, said in (
        ("ada", "", "Same person: item 1"),
        ("Ada", "Concert", "Same person: item 1"),
        ("", "", "Same person: item 2"),
        ("Bo Berg", "", "Same person: item 2"),
        ("Ada", "Ballet", "Already there: item 2"),
    ):
        values = {"recipient.email": "ada@example.org", "recipient.name": name, "title": title}
        counter.form.restore({"number": "", "values": values, "tasks": []})
        counter.until(partial(_says, counter, said))
    values = {"recipient.email": "ada@example.org", "recipient.name": "Cy", "title": ""}
    counter.form.restore({"number": "", "values": values, "tasks": []})
    with counter.qtbot.waitSignal(counter.form.same.asked):
        pass
    assert counter.form.same.isHidden()

    read = api.page

    def stopping(query: SortedFilter, *, after: str | None = None, limit: int) -> TaskPage:
        if after is not None:
            return read(query, after=after, limit=limit)
        return {
            **read(query, limit=limit),
            "tasks": [],
            "next": read(SortedFilter(), limit=1)["next"],
        }

    monkeypatch.setattr(api, "page", stopping)
    values = {"recipient.email": "ada@example.org", "title": "Opera"}
    counter.form.restore({"number": "", "values": values, "tasks": []})
    counter.form.same.follow()
    counter.until(partial(_says, counter, "Already there: item 1"))


def test_what_was_cleared_comes_back_and_nothing_typed_since_is_lost(counter: Counter) -> None:
    counter.type("Ada", number="7")
    typed = counter.form.snapshot()
    counter.form.clear_action.trigger()
    assert counter.form.is_empty()
    assert counter.notes() == ["The form was cleared"]
    counter.undo()
    assert counter.form.snapshot() == typed

    counter.form.clear_action.trigger()
    counter.type("Bo")
    counter.undo()
    assert counter.typed_name() == "Bo"
    assert [dict(each.form) for each in counter.kept()] == [typed]


def test_a_new_item_sets_the_half_typed_one_aside(counter: Counter) -> None:
    counter.type("Ada")
    counter.window.begin_item()
    assert counter.form.is_empty()
    assert counter.aside() == "Ada: not sent yet"
    counter.window.begin_item()
    assert len(counter.kept()) == 1


def test_an_item_of_which_only_the_time_is_set_is_named_by_that(counter: Counter) -> None:
    counter.form.restore(
        {"number": "", "values": {}, "tasks": [], "send_at": "2126-03-01T08:00:00+00:00"}
    )
    counter.window.begin_item()
    said = counter.aside()
    assert said.startswith("to be sent Mar 1, 2126, ")


def test_an_item_set_aside_can_be_discarded_and_that_undone(counter: Counter) -> None:
    counter.type("Ada")
    counter.form.begin_new()
    counter.discard()
    assert counter.aside() == ""
    assert counter.kept() == []
    counter.undo()
    assert counter.aside() == "Ada: not sent yet"
    assert len(counter.kept()) == 1


def test_an_arrow_onto_an_item_set_aside_shows_it_and_its_button_goes_on_with_it(
    counter: Counter,
) -> None:
    counter.type("Ada")
    counter.form.begin_new()
    counter.type("Bo")
    window = counter.window
    window.pins.setFocus()
    window.pins.selectRow(0)
    QTest.keyClick(window.pins, Qt.Key.Key_Down)
    page = window.desk.shown.page
    assert isinstance(page, DeskPage)
    assert (page.head.name.text(), page.lead.headline.text()) == ("Ada", "not sent yet")
    assert page.paper.facts.lines()[0] == "Name: Ada"
    assert counter.typed_name() == "Bo", "what is typed stays in the form"
    page.foot.main.click()
    assert (counter.typed_name(), counter.aside()) == ("Ada", "Bo: not sent yet")
    assert window.desk.shown.page is window.form
