"""The rows of a batch: their model, those without a message, and their correction."""

from __future__ import annotations

import re
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.batches import RowOutcome
from desktop.gui.batches.batch_rows import (
    BatchRows,
    RowColumn,
    RowsModel,
    entry_at,
    typed_value,
    with_entry,
)
from desktop.gui.batches.draft_words import check_words
from desktop.gui.batches.spreadsheets import BatchModel, Spreadsheets
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.kit.words.table import WORDS
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.detail.facts import ROWS
from desktop.gui.tasks.filters import FILTERS
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_model import batch
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.desk_acts import choose
from tests.gui.hands import is_bare, press
from tests.gui.importing.dropping import checked
from tests.gui.importing.test_rows_list import row

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Perform, Play


def test_a_value_is_read_and_replaced_by_its_path() -> None:
    item: Any = {"recipient": {"name": "Ada", "email": "a"}, "attachments": ["a.pdf", "b.pdf"]}
    assert entry_at(item, "recipient.email") == "a"
    assert entry_at(item, "attachments.1") == "b.pdf"
    assert (entry_at(item, "attachments.7"), entry_at(item, "fields.seats")) == ("", "")
    assert with_entry(item, "recipient.email", "")["recipient"] == {"name": "Ada", "email": ""}
    assert with_entry(item, "fields.seats", "4")["fields"] == {"seats": "4"}
    assert with_entry(item, "attachments.0", "c.pdf")["attachments"] == ["c.pdf", "b.pdf"]
    assert with_entry(item, "attachments.0", "")["attachments"] == ["b.pdf"]
    assert "title" not in with_entry(item | {"title": "Opera"}, "title", "")
    assert item["recipient"]["email"] == "a"


def test_a_time_is_typed_as_its_error_shows_it() -> None:
    local = datetime(2030, 3, 1, 8, 0).astimezone().isoformat()
    wrong: Any = row(
        2, check="problem", problem="bad_time", path="run_at", data={"text": "03/04/2027"}
    )
    assert check_words(wrong) == "“03/04/2027” is not a time such as 2030-03-01 08:00."
    assert typed_value("run_at", " 2030-03-01 08:00") == local
    assert typed_value("run_at", "2030-03-01T08:00:00Z") == "2030-03-01T08:00:00+00:00"
    assert typed_value("run_at", "03/04/2027") == "03/04/2027"


def test_a_number_is_typed_in_plain_digits() -> None:
    assert typed_value("item_id", " 17 ") == 17
    for other in ("²", "١٧", "0", "9" * 5000, "17a"):
        assert typed_value("item_id", other) == other


def test_a_row_shows_the_address_that_leaves(jobs: Jobs) -> None:
    model = RowsModel(ApiSource(jobs), None)
    item = {"recipient": {"name": "Ada", "email": "ada@old.example"}}
    kept = [{"field": "recipient.email", "before": "ada@old.example", "after": "ada@new.example"}]
    data = {"batch_id": 1, "row": 2, "kept": kept}
    told: Any = {"check": "same", "problem": None, "path": None, "outcome": None, "corrections": []}
    model.insert(0, [{"row": 2, "item": item, "data": data, **told}])
    place = model.index(0, RowColumn.EMAIL)
    assert place.data() == "ada@new.example"


class Rows:
    """Answers with the rows of a batch, two a page."""

    def __init__(self, *numbers: int) -> None:
        self.numbers = [*numbers]
        self.asked: list[Any] = []

    def rows(self, number: int, *, after: str | None, **asked: Any) -> Any:
        self.asked.append((number, *asked["outcome"]))
        begin = int(after or 0)
        page = [row(each, task_id=each if each == 2 else None) for each in self.numbers]
        more = str(begin + 2) if len(page) > begin + 2 else None
        return {"rows": page[begin : begin + 2], "next": more}


