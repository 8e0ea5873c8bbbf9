"""The search: it settles, is taken apart, narrows the table, and is counted by the chips."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from desktop.gui.assembly import AppWindow
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.filters import ALL, FILTERS
from desktop.gui.tasks.search_field import (
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
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.model.tasks import ID_LIMIT
from tests.contract.model.days import SEARCHES_OF_BOTH
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import press

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from tests.gui.play import Play


@pytest.fixture
def field(qtbot: QtBot, themes: ThemeSource) -> SearchField:
    made = SearchField("Search tasks, people, items")
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


def without_commas(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in values if "," not in each)


VALUES = st.lists(st.text(min_size=1, max_size=8), max_size=3).map(tuple)
SEARCHES = st.builds(
    TypedSearch,
    words=st.lists(st.text(min_size=1, max_size=8) | st.just("today"), max_size=3).map(tuple),
    day=st.lists(st.sampled_from(["30.11.2026", "Today"]), max_size=2).map(tuple),
    **{
        FIELDS.get(key, key): VALUES.map(without_commas) if "state" in key else VALUES
        for key in KEYS
    },
)


@given(SEARCHES)
def test_what_is_written_is_taken_apart_into_the_same(search: TypedSearch) -> None:
    assert parse(write(search)) == search


PIECES = st.sampled_from([*KEYS, ":", '"', "\\", " ", "a"])


@given(st.text(max_size=30) | st.lists(PIECES).map("".join))
def test_any_text_is_a_search(text: str) -> None:
    assert parse(write(parse(text))) == parse(text)


STANDING: Any = {"states": ("waiting", "queued"), "standing": True}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("opera to:ada", SortedFilter(text="opera", to="ada", **STANDING)),
        ("state:failed state:uncertain", SortedFilter(states=("failed", "uncertain"), seen=False)),
        ("state:failed state:done", SortedFilter(states=("failed", "succeeded"), seen=False)),
        ("state:kept", SortedFilter(states=("succeeded",), reasons=("kept",))),
        ("state:active", SortedFilter(states=("queued", "running"), standing=False)),
        ("state:waiting", SortedFilter(states=("waiting", "queued"), standing=True)),
        (
            "state:waiting state:failed",
            SortedFilter(states=("waiting", "queued", "failed"), standing=True, seen=False),
        ),
        ("state:Seen", SortedFilter(states=("failed", "uncertain"), seen=True)),
        ("state:failed state:seen", SortedFilter(states=("failed", "uncertain"))),
        ("state:kept state:Kept", SortedFilter(states=("succeeded",), reasons=("kept",))),
        ("state:kept state:done", SortedFilter(states=("succeeded",))),
        ("state:sent", SortedFilter(states=("succeeded",), reasons=("none",))),
        ("state:active state:Waiting", SortedFilter(states=("queued", "running", "waiting"))),
        ("state:queued state:active", SortedFilter(states=("queued", "running"))),
        ("state:failed seen:Yes", SortedFilter(states=("failed",), seen=True)),
        ("state:failed seen:no", SortedFilter(states=("failed",), seen=False)),
        ("state:failed seen:it", SortedFilter(states=("failed",), seen=False, text="seen:it")),
        ("batch:7 state:succeeded", SortedFilter(states=("succeeded",), batch_id=7)),
        (
            "batch:Members.csv state:done",
            SortedFilter(states=("succeeded",), reasons=("none",), batch_id=3),
        ),
        (
            "state:odd task:Label queue:mail error:550",
            SortedFilter(
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
    text: str, query: SortedFilter
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
    assert shown.query("-id") == SortedFilter(text="opera", states=("failed",), seen=False)
    assert shown.query("-id", ALL) == SortedFilter(text="opera")
    shown.search = parse("state:uncertain seen:yes")
    assert shown.query("-id") == SortedFilter(states=("uncertain",), seen=True)
    assert shown.query("-id", ALL) == SortedFilter(seen=True)
    shown.search, shown.part = parse(""), {"cause": "c", "seen": False, "batch_id": None}
    assert shown.query("-id", ALL) == SortedFilter(cause="c", seen=False)


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
    play.window.items.open()
    items = window.items
    items.search.set_now("nobody")
    none = "Nothing matches “nobody”."
    await play.until(lambda: items.empty.isVisible() and items.empty.sentence.text() == none)
    press(items.empty.link)
    await play.until(lambda: items.model.rowCount() == 3)
    play.window.batches.open()
    QTest.keyClick(play.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert play.window.places.shown is None

    search.set_now("wheelchair")  # it is found as soon as the index has followed
    await play.until(lambda: play.model.is_loaded and not play.model.rowCount())
    play.window.items.open()
    items.search.set_now("wheelchair")
    await play.until(lambda: items.model.is_loaded and not items.model.rowCount())
    asked = {"recipient": {"email": "a@example.org"}, "fields": {"note": "Wheelchair"}}
    await asyncio.to_thread(play.api.items.submit, None, asked, new_key())  # type: ignore[arg-type]
    await play.until(lambda: items.model.rowCount() == 1)
    play.window.places.go_home()
    await play.until(lambda: play.model.rowCount() == 1)
    await play.until(lambda: chips["all"].count == "1")

    model, shown = window.batches.model, window.page.table.shown
    await play.until(lambda: model.is_loaded)
    started, draft = batch(7, name="members.csv"), batch(8, name="members.csv", state="draft")
    model.follow({"rows": [started], "gone": []})
    model.follow({"rows": [draft], "gone": []})
    assert shown.batches == {"members.csv": 7}, "a draft does not hide the batch of its file"
    model.follow({"rows": [batch(8, 2, name="members.csv")], "gone": []})
    assert shown.batches == {"members.csv": 8}


def test_since_and_until_are_the_ends_of_local_days_and_hours() -> None:
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    query = ShownTasks(search=parse("since:yesterday until:today")).query("-id")
    assert query.since == (today - timedelta(days=1)).timestamp()
    assert query.until == (today + timedelta(days=1)).timestamp()
    strange = ShownTasks(search=parse("since:soon")).query("-id")
    assert (strange.since, strange.text) == (None, "since:soon")


@pytest.mark.parametrize("typed", ["31.11.2026", "since:31.11.2026", "opera until:31.11.2026"])
async def test_a_day_that_does_not_exist_is_told(play: Play, typed: str) -> None:
    play.window.page.search.set_now(typed)
    empty = play.window.page.table.empty
    said = say("value", "no_day", day="31.11.2026")
    await play.until(lambda: empty.isVisible() and empty.sentence.text() == said)


def test_what_a_search_means_is_what_the_page_means_by_it() -> None:
    for typed, meant in SEARCHES_OF_BOTH.items():
        query = ShownTasks(search=parse(typed)).query("-id").parameters()
        found = {name: query[name] for name in query.keys() - {"sort"}}
        if "state" in found:
            found["state"] = ",".join(sorted(found["state"].split(",")))
        assert found == meant, typed


def test_the_help_has_each_key() -> None:
    page = (resources() / "help" / "1-first-steps.md").read_text()
    assert [key for key in KEYS if f"`{key}:" not in page] == []


def entries(menu: QMenu) -> dict[str, QAction]:
    """The entries of a menu as it opens, those of its submenus behind their titles."""
    menu.aboutToShow.emit()
    found = {}
    for action in menu.actions():
        found[action.text()] = action
        inner = action.menu()
        if isinstance(inner, QMenu):
            found |= {f"{action.text()} {text}": each for text, each in entries(inner).items()}
    return found


def test_the_menu_sets_what_the_keys_say(qtbot: QtBot, window: AppWindow) -> None:
    menu, search, table = window.page.search_menu, window.page.search, window.page.table
    menu.learn(["Label", "Tom & Co"])
    menu.learn_batches(["Members 2027.csv"])
    table.shown.batches = {"members 2027.csv": 5}
    search.set_now("ada")
    entries(menu.menu_)["Task Label"].trigger()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    entries(menu.menu_)["Batch Members 2027.csv"].trigger()
    written = 'ada task:"Tom & Co" batch:"Members 2027.csv"'
    assert search.text() == written
    query = table.shown.query("-id")
    assert (query.text, query.called, query.batch_id) == ("ada", "Tom & Co", 5)
    assert entries(menu.menu_)["Task Tom && Co"].isChecked()
    entries(menu.menu_)["Task Tom && Co"].trigger()
    assert table.shown.query("-id").called == ""
    search.set_now(f"{search.text()} state:uncertain")
    qtbot.mouseClick(window.page.chips.chips["failed"], Qt.MouseButton.LeftButton)
    assert table.shown.query("-id").states == ("failed",)
    assert "state:" not in search.text()
    for _ in range(2):
        entries(menu.menu_)["Recipient…"].trigger()
        assert search.text().endswith(" to:")
        assert search.text().count("to:") == 1
    assert menu.accessibleName()

    menu, search = window.items.search_menu, window.items.search
    menu.learn(["Label"])
    menu.learn_batches(["Members 2027.csv"])
    menu.menu_.aboutToShow.emit()
    found = [each.text() for each in menu.menu_.actions() if not each.isSeparator()]
    assert found == ["Batch", "Recipient…"]
    search.set_now("task:Label")  # what is chosen is offered, too
    entries(menu.menu_)["Task Label"].trigger()
    assert search.text() == ""
