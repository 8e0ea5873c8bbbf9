"""The rows of a draft: addresses are whole, no empty group stays, a typed value is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QWidget

from desktop.contract.batches import BatchCounts, RowCheck
from desktop.gui.batches.batch_rows import RowColumn, RowsModel
from desktop.gui.batches.draft_words import GROUPS
from desktop.gui.importing.row_paper import RowPaper
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_list import RowsList
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.link.jobs import ApiSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.batches import BatchRow
    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

pytestmark = pytest.mark.usefixtures("themes")  # they set the font
LONG = "maximiliane.von-und-zu-hohenstein@mitglieder.example.org"


def row(number: int, **changes: Any) -> dict[str, Any]:
    person = {"name": f"P{number}", "email": LONG}
    made = {"row": number, "item": {"recipient": person}, "check": "problem", "path": None}
    made |= {"outcome": None}
    return {**made, "problem": "bad_value", "data": {"text": "It is too long."}} | changes


def counts(**given: int) -> BatchCounts:
    """The counts of a draft; those that are not given are 0."""
    made = dict.fromkeys(BatchCounts.__annotations__, 0) | given
    return cast("BatchCounts", made | {"rows": sum(given.values())})


@pytest.fixture
def pane(qtbot: QtBot, jobs: Jobs, themes: ThemeSource) -> RowsList:
    made = RowsList(RowsModel(ApiSource(jobs), None))
    qtbot.addWidget(made)
    return made


def test_how_rows_repeat_others_is_said_where_they_are_shown(pane: RowsList) -> None:
    pane.show()
    pane.about_twice.setText("The address and the title are the same.")
    pane.show_counts(counts(ready=2, twice=1))
    assert pane.about_twice.isHidden()
    twice = next(n for n, each in enumerate(GROUPS) if RowCheck.TWICE in each.checks)
    pane.chips[twice].click()
    assert pane.about_twice.isVisible()
    pane.chips[0].click()
    assert pane.about_twice.isHidden()


def test_an_address_is_whole_where_there_is_room(qtbot: QtBot, pane: RowsList) -> None:
    said = {"text": "It is too long for a line of an e-mail."}
    pane.model.insert(0, [row(n, data=said) for n in range(2, 9)])
    pane.resize(1350, 500)
    pane.show()
    table = pane.table
    words = table.fontMetrics().horizontalAdvance(LONG)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)
    pane.resize(560, 500)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.CHECK) >= 150)
    assert not table.horizontalScrollBar().isVisible()


def test_an_address_that_comes_into_sight_is_whole_too(qtbot: QtBot, pane: RowsList) -> None:
    short = {"item": {"recipient": {"name": "Ada", "email": "ada@example.org"}}}
    pane.model.insert(0, [*(row(n, **short) for n in range(2, 12)), row(12)])
    pane.resize(1150, 160)
    pane.show()
    table = pane.table
    pane.resize(1150, 700)
    words = table.fontMetrics().horizontalAdvance(LONG)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)


def test_where_no_row_needs_a_look_any_more_all_are_shown(pane: RowsList) -> None:
    pane.show_batch(1)
    to_look_at, *_, everything = pane.chips
    pane.show_counts(counts(problems=1, unchecked=1))
    pane.show_first()
    pane.show_counts(counts(unchecked=1))
    pane.reload()
    assert to_look_at.isChecked()  # it may need one yet
    pane.show_counts(counts(ready=1))
    assert to_look_at.isChecked()  # the row that was corrected stays in sight
    pane.reload()
    assert everything.isChecked()
    to_look_at.click()
    assert to_look_at.isChecked()


def test_rows_that_are_still_to_be_read_are_not_said_to_be_none(pane: RowsList) -> None:
    pane.show_batch(None)
    assert pane.empty.sentence.text() == "No rows."
    pane.show_counts(counts(ready=2000))
    pane.show_batch(1)
    coming = "The rows are shown as soon as Sendoff answers."
    assert pane.empty.sentence.text() == coming
    pane.model.failed.emit("The disk is full.")
    assert pane.empty.sentence.text() == f"The disk is full. {coming}"
    pane.model.take_first(Page([], None))
    assert pane.empty.sentence.text() == "No rows."


def bad_row(number: int, email: str) -> BatchRow:
    made: dict[str, Any] = {"row": number, "item": {"recipient": {"email": email}}, "message": ""}
    made |= {
        "check": "problem",
        "problem": "bad_address",
        "path": "recipient.email",
        "outcome": None,
    }
    return cast("BatchRow", made | {"data": {"fault": "no_at"}, "corrections": []})


def ready(number: int) -> BatchRow:
    return cast("BatchRow", {**bad_row(number, "a@example.org"), "check": "ready", "path": None})


def typed_row(number: int) -> BatchRow:
    made: dict[str, Any] = {"row": number, "item": {"recipient": {"email": f"p{number}@exam"}}}
    made |= {"check": "ready", "problem": None, "path": None, "message": ""}
    made |= {"data": {}, "corrections": [], "outcome": None}
    return cast("BatchRow", made)


@dataclass(frozen=True)
class Rows:
    """The rows of a draft, with what was typed in them."""

    model: RowsModel
    pane: RowsList
    typing: RowTyping


@pytest.fixture
def rows(host: QWidget, jobs: Jobs, themes: ThemeSource) -> Rows:
    model = RowsModel(ApiSource(jobs), host)
    pane, card = RowsList(model), RowPaper(QWidget())
    for part in (pane, card):
        part.setParent(host)
        part.show()
    typing = RowTyping(pane, card, host)
    return Rows(model, pane, typing)


def test_the_spreadsheets_own_value_that_was_typed_over_a_correction_is_still_told(
    qtbot: QtBot, rows: Rows
) -> None:
    kept = {"field": "recipient.email", "before": "p2@exam", "after": "p2@new.example"}
    shown: Any = typed_row(2)
    shown["data"] = {"kept": [kept]}
    rows.typing.put_back({"row": 2, "path": "recipient.email", "text": "p2@exam"})
    with qtbot.waitSignal(rows.typing.not_shown) as told:
        rows.model.take_first(Page([shown], None))
    assert told.args == ["Row 2: you typed “p2@exam” and did not save it."]


@pytest.mark.parametrize(
    ("path", "typed", "item"),
    [
        ("run_at", "2030-03-01T08:00:00Z", {"run_at": "2030-03-01T08:00:00+00:00"}),
        ("recipient.email", "P <p2@exam>", {"recipient": {"email": "p2@exam"}}),
    ],
)
def test_what_was_saved_in_other_words_is_not_told_to_be_lost(
    rows: Rows, path: str, typed: str, item: dict[str, Any]
) -> None:
    told: list[str] = []
    rows.typing.not_shown.connect(told.append)
    rows.typing.put_back({"row": 2, "path": path, "text": typed})
    shown: Any = {**typed_row(2), "item": item}
    rows.model.take_first(Page([shown], None))
    assert told == []


def test_the_name_stays_where_room_is_short(qtbot: QtBot, pane: RowsList) -> None:
    person = {"name": "Hans-Peter Kowalski", "email": "paul..vogel@example.com"}
    pane.model.insert(0, [row(2, item={"recipient": person}, path=None)])
    pane.resize(440, 300)  # half of a narrow window
    pane.show()
    pane.table.forget_widths()
    assert all(pane.table.columnWidth(each) for each in RowColumn)
    assert not pane.table.horizontalScrollBar().isVisible()