@pytest.fixture
def view(qtbot: QtBot, jobs: Jobs, themes: object) -> Spreadsheets:
    made = Spreadsheets(BatchModel(ApiSource(jobs)), ALL_RIGHTS, PendingActions(Delivery()))
    for part in (made, made.card):
        qtbot.addWidget(part)
        part.resize(840, 700)
        part.show()
    return made


def asked_at(jobs: Jobs, answers: Rows) -> ApiSource:
    source = ApiSource(jobs)
    source.api = SimpleNamespace(batches=answers)  # type: ignore[assignment]
    return source


def lines(view: Spreadsheets) -> list[str]:
    """Return the numbers of the rows that the card shows."""
    deeds = view.card.shown.history.deeds[1:]
    return [re.findall(r"^Row (\d+):", each)[0] for each in deeds]


def test_rows_without_a_task_are_lines_on_the_card_of_their_batch_page_by_page(
    qtbot: QtBot, jobs: Jobs, view: Spreadsheets
) -> None:
    """A row to come that has a later time of its own has its task already."""
    answers = Rows(2, 3, 4)
    shown = BatchRows(asked_at(jobs, answers), view)
    view.model.take_first(Page([batch(8), batch(7, counts={"open": 3})], None))
    view.choose(7)
    shown.show("to_come", view.model.find(7))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: lines(view) == ["2", "3"])
    card = view.card
    assert answers.asked == [(7, RowOutcome.OPEN)]
    assert card.history.isVisible()
    assert card.history.deeds.text().startswith(WORDS.say("batch_history", "to_come"))
    link = card.history.links.values[ROWS]
    assert link.text() == "1 more"
    qtbot.waitUntil(lambda: is_bare(link))  # it is laid out
    press(link)
    qtbot.waitUntil(lambda: lines(view) == ["2", "3", "4"])
    assert link.isHidden()
    view.choose(8)
    assert not card.shown.history.is_there
    view.choose(7)
    assert lines(view) == ["2", "3", "4"]
    card.lead.history.click()
    assert card.history.isHidden()
    shown.show("to_come", view.model.find(7))  # type: ignore[arg-type]
    assert card.history.isVisible()


def test_rows_are_read_again_once_there_are_more_or_fewer_of_them(
    qtbot: QtBot, jobs: Jobs, view: Spreadsheets
) -> None:
    answers = Rows(2, 3)
    shown = BatchRows(asked_at(jobs, answers), view)
    view.model.take_first(Page([batch(7, counts={"open": 2, "sent": 1})], None))
    shown.show("to_come", view.model.find(7))  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: lines(view) == ["2", "3"])
    view.model.put(0, batch(7, 2, counts={"open": 2, "failed": 1}))
    answers.numbers = [3]
    view.model.put(0, batch(7, 3, counts={"open": 1, "failed": 1, "sent": 1}))
    qtbot.waitUntil(lambda: lines(view) == ["3"])
    assert len(answers.asked) == 2


async def test_people_of_a_batch_who_are_no_items_are_found_and_sent_to_in_a_new_import(
    play: Play, tmp_path: Path
) -> None:
    number = bring(play, tmp_path / "members.csv", 30, rate="5/day")
    play.api.batches.start(number, new_key())
    await play.until(lambda: play.api.batches.one(number)["counts"]["open"] == 25)
    await play.until(lambda: play.window.batches.model.find(number) is not None)
    play.window.resize(1920, 1000)  # room for all buttons
    play.window.items.open()
    play.window.batches.action_chosen.emit("to_come", number)
    card = play.window.batches.card
    await play.until(lambda: len(card.shown.history.deeds) == 26)
    assert card.shown.history.deeds[-1] == "Row 31: P29 · p29@example.org · Ready to be sent."
    play.api.batches.cancel(number, "key")
    play.window.batches.open()
    numbers = card.paper.figures
    await play.until(
        lambda: (link := numbers.links.get("cancelled")) and is_bare(link)  # it is laid out
    )
    press(numbers.links["cancelled"])
    line = "Row 7: P5 · p5@example.org · Cancelled."
    await play.until(lambda: card.shown.history.deeds[1:2] == (line,))
    choose(card, "send_cancelled")
    await play.until(lambda: bool(play.window.findChildren(ImportPlace)))
    (importing,) = play.window.findChildren(ImportPlace)
    await play.until(lambda: checked(importing, 25))
    assert importing.batch is not None
    assert (importing.batch["name"], importing.batch["rate"]) == ("members – again.csv", "5/day")
    assert importing.said.send.text() == "Keep 25"
    importing.close()
    play.window.batches.action_chosen.emit("kept", number)
    assert play.window.page.narrowed.text() == f"Batch {number}: members.csv · kept"
    assert play.window.page.chips.chosen is FILTERS["kept"]


