"""The view of causes: rows that come and go, what is offered, keys, and the card of one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel

from desktop.contract.items import CONFIRMATION
from desktop.contract.office import OfficeCure
from desktop.gui.causes.cause_model import CauseColumn, CauseModel, state_words
from desktop.gui.causes.cause_view import CauseView
from desktop.gui.causes.room import cause_cells
from desktop.gui.kit.lists.list_widths import rows_in_sight
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.rights import ALL_RIGHTS, WindowRights
from desktop.gui.kit.words.ages import DAY
from desktop.gui.kit.words.states import LOOKS
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.states import State
from tests.gui.cut_words import measured
from tests.gui.items.test_item_table import Later
from tests.gui.tasks.table.task_source import stamp
from tests.property_based import examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytestqt.qtbot import QtBot


def cause(
    name: str, cure: str | None = Cure.RETRY, again: int = 0, behind: int = 0, **states: int
) -> Any:
    return {
        "cause": name,
        "title": f"Cause {name}",
        "about": {"kind": "said", "text": f"Cause {name}"},
        "count": sum(states.values()),
        "first_at": "2026-11-21T09:00:00.000Z",
        "last_at": "2026-11-21T09:30:00.000Z",
        "where": ["a.org", "b.org", "c.org", "d.org"],
        "states": states,
        "behind": behind,
        "paused": {},
        "cure": cure,
        "retried_at": "2026-11-21T09:20:00.000Z" if again else None,
        "new_since_retry": again,
    }


class Ledger:
    """Causes that answer like the API."""

    def __init__(self, *kept: Any) -> None:
        self.kept: list[Any] = list(kept)

    def causes(self, _states: Sequence[str]) -> list[Any]:
        return self.kept


class Watched:
    """A view of causes in a ledger."""

    def __init__(
        self, qtbot: QtBot, themes: ThemeSource, rights: WindowRights = ALL_RIGHTS
    ) -> None:
        self.ledger, self.jobs = Ledger(), Later()
        source = ApiSource(self.jobs, self.ledger)  # type: ignore[arg-type]
        model = CauseModel(source, rights)
        self.view = CauseView(model, rights, PendingActions(Delivery()))
        self.card = self.view.card
        qtbot.addWidget(self.view)
        self.view.resize(900, 500)

    def show(self, *kept: Any) -> None:
        self.ledger.kept = list(kept)
        self.view.show()
        self.view.model.refresh()
        self.jobs.go()

    def cells(self, row: int = 0) -> list[str]:
        model = self.view.model
        return [model.data(model.index(row, column)) for column in CauseColumn]


@pytest.fixture
def watched(qtbot: QtBot, themes: ThemeSource) -> Watched:
    return Watched(qtbot, themes)


CAUSES = st.lists(
    st.builds(
        cause,
        st.sampled_from("abcde"),
        st.sampled_from([*Cure, None]),
        again=st.integers(0, 2),
        failed=st.integers(0, 3),
        queued=st.integers(0, 2),
    ),
    unique_by=lambda each: each["cause"],
)


@given(st.lists(CAUSES, max_size=5))
@settings(max_examples=examples(24), deadline=None)
def test_the_rows_are_what_stops_tasks_or_is_tried_again(
    qapp: QApplication, changes: list[list[Any]]
) -> None:
    ledger, jobs = Ledger(), Later()
    model = CauseModel(ApiSource(jobs, ledger), ALL_RIGHTS)  # type: ignore[arg-type]
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    for ledger.kept in changes:
        model.refresh()
        model.sort_again()
        model.refresh()
        jobs.go()
        wanted = [each for each in ledger.kept if each["states"]["failed"] or each["retried_at"]]
        assert sorted(model.rows, key=str) == sorted(wanted, key=str)
        counts = [each["states"]["failed"] for each in model.rows]
        assert counts == sorted(counts, reverse=True)


def test_while_they_are_looked_at_causes_keep_their_places(watched: Watched) -> None:
    watched.show(cause("a", failed=5), cause("b", failed=4), cause("c", failed=3))
    b = watched.view.table.model().index(1, 0)
    watched.view.table.setCurrentIndex(b)
    watched.show(
        cause("a", again=1, failed=1, queued=4), cause("b", failed=4), cause("d", failed=9)
    )
    assert [each["cause"] for each in watched.view.model.rows] == ["a", "b", "c", "d"]
    assert watched.view.table.currentIndex().row() == 1
    watched.view.hide()
    watched.show(*watched.ledger.kept)
    assert [each["cause"] for each in watched.view.model.rows] == ["d", "b", "a"]


def test_the_first_order_that_is_seen_stays(watched: Watched) -> None:
    watched.show(cause("a", failed=5), cause("b", failed=4))
    view, rows = watched.view, watched.view.table.viewport()
    view.hide()
    watched.ledger.kept = [cause("a", failed=5), cause("b", failed=9), cause("c", failed=7)]
    view.model.refresh()
    view.show()
    assert (rows.isVisible(), view.table.current()) == (False, watched.view.model.rows[0])
    watched.jobs.go()
    assert rows.isVisible()
    assert [each["cause"] for each in view.model.rows] == ["b", "c", "a"]
    assert view.table.current() == watched.ledger.kept[0]
    view.hide()
    view.show()
    assert rows.isVisible(), "nothing has changed"
    assert [each["cause"] for each in view.model.rows] == ["b", "c", "a"]
    view.hide()
    view.model.refresh()
    view.show()
    watched.jobs.go(fail=True)
    assert rows.isVisible()


def test_the_selected_cause_is_in_sight_after_a_new_order(watched: Watched) -> None:
    many = [cause(f"c{number:02}", failed=90 - number) for number in range(40)]
    watched.show(*many)
    view, table = watched.view, watched.view.table
    for wait in (True, False):
        table.selectRow(0)
        view.hide()
        table.scrollToTop()
        many = [*many[1:], {**many[0], "states": {"failed": 1}}]
        watched.ledger.kept = many
        view.model.refresh()
        if not wait:
            watched.jobs.go()
        view.show()
        watched.jobs.go()
        assert table.current() == many[-1]
        first, last = rows_in_sight(table)
        assert first <= table.currentIndex().row() <= last


def test_a_cause_that_is_over_stays_in_its_place_and_says_so(
    qtbot: QtBot, watched: Watched
) -> None:
    a, b, c = cause("a", failed=5), cause("b", failed=20), cause("c", failed=3)
    watched.show(a, b, c)
    view, table = watched.view, watched.view.table
    table.selectRow(0)
    watched.show(a, cause("b", again=1, failed=2, queued=9), c)
    watched.show(a, c)
    assert [each["cause"] for each in view.model.rows] == ["b", "a", "c"]
    assert watched.cells()[CauseColumn.TASKS] == "20"
    exported = cause_cells(view.model.rows[0], view.model.help_of)
    assert (exported[0], exported[1], exported[-1]) == (0, "", watched.cells()[-1])
    assert watched.cells()[-1].startswith("Over since ")
    said = [label.text() for label in watched.card.findChildren(QLabel)]
    assert any(". It no longer stops any of its 20 tasks." in words for words in said)
    assert not watched.card.row.buttons
    with qtbot.assertNotEmitted(view.action_chosen):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    watched.show(a, b, c)
    assert view.model.rows == [b, a, c], "it is met once more"
    assert view.table.current() == b
    watched.show(a, c)
    view.hide()
    watched.show(a, c)
    assert (view.model.rows, view.table.current()) == ([a, c], a)


def test_a_cause_whose_tasks_are_tried_again_by_themselves_is_not_over(watched: Watched) -> None:
    watched.show(cause("a", None, waiting=15))
    watched.show(cause("a", None, queued=14, running=1))
    assert watched.cells()[-1] == "15 queued again"
    watched.view.hide()
    watched.show(cause("a", None, queued=14, running=1))
    assert watched.view.model.rows == []
    assert watched.view.empty.isVisible()
    assert not watched.card.isVisible()


def test_a_button_that_goes_with_its_cause_chooses_no_other(qtbot: QtBot, watched: Watched) -> None:
    watched.show(cause("a", failed=5), cause("b", failed=4))
    view = watched.view
    with qtbot.waitActive(view):
        view.activateWindow()
    at = view.table.visualRect(view.model.index(1, CauseColumn.CAUSE)).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseClick(watched.card.row.buttons["retry"], Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is watched.card.row.buttons["retry"]
    watched.show(cause("a", failed=5))
    assert QApplication.focusWidget() is view.table
    assert view.table.current() == view.model.rows[1]
    qtbot.keyClick(view.table, Qt.Key.Key_Up)
    assert view.table.current() == watched.ledger.kept[0]


def shown(label: QLabel) -> str:
    return QTextDocumentFragment.fromHtml(label.text()).toPlainText()


def unsure(kind: str) -> Any:
    about = {"kind": kind, "task": CONFIRMATION, "reason": "cut_short"}
    return {**cause("a", failed=1, uncertain=6), "about": about}


FAILED, WAITING, RUNNING = (LOOKS[State(each)] for each in ("failed", "waiting", "running"))
TO_COME = cause("a", None, behind=1583, waiting=17)


LINES: list[tuple[Any, Any, str, str | None]] = [
    (
        cause("a", again=3, failed=2, waiting=310),
        [(FAILED, "2"), (WAITING, "310")],
        "2 failed · 310 waiting",
        "Retry · 3 since the retry",  # they need not have failed
    ),
    (cause("a", again=3, failed=2), True, "2 failed", "Retry · 3 failed since the retry"),
    (
        *(TO_COME, [(WAITING, "1,600")], "1,600 waiting (1,583 still in batches)"),
        "Retrying automatically",
    ),
    (cause("a", again=1, queued=110, running=8), [(RUNNING, "118")], "118 queued again", None),
    (
        cause("a", again=1, failed=20, queued=98),
        [(FAILED, "20"), (RUNNING, "98")],
        "20 failed · 98 queued again",
        None,
    ),
    (  # what its paused batch has put aside
        cause("a", waiting=6, scheduled=16),
        [(WAITING, "6"), (LOOKS[State.SCHEDULED], "16")],
        "6 waiting · 16 scheduled",
        None,
    ),
    (
        *(unsure("answer"), None),
        "1 failed · 6 uncertain: an earlier attempt may have sent them",
        None,
    ),
    (unsure("reason"), None, "1 failed · 6 uncertain", None),
]
"""Causes, with the parts of their count, and what their states and what helps are called."""


def test_a_line_and_its_card_count_the_tasks_by_state_and_say_what_helps(watched: Watched) -> None:
    for told, parts, states, helps in LINES:
        watched.show()
        watched.view.hide()
        watched.show(told)
        model, total = watched.view.model, f"{told['count'] + told['behind']:,}"
        count, _, where, *_ = watched.cells()
        assert (count, where) == (total, "a.org, b.org, c.org, …")
        if isinstance(parts, list):
            assert model.cell(0, CauseColumn.TASKS).mark == parts
        assert states in [shown(label) for label in watched.card.findChildren(QLabel)]
        if helps is not None:
            assert watched.cells()[-1] == helps
            assert model.cell(0, CauseColumn.HELP).mark is helps.startswith("Retry ·")


def test_the_count_is_spoken_and_the_card_says_how_many(watched: Watched) -> None:
    def spoken(told: Any) -> object:
        watched.show(told)
        index = watched.view.model.index(0, CauseColumn.TASKS)
        return index.data(Qt.ItemDataRole.AccessibleTextRole)

    def said() -> list[str]:
        return [label.text() for label in watched.card.findChildren(QLabel)]

    assert spoken(cause("a", failed=2, waiting=310)) == "2 failed · 310 waiting"
    assert spoken(cause("a", again=1, queued=110, running=8)) == "118 queued again"
    assert "118 tasks" not in said()
    spoken(TO_COME)
    assert "1,600 tasks" in said()
    assert watched.card.row.buttons["try_now"].text() == "Try now (17)"
    held: Any = {**cause("a", waiting=4), "about": {"kind": "reason", "reason": "queue_held"}}
    assert state_words(held) == "4 on hold", "as its rows say"


def test_tab_leads_from_a_cause_to_what_can_be_done(watched: Watched, qtbot: QtBot) -> None:
    view = watched.view
    watched.show(cause("a", failed=3))
    with qtbot.waitActive(view):
        view.activateWindow()
    view.table.setFocus()
    for button in view.card.row.buttons.values():
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is button


ALL: Any = {"kind": "reason", "reason": "all_paused"}
MAIL: Any = {"kind": "reason", "reason": "queue_paused", "queue": "mail"}
QUEUE: Any = {"kind": "reason", "reason": "queue_paused", "queue": "slow"}
BATCH: Any = {"kind": "reason", "reason": "batch_paused", "batch_id": 7, "batch": "Members"}


def pause(name: str, about: Any, waiting: int, behind: int = 0) -> Any:
    since = "2026-11-21T09:00:00.000Z"
    told = cause(name, Cure.RESUME, behind=behind, waiting=waiting)
    return {**told, "about": about, "where": [], "first_at": since, "last_at": since}


PAUSES = [
    (ALL, "Everything is paused", 16, 4984),
    (MAIL, "The queue Mail is paused", 16, 4984),
    (QUEUE, "The queue slow is paused", 16, 4984),
    (BATCH, "The batch Members is paused", 0, 5000),
]


def test_a_pause_is_a_line_with_its_end(qtbot: QtBot, watched: Watched) -> None:
    view, card, table = watched.view, watched.card, watched.view.table
    for about, words, waiting, behind in PAUSES:
        watched.show()
        view.hide()
        watched.show(pause("a", about, waiting, behind))
        count, said, where, _, _, helps = watched.cells()
        assert (count, said, where, helps) == ("5,000", words, "", "Resume")
        mark = view.model.cell(0, CauseColumn.TASKS).mark
        assert mark == [(LOOKS[State.WAITING]._replace(icon="pause"), "5,000")]
        assert list(card.row.buttons) == ["resume", "tasks"]
        assert card.title.text() == words
        told = [label.text() for label in card.findChildren(QLabel)]
        assert any(text.startswith("Paused since ") for text in told)
        assert f"5,000 waiting ({behind:,} still in batches)" in card.states.text()
        where_it_is = table.visualRect(view.model.index(0, CauseColumn.HELP)).center()
        button = card.row.buttons["resume"]
        for pressed, at in ((table.viewport(), where_it_is), (button, button.rect().center())):
            with qtbot.waitSignal(view.action_chosen) as acted:
                qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton, pos=at)
            assert (acted.args[0], acted.args[1]["about"]) == ("resume", about)


def test_who_may_only_look_cannot_end_a_pause(qtbot: QtBot, themes: ThemeSource) -> None:
    looking = Watched(qtbot, themes, WindowRights(may_change=False))
    looking.show(pause("a", ALL, 9))
    assert looking.cells()[CauseColumn.HELP] == "Resume"
    assert looking.view.model.cell(0, CauseColumn.HELP).mark is False
    assert list(looking.card.row.buttons) == ["tasks"]


@pytest.mark.parametrize(
    ("about", "paused"),
    [
        ({"kind": "answer", "task": "send_confirmation_email"}, {"mail"}),
        ({"kind": "exception", "task": "receipt"}, {"receipt"}),
        ({"kind": "reason", "queue": "slow"}, {"slow", "mail"}),
        ({"kind": "said"}, {""}),
    ],
)
def test_what_goes_on_by_itself_does_so_after_a_pause(
    watched: Watched, about: Any, paused: set[str]
) -> None:
    again = cause("a", None, waiting=2)
    watched.show({**again, "about": {"text": "451", **about}})
    watched.view.set_stopped({"another"}, set())
    assert watched.cells()[-1] == "Retrying automatically"
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]
    watched.view.set_stopped({"another"}, paused)
    assert watched.cells()[-1] == "Retrying once the problem is fixed"
    watched.view.set_stopped(paused, set())
    assert watched.cells()[-1] == "Retrying after the pause"
    said = [label.text() for label in watched.card.findChildren(QLabel)]
    assert any("Retrying after the pause." in words for words in said)
    assert list(watched.card.row.buttons) == ["tasks"]  # nothing could be tried
    watched.show({**again, "about": {**about, "reason": "held_for_person"}, "cure": Cure.RETRY})
    assert list(watched.card.row.buttons) == ["try_now", "tasks"]  # else it stays on hold
    watched.view.set_stopped(set(), set())
    watched.show({**again, "paused": {"7": 1}})
    assert watched.cells()[-1] == "Retrying automatically (1 after a pause)"
    watched.show({**again, "paused": {"7": 1, "8": 1}})
    assert watched.cells()[-1] == "Retrying after the pause"


def test_each_part_of_a_mixed_cause_has_its_own_colour(
    watched: Watched, themes: ThemeSource
) -> None:
    watched.show(cause("a", failed=2, waiting=310))
    red, amber = (themes.theme.ink(token).name() for token in ("failed", "waiting"))
    words = watched.card.states.text()
    assert words.index(red) < words.index("2 failed") < words.index(amber) < words.index("310")
    assert watched.card.title.token == "text"
    watched.show(cause("a", failed=2))
    assert watched.card.title.token == "failed"


def test_the_card_offers_what_fits_the_states(watched: Watched) -> None:
    def offered(each: Any) -> list[str]:
        watched.show(each)
        return list(watched.card.row.buttons)

    assert offered(cause("a", failed=2)) == ["retry", "tasks"]
    assert offered(cause("a", OfficeCure.CORRECT_ADDRESS, failed=2))[0] == "correct_address"
    assert watched.card.row.buttons["correct_address"].text() == "Correct the 2 addresses"
    assert offered(cause("a", OfficeCure.MAIL_SETTINGS, waiting=2)) == [
        "mail_settings",
        "try_now",
        "tasks",
    ]
    assert offered(cause("a", OfficeCure.SIGN_IN, waiting=2)) == ["sign_in", "try_now", "tasks"]
    assert offered(cause("a", Cure.RESOLVE, uncertain=1)) == ["done", "again", "tasks"]
    assert watched.card.row.buttons["again"].text() == "Run again (1)"
    unsure = cause("a", Cure.RESOLVE, uncertain=1)
    unsure["about"] = {**unsure["about"], "task": CONFIRMATION}
    offered(unsure)
    words = [watched.card.row.buttons[each].text() for each in ("done", "again")]
    assert words == ["It was sent (1)", "Send again (1)"], "as in Tasks"
    assert watched.card.row.buttons["again"].accessibleDescription()


def test_a_time_of_another_day_is_whole_or_not_there(
    qtbot: QtBot,
    themes: ThemeSource,
    watched: Watched,
    request: pytest.FixtureRequest,
) -> None:
    request.addfinalizer(lambda: themes.set_text_size(100))
    themes.set_text_size(200)
    told = cause("a", failed=2)
    told["first_at"], told["last_at"] = (
        stamp(datetime.now().astimezone().replace(hour=22, minute=58).timestamp() - days * DAY)
        for days in (400, 1)
    )
    watched.show(told)
    table = watched.view.table
    for width in (640, 1280, 1920):
        watched.view.resize(width, 400)
        measured(qtbot, table)
        for column in (CauseColumn.FIRST, CauseColumn.LAST):
            assert ", " in watched.cells()[column]  # its date, and the time
            there = not table.isColumnHidden(column)
            assert there or width < 1280
            assert not there or table.columnWidth(column) >= table.width_needed(0, column)


def test_what_helps_is_never_cut(qtbot: QtBot, watched: Watched) -> None:
    causes = [cause(each, each, failed=2) for each in Cure]
    for each in causes:
        each["title"] = each["about"]["text"] = "The mail server postponed the recipient " * 5
    watched.view.resize(800, 400)
    watched.show(*causes)
    table, model = watched.view.table, watched.view.model
    qtbot.waitUntil(lambda: table.widths.needed(CauseColumn.CAUSE) > 800)
    for row in range(model.rowCount()):
        needed = table.width_needed(row, CauseColumn.HELP)
        qtbot.waitUntil(lambda n=needed: table.columnWidth(CauseColumn.HELP) >= n)  # type: ignore[misc]


def test_a_card_is_as_high_as_before_once_larger_text_is_small_again(
    qtbot: QtBot, themes: ThemeSource, watched: Watched, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: themes.set_text_size(100))
    watched.show(cause("a", failed=2))
    watched.view.table.selectRow(0)
    card = watched.view.card
    before = card.top.sizeHint().height()
    themes.set_text_size(200)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() > before)
    themes.set_text_size(100)
    qtbot.waitUntil(lambda: card.top.sizeHint().height() == before)
