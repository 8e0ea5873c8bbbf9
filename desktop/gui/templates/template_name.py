"""The list of templates: choose, copy, delete, restore a version."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, cast

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSignalBlocker,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QWidget,
)

from desktop.contract.rules.templates import template_name_problem
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, px, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.card import turn
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.table import WORDS
from desktop.gui.templates.letterhead_form import LETTERHEAD
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Sequence


translate = QCoreApplication.translate
WIDTH: Final = 200
"""Width of the list beside the editor, in units of the grid."""
ANY: Final = 1 << 20
"""More pixels than any window has."""


class TemplateList(QListWidget):
    """The names of the templates, one below the other or side by side.

    ``chosen`` carries the name when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("pages")
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(lambda: self.chosen.emit(self.value()))

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the entries, given as (name, text); the chosen one stays chosen."""
        before = self.value()
        with QSignalBlocker(self):
            self.clear()
        for name, words in choices:
            self._add(name, words)
        self.set_value(before)

    def value(self) -> str:
        """Return the chosen name, or an empty text if there is none."""
        entry = self.currentItem()
        return "" if entry is None else str(entry.data(Qt.ItemDataRole.UserRole))

    def set_value(self, name: str) -> None:
        """Choose a name without emitting ``chosen``; an unknown one is added."""
        role = Qt.ItemDataRole.UserRole
        found = [each for row in range(self.count()) if (each := self.item(row)).data(role) == name]
        with QSignalBlocker(self):
            if name:
                self.setCurrentItem(found[0] if found else self._add(name, name))

    def turn(self, *, beside: bool) -> None:
        """Show the names side by side, or one below the other."""
        self.setFlow(QListView.Flow.LeftToRight if beside else QListView.Flow.TopToBottom)
        self.setMaximumHeight(px(32) if beside else ANY)

    def _add(self, name: str, words: str) -> QListWidgetItem:
        entry = QListWidgetItem(words, self)
        entry.setData(Qt.ItemDataRole.UserRole, name)
        entry.setToolTip(words)
        return entry


class TemplatePicker(QWidget):
    """A list of templates, and a ``field`` for the name of a new one, shown elsewhere.

    ``template_chosen`` and ``delete_chosen`` carry a name, ``version_chosen`` a name and a version,
    ``restore_chosen`` those of a deleted template. ``edited`` is emitted when the name is changed,
    ``entered`` on Enter and ``left`` on Escape in its field.
    """

    template_chosen = Signal(str)
    delete_chosen = Signal(str)
    version_chosen = Signal(str, str)
    restore_chosen = Signal(str, str)
    edited = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._names: list[str] = []
        self._shown: dict[str, Any] | None = None
        self._suggested = ""
        self.choice = TemplateList(self.tr("Template"))
        self.field = Field(self.tr("Name of the template"), self._name_problem)
        self.more = sized(QPushButton(), width=40)
        icons.put(self.more, "ellipsis")
        self.more.setAccessibleName(self.tr("More"))
        self.more.setToolTip(self.tr("Delete, earlier versions"))
        self.copy = Link(self.tr("New template…"))
        self.copy.setToolTip(self.tr("Begin with a copy of this one"))
        self.menu = QMenu(self)
        # Made here: PySide loses actions made by addAction once a submenu was cleared a few times.
        self.delete = QAction(self.tr("Delete…"), self.menu)
        self.menu.addAction(self.delete)
        self.versions = QMenu(self.tr("Earlier versions"), self.menu)
        self.menu.addMenu(self.versions)
        self.deleted = QMenu(self.tr("Deleted templates"), self.menu)
        self.menu.addMenu(self.deleted)
        self.show_deleted([])
        self.menu.aboutToShow.connect(lambda: icons.tick(self.menu, LOOK.theme))
        self.more.setMenu(self.menu)
        self._lay_out()
        self.choice.chosen.connect(self.template_chosen)
        self.copy.clicked.connect(self._begin_naming)
        self.delete.triggered.connect(lambda: self.delete_chosen.emit(self.choice.value()))
        self.field.edited.connect(self.edited)
        if isinstance(self.field.editor, QLineEdit):
            self.field.editor.returnPressed.connect(self.entered)
        self.field.editor.installEventFilter(self)

    @property
    def is_new(self) -> bool:
        """Whether the name of a copy is being typed."""
        return not self.field.isHidden()

    @property
    def is_built_in(self) -> bool:
        """Whether the edited template has a built-in text."""
        return self._shown is not None and bool(self._shown["built_in"])

    def value(self) -> str:
        """Return the name to save the template under."""
        return self.field.text().strip() if self.is_new else self.choice.value()

    def typed(self) -> str:
        """Return the name as typed by the person; a suggested name does not count."""
        is_typed = self.is_new and self.value() != self._suggested
        return self.value() if is_typed or self._shown is None else str(self._shown["name"])

    def as_saved(self) -> dict[str, str]:
        """Return the name as the API takes it for a save."""
        before = str(self._shown["name"]) if self._shown else ""
        if not self.is_new or self.value() == before:
            return {"name": self.value()}
        return {"name": self.value(), "copy_of": before}

    def resume(self, saved: dict[str, str]) -> None:
        """Restore a name that :meth:`as_saved` returned."""
        if "copy_of" in saved:
            self._begin_naming()
            self.field.set_text(saved["name"])

    def show_names(self, names: Sequence[str]) -> None:
        """Set the list of templates."""
        self._names = list(names)
        words = [(name, template_word(name)) for name in names]
        self.choice.set_choices([*words, (LETTERHEAD, self.tr("Letterhead"))])

    def show_template(self, template: dict[str, Any]) -> None:
        """Show the edited template, with its versions in the menu."""
        self._shown = template
        self.choice.set_value(str(template["name"]))
        self._end_naming()
        self.delete.setVisible(bool(template["own"]))
        self.delete.setText(
            self.tr("Back to the built-in text…") if self.is_built_in else self.tr("Delete…")
        )
        found = [{**each, "name": template["name"]} for each in template["versions"]]
        _fill(self.versions, found, "{at}", self.version_chosen)

    def show_deleted(self, deleted: Sequence[dict[str, Any]]) -> None:
        """Set the list of deleted templates."""
        _fill(self.deleted, deleted, "{name} · {at}", self.restore_chosen)

    def why_stays(self, messages: dict[str, Any]) -> str:
        """Return why the template cannot be deleted; an empty text if it can."""
        if not messages["open"] or self.is_built_in:
            return ""
        words = self.tr(
            "“{}” cannot be deleted: {}%Ln e-mails are still to be sent with it.",
            None,
            messages["open"],
        )
        return words.format(self.choice.value(), at_least(messages))

    def delete_question(self, messages: dict[str, Any]) -> str:
        """Return the question before the template is deleted, which says how to restore it."""
        if self.is_built_in:
            return self.tr("Go back to the built-in text? Yours stays under … › Earlier versions.")
        words = self.tr("Delete the template “{}”? It stays under … › Deleted templates.")
        said = [words.format(self.choice.value())]
        if messages["again"]:
            lost = self.tr(
                "{}%Ln failed, cancelled or uncertain e-mails cannot be sent again without it.",
                None,
                messages["again"],
            )
            said.append(lost.format(at_least(messages).capitalize()))
        return " ".join(said)

    def go_back(self) -> None:
        """Choose the edited template again in the list."""
        if self._shown is not None:
            self.choice.set_value(str(self._shown["name"]))

    def end_naming(self) -> None:
        """Hide the name field, and focus the list."""
        self._end_naming()
        self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """On Escape in the field emit ``left``, and keep the key from the sheet."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and cast("QKeyEvent", event).key() == Qt.Key.Key_Escape:
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def show_error(self, sentence: str) -> None:
        """Show an error at the name."""
        self.field.show_error(sentence)

    def check(self) -> bool:
        """Check a new name, show its error, and tell whether it is valid."""
        return not self.is_new or self.field.check()

    def turn(self, *, beside: bool) -> None:
        """Stand beside the editor, or in a line above it."""
        turn(self._row, beside=not beside)
        self.choice.turn(beside=not beside)
        self.setMaximumWidth(px(WIDTH) if beside else ANY)

    def _lay_out(self) -> None:
        self.setProperty("area", "pane")
        self.setFocusProxy(self.choice)
        foot = sized(QHBoxLayout(), margins=(8, 0, 0, 0), spacing=8)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.more)
        self._row = sized(QBoxLayout(QBoxLayout.Direction.TopToBottom, self), margins=12, spacing=8)
        self._row.addWidget(self.choice, 1)
        self._row.addLayout(foot)
        self._end_naming()

    def _begin_naming(self) -> None:
        self.copy.hide()
        self.more.hide()
        self.field.show()
        self._suggested = self._free_name(template_word(self.choice.value()))
        self.field.set_text(self._suggested)
        self.field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.editor.selectAll()
        self.edited.emit()

    def _end_naming(self) -> None:
        self.field.hide()
        for each in (self.copy, self.more):
            each.setVisible(self.choice.value() != LETTERHEAD)

    def _free_name(self, name: str) -> str:
        number, taken = 2, {each.casefold() for each in self._names}
        while f"{name} {number}".casefold() in taken:
            number += 1
        return f"{name} {number}"

    def _name_problem(self, text: str) -> str | None:
        taken = [word for name in self._names for word in (name, template_word(name))]
        return template_name_problem(text.strip(), taken, WORDS)


def at_least(messages: dict[str, Any]) -> str:
    """Return the words before numbers of messages that may be higher: *at least 1,000*."""
    exact = messages.get("counts_are_exact", True)
    return "" if exact else translate("templates", "at least ")


def _fill(menu: QMenu, found: Sequence[dict[str, Any]], words: str, chosen: SignalInstance) -> None:
    """Fill a menu with versions, or hide it if there are none."""
    menu.clear()
    for each in found:
        at = day_and_time(epoch(str(each["at"])) or 0.0, time.time())
        action = menu.addAction(words.format(name=each["name"], at=at))
        version = str(each["name"]), str(each["version"])
        action.triggered.connect(lambda _=False, version=version: chosen.emit(*version))
    menu.menuAction().setVisible(bool(found))
