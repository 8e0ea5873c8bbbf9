"""What screen readers are told: every control, chip, row and message has a name and a role."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTextEdit,
    QWidget,
)

from desktop.gui.frame.about import AboutDialog, ReportDialog
from desktop.gui.frame.open_server import OpenDialog
from desktop.gui.frame.retention import RetentionDialog
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.items.task_questions import time_question
from desktop.gui.kit.widgets import texts
from desktop.gui.kit.widgets.dialog import Dialog
from desktop.gui.kit.widgets.field import Field, RateField
from desktop.gui.link.jobs import ApiSource
from desktop.gui.listed.adding import AddDialog
from desktop.gui.listed.found_dialog import FoundDialog
from desktop.gui.listed.list_dialog import ListDialog
from desktop.gui.mail.mail_settings import MailSettingsDialog
from desktop.gui.tasks.detail.foot import FootQuestion
from desktop.gui.tasks.filters import FoundCounts
from desktop.gui.tasks.table.task_model import TaskModel
from desktop.gui.templates.letters_place import LettersPlace
from tests.gui.live_store import LiveStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtGui import QAccessibleInterface
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.office_folder import OfficeFolder

ROLE = QAccessible.Role
CONTROLS = (
    *(QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QAbstractItemView),
    *(QProgressBar, QAbstractSpinBox),
)
WITHOUT_A_KIND = {ROLE.NoRole, ROLE.Client, ROLE.Pane, ROLE.Grouping}
PLACES = ("tasks", "items", "batches")


@pytest.fixture
def full(store: LiveStore, window_over: Callable[[object], AppWindow]) -> AppWindow:
    """Give the window over that store."""
    return window_over(store)


def told(widget: QWidget) -> QAccessibleInterface:
    return QAccessible.queryAccessibleInterface(widget)


def controls(root: QWidget) -> Iterator[QWidget]:
    """Give what can be used or read in a part of the window that is shown."""
    for widget in root.findChildren(QWidget):
        inner = isinstance(widget.parent(), (QComboBox, QAbstractSpinBox))
        hidden = inner or not widget.isVisibleTo(root)
        if isinstance(widget, CONTROLS) and not hidden:
            yield widget


def faults(root: QWidget) -> list[str]:
    """Name what a screen reader has no word for, or would tell as another kind of thing."""
    found = []
    for widget in controls(root):
        place = " < ".join(type(each).__name__ for each in _up(widget))
        name, role = told(widget).text(QAccessible.Text.Name).strip(), told(widget).role()
        if not name:
            found.append(f"no name: {place}")
        if role in WITHOUT_A_KIND and not isinstance(widget, QHeaderView):
            found.append(f"{role.name}: {place}")
        is_choice = isinstance(widget, QAbstractButton) and is_one_of_some(widget)
        if is_choice and role is not ROLE.RadioButton:
            found.append(f"no radio button: {place}")
        if isinstance(widget, QPushButton) and wants_tip(widget) and not widget.toolTip():
            found.append(f"no tip: {widget.text()}")
        if isinstance(widget, QAbstractItemView):
            found += [f"{each}: {place}" for each in rows_without_words(widget)]
    return found


def wants_tip(button: QPushButton) -> bool:
    """Tell whether the words on a button leave open what it does: a single one, or an ellipsis."""
    words = button.text()
    return not button.isCheckable() and (len(words.split()) < 2 or words.endswith("…"))


def is_one_of_some(button: QAbstractButton) -> bool:
    """Tell whether choosing it ends the choice of another one."""
    group = button.group()
    return button.isCheckable() and (button.autoExclusive() if group is None else group.exclusive())


def rows_without_words(view: QAbstractItemView) -> list[str]:
    """Name the rows of which a screen reader is told nothing."""
    if isinstance(view, QHeaderView) or view.model() is None:
        return []
    whole, model = told(view), view.model()
    rows = range(model.rowCount())
    shown = [row for row in rows if view.visualRect(model.index(row, 0)).isValid()]
    said: dict[int, list[str]] = {row: [] for row in shown}
    for number in range(whole.childCount()):
        child = whole.child(number)
        cell = child.tableCellInterface() if child else None
        if cell is not None and cell.rowIndex() in said:
            said[cell.rowIndex()].append(child.text(QAccessible.Text.Name))
    return [f"row {row} says nothing" for row, words in said.items() if not any(words)]


def _up(widget: QWidget) -> Iterator[QWidget]:
    each: QWidget | None = widget
    for _ in range(4):
        if each is not None:
            yield each
            each = each.parentWidget()


def are_filled(models: list[QAbstractItemModel]) -> bool:
    return all(model.rowCount() for model in models)


def kinds(of: type[Dialog]) -> Iterator[str]:
    """Yield the names of all classes of dialogs that are shown."""
    ours = (each for each in of.__subclasses__() if each.__module__.startswith("desktop."))
    for each in ours:
        yield from kinds(each) if each.__subclasses__() else [each.__name__]


def test_every_view_and_every_sheet_names_what_is_in_it(
    full: AppWindow, qtbot: QtBot, jobs: Jobs, data: OfficeFolder
) -> None:
    found = {}
    for view in PLACES:
        if view != "tasks":
            getattr(full, view).open()
        shown = full.places.rows
        models = [each.model() for each in shown.findChildren(QAbstractItemView)]
        rows = [model for model in models if model is not None and not isinstance(model, TaskModel)]
        if view in {"items", "batches"}:
            if view == "batches":
                full.batches.model.load()
            qtbot.waitUntil(partial(are_filled, rows))
        full.page.table.selectRow(2)
        found[view] = faults(full)
    assert found == {view: [] for view in PLACES}
    assert told(full.halves.handle(1)).text(QAccessible.Text.Name) == "Width of the list"
    groups = [told(each).text(QAccessible.Text.Name) for each in full.desk.findChildren(QGroupBox)]
    assert sorted(groups) == ["Item", "New item", "Spreadsheet", "Task"]
    source = ApiSource(jobs)
    for kind in (
        *(RetentionDialog, OpenDialog),
        *(AddDialog, partial(FoundDialog, "Found", "Add {}".format)),
        partial(ListDialog, source, may_change=True),
        *(partial(AboutDialog, data), partial(ReportDialog, title="Log")),
        MailSettingsDialog,
    ):
        full.dialogs.make(kind)
    found = {}
    for sheet in full.dialogs.made:
        sheet.open()
        found[type(sheet).__name__] = [*faults(sheet)]
        is_named = told(sheet).text(QAccessible.Text.Name)
        if not is_named:
            found[type(sheet).__name__].append("no name")
        sheet.hide()
    assert found.keys() == {*kinds(Dialog)}
    fields = {"rate": RateField("At most"), "to": Field("To", lambda _: None)}
    for question in (FootQuestion("", "Save", "", fields), time_question("", "", print)):
        question.ask(full.page.detail.foot)
        found[f"Question {len(found)}"] = faults(question)
    for place in (ImportPlace(source), LettersPlace()):
        full.places.add(place)
        place.open()
        found[type(place).__name__] = [*faults(place), *faults(place.mode.page)]
    assert found == {name: [] for name in found}


def test_what_appears_or_changes_by_itself_is_said_politely(
    full: AppWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    class Ears:
        """In place of ``QAccessible``, which passes announcements on to the system."""

        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:  # noqa: N802
            assert event.politeness() is QAccessible.AnnouncementPoliteness.Polite
            heard.append(event.message())

    monkeypatch.setattr(texts, "QAccessible", Ears)
    note = full.notes.offer_undo("It was done", lambda: None)
    for _ in range(2):
        full.page.chips.set_found(
            FoundCounts({"counts": {"failed": 6}, "standing": 0, "seen": {}, "is_exact": True})
        )
    field = full.form.fields["recipient.email"]
    field.replace("no address")
    field.check()
    assert heard[:2] == ["It was done", "All, 6"]
    assert heard[2:] == [field.error]
    words = {each.text(): told(each).role() for each in note.findChildren(QLabel) if each.text()}
    assert words["It was done"] is ROLE.StaticText
