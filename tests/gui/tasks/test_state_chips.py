"""The chips: one of them is chosen, each counts, and the keyboard reaches them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLayout

from desktop.gui.tasks.search_field import meant_by
from desktop.gui.tasks.state_chips import GROUPS, StateChips
from sendoff_tasks.model.states import TROUBLED, State
from tests.gui.tasks.table.task_source import stats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from sendoff_tasks.model.tasks import TaskCounts

STATS = stats(
    queued=2, running=12, scheduled=3, waiting=2, failed=4, uncertain=1, succeeded=1180, cancelled=2
)


@pytest.fixture
def chips(qtbot: QtBot, themes: ThemeSource) -> StateChips:
    made = StateChips()
    qtbot.addWidget(made)
    made.resize(1000, 44)
    made.show()
    return made


def test_every_task_is_in_one_group_so_the_counts_add_up_to_all() -> None:
    counts = {state.value: number for number, state in enumerate(State, 3)}
    seen = {"failed": 2, "uncertain": 1}
    told = cast("TaskCounts", {"counts": counts, "standing": 1, "seen": seen, "is_exact": True})
    whole, *groups = [group.count(told) for group in GROUPS]
    assert whole == sum(groups) == sum(counts.values())
    standing = [group.standing for group in GROUPS if State.QUEUED in group.states]
    assert standing == [False, True], "a pause or a hold makes it wait"
    for state in TROUBLED:
        assert [group.seen for group in GROUPS if state in group.states] == [False, True]


def test_a_word_of_the_search_finds_exactly_what_the_chip_of_this_word_counts() -> None:
    for group in GROUPS[1:]:
        meant = meant_by([group.title])
        assert set(meant["states"]) == set(group.states)
        assert meant.get("standing") == group.standing
        assert meant.get("seen") == group.seen
        assert [each for each in GROUPS if each.is_in(**meant)] == [group]


def test_no_chip_stands_over_a_search_that_finds_nothing(chips: StateChips) -> None:
    chips.set_stats(STATS)
    QApplication.processEvents()
    before = [each.isVisible() for each in chips.chips]
    nothing = {"counts": {}, "standing": 0, "seen": {}, "is_exact": True}
    chips.set_found(cast("TaskCounts", nothing))
    QApplication.processEvents()
    assert not any(each.isVisible() for each in chips.chips)
    chips.set_found(None)
    QApplication.processEvents()
    assert [each.isVisible() for each in chips.chips] == before


def test_a_chip_counts_what_needs_a_person_and_another_what_was_dealt_with(
    chips: StateChips,
) -> None:
    by_word = {chip.text(): chip for chip in chips.chips}
    failed, dealt_with = by_word["Failed"], by_word["Seen"]
    for seen, left, urgent in ((3, "1", True), (4, "0", False)):
        chips.set_stats({**STATS, "seen": {"failed": seen}})
        assert (failed.count, failed.is_urgent, dealt_with.count) == (left, urgent, str(seen))
    found = {"counts": {"failed": 3}, "standing": 0, "seen": {"failed": 1}, "is_exact": True}
    chips.set_found(cast("TaskCounts", found))
    assert (failed.count, failed.is_urgent, dealt_with.count) == ("2", True, "1")
    assert not dealt_with.is_urgent
    assert "sent again or marked as seen" in dealt_with.toolTip()
    chips.show_states(["failed", "seen"])
    chosen = [chip.text() for chip in chips.chips if chip.isChecked()]
    assert chosen == ["Failed", "Uncertain", "Seen"]


def test_counts_are_summed_over_a_group(chips: StateChips) -> None:
    chips.set_stats(STATS)
    counts = {chip.text(): chip.count for chip in chips.chips}
    number = QLocale().toString
    assert counts == {
        "All": number(1206),
        "Active": "14",
        "Scheduled": "3",
        "Waiting": "2",
        "Failed": "4",
        "Uncertain": "1",
        "Done": number(1180),
        "Cancelled": "2",
        "Seen": "0",
    }
    assert chips.chips[1].accessibleName() == "Active, 14"
    chips.set_stats({**STATS, "standing": 2})  # what a pause stops waits
    assert [chips.chips[n].count for n in (1, 3)] == ["12", "4"]


def test_a_click_chooses_its_states_and_no_others(qtbot: QtBot, chips: StateChips) -> None:
    with qtbot.waitSignal(chips.group_chosen) as chosen:
        qtbot.mouseClick(chips.chips[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [GROUPS[1]]
    assert [chip.isChecked() for chip in chips.chips].count(True) == 1
    with qtbot.waitSignal(chips.group_chosen) as chosen:
        qtbot.keyClick(chips.chips[1], Qt.Key.Key_Right)
    assert chosen.args == [GROUPS[2]]
    assert chips.chips[2].isChecked()


def in_row(chips: StateChips) -> list[str]:
    return [chip.text() for chip in chips.chips if chip.isVisible()]


def in_menu(chips: StateChips) -> list[str]:
    chips.more.menu().aboutToShow.emit()
    return [each.text().replace("\t", " ") for each in chips.more.menu().actions()]


@pytest.fixture
def narrow(chips: StateChips) -> StateChips:
    """Give chips that are as narrow as they are told to be, as inside a window."""
    chips.setMinimumWidth(0)
    inner = chips.layout()
    assert inner is not None
    inner.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
    chips.set_stats({**STATS, "counts": {**STATS["counts"], "scheduled": 0, "cancelled": 0}})
    chips.resize(1600, 44)
    return chips


def test_where_room_is_short_chips_go_into_a_menu(narrow: StateChips) -> None:
    everything = in_row(narrow)
    assert narrow.more.isHidden()
    width = max(chip.geometry().right() for chip in narrow.chips) + 5  # the margin at the end
    narrow.resize(width, 44)
    assert in_row(narrow) == everything
    narrow.resize(width - 1, 44)
    assert in_menu(narrow) == ["Done 1,180"]  # the last one that needs no person
    QApplication.processEvents()
    last = max(chip.geometry().right() for chip in narrow.chips if chip.isVisible())
    assert 0 < narrow.more.x() - last <= 5  # right after it
    assert narrow.more.accessibleName() == "More: Done, 1,180"
    narrow.resize(400, 44)
    assert in_row(narrow) == ["All", "Failed", "Uncertain"]  # these need a person


def test_a_chip_in_the_menu_is_chosen_there_and_comes_into_the_row(
    narrow: StateChips, qtbot: QtBot
) -> None:
    narrow.resize(320, 44)
    in_menu(narrow)
    (done,) = (each for each in narrow.more.menu().actions() if each.text().startswith("Done"))
    assert (done.isCheckable(), done.isChecked()) == (True, False)
    with qtbot.waitSignal(narrow.group_chosen) as chosen:
        done.trigger()
    assert chosen.args[0].title == "Done"
    assert "Done" in in_row(narrow)
    assert narrow.more.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_no_chip_moves_by_what_a_search_leaves(narrow: StateChips) -> None:
    narrow.resize(500, 44)
    QApplication.processEvents()
    before = [(chip.text(), chip.geometry()) for chip in narrow.chips if chip.isVisible()]
    narrow.set_found({"counts": {"failed": 1}, "standing": 0, "seen": {}, "is_exact": True})
    QApplication.processEvents()
    assert [(c.text(), c.geometry()) for c in narrow.chips if c.isVisible()] == before


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_failed_and_uncertain_stand_out_in_their_colour_only_while_there_are_any(
    chips: StateChips, themes: ThemeSource, state: str
) -> None:
    (place,) = (n for n, group in enumerate(GROUPS) if group.states == (state,))
    chip, ink = chips.chips[place], themes.theme.ink(state).rgb()

    def stands_out() -> bool:
        image = chip.grab().toImage()
        return any(
            image.pixelColor(x, y).rgb() == ink
            for x in range(image.width())
            for y in range(image.height())
        )

    chips.set_stats(STATS)
    assert stands_out()
    chips.set_stats({**STATS, "counts": {**STATS["counts"], state: 0}})
    assert not stands_out()


def spoken(chips: StateChips) -> list[tuple[str, QAccessible.Role]]:
    """What a screen reader hears of the chips that are chosen."""
    told = [QAccessible.queryAccessibleInterface(chip) for chip in chips.chips]
    return [
        (each.text(QAccessible.Text.Name).split(",")[0], each.role())
        for each in told
        if each.state().checked
    ]


def test_all_chips_that_a_search_has_chosen_are_checked_and_all_is_not(
    qtbot: QtBot, chips: StateChips
) -> None:
    radio, check = QAccessible.Role.RadioButton, QAccessible.Role.CheckBox
    chips.set_stats(STATS)
    assert spoken(chips) == [("All", radio)]
    chips.show_states(["waiting", "failed"])
    assert spoken(chips) == [("Waiting", check), ("Failed", check)]
    tab = Qt.FocusPolicy.TabFocus
    assert [chip.text() for chip in chips.chips if chip.focusPolicy() & tab] == [
        "Waiting",
        "Failed",
    ]
    chips.show_states(["running"])  # a part of what a chip stands for
    assert spoken(chips) == []
    assert chips.chips[0].focusPolicy() & tab
    with qtbot.waitSignal(chips.group_chosen) as chosen:
        qtbot.mouseClick(chips.chips[4], Qt.MouseButton.LeftButton)
    assert chosen.args == [GROUPS[4]]
    chips.show_states([])
    assert spoken(chips) == [("Failed", radio)]
    with qtbot.waitSignal(chips.group_chosen) as chosen:
        qtbot.keyClick(chips.chips[4], Qt.Key.Key_Right)
    assert spoken(chips) == [("Uncertain", radio)]


def test_an_empty_window_has_no_chip_with_a_zero(chips: StateChips) -> None:
    chips.set_stats(stats())
    assert [chip.text() for chip in chips.chips if chip.isVisible()] == []
    chips.set_stats(stats(queued=1))
    assert [chip.text() for chip in chips.chips if chip.isVisible()] == ["All", "Active"]
    chips.set_stats(stats(succeeded=1))  # *Active* stays, so that no chip jumps
    there = [chip.text() for chip in chips.chips if chip.isVisible()]
    assert there == ["All", "Active", "Done"]
