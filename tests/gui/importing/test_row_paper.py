"""The card of a row: its message as its reader sees it, a value typed and taken once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QTextBrowser, QWidget

from desktop.contract.rules.addresses import AddressProblem, check_address
from desktop.gui.batches.draft_words import time_words
from desktop.gui.importing.row_paper import RowPaper
from desktop.gui.kit.words.table import say
from sendoff_tasks.client.errors import BackendGone, ClientError
from tests.gui.importing.test_rows_list import bad_row, ready

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.batches import BatchRow
    from desktop.gui.kit.look.appearance import ThemeSource

pytestmark = pytest.mark.usefixtures("themes")  # they set the font


@pytest.fixture
def card(qtbot: QtBot) -> RowPaper:
    made = RowPaper(QWidget())
    qtbot.addWidget(made)
    return made


def test_a_long_word_makes_the_card_no_wider(card: RowPaper) -> None:
    change = {"field": "recipient.name", "before": "X" * 300, "after": "Ada"}
    card.show_row(cast("BatchRow", {**ready(2), "corrections": [change]}), {})
    card.show_message({"to": "y" * 300, "subject": "z" * 300, "text": "", "html": None})
    assert card.minimumSizeHint().width() < 600


def words_of(card: RowPaper) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel)]


def test_what_is_typed_is_told_and_taken_until_it_is_refused(qtbot: QtBot, card: RowPaper) -> None:
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


def test_a_contact_typed_in_place_of_an_address_is_taken_apart(card: RowPaper) -> None:
    taken: list[Any] = []
    card.corrected.connect(lambda _, item, __: taken.append(item["recipient"]["email"]))
    for typed in ("Ada <ada@example.org>;", "ada@example.org; bo@example.org"):
        card.show_row(bad_row(2, "ada"), {})
        card.editor.setText(typed)
        card.accept.click()
    assert taken == ["ada@example.org", "ada@example.org; bo@example.org"]


def test_one_click_takes_the_address_that_is_meant(card: RowPaper) -> None:
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


def test_the_name_of_a_file_that_is_missing_can_be_corrected(card: RowPaper) -> None:
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
    card.accept.click()
    assert taken == [(["map.png", "plan.pdf"], "attachments.1")]
    for place in ("C:\\plans\\plan.pdf", "https://example.org/plan.pdf"):
        card.show_row(cast("BatchRow", {**missing, "data": {"file": place}}), {})
        assert f"“{place}” is not a file's name." in "\n".join(words_of(card))


def test_the_message_of_a_row_is_as_its_reader_sees_it_and_names_its_files(card: RowPaper) -> None:
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
    head = ("Club <c@d.example>", message["to"], "bo@example.org", "cy@example.org", "Fees")
    assert {*head, "fees.pdf (33 KiB), map.png (missing)"} <= {*said}
    (page,) = card.findChildren(QTextBrowser)
    assert page.toPlainText() == "Designed"


def test_a_row_never_stands_above_the_message_of_another(card: RowPaper) -> None:
    (pane,) = card.findChildren(QTextBrowser)

    def said() -> str:
        return "\n".join(each.text() for each in card.findChildren(QLabel)) + pane.toPlainText()

    def choose(number: int) -> None:
        card.show_row(ready(number), {})

    choose(4)
    card.show_message(
        {"to": "Özlem", "subject": "Fees ‹number›", "text": "Dear Ö", "html": "<p>Dear Ö</p>"}
    )
    choose(4)  # as it is read again
    assert "Özlem" in said()
    choose(7)
    assert "Özlem" not in said()
    assert "The e-mail is being read…" in said()
    card.show_message({"to": "Bo", "subject": "Fees", "text": "Dear Bo", "html": "<p>Dear Bo</p>"})
    card.show_row(None, {})  # another file is opened
    choose(7)
    assert "Bo" not in said()


def test_the_card_tells_when_its_row_is_sent(card: RowPaper) -> None:
    row = ready(2)
    row["item"]["run_at"] = "2020-01-01T00:00:00+00:00"
    card.show_row(row, {})
    assert time_words(row) in words_of(card)


def test_name_and_address_can_be_changed_and_a_link_shows_the_other_values(
    qtbot: QtBot, card: RowPaper
) -> None:
    taken: list[Any] = []
    card.corrected.connect(lambda _, item, path: taken.append((path, item["fields"])))
    row = ready(2)
    row["item"] |= {"fields": {"Ort": "Wien", "Beitrag": 48}}
    columns = {"Ort": "fields.Ort", "Beitrag": "fields.Beitrag", "Anrede": None}
    card.show()
    card.show_row(row, columns)
    assert [*card.values] == ["recipient.name", "recipient.email", "fields.Ort"]  # no number
    town = card.values["fields.Ort"].editor
    assert (town.isVisible(), card.more.text()) == (False, "1 more value")
    card.more.click()
    assert town.isVisible()
    qtbot.keyClicks(town, " 7")
    card.accept.click()
    assert taken == [("fields.Ort", {"Ort": "Wien 7", "Beitrag": 48})]


def test_what_is_typed_counts_once_another_value_is_gone_to(qtbot: QtBot, card: RowPaper) -> None:
    taken: list[str] = []
    card.corrected.connect(lambda _, __, path: taken.append(path))
    card.show()
    card.show_row(ready(2), {})
    qtbot.waitUntil(lambda: card.choose("recipient.name") and card.editor_has_focus())
    qtbot.keyClicks(card.editor, "x")
    card.choose("recipient.email")
    assert taken == ["recipient.name"]
    assert not card.went_on()  # the row stays


def test_a_value_that_is_still_wrong_is_said_on_enter(card: RowPaper) -> None:
    card.show()
    card.show_row(bad_row(2, "ada@@example.org"), {})
    card.accept_value()
    wrong = say("import", "still_wrong", why="")
    assert any(each.startswith(wrong) for each in words_of(card))


@pytest.mark.parametrize(
    "text", ["@example.org", "ada@", "a..b@example.org", "ada@-x.org", "a(b@x.org"]
)
def test_the_wrong_characters_are_red_until_they_are_changed(
    qtbot: QtBot, card: RowPaper, themes: ThemeSource, text: str
) -> None:
    def reds() -> int:
        picture = card.editor.grab().toImage()
        ink = themes.theme.ink("failed")
        spots = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
        return sum(picture.pixelColor(*spot) == ink for spot in spots)

    found = check_address(text)
    assert isinstance(found, AddressProblem)
    wrong = {"fault": found.fault, "position": found.position, "detail": found.detail}
    row = cast("BatchRow", {**bad_row(2, text), "data": wrong})
    card.resize(600, 300)
    card.show()
    card.show_row(row, {})
    assert reds() > 3
    qtbot.keyClicks(card.editor, "x")
    assert not reds()


def test_a_number_that_is_to_come_is_explained(card: RowPaper) -> None:
    card.show_row(ready(2), {})
    message = {"to": "ada@example.org", "text": "Dear Ada", "html": ""}
    about = "‹number› stands for the number that it gets when it is sent."
    for subject, is_told in (("Fees, no. ‹number›", True), ("Fees, no. 7", False)):
        card.show_message({**message, "subject": subject})
        said = "".join(label.text() for label in card.findChildren(QLabel))
        assert (about in said) is is_told
