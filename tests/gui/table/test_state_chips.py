"""The chips: one of them is chosen, each counts, and the keyboard reaches them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, Qt

from desktop.contract.states import State
from desktop.gui.table.state_chips import GROUPS, StateChips

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.events import Stats
    from desktop.gui.look.theme import ThemeSource

STATS: Stats = {
    "counts": {
        "queued": 2,
        "running": 12,
        "scheduled": 3,
        "waiting": 2,
        "failed": 4,
        "uncertain": 1,
        "succeeded": 1180,
        "cancelled": 2,
    },
    "rates": {"started": 0, "finished": 0},
    "lanes": {},
}


@pytest.fixture
def chips(qtbot: QtBot, themes: ThemeSource) -> StateChips:
    made = StateChips(themes)
    qtbot.addWidget(made)
    made.resize(900, 44)
    made.show()
    return made


def test_every_state_belongs_to_exactly_one_group() -> None:
    grouped = [state for group in GROUPS for state in group.states]
    assert sorted(grouped) == sorted(State)


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
        "Done": number(1182),
    }
    assert chips.chips[1].accessibleName() == "Active, 14"


def test_a_click_chooses_its_states_and_no_others(qtbot: QtBot, chips: StateChips) -> None:
    with qtbot.waitSignal(chips.states_chosen) as chosen:
        qtbot.mouseClick(chips.chips[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [("queued", "running")]
    assert [chip.isChecked() for chip in chips.chips].count(True) == 1


def test_the_arrow_keys_choose_the_next_one(qtbot: QtBot, chips: StateChips) -> None:
    chips.chips[0].setFocus()
    with qtbot.waitSignal(chips.states_chosen) as chosen:
        qtbot.keyClick(chips.chips[0], Qt.Key.Key_Right)
    assert chosen.args == [("queued", "running")]
    assert chips.chips[1].isChecked()


def test_choosing_all_again_is_told_once(qtbot: QtBot, chips: StateChips) -> None:
    chips.choose(("failed",))
    told: list[tuple[str, ...]] = []
    chips.states_chosen.connect(told.append)
    chips.choose(())
    chips.choose(())
    assert told == [()]


def test_icons_give_way_where_there_is_no_room(chips: StateChips) -> None:
    chips.set_stats(STATS)
    wide = chips.chips[1].sizeHint().width()
    chips.resize(chips.minimumSizeHint().width(), 44)
    assert chips.chips[1].sizeHint().width() < wide
    chips.resize(1200, 44)
    assert chips.chips[1].sizeHint().width() == wide


def test_a_wider_number_gets_more_room(chips: StateChips) -> None:
    chips.set_stats(STATS)
    before = chips.chips[4].sizeHint().width()
    chips.set_stats({**STATS, "counts": {**STATS["counts"], "failed": 31337}})
    assert chips.chips[4].sizeHint().width() > before
