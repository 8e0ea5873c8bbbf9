"""The search: it settles, is taken apart, narrows the table, and is counted by the chips."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.views import BATCHES, ITEMS, TASKS
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.tasks.filters import ALL, FILTERS
from desktop.gui.tasks.search_field import (
    EDGES,
    FIELDS,
    KEYS,
    SearchField,
    ShownTasks,
    TypedSearch,
    batch_number,
    parse,
    write,
)
from desktop.settings.resources import resources
from sendoff_tasks.client.calls import TaskQuery, new_key
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import ID_LIMIT
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from tests.gui.play import Play


@pytest.fixture
def field(qtbot: QtBot, themes: ThemeSource) -> SearchField:
    made = SearchField()
    qtbot.addWidget(made)
    made.resize(320, 32)
    made.show()
    return made


def test_fast_typing_asks_once_and_without_blanks(qtbot: QtBot, field: SearchField) -> None:
    told: list[str] = []
    field.text_changed.connect(told.append)
    with qtbot.waitSignal(field.text_changed):
        qtbot.keyClicks(field, " ada ")
    assert told == ["ada"]


def test_enter_does_not_wait_escape_clears_and_down_goes_on(
    qtbot: QtBot, field: SearchField
) -> None:
    told: list[str] = []
    field.text_changed.connect(told.append)
    cross = field.findChild(QPushButton)
    assert cross is not None
    assert not cross.isVisible()
    qtbot.keyClicks(field, "bo")
    assert cross.isVisible()
    assert told == []
    for _ in range(2):  # the same text is not asked for twice
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["bo"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told == ["bo", ""]
    assert field.text() == ""
    assert not cross.isVisible()
    qtbot.keyClicks(field, "bo")
    cross.click()
    assert field.text() == ""
    with qtbot.waitSignal(field.left_downwards):
        qtbot.keyClick(field, Qt.Key.Key_Down)


def test_the_hint_has_its_keys_only_whole(field: SearchField) -> None:
    words = "Search tasks, people, items"
    assert field.placeholderText() == f"{words}  Ctrl F"
    field.resize(field.fontMetrics().horizontalAdvance(words) + LOOK.theme.px(EDGES + 8), 32)
    assert field.placeholderText() == words


def test_a_long_text_that_is_not_typed_shows_its_beginning(
    qtbot: QtBot, field: SearchField
) -> None:
    field.clearFocus()
    field.set_now("state:failed error:“No such user here” batch:members")
    assert field.cursorPosition() == 0


VALUES = st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
SEARCHES = st.builds(TypedSearch, words=VALUES, **{FIELDS.get(key, key): VALUES for key in KEYS})


@given(SEARCHES)
def test_what_is_written_is_taken_apart_into_the_same(search: TypedSearch) -> None:
    assert parse(write(search)) == search


PIECES = st.sampled_from([*KEYS, ":", '"', "\\", " ", "a"])


@given(st.text(max_size=30) | st.lists(PIECES).map("".join))
def test_any_text_is_a_search(text: str) -> None:
    assert parse(write(parse(text))) == parse(text)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("opera ada@example.org", TypedSearch(words=("opera", "ada@example.org"))),
        (
            "to:ada State:failed opera",
            TypedSearch(words=("opera",), to=("ada",), state=("failed",)),
        ),
        ('error:"no such user" 550', TypedSearch(words=("550",), error=("no such user",))),
        ('"to:ada"', TypedSearch(words=("to:ada",))),
        ("http://example.org to:", TypedSearch(words=("http://example.org",))),
        ('task:"Label', TypedSearch(task=("Label",))),
    ],
)
def test_keys_and_free_words_combine(text: str, search: TypedSearch) -> None:
    assert parse(text) == search


STANDING: Any = {"states": ("waiting", "queued"), "standing": True}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("opera to:ada", TaskQuery(text="opera", to="ada", **STANDING)),
        ("state:failed state:uncertain", TaskQuery(states=("failed", "uncertain"), seen=False)),
        ("state:failed state:done", TaskQuery(states=("failed", "succeeded"), seen=False)),
        ("state:kept", TaskQuery(states=("succeeded",), reasons=("kept",))),
        ("state:active", TaskQuery(states=("queued", "running"), standing=False)),
        ("state:waiting", TaskQuery(states=("waiting", "queued"), standing=True)),
        (
            "state:waiting state:failed",
            TaskQuery(states=("waiting", "queued", "failed"), standing=True, seen=False),
        ),
        ("state:Seen", TaskQuery(states=("failed", "uncertain"), seen=True)),
        ("state:failed state:seen", TaskQuery(states=("failed", "uncertain"))),
        ("state:kept state:Kept", TaskQuery(states=("succeeded",), reasons=("kept",))),
        ("state:kept state:done", TaskQuery(states=("succeeded",))),
        ("state:sent", TaskQuery(states=("succeeded",), reasons=("none",))),
        ("state:active state:Waiting", TaskQuery(states=("queued", "running", "waiting"))),
        ("state:queued state:active", TaskQuery(states=("queued", "running"))),
        ("state:failed seen:Yes", TaskQuery(states=("failed",), seen=True)),
        ("state:failed seen:no", TaskQuery(states=("failed",), seen=False)),
        ("state:failed seen:it", TaskQuery(states=("failed",), seen=False, text="seen:it")),
        ("batch:7 state:succeeded", TaskQuery(states=("succeeded",), batch_id=7)),
        (
            "batch:Members.csv state:done",
            TaskQuery(states=("succeeded",), reasons=("none",), batch_id=3),
        ),
        (
            "state:odd task:Label queue:mail error:550",
            TaskQuery(
                text="state:odd",
                called="Label",
                queue="mail",
                error="550",
                **STANDING,
            ),
        ),
    ],
)
def test_a_search_narrows_what_the_chip_shows_and_its_states_replace_it(
    text: str, query: TaskQuery
) -> None:
    shown = ShownTasks(FILTERS["waiting"], batches={"members.csv": 3})
    shown.search = parse("state:done batch:7")
    shown.search = parse(text)  # it says nothing of the one before
    assert shown.query("-id") == query


@pytest.mark.parametrize(
    ("text", "lone"),
    [
        ("state:running state:seen", "seen"),
        ("state:Kept state:failed", "kept"),
        ("state:failed state:seen state:kept", "kept"),
        ("state:failed state:seen state:running", ""),
        ("state:done state:kept state:running", ""),
        ("state:odd state:kept", ""),
    ],
)
def test_states_of_which_one_narrows_only_its_own_tasks_are_not_shown_together(
    text: str, lone: str
) -> None:
    shown = ShownTasks(FILTERS["waiting"], search=parse(text))
    assert shown.nothing["lone"] == lone
    assert not lone or shown.query("-id").text == text


def test_chips_are_counted_by_the_search_without_its_states_but_with_what_it_asks_of_seen() -> None:
    shown = ShownTasks(FILTERS["failed"], search=parse("opera"))
    assert shown.query("-id") == TaskQuery(text="opera", states=("failed",), seen=False)
    assert shown.query("-id", ALL) == TaskQuery(text="opera")
    shown.search = parse("state:uncertain seen:yes")
    assert shown.query("-id") == TaskQuery(states=("uncertain",), seen=True)
    assert shown.query("-id", ALL) == TaskQuery(seen=True)
    shown.search, shown.part = parse(""), {"cause": "c", "seen": False, "batch_id": None}
    assert shown.query("-id", ALL) == TaskQuery(cause="c", seen=False)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("members", 1),
        ("Members.x", 1),
        ("mem", 2),
        ("members-may", 2),
        ("may", ID_LIMIT),
    ],
)
def test_a_batch_is_found_by_the_beginning_of_its_name(name: str, number: int) -> None:
    assert batch_number(name, {"members.xlsx": 1, "members-may.xlsx": 2}) == number


def test_the_only_task_of_a_part_is_selected_or_the_first_once_where_that_was_asked() -> None:
    shown = ShownTasks(part={"cause": "a1"})
    assert [shown.selects_first(count) for count in (0, 1, 2)] == [False, True, False]
    shown.begins_at_first = True
    assert [shown.selects_first(2), shown.selects_first(2)] == [True, False]
    assert not ShownTasks(begins_at_first=True).selects_first(2), "it is no part"


async def test_the_chips_count_what_a_search_leaves_and_an_empty_list_says_what_all_have(
    play: Play,
) -> None:
    for name in ("Zoe Lin", "Bo", "Zoe Lin"):
        body = {"recipient": {"name": name, "email": "a@example.org"}}
        await asyncio.to_thread(play.api.items.submit, None, body, new_key())  # type: ignore[arg-type]
    window, search = play.window, play.window.page.search
    chips = window.page.chips.chips
    await play.until(lambda: (chips["all"].count, chips["kept"].count) == ("3", "3"))
    QTest.keyClicks(search, "to:lin state:kept")
    QTest.keyClick(search, Qt.Key.Key_Return)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
    await play.until(lambda: (chips["all"].count, chips["kept"].count) == ("2", "2"))
    await play.until(lambda: "Confirmation e-mail" in window.page.search_menu.names["task"])
    QTest.keyClick(search, Qt.Key.Key_Escape)
    await play.until(lambda: chips["all"].count == "3")
    window.page.chips.choose("uncertain")
    search.set_now("zoe")
    empty, others = window.page.table.empty, "Nothing in this group matches “zoe”."
    await play.until(lambda: empty.isVisible() and empty.sentence.text() == others)
    press(empty.link)
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)
    assert search.text() == "zoe"
    play.window.switch.choose(ITEMS)
    items = window.items
    items.chips.choose("no")
    await play.until(lambda: items.empty.isVisible() and items.empty.sentence.text() == others)
    press(items.empty.link)
    await play.until(lambda: items.model.rowCount() == 2)
    window.page.chips.choose("uncertain")
    play.window.switch.choose(BATCHES)
    QTest.keyClick(play.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert play.window.switch.choice.value() == TASKS
    await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 2)

    search.set_now("wheelchair")  # it is found as soon as the index has followed
    await play.until(lambda: play.model.is_loaded and not play.model.rowCount())
    play.window.switch.choose(ITEMS)
    items.chips.choose("")
    await play.until(lambda: items.model.is_loaded and not items.model.rowCount())
    asked = {"recipient": {"email": "a@example.org"}, "fields": {"note": "Wheelchair"}}
    await asyncio.to_thread(play.api.items.submit, None, asked, new_key())  # type: ignore[arg-type]
    await play.until(lambda: items.model.rowCount() == 1)
    await play.until(lambda: play.model.rowCount() == 1)
    play.window.switch.choose(TASKS)
    await play.until(lambda: chips["all"].count == "1")

    model, shown = window.batches.model, window.page.table.shown
    await play.until(lambda: model.is_loaded)
    started, draft = batch(7, name="members.csv"), batch(8, name="members.csv", state="draft")
    model.follow({"rows": [started], "gone": []})
    model.follow({"rows": [draft], "gone": []})
    assert shown.batches == {"members.csv": 7}, "a draft does not hide the batch of its file"
    model.follow({"rows": [batch(8, 2, name="members.csv")], "gone": []})
    assert shown.batches == {"members.csv": 8}


@pytest.mark.parametrize(
    ("typed", "states"),
    [
        ("-state:done", {*State} - {State.SUCCEEDED}),
        ("-state:active -state:failed", {*State} - {State.RUNNING, State.QUEUED, State.FAILED}),
        ("-state:waiting", {*State} - {State.WAITING}),
        ("state:failed -state:done", {State.FAILED}),
    ],
)
def test_a_state_after_a_minus_leaves_its_tasks_out(typed: str, states: set[State]) -> None:
    query = ShownTasks(search=parse(typed)).query("-id")
    assert {*query.states} == states


def test_since_and_until_are_the_ends_of_local_days_and_hours() -> None:
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    query = ShownTasks(search=parse("since:yesterday until:today")).query("-id")
    assert query.since == (today - timedelta(days=1)).timestamp()
    assert query.until == (today + timedelta(days=1)).timestamp()
    strange = ShownTasks(search=parse("since:soon")).query("-id")
    assert (strange.since, strange.text) == (None, "since:soon")


def test_the_help_has_each_key() -> None:
    page = (resources() / "help" / "1-first-steps.md").read_text()
    assert [key for key in KEYS if f"`{key}:" not in page] == []