def test_rows_left_out_are_shown_with_their_reasons_and_corrected_in_a_draft(
    perform: Perform, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name,E-mail\nAda,ada@example.org\nAda,ada@example.org\nBo,bo@@example.org\n")
    people = [("Ada", "ada@example.org"), ("Ada", "ada@example.org"), ("Bo", "bo@@example.org")]

    async def correct(play: Play) -> None:
        batches = play.api.batches
        new: Any = {"name": path.name, "rate": "5/day"}
        new["columns"] = {"Name": "name", "E-mail": "email"}
        number = batches.create(new, new_key())
        batches.keep_sheet(number, path)
        rows: Any = [
            {"row": n, "item": {"recipient": {"name": name, "email": email}}}
            for n, (name, email) in enumerate(people, 2)
        ]
        batches.add_rows(number, rows)
        batches.start(number, new_key())
        play.window.resize(1920, 1000)  # room for all buttons
        play.window.batches.open()
        numbers = play.window.batches.card.paper.figures
        await play.until(lambda: (link := numbers.links.get("left_out")) and link.isVisible())
        press(numbers.links["left_out"])
        card = play.window.batches.card
        await play.until(lambda: len(card.shown.history.deeds) == 3)
        said = card.shown.history.deeds[1:]
        assert said[0].startswith("Row 3: Ada")
        assert "Row 2" in said[0]
        assert said[1].startswith("Row 4: Bo · bo@@example.org · ")
        for _ in range(2):  # it takes a moment
            choose(card, "correct_rows")
        await play.until(lambda: bool(play.window.findChildren(ImportPlace)))
        (importing,) = play.window.findChildren(ImportPlace)
        await play.until(lambda: checked(importing, 1))
        draft = importing.batch
        assert draft is not None
        assert (draft["rate"], draft["columns"]["E-mail"]) == ("5/day", "email")
        await play.until(lambda: importing.card.editor.text() == "bo@@example.org")
        assert [row["row"] for row in importing.list.model.rows] == [4]  # it was 2
        importing.close()

    async def correct_after_a_restart(play: Play) -> None:
        play.window.batches.open()
        view = play.window.batches
        await play.until(lambda: view.model.rowCount() == 2)
        view.card.action_chosen.emit("correct_rows", 1)
        await play.until(lambda: bool(play.window.findChildren(ImportPlace)))
        (importing,) = play.window.findChildren(ImportPlace)
        await play.until(lambda: checked(importing, 1))
        assert importing.batch is not None
        assert (importing.batch["batch_id"], view.model.rowCount()) == (2, 2)  # not one more
        importing.close()
        play.api.batches.start(2, new_key())
        await play.until(lambda: play.api.batches.one(2)["started_at"] is not None)
        view.card.action_chosen.emit("correct_rows", 2)
        await play.until(lambda: play.api.batches.one(2)["continued_by"] is not None)
        names = [play.api.batches.one(number)["name"] for number in (2, 3)]
        assert names == ["members – to correct.csv"] * 2

    perform(correct)
    perform(correct_after_a_restart)
