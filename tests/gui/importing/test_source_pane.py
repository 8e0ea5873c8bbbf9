"""What the import sheet says of a file beside its columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.contract.batches import BatchCounts
from desktop.gui.importing.reading_form import ReadAs
from desktop.gui.importing.source_pane import SendingForm, SourcePane
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.sheets.description import SheetChoice
from sendoff_tasks.words.table import ENGLISH
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import pick, press
from tests.sheets.files import described, workbook
from tests.sheets.test_unreadable import CORPUS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.widgets.field import AddressOffer


UNNAMED = ENGLISH.say("sheet_note", "unnamed")


@pytest.fixture
def pane(qtbot: QtBot, themes: ThemeSource) -> SourcePane:
    made = SourcePane()
    qtbot.addWidget(made)
    return made


def test_a_word_that_reads_in_two_ways_is_shown_in_both(
    qtbot: QtBot, pane: SourcePane, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes("Name;E-Mail\nLefèvre;l@example.org\n".encode("cp1252"))
    pane.begin("members.csv")
    pane.show_description(found := described(path), found.mapping, [])
    readings = pane.read_as.readings
    assert readings is not None
    assert readings.words() == "Lefèvre"
    assert not pane.read_as.encoding.isVisibleTo(pane)
    pane.read_as.another.click()
    assert pane.read_as.encoding.isVisibleTo(pane)
    readings.set_value("cp1250")
    with qtbot.waitSignal(pane.read_as.chosen) as chosen:
        readings.chosen.emit("cp1250")
    (choice,) = chosen.args
    assert choice.encoding == "cp1250"
    pane.show_description(found := described(path, choice), found.mapping, [])
    assert pane.read_as.readings is readings  # to go back
    assert readings.words() == "Lefčvre"
    path.write_text("Name;E-Mail\nAda;ada@example.org\n")
    pane.begin("other.csv")
    pane.show_description(found := described(path), found.mapping, [])
    assert not pane.read_as.another.isVisibleTo(pane)
    assert pane.read_as.readings is None


def test_zeros_that_a_number_does_not_keep_are_said(pane: SourcePane, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    numbers = ["1000", "1001", "1002", "1003", "1004", "0017", "0018"]
    rows = [f"{number};p{number}@example.org\n" for number in numbers]
    path.write_text("Buchungsnr;E-Mail\n" + "".join(rows))
    found = described(path)
    pane.begin("members.csv")
    pane.show_description(found, found.mapping, ["A filter is set."])
    zeros = "0017 becomes item 17: choose a field for “Buchungsnr” to keep the zeros."
    assert pane.notes.text() == f"A filter is set.\n{zeros}\n{UNNAMED}"
    column = pane.columns_form.choices["Buchungsnr"]
    pick(column, "fields.Buchungsnr")
    assert pane.notes.text() == f"A filter is set.\n{UNNAMED}"


def test_zeros_before_more_digits_than_a_number_has_are_not_spoken_of(
    pane: SourcePane, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text(
        f"Buchungsnr;E-Mail\n17;a@example.org\n18;b@example.org\n0{'9' * 20};c@example.org\n"
    )
    found = described(path)
    assert found.mapping["Buchungsnr"] == "number"
    pane.show_description(found, found.mapping, [])
    assert pane.notes.text() == UNNAMED


def counts(**some: int) -> BatchCounts:
    return cast("BatchCounts", {"same": 0, "changed": 0, **some})


def test_what_was_sent_before_is_not_sent_again_by_the_answer_about_another_file(
    pane: SourcePane, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name;E-Mail\nAda;ada@example.org\n")
    pane.sending.show_sent_before(counts(same=3000, changed=2))
    pane.sending.again.click()
    assert pane.sending.also == {"same"}
    pane.sending.changed.click()
    assert pane.sending.also == {"same", "changed"}
    pane.begin("members.csv")
    pane.show_description(found := described(path), found.mapping, [])
    assert pane.sending.again.isHidden()
    pane.sending.show_sent_before(counts(same=1, changed=1))
    assert not pane.sending.also


def offered(pane: SourcePane) -> list[str]:
    return [said(each) for each in pane.meant.values() if not each.isHidden()]


def said(offer: AddressOffer) -> str:
    (words,) = offer.findChildren(QLabel)
    return " ".join([words.text(), *(each.text() for each in offer.links)])


def test_one_click_takes_the_domain_that_is_meant(pane: SourcePane, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("E-Mail;Zweite\nada@gmail.com;ada@gxm.de\nbo@gmial.com;bo@web.de\n")
    found = described(path)
    pane.show_description(found, found.mapping, [])
    assert offered(pane) == ["Row 3: bo@gmial.com – did you mean bo@gmail.com"]
    other = pane.columns_form.choices["Zweite"]
    pick(other, "email")
    assert offered(pane) == ["Row 2: ada@gxm.de – did you mean ada@gmx.de"]
    taken = list[tuple[int, str]]()
    pane.meant_chosen.connect(lambda row, address: taken.append((row, address)))
    pane.meant[2].links[0].click()
    assert taken == [(2, "ada@gmx.de")]
    pane.forget_meant(2)
    assert offered(pane) == []


def test_a_sheet_without_a_name_says_so(pane: SourcePane, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    for text in ("Name;E-Mail\nAda;a@x.org\n", "E-Mail;Town\nAda <a@x.org>;Ulm\n"):
        path.write_text(text)
        pane.show_description(found := described(path), found.mapping, [])
        assert pane.notes.text() == ""
    path.write_text("Town;E-Mail\nUlm;a@x.org\n")
    pane.show_description(found := described(path), found.mapping, [])
    assert pane.notes.text() == UNNAMED
    pick(pane.columns_form.choices["Town"], "name")
    assert pane.notes.text() == ""


def test_what_looks_wrong_in_the_e_mails_is_said(pane: SourcePane, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    rows = "".join(f"a{at}@x.org;Ada;MÃ¼nchen\n" for at in range(6))
    path.write_text(f"E-Mail;Vorname;Ort\n{rows}")
    pane.show_description(found := described(path), found.mapping, [])
    words = ", ".join(f"row {at} “MÃ¼nchen”" for at in range(2, 7))
    assert pane.notes.text() == ENGLISH.say("sheet_note", "looks_wrong", texts=f"{words}, …")
    detail: dict[str, Any] = {"name": "fees", "fields": [], "standard": []}
    letters = [{**detail, "left_over": ["«Ort»", "«danke»"]}, {**detail, "name": "other"}]
    pane.sending.show_templates(letters, followed={})
    pick(pane.sending.template, "fees")
    pick(pane.columns_form.choices["Ort"], "")
    assert pane.notes.text() == ENGLISH.say(
        "sheet_note", "looks_wrong", texts="“«Ort»” in the template"
    )
    pick(pane.sending.template, "other")
    assert pane.notes.text() == ""


def test_neutral_salutations_are_counted(pane: SourcePane, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("E-Mail;Name;Anrede\na@x.org;Ada;Frau\nb@x.org;Bo;Herr\nc@x.org;Kim;x\n")
    pane.show_description(found := described(path), found.mapping, [])
    detail: dict[str, Any] = {"name": "fees", "fields": [], "left_over": []}
    letters = [{**detail, "standard": ["salutation"]}, {**detail, "name": "other", "standard": []}]
    pane.sending.show_templates(letters, followed={})
    pick(pane.sending.template, "other")
    assert pane.notes.text() == ""
    pick(pane.sending.template, "fees")
    assert pane.notes.text() == ENGLISH.say("sheet_note", "neutral", n=1, header="Anrede")
    pick(pane.columns_form.choices["Anrede"], "")
    assert pane.notes.text() == ENGLISH.say("sheet_note", "all_neutral")


def test_a_day_and_a_time_are_seen_whole(qtbot: QtBot, themes: ThemeSource) -> None:
    form = SendingForm()
    qtbot.addWidget(form)
    form.resize(355, 260)
    form.show()
    press(form.moment.begin)
    editor = form.moment.editor
    qtbot.waitUntil(lambda: editor.isVisible() and editor.width() >= editor.sizeHint().width())


@pytest.mark.parametrize("name", ["two_header_rows.ods", "two_header_rows.xlsx"])
def test_an_ods_has_its_own_way_of_numbers_and_dates(name: str, qtbot: QtBot) -> None:
    found = described(CORPUS / name)
    read_as = ReadAs()
    qtbot.addWidget(read_as)
    read_as.show_description(found)
    said = " ".join(label.text() for label in read_as.findChildren(QLabel))
    assert (found.writing.example in said) == name.endswith("xlsx")


def test_numbers_and_dates_are_written_as_is_chosen(qtbot: QtBot, pane: SourcePane) -> None:
    found, read_as = described(CORPUS / "two_header_rows.xlsx"), pane.read_as
    pane.show_description(found, found.mapping, [])
    with qtbot.waitSignal(read_as.chosen) as chosen:
        pick(read_as.numbers, "de_DE")
    assert chosen.args[0].writing.point == ","


def test_hidden_rows_are_left_out_if_that_is_chosen(
    qtbot: QtBot, pane: SourcePane, tmp_path: Path
) -> None:
    path, read_as = tmp_path / "members.xlsx", pane.read_as
    with workbook(path) as book:
        page = book.add_worksheet()
        for at, cell in enumerate(("E-Mail", "ada@example.org", "bo@example.org")):
            page.write(at, 0, cell)
        page.set_row(2, None, None, {"hidden": True})
    pane.show_description(found := described(path), found.mapping, found.note_words())
    assert "(row 3). It is read too." in pane.notes.text()  # its check may leave it out
    assert (read_as.visible.isVisibleTo(pane), read_as.visible.isChecked()) == (True, False)
    with qtbot.waitSignal(read_as.chosen) as chosen:
        read_as.visible.click()
    found = described(path, chosen.args[0])
    pane.show_description(found, found.mapping, found.note_words())
    assert (pane.rows, read_as.visible.isChecked()) == (1, True)
    assert pane.notes.text().startswith("1 hidden row (row 3) is left out.\n")
    assert (reading := pane.reading())
    assert SheetChoice.of(reading).visible_only  # the draft keeps the choice
    assert reading["rows"] == 1


def test_the_daily_limit_is_in_sight_above_ten_columns(qtbot: QtBot, pane: SourcePane) -> None:
    pane.resize(387, 597)  # in a window with a title
    found = described(CORPUS / "mitglieder.ods")
    assert len(found.columns) == 10
    pane.begin("mitglieder.ods")
    pane.show_description(found, found.mapping, ["Hidden rows are read, too."])
    draft: Any = {"columns": found.mapping, "template": None, "key": ["number"]}
    pane.show_settings(batch(1, state="draft", **draft))
    pane.sending.show_sent_before(counts(same=3000))
    pane.show()

    def place_of(part: QWidget) -> QRect:
        return QRect(part.mapTo(pane, QPoint()), part.size())

    most, first = pane.sending.most, pane.columns_form.choices["Vorname"]
    qtbot.waitUntil(lambda: place_of(first).y() > place_of(most).bottom() > 0)
    assert pane.rect().contains(place_of(most))
    assert pane.rect().contains(place_of(first))


@pytest.mark.parametrize("rate", ["500/day", "100/h", None])
def test_a_limit_is_for_a_day_or_another_time(
    pane: SourcePane, qtbot: QtBot, rate: str | None
) -> None:
    settings: Any = {"template": None, "key": ["number"], "run_at": None, "rate": rate}
    pane.sending.show_batch(batch(1, state="draft", **settings))
    assert pane.sending.settings()["rate"] == rate
    with qtbot.waitSignal(pane.sending.edited):
        pick(pane.sending.most.span, "min")
    assert pane.sending.settings()["rate"] == (rate and f"{rate.partition('/')[0]}/min")
