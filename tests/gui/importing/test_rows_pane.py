"""The rows of a draft: addresses are whole, no empty group stays, a typed value is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser, QVBoxLayout, QWidget

from desktop.contract.batches import BatchCounts
from desktop.gui.batches.batch_rows import RowColumn, RowsModel
from desktop.gui.batches.draft_words import time_words
from desktop.gui.importing.row_typing import RowTyping
from desktop.gui.importing.rows_pane import RowCard, RowsPane
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.link.jobs import ApiSource
from sendoff_tasks.client.errors import BackendGone, ClientError
from tests.gui.cut_words import measured

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
def pane(qtbot: QtBot, jobs: Jobs, themes: ThemeSource) -> RowsPane:
    made = RowsPane(RowsModel(ApiSource(jobs), None))
    qtbot.addWidget(made)
    return made


def test_how_rows_repeat_others_is_said_where_they_are_shown(pane: RowsPane) -> None:
    pane.show()
    pane.about_twice.setText("The address and the title are the same.")
    pane.show_counts(counts(ready=2, twice=1))
    assert pane.about_twice.isHidden()
    pane.chips[-1].click()
    assert pane.about_twice.isVisible()
    pane.chips[0].click()
    assert pane.about_twice.isHidden()


def test_an_address_is_whole_where_there_is_room(qtbot: QtBot, pane: RowsPane) -> None:
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


def test_an_address_that_comes_into_sight_is_whole_too(qtbot: QtBot, pane: RowsPane) -> None:
    short = {"item": {"recipient": {"name": "Ada", "email": "ada@example.org"}}}
    pane.model.insert(0, [*(row(n, **short) for n in range(2, 12)), row(12)])
    pane.resize(1150, 160)
    pane.show()
    table = pane.table
    measured(qtbot, table)
    assert table.columnWidth(RowColumn.EMAIL) < 200
    pane.resize(1150, 700)
    words = table.fontMetrics().horizontalAdvance(LONG)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)


def test_an_address_has_the_room_that_problems_of_other_rows_took(
    qtbot: QtBot, themes: ThemeSource, pane: RowsPane
) -> None:
    table, model = pane.table, pane.model
    said = {"text": "It is much too long for a line of an e-mail, and not only by a little."}
    model.take_first(Page([row(n, data=said) for n in range(2, 9)], None))
    words = table.fontMetrics().horizontalAdvance(LONG)
    pane.resize(words + themes.theme.px(320), 500)
    pane.show()
    measured(qtbot, table)
    assert table.columnWidth(RowColumn.EMAIL) < words
    model.take_first(
        Page([row(n, check="ready", problem=None, corrections={}) for n in range(9, 12)], None)
    )
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > words)


def test_columns_stand_still_while_one_row_after_the_other_is_corrected(
    qtbot: QtBot, pane: RowsPane
) -> None:
    table, model, columns = pane.table, pane.model, range(len(RowColumn))
    short: Any = {"item": {"recipient": {"name": "Ada", "email": "no address"}}}
    pane.show_batch(1)
    model.take_first(Page([row(n, **short) for n in range(2, 6)], None))
    pane.resize(900, 500)
    pane.show()
    measured(qtbot, table)
    before = [table.columnWidth(column) for column in columns]
    pane.keep_columns()
    model.put(0, row(2, check="ready", problem=None, corrections={}))
    model.take_first(Page([row(n) for n in range(2, 6)], None))  # as once it is checked
    measured(qtbot, table)
    assert [table.columnWidth(column) for column in columns] == before
    pane.chips[0].click()
    model.take_first(Page([row(n) for n in range(2, 6)], None))
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.EMAIL) > before[RowColumn.EMAIL])


def test_where_no_row_needs_a_look_any_more_all_are_shown(pane: RowsPane) -> None:
    pane.show_batch(1)
    everything, to_look_at, *_ = pane.chips
    pane.show_counts(counts(problems=1, unchecked=1))
    pane.show_problems()
    pane.show_counts(counts(unchecked=1))
    pane.reload()
    assert to_look_at.isChecked()  # it may need one yet
    pane.show_counts(counts(ready=1))
    assert to_look_at.isChecked()  # the row that was corrected stays in sight
    pane.reload()
    assert everything.isChecked()
    to_look_at.click()
    assert to_look_at.isChecked()


def test_rows_that_are_still_to_be_read_are_not_said_to_be_none(pane: RowsPane) -> None:
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


@pytest.fixture
def card(qtbot: QtBot) -> RowCard:
    made = RowCard()
    qtbot.addWidget(made)
    return made


def test_a_long_word_makes_the_card_no_wider(card: RowCard) -> None:
    change = {"field": "recipient.name", "before": "X" * 300, "after": "Ada"}
    card.show_row(cast("BatchRow", {**ready(2), "corrections": [change]}), {})
    card.show_message({"to": "y" * 300, "subject": "z" * 300, "text": "", "html": None})
    assert card.minimumSizeHint().width() < 600


def words_of(card: RowCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel)]


def test_what_is_typed_is_told_and_taken_until_it_is_refused(qtbot: QtBot, card: RowCard) -> None:
    told: list[object] = []
    taken: list[object] = []
    card.typed.connect(lambda number, _, text: told.append((number, text)))
    card.corrected.connect(lambda number, item: taken.append((number, item["recipient"]["email"])))
    card.show_row(bad_row(2, "ada"), {})
    qtbot.keyClicks(card.editor, "@")
    card.show_row(bad_row(2, "ada"), {})  # as it is read again
    assert (card.editor.text(), told) == ("ada@", [(2, "ada@")])
    assert card.take_typed()
    assert not card.take_typed()
    card.show_not_taken("Sendoff is restarting.", BackendGone())
    assert card.take_typed()
    card.show_row(bad_row(2, "ada@"), {})
    assert not card.take_typed()
    card.show_not_taken("The batch was started.", ClientError("Started."))
    card.show_row(bad_row(2, "ada@"), {})  # as it is read again
    assert "The batch was started." in words_of(card)
    card.show_row(bad_row(2, "ada"), {})
    assert "The batch was started." not in words_of(card)
    card.put_back("ada@ex")
    card.show_row(bad_row(3, "bo"), {})
    assert taken == [(2, "ada@"), (2, "ada@"), (2, "ada@ex")]
    assert card.editor.text() == "bo"
    card.put_back("bo")
    assert told[-1] == (3, None)


def test_a_contact_typed_in_place_of_an_address_is_taken_apart(card: RowCard) -> None:
    taken: list[Any] = []
    card.corrected.connect(lambda _, item, __: taken.append(item["recipient"]["email"]))
    for typed in ("Ada <ada@example.org>;", "ada@example.org; bo@example.org"):
        card.show_row(bad_row(2, "ada"), {})
        card.editor.setText(typed)
        card.save.click()
    assert taken == ["ada@example.org", "ada@example.org; bo@example.org"]


def test_one_click_takes_the_address_that_is_meant(card: RowCard) -> None:
    taken: list[Any] = []
    card.corrected.connect(lambda _, item, path: taken.append((item["recipient"]["email"], path)))
    several = {**bad_row(2, "a@x.org; Bo <b@x.org>"), "data": {"fault": "several"}}
    card.show_row(cast("BatchRow", several), {})
    assert [link.text() for link in card.meant.links] == ["a@x.org", "b@x.org"]
    card.meant.links[1].click()
    assert card.editor.text() == "b@x.org"
    slip = {**bad_row(3, "ada@gmial.com"), "check": "ready", "path": None}
    card.show_row(cast("BatchRow", slip), {})
    card.meant.links[0].click()
    same = {**bad_row(4, "ada@gmial.com"), "check": "same", "path": None}
    for other in (same, bad_row(5, "none")):
        card.show_row(cast("BatchRow", other), {})
        assert card.meant.isHidden()
    assert taken == [("b@x.org", "recipient.email"), ("ada@gmail.com", "recipient.email")]


def test_the_name_of_a_file_that_is_missing_can_be_corrected(card: RowCard) -> None:
    taken: list[Any] = []
    card.corrected.connect(lambda _, item, path: taken.append((item["attachments"], path)))
    missing: Any = {**bad_row(2, "ada@example.org"), "problem": "missing_attachment"}
    missing |= {"path": "attachments.1", "data": {"file": "plna.pdf"}}
    missing["item"]["attachments"] = ["map.png", "plna.pdf"]
    card.show_row(missing, {"Anlage": "attachment"})
    said = words_of(card)
    assert "Anlage" in said
    assert any("“plna.pdf” is missing" in each for each in said)
    assert card.editor.text() == "plna.pdf"
    card.editor.setText("plan.pdf")
    card.save.click()
    assert taken == [(["map.png", "plan.pdf"], "attachments.1")]
    for place in ("C:\\plans\\plan.pdf", "https://example.org/plan.pdf"):
        card.show_row(cast("BatchRow", {**missing, "data": {"file": place}}), {})
        assert f"“{place}” is not a file's name." in "\n".join(words_of(card))


def test_the_value_to_correct_has_one_place_whatever_is_wrong(qtbot: QtBot, jobs: Jobs) -> None:
    """A click where it was a moment ago must not choose another row."""
    host, card, pane = QWidget(), RowCard(), RowsPane(RowsModel(ApiSource(jobs), None))
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    column.addWidget(pane, 1)
    column.addWidget(card, 1)
    host.resize(700, 480)
    host.show()
    missing: Any = {**bad_row(3, "bo@example.org"), "problem": "missing_attachment"}
    missing |= {"path": "attachments.0", "data": {"file": "a.pdf"}}
    missing["item"]["attachments"] = ["a.pdf"]
    too_long = {**bad_row(4, "x"), "problem": "bad_value", "data": {"text": "Too long. " * 60}}
    message = {"to": "Bo <bo@example.org>", "subject": "Fees", "html": "<p>Hello</p>", "text": ""}
    message["files"] = [{"file": "a.pdf", "size": None}]  # type: ignore[assignment]
    places = set[int]()

    def note() -> None:
        column.activate()
        QApplication.processEvents()
        places.add(card.editor.mapTo(host, card.editor.rect().bottomLeft()).y())

    for each in (bad_row(2, "ada@@example.org"), missing, too_long, missing):
        card.show_row(cast("BatchRow", each), {})
        note()
        card.show_message(message) if each is missing else card.say("It cannot be shown.")
        note()
    assert max(places) - min(places) <= 1  # heights are rounded


def test_the_message_of_a_row_is_as_its_reader_sees_it_and_names_its_files(card: RowCard) -> None:
    card.show_row(ready(2), {})
    html = "<h1>Designed</h1>"
    copies = {"from": "Club <c@d.example>", "cc": "bo@example.org", "bcc": "cy@example.org"}
    message = {
        "to": "Ada <ada@example.org>",
        **copies,
        "subject": "Fees",
        "text": "Plain",
        "html": html,
    }
    files = [{"file": "fees.pdf", "size": 34_000}, {"file": "map.png", "size": None}]
    card.show_message({**message, "files": files})
    said = words_of(card)
    about = "From Club <c@d.example> · To Ada <ada@example.org> · Cc bo@example.org · Bcc cy"
    about += "@example.org · Fees"
    assert f"{about}\nAttached: fees.pdf (33 KiB), map.png (missing)" in said
    card.show_message({**message, "files": []})
    assert about in words_of(card)
    (page,) = card.findChildren(QTextBrowser)
    assert page.toPlainText() == "Designed"


def test_a_row_never_stands_above_the_message_of_another(card: RowCard) -> None:
    (pane,) = card.findChildren(QTextBrowser)

    def said() -> str:
        return "\n".join(each.text() for each in card.findChildren(QLabel)) + pane.toPlainText()

    def choose(number: int) -> None:
        card.show_row(ready(number), {})

    choose(4)
    card.show_message(
        {"to": "Özlem", "subject": "Fees ‹number›", "text": "Dear Ö", "html": "<p>Dear Ö</p>"}
    )
    lines = said().count("\n")
    choose(4)  # as it is read again
    assert "To Özlem · Fees" in said()
    choose(7)
    assert "Özlem" not in said()
    assert "The e-mail is being read…" in said()
    assert said().count("\n") == lines  # the card does not jump
    card.show_message({"to": "Bo", "subject": "Fees", "text": "Dear Bo", "html": "<p>Dear Bo</p>"})
    card.show_row(None, {})  # another file is opened
    choose(7)
    assert "Bo" not in said()


def test_the_card_tells_when_its_row_is_sent(card: RowCard) -> None:
    row = ready(2)
    row["item"]["run_at"] = "2020-01-01T00:00:00+00:00"
    card.show_row(row, {})
    assert time_words(row) in words_of(card)


def test_the_card_leaves_no_room_for_a_value_that_is_not_asked_for(card: RowCard) -> None:
    card.resize(500, 400)
    card.show()
    card.show_row(bad_row(2, "ada"), {})
    asked = card.sizeHint().height()
    card.show_row(ready(2), {})
    assert card.sizeHint().height() <= asked - card.editor.sizeHint().height()


def test_a_number_that_is_to_come_is_explained(card: RowCard) -> None:
    card.show_row(ready(2), {})
    message = {"to": "ada@example.org", "text": "Dear Ada", "html": ""}
    about = "‹number› stands for the number that it gets when it is sent."
    for subject, is_told in (("Fees, no. ‹number›", True), ("Fees, no. 7", False)):
        card.show_message({**message, "subject": subject})
        said = "".join(label.text() for label in card.findChildren(QLabel))
        assert (about in said) is is_told


def typed_row(number: int) -> BatchRow:
    made: dict[str, Any] = {"row": number, "item": {"recipient": {"email": f"p{number}@exam"}}}
    made |= {"check": "ready", "problem": None, "path": None, "message": ""}
    made |= {"data": {}, "corrections": [], "outcome": None}
    return cast("BatchRow", made)


@dataclass(frozen=True)
class Rows:
    """The rows of a draft, with what was typed in them."""

    model: RowsModel
    pane: RowsPane
    typing: RowTyping


@pytest.fixture
def rows(host: QWidget, jobs: Jobs, themes: ThemeSource) -> Rows:
    model = RowsModel(ApiSource(jobs), host)
    pane, card = RowsPane(model), RowCard()
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


def test_what_is_to_be_decided_is_whole_before_there_is_room_for_names(
    qtbot: QtBot, pane: RowsPane
) -> None:
    person = {"name": "Hans-Peter Kowalski", "email": "paul..vogel@example.com"}
    fault = {"fault": "local_dot", "position": 5}
    pane.model.insert(
        0, [row(2, item={"recipient": person}, problem="bad_address", data=fault, path=None)]
    )
    pane.resize(586, 300)  # as in a window of 1024 px
    pane.show()
    table = pane.table
    said = table.fontMetrics().horizontalAdvance("A dot is in the wrong place before the @.")
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.CHECK) > said)
    address = table.fontMetrics().horizontalAdvance(person["email"])
    assert table.columnWidth(RowColumn.EMAIL) > address
    pane.resize(900, 300)
    qtbot.waitUntil(lambda: table.columnWidth(RowColumn.NAME) > 0)
