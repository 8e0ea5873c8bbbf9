"""The form, what is set aside for it, and what the last window left in it or on its way."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from desktop.client.api import Api, TaskQuery, new_key
from desktop.client.drafts import DraftItem
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.items.form.submissions import BAR, BROKEN_BAR
from tests.gui.counter import Counter
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from desktop.contract.items import NewItem
    from desktop.contract.tasks import TaskPage


def form_of(name: str) -> dict[str, object]:
    values = {"recipient.name": name, "recipient.email": "ada@example.org"}
    return {"number": "", "values": values, "tasks": ["send_confirmation_email"]}


def test_what_the_last_window_left_is_sent_once_even_if_it_was_sent_before(
    counter: Counter, api: Api
) -> None:
    sent = DraftItem(None, {"title": "sent"}, {})
    unsent = DraftItem(None, {"title": "unsent"}, {})
    api.items.submit(sent.number, sent.body, sent.key)
    counter.box.keep(sent)
    counter.box.keep(unsent)
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: not counter.kept())
    assert [api.items.one(number)["title"] for number in (1, 2)] == ["sent", "unsent"]
    assert api.items.next_number() == 3


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
        counter.box.keep(each)
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: [each.form for each in counter.kept()] == [each.form for each in old])
    assert api.items.one(1)["title"] == "new"
    assert api.items.next_number() == 2
    assert "may be registered already" in counter.window.notices.text(BAR)
    assert all(each.aside for each in counter.kept()), "nor does the next window send it"

    counter.window.notices.choose(BAR, BAR)
    counter.until(lambda: counter.typed_name() == "Ada")
    counter.form.submit()
    counter.until(counter.form.is_empty)
    assert api.items.next_number() == 3


def test_the_form_of_the_last_window_comes_back(counter: Counter) -> None:
    counter.type("Ada")
    counter.submissions.form_items.save_draft()
    counter.box_pool.waitForDone()
    counter.form.clear()
    counter.submissions.load()
    counter.until(lambda: counter.typed_name() == "Ada")


def test_a_form_that_was_submitted_does_not_come_back_twice(counter: Counter, api: Api) -> None:
    counter.type("Ada")
    form = dict(counter.form.snapshot())
    counter.box.save_form(form)
    counter.box.keep(DraftItem(None, {"title": "x"}, form))
    counter.form.clear()
    counter.connect(api)
    counter.submissions.load()
    counter.until(lambda: not counter.kept())
    assert api.items.one(1)["title"] == "x"
    assert counter.form.is_empty()


def test_what_was_put_aside_is_offered_again_by_the_next_window(counter: Counter) -> None:
    for name in ("Ada", "Bo"):
        counter.box.keep(DraftItem(None, {"title": name}, {}, aside=f"{name} came back"))
    counter.submissions.load()
    counter.until(lambda: BAR in counter.window.notices.names())
    assert counter.window.notices.text(BAR) == "2 items are set aside. The first: Ada came back"


def test_the_bar_about_a_draft_that_cannot_be_read_can_be_closed(
    counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "drafts" / "x.submission.json").write_text("{")
    counter.submissions.load()
    counter.until(lambda: BROKEN_BAR in counter.window.notices.names())
    counter.window.notices.choose(BROKEN_BAR, DISMISS)
    assert counter.window.notices.names() == []


def test_the_next_number_is_asked_for_again_when_tasks_and_batches_change(
    counter: Counter, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([7, 60])
    monkeypatch.setattr(api.items, "next_number", lambda: next(numbers))
    counter.connect(api)
    items, number = counter.submissions.form_items, counter.form.number
    items.learn_number()
    counter.until(lambda: number.text() == "7")
    items.saw_tasks({"rows": [task_row(1, item_id=6)], "gone": []})
    assert not items._soon.isActive()  # 7 is still free
    items.learn_number_soon({"rows": [], "gone": []})
    for item in (7, 8):  # at once, which is asked for together
        items.saw_tasks({"rows": [task_row(2, item_id=item)], "gone": []})
    counter.until(lambda: number.text() == "60")


def test_an_item_alike_is_found_by_a_search_that_stops_before_it(
    counter: Counter, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Opera", "Ballet"):
        body: NewItem = {"title": title, "recipient": {"name": "Ada", "email": "ada@example.org"}}
        api.items.submit(None, body, new_key())
    read = api.page

    def stopping(query: TaskQuery, *, after: str | None = None, limit: int) -> TaskPage:
        if after is not None:
            return read(query, after=after, limit=limit)
        return {**read(query, limit=limit), "tasks": [], "next": read(TaskQuery(), limit=1)["next"]}

    monkeypatch.setattr(api, "page", stopping)
    counter.connect(api)
    values = {"recipient.email": "ada@example.org", "title": "Opera"}
    counter.form.restore({"number": "", "values": values, "tasks": []})
    counter.form.same.follow()
    counter.until(lambda: counter.form.same.text() == "Already there: item 1")


def _says(counter: Counter, said: str) -> bool:
    return counter.form.same.text() == said and not counter.form.same.isHidden()


def test_the_same_person_is_found_by_address_and_name(counter: Counter, api: Api) -> None:
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


def test_what_was_cleared_comes_back_and_nothing_typed_since_is_lost(counter: Counter) -> None:
    counter.type("Ada", number="7")
    typed = counter.form.snapshot()
    counter.form.clear_button.click()
    assert counter.form.is_empty()
    assert not counter.form.clear_button.isVisible()
    assert counter.toasts() == ["The form was cleared"]
    counter.undo()
    assert counter.form.snapshot() == typed

    counter.form.clear_button.click()
    counter.type("Bo")
    counter.undo()
    assert counter.typed_name() == "Bo"
    assert [dict(each.form) for each in counter.kept()] == [typed]


def test_a_new_item_sets_the_half_typed_one_aside(counter: Counter) -> None:
    counter.type("Ada")
    counter.window.top_bar.new_item.click()
    assert counter.form.is_empty()
    assert counter.window.notices.text(BAR) == "Not submitted yet: Ada"
    counter.window.top_bar.new_item.click()
    assert len(counter.kept()) == 1


def test_an_item_set_aside_can_be_discarded_and_that_undone(counter: Counter) -> None:
    counter.type("Ada")
    counter.form.begin_new()
    counter.window.notices.choose(BAR, DISMISS)
    assert BAR not in counter.window.notices.names()
    assert counter.kept() == []
    counter.undo()
    assert counter.window.notices.text(BAR) == "Not submitted yet: Ada"
    assert len(counter.kept()) == 1
