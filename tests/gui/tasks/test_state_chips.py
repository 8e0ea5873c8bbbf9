"""The chips: one filter is chosen, each counts, and the keyboard reaches them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLayout

from desktop.gui.tasks.filters import BY_REASON, FILTERS, FoundCounts
from desktop.gui.tasks.state_chips import StateChips
from sendoff_tasks.model.states import State
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.tasks import TaskCounts

STATS = stats(
    queued=2, running=12, scheduled=3, waiting=2, failed=4, uncertain=1, succeeded=1180, cancelled=2
)
OWN = {"need_you": (6, True), "done": (1175, True), "kept": (3, True), "came_back": (2, True)}
NOTHING: TaskCounts = {"counts": {}, "standing": 0, "seen": {}, "is_exact": True}


@pytest.fixture
def chips(qtbot: QtBot, themes: ThemeSource) -> StateChips:
    made = StateChips()
    qtbot.addWidget(made)
    made.resize(1000, 44)
    made.show()
    made.set_stats(STATS)
    made.set_found(FoundCounts(None, OWN))
    return made


def in_row(chips: StateChips) -> list[str]:
    QApplication.processEvents()
    return [chip.title for chip in chips.chips.values() if chip.isVisible()]


def in_menu(chips: StateChips) -> list[str]:
    if chips.more.isHidden():
        return []
    chips.more.menu().aboutToShow.emit()
    return [each.text().replace("\t", " ") for each in chips.more.menu().actions()]


def test_at_most_four_with_tasks_stand_beside_all_and_the_others_are_counted_in_the_menu(
    chips: StateChips,
) -> None:
    assert in_row(chips) == ["All", "Need you", "Under way", "Waiting", "Scheduled"]
    assert in_menu(chips) == [
        *("Done 1,175", "Failed 4", "Uncertain 1", "Cancelled 2"),
        *("Kept 3", "Bounced 2"),
    ]
    chips.choose("done")
    assert in_row(chips)[-1] == "Done", "the chosen one always is"
    chips.set_stats(stats(succeeded=9, failed=1))
    chips.choose("all")
    chips.begin_search()
    chips.set_found(FoundCounts(None, {"need_you": (1, True), "done": (9, True)}))
    assert in_row(chips) == ["All", "Need you", "Done"]
    assert in_menu(chips) == ["Failed 1"]


def test_counts_are_those_of_one_read_and_a_plus_says_that_there_are_more(
    chips: StateChips,
) -> None:
    counts = {name: chip.count for name, chip in chips.chips.items()}
    number = QLocale().toString
    assert counts == {
        "all": number(1206),
        "need_you": "6",
        "under_way": "14",
        "waiting": "2",
        "scheduled": "3",
        "done": number(1175),
        "failed": "4",
        "uncertain": "1",
        "cancelled": "2",
        "seen": "0",
        "kept": "3",
        "settled": "0",
        "came_back": "2",
    }
    assert chips.chips["under_way"].accessibleName() == "Under way, 14"
    chips.set_stats({**STATS, "standing": 2})  # what a pause stops waits
    assert [chips.chips[name].count for name in ("under_way", "waiting")] == ["12", "4"]
    chips.set_found(FoundCounts(None, {**OWN, "done": (10_000, False)}))
    assert chips.chips["done"].count == f"{number(10_000)}+"
    search: TaskCounts = {**NOTHING, "counts": {"failed": 7}, "is_exact": False}
    chips.set_found(FoundCounts(search, {"need_you": (7, True)}))
    assert [chips.chips[name].count for name in ("all", "need_you")] == ["7+", "7"]


@pytest.fixture
def narrow(chips: StateChips) -> StateChips:
    """Give chips that are as narrow as they are told to be, as inside a window."""
    chips.setMinimumWidth(0)
    inner = chips.layout()
    assert inner is not None
    inner.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    chips.set_stats(stats(running=12, waiting=2, succeeded=1180, failed=4))
    chips.begin_search()
    chips.set_found(FoundCounts(None, {"need_you": (4, True), "done": (1180, True)}))
    chips.resize(1600, 44)
    return chips


def test_a_chip_in_the_menu_is_chosen_there_and_comes_into_the_row(
    narrow: StateChips, qtbot: QtBot
) -> None:
    narrow.resize(320, 44)
    in_menu(narrow)
    (failed,) = (each for each in narrow.more.menu().actions() if each.text().startswith("Failed"))
    assert (failed.isCheckable(), failed.isChecked()) == (True, False)
    with qtbot.waitSignal(narrow.filter_chosen) as chosen:
        failed.trigger()
    assert chosen.args[0] is FILTERS["failed"]
    assert "Failed" in in_row(narrow)
    assert narrow.more.focusPolicy() & Qt.FocusPolicy.TabFocus


def spoken(chips: StateChips) -> list[tuple[str, QAccessible.Role]]:
    """What a screen reader hears of the chips that are chosen."""
    told = [QAccessible.queryAccessibleInterface(chip) for chip in chips.chips.values()]
    return [
        (each.text(QAccessible.Text.Name).split(",")[0], each.role())
        for each in told
        if each.state().checked
    ]


def test_all_chips_that_a_search_has_chosen_are_checked_and_all_is_not(
    qtbot: QtBot, chips: StateChips
) -> None:
    radio, check = QAccessible.Role.RadioButton, QAccessible.Role.CheckBox
    assert spoken(chips) == [("All", radio)]
    chips.show_states(["waiting", "failed"])
    assert spoken(chips) == [("Waiting", check), ("Failed", check)]
    tab = Qt.FocusPolicy.TabFocus
    assert [chip.title for chip in chips.chips.values() if chip.focusPolicy() & tab] == [
        "Waiting",
        "Failed",
    ]
    assert "Failed" in in_row(chips), "what is chosen is seen"
    chips.show_states(["running"])  # a part of what a chip stands for
    assert spoken(chips) == []
    assert chips.chips["all"].focusPolicy() & tab
    with qtbot.waitSignal(chips.filter_chosen) as chosen:
        qtbot.mouseClick(chips.chips["waiting"], Qt.MouseButton.LeftButton)
    assert chosen.args == [FILTERS["waiting"]]
    chips.show_states([])
    assert spoken(chips) == [("Waiting", radio)]
    with qtbot.waitSignal(chips.filter_chosen) as chosen:
        qtbot.keyClick(chips.chips["waiting"], Qt.Key.Key_Right)
    assert spoken(chips) == [("Scheduled", radio)]


def test_every_task_is_in_a_filter_of_its_state_so_their_counts_add_up_to_all() -> None:
    counts = {state.value: number for number, state in enumerate(State, 3)}
    told = cast("Any", {"counts": counts, "standing": 1, "seen": {"failed": 2, "uncertain": 1}})
    of_states = [each for name, each in FILTERS.items() if name not in {*BY_REASON, "all"}]
    whole = FILTERS["all"].count(told)
    assert whole == sum(counts.values())
    assert whole == sum(each.count(told) for each in of_states) + counts[State.SUCCEEDED]
