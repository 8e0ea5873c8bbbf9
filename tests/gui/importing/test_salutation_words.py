"""Words that tell no salutation by themselves have the one that is chosen for them."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop.contract.rules.salutations import SALUTATIONS
from desktop.gui.importing.reading_form import ColumnsForm
from desktop.gui.importing.salutation_words import SalutationWords
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.texts import ElidedLabel
from desktop.sheets.description import Column
from tests.gui.hands import pick

CODES = Column(
    "Anrede", ("1", "2"), "fields.Anrede", kind="number", words=(("1", 7), ("2", 1), ("Frau", 1))
)


def test_a_salutation_is_chosen_for_each_other_word_of_a_column(qtbot: QtBot) -> None:
    form = ColumnsForm()
    qtbot.addWidget(form)
    form.show_columns({"Anrede": "fields.Anrede"}, [CODES])
    (words,) = form.findChildren(SalutationWords)
    assert words.isHidden()
    (read_as,) = (
        e for e in form.findChildren(Choice) if e.accessibleName() == "How “Anrede” is read"
    )
    pick(read_as, "text de")
    assert not words.isHidden()
    assert [e.text() for e in words.findChildren(ElidedLabel)] == ["“1” in 7 rows", "“2” in 1 row"]
    assert {e.currentText() for e in words.choices.values()} == {"Guten Tag …"}
    with qtbot.waitSignal(form.edited):
        pick(words.choices["1"], "man")
    assert form.kinds() == {"Anrede": "text de 1=man"}
    pick(read_as, "text fr")
    assert form.kinds() == {"Anrede": "text fr 1=man"}
    assert words.choices["1"].currentText() == SALUTATIONS["fr"].man.format("…")
    pick(form.choices["Anrede"], "")
    assert words.isHidden()
    pick(read_as, "number")
    assert form.kinds() == {"Anrede": "number"}


def test_what_was_chosen_comes_back_also_for_words_of_other_files(qtbot: QtBot) -> None:
    form = ColumnsForm()
    qtbot.addWidget(form)
    kept = {"Anrede": "text de 2=woman&9=family"}
    form.show_columns({"Anrede": "fields.Anrede"}, [CODES], (), kept)
    (words,) = form.findChildren(SalutationWords)
    assert (words.choices["2"].value(), words.choices["1"].value()) == ("woman", "neutral")
    assert form.kinds() == kept
    pick(words.choices["2"], "neutral")
    assert form.kinds() == {"Anrede": "text de 9=family"}
