"""What the columns of an import say of their file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QPoint, QRect
from pytestqt.qtbot import QtBot

from desktop.contract.batches import BatchCounts
from desktop.gui.importing.columns_page import ColumnsPage
from desktop.gui.importing.reading_form import ReadAs
from desktop.gui.importing.sending_form import SendingForm
from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.words.table import say
from desktop.sheets.description import SheetChoice
from sendoff_tasks.words.table import ENGLISH
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import pick, press
from tests.sheets.files import described, workbook
from tests.sheets.test_unreadable import CORPUS

if TYPE_CHECKING:
    pass


UNNAMED = ENGLISH.say("sheet_note", "unnamed")


@pytest.fixture
def pane(qtbot: QtBot, themes: ThemeSource) -> ColumnsPage:
    made = ColumnsPage()
    qtbot.addWidget(made)
    return made


def test_a_word_that_reads_in_two_ways_is_shown_in_both(
    qtbot: QtBot, pane: ColumnsPage, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_bytes("Name;E-Mail\nLefèvre;l@example.org\n".encode("cp1252"))
    pane.begin("members.csv")
    pane.show_description(found := described(path), found.mapping, [])
    readings = pane.read_as.readings
    assert readings is not None
    assert readings.button(readings.value()).text() == "Lefèvre"
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
    assert readings.button(readings.value()).text() == "Lefčvre"
    path.write_text("Name;E-Mail\nAda;ada@example.org\n")
    pane.begin("other.csv")
    pane.show_description(found := described(path), found.mapping, [])
    assert not pane.read_as.another.isVisibleTo(pane)
    assert pane.read_as.readings is None


def people(*numbers: str) -> str:
    return "Nr;E-Mail\n" + "".join(f"{each};p{each}@example.org\n" for each in numbers)


ZEROS = "0017 becomes item 17: choose a field for “Nr” to keep the zeros."
NEUTRAL = ENGLISH.say("sheet_note", "neutral", n=1, header="Anrede")
WRONG = ENGLISH.say("sheet_note", "looks_wrong", texts="“«Ort»” in the template")
LETTERS: list[dict[str, Any]] = [
    {"name": "fees", "fields": [], "standard": [], "left_over": ["«Ort»", "«danke»"]},
    {"name": "dear", "fields": [], "standard": ["salutation"], "left_over": []},
    {"name": "other", "fields": [], "standard": [], "left_over": []},
]


# What is in the file; then what each choice, of the template or for a column, makes it say.
@pytest.mark.parametrize(
    ("text", "choices"),
    [
        (
            people("1000", "1001", "1002", "1003", "1004", "0017", "0018"),
            [("", "other", [ZEROS, UNNAMED]), ("Nr", "fields.Nr", [UNNAMED])],
        ),
        (people("17", "18", f"0{'9' * 20}"), [("Nr", "number", [UNNAMED])]),
        ("Name;E-Mail\nAda;a@x.org\n", [("", "other", [])]),
        ("E-Mail;Town\nAda <a@x.org>;Ulm\n", [("", "other", [])]),
        ("Town;E-Mail\nUlm;a@x.org\n", [("", "other", [UNNAMED]), ("Town", "name", [])]),
        (
            "E-Mail;Vorname;Ort\na@x.org;Ada;Ulm\n",
            [("", "fees", [WRONG]), ("Ort", "", [WRONG]), ("", "other", [])],
        ),
        (
            "E-Mail;Name;Anrede\na@x.org;Ada;Frau\nb@x.org;Bo;Herr\nc@x.org;Kim;x\n",
            [
                ("", "other", []),
                ("", "dear", [NEUTRAL]),
                ("Anrede", "", [ENGLISH.say("sheet_note", "all_neutral")]),
            ],
        ),
    ],
)
def test_what_looks_wrong_is_said_as_it_is_chosen(
    pane: ColumnsPage, tmp_path: Path, text: str, choices: list[tuple[str, str, list[str]]]
) -> None:
    path = tmp_path / "members.csv"
    path.write_text(text)
    pane.begin("members.csv")
    pane.show_description(found := described(path), found.mapping, ["A filter is set."])
    assert found.mapping.get("Nr", "number") == "number"
    pane.sending.show_templates(LETTERS, followed={})
    for column, chosen, said in choices:
        pick(pane.columns_form.choices[column] if column else pane.sending.template, chosen)
        assert pane.notes.text() == "\n".join(["A filter is set.", *said])


def counts(**some: int) -> BatchCounts:
    return cast("BatchCounts", {"same": 0, "changed": 0, "opted_out": 0, **some})


def test_what_was_sent_before_is_not_sent_again_by_the_answer_about_another_file(
    pane: ColumnsPage, tmp_path: Path
) -> None:
    path = tmp_path / "members.csv"
    path.write_text("Name;E-Mail\nAda;ada@example.org\n")
    pane.sending.show_left_out(counts(same=3000, changed=2))
    pane.sending.again.click()
    assert pane.sending.also == {"same"}
    pane.sending.changed.click()
    assert pane.sending.also == {"same", "changed"}
    pane.begin("members.csv")
    pane.show_description(found := described(path), found.mapping, [])
    assert pane.sending.again.isHidden()
    pane.sending.show_left_out(counts(same=1, changed=1))
    assert not pane.sending.also


def test_a_day_and_a_time_are_seen_whole(qtbot: QtBot, themes: ThemeSource) -> None:
    form = SendingForm()
    for each in (form, form.moment):
        qtbot.addWidget(each)
    form.moment.resize(355, 60)
    form.moment.show()
    press(form.moment.begin)
    editor = form.moment.editor
    qtbot.waitUntil(lambda: editor.isVisible() and editor.width() >= editor.sizeHint().width())


@pytest.mark.parametrize("name", ["two_header_rows.ods", "two_header_rows.xlsx"])
def test_an_ods_has_its_own_way_of_numbers_and_dates(name: str, qtbot: QtBot) -> None:
    found = described(CORPUS / name)
    read_as = ReadAs()
    qtbot.addWidget(read_as)
    read_as.show_description(found)
    assert (found.writing.example in read_as.change.text()) == name.endswith("xlsx")


def test_numbers_and_dates_are_written_as_is_chosen(qtbot: QtBot, pane: ColumnsPage) -> None:
    found, read_as = described(CORPUS / "two_header_rows.xlsx"), pane.read_as
    pane.show_description(found, found.mapping, [])
    with qtbot.waitSignal(read_as.chosen) as chosen:
        pick(read_as.numbers, "de_DE")
    assert chosen.args[0].writing.point == ","


def test_hidden_rows_are_left_out_if_that_is_chosen(
    qtbot: QtBot, pane: ColumnsPage, tmp_path: Path
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


def test_recognized_columns_are_folded_so_that_the_limit_is_in_sight(
    qtbot: QtBot, pane: ColumnsPage
) -> None:
    pane.resize(387, 597)  # in a window with a title
    found = described(CORPUS / "mitglieder.ods")
    pane.begin("mitglieder.ods")
    pane.show_description(found, found.mapping, ["Hidden rows are read, too."])
    draft: Any = {"columns": found.mapping, "template": None, "key": ["number"]}
    pane.show_settings(batch(1, state="draft", **draft))
    pane.sending.show_left_out(counts(same=3000))
    pane.show()
    form, most = pane.columns_form, pane.sending.most
    used = sum(bool(each) for each in found.mapping.values())
    words = say("import", "columns_used", n=len(found.columns), used=str(used))
    assert form.used.text() == words
    assert not form.choices["Vorname"].isVisible()
    place = QRect(most.mapTo(pane, QPoint()), most.size())
    qtbot.waitUntil(lambda: pane.rect().contains(place))
    form.used.click()
    assert form.choices["Vorname"].isVisible()


@pytest.mark.parametrize("rate", ["500/day", "100/h", None])
def test_a_limit_is_for_a_day_or_another_time(
    pane: ColumnsPage, qtbot: QtBot, rate: str | None
) -> None:
    settings: Any = {"template": None, "key": ["number"], "run_at": None, "rate": rate}
    pane.sending.show_batch(batch(1, state="draft", **settings))
    assert pane.sending.settings()["rate"] == rate
    with qtbot.waitSignal(pane.sending.edited):
        pick(pane.sending.most.span, "min")
    assert pane.sending.settings()["rate"] == (rate and f"{rate.partition('/')[0]}/min")
