"""*Afterwards*: which tasks are offered, which are checked, and that a draft keeps its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.contract.items import CONFIRMATION
from desktop.gui.items.form.item_form import ItemForm
from tests.gui.items.form.test_item_form import fill

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.contract.tasks import TaskFunction


def function(name: str, *, takes_item: bool = True) -> TaskFunction:
    return {
        "name": name,
        "title": name.title(),
        "doc": "What it does.\nMore.",
        "lane": "io",
        "queue": name,
        "takes_item": takes_item,
        "parameters": {},
    }


KNOWN = [function(CONFIRMATION), function("receipt"), function("report", takes_item=False)]


def test_own_tasks_are_offered_and_those_checked_last_stay_for_the_next_item(
    form: ItemForm, qtbot: QtBot, settings: QSettings
) -> None:
    form.afterwards.show_functions(KNOWN)
    assert list(form.afterwards.boxes) == [CONFIRMATION, "receipt"]
    receipt = form.afterwards.boxes["receipt"]
    form.afterwards.show_functions(KNOWN)
    assert form.afterwards.boxes["receipt"] is receipt  # it may have the keyboard
    assert form.afterwards.boxes[CONFIRMATION].nextInFocusChain() is receipt
    assert (receipt.text(), receipt.accessibleDescription()) == ("Receipt", "What it does.")
    fill(form)
    assert form.snapshot()["tasks"] == [CONFIRMATION]
    receipt.click()
    with qtbot.waitSignal(form.submitted) as submitted:
        form.submit()
    assert submitted.args[1]["tasks"] == [CONFIRMATION, "receipt"]
    form.afterwards.boxes[CONFIRMATION].click()
    form.clear()
    assert form.snapshot()["tasks"] == [CONFIRMATION, "receipt"]
    later = ItemForm(settings)
    qtbot.addWidget(later)
    assert later.snapshot()["tasks"] == [CONFIRMATION, "receipt"]  # while that is not known yet
    later.afterwards.show_functions(KNOWN[:1])
    assert later.snapshot()["tasks"] == [CONFIRMATION]
    later.afterwards.show_functions(KNOWN)
    assert later.snapshot()["tasks"] == [CONFIRMATION]


def test_a_draft_brings_its_tasks_back_before_they_are_known(form: ItemForm) -> None:
    form.restore({"number": "", "values": {}, "tasks": ["receipt"]})
    assert form.snapshot()["tasks"] == ["receipt"]
    form.afterwards.show_functions(KNOWN)
    assert form.afterwards.boxes["receipt"].isChecked()
    assert form.snapshot()["tasks"] == ["receipt"]


def test_the_e_mail_is_called_after_its_template(form: ItemForm) -> None:
    box = form.afterwards.boxes[CONFIRMATION]
    details: list[Any] = [{"name": name, "fields": []} for name in ("confirmation", "Summer & fun")]
    form.message.show_templates(details)
    assert box.text() == "Confirmation e-mail"
    form.message.choose("Summer & fun")
    assert box.text() == "Summer && fun"
    form.message.choose("confirmation")
    assert box.text() == "Confirmation e-mail"
