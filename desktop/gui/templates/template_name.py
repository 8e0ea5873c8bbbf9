"""The list of letters: choose, copy, delete, restore a version."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from desktop.contract.rules.templates import template_name_problem
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, bind_theme, sized
from desktop.gui.kit.widgets.buttons import HERE, ActionButton, give_key
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.table import WORDS
from desktop.gui.templates.letterhead_form import LETTERHEAD
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


translate = QCoreApplication.translate


class LettersList(QTreeWidget):
    """The letters, one below the other; at the right what is to be known of one.

    ``chosen`` carries the name when the person changes it, never when the program does.
    """

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName("letters")
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setRootIsDecorated(False)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header, modes = self.header(), QHeaderView.ResizeMode
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, modes.Stretch)
        header.setSectionResizeMode(1, modes.ResizeToContents)
        self._unsaved: Collection[str] = ()
        self._waiting: Mapping[str, dict[str, Any]] = {}
        self.currentItemChanged.connect(lambda: self.chosen.emit(self.value()))
        bind_theme(self, "inks", LettersList._say)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Replace the entries, given as (name, text); the chosen one stays chosen."""
        before = self.value()
        with QSignalBlocker(self):
            self.clear()
        for name, words in choices:
            self._add(name, words)
        self.set_value(before)

    def names(self) -> list[str]:
        """Return the names of the entries."""
        return [_name_of(self.topLevelItem(row)) for row in range(self.topLevelItemCount())]

    def value(self) -> str:
        """Return the chosen name, or an empty text if there is none."""
        return _name_of(self.currentItem())

    def set_value(self, name: str) -> None:
        """Choose a name without emitting ``chosen``; an unknown one is added."""
        names = self.names()
        with QSignalBlocker(self):
            if name:
                found = self.topLevelItem(names.index(name)) if name in names else None
                self.setCurrentItem(found or self._add(name, name))

    def show_unsaved(self, names: Collection[str]) -> None:
        """Mark the letters that have unsaved text."""
        self._unsaved = names
        self._say()

    def show_waiting(self, waiting: Mapping[str, dict[str, Any]]) -> None:
        """Say how many e-mails wait for each letter, as ``GET /templates/{name}/messages``."""
        self._waiting = waiting
        self._say()

    def _add(self, name: str, words: str) -> QTreeWidgetItem:
        entry = QTreeWidgetItem(self, [words, ""])
        entry.setData(0, Qt.ItemDataRole.UserRole, name)
        entry.setToolTip(0, words)
        entry.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._say()
        return entry

    def _say(self, _: object = None) -> None:
        for row, name in enumerate(self.names()):
            messages, words = self._waiting.get(name, {"open": 0}), ""
            if name in self._unsaved:
                words = self.tr("not saved")
            elif waiting := int(messages["open"]):
                words = at_least(messages) + self.tr("%Ln wait for it", None, waiting)
            entry = self.topLevelItem(row)
            if entry is not None:
                entry.setText(1, words)
                entry.setForeground(
                    1, LOOK.theme.ink("waiting" if name in self._unsaved else "soft text")
                )


def _name_of(entry: QTreeWidgetItem | None) -> str:
    return "" if entry is None else str(entry.data(0, Qt.ItemDataRole.UserRole))


class LetterChoice(QObject):
    """The list of letters, and what is done with one: copy, delete, restore a version, discard.

    The ``field`` for the name of a new one stands on the letter. ``template_chosen`` and
    ``delete_chosen`` carry a name, ``version_chosen`` a name and a version, ``restore_chosen``
    those of a deleted template. ``begun`` is emitted when a copy is begun, ``edited`` when its name
    is changed, ``entered`` on Enter and ``left`` on Escape in its field.
    """

    template_chosen = Signal(str)
    delete_chosen = Signal(str)
    version_chosen = Signal(str, str)
    restore_chosen = Signal(str, str)
    begun = Signal()
    edited = Signal()
    entered = Signal()
    left = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._shown: dict[str, Any] | None = None
        self._suggested = ""
        self.choice = LettersList(self.tr("Letters"))
        self.field = Field(self.tr("Name of the letter"), self._name_problem)
        self.copy = ActionButton(self.tr("New letter"))
        icons.put(self.copy, "plus", "text")
        self.copy.setToolTip(self.tr("Begin with a copy of this one"))
        self.more = sized(QPushButton(), width=40)
        self.more.setProperty("role", "quiet")
        icons.put(self.more, "ellipsis")
        self.more.setAccessibleName(self.tr("More"))
        self.more.setToolTip(self.tr("Delete, earlier versions"))
        self.menu = QMenu(self.more)
        # Made here: PySide loses actions made by addAction once a submenu was cleared a few times.
        self.discard = QAction(self.tr("Discard the changes…"), self.menu)
        self.delete = QAction(self.tr("Delete…"), self.menu)
        self.menu.addActions([self.discard, self.delete])
        self.versions = QMenu(self.tr("Earlier versions"), self.menu)
        self.menu.addMenu(self.versions)
        self.deleted = QMenu(self.tr("Deleted letters"), self.menu)
        self.menu.addMenu(self.deleted)
        self.show_deleted([])
        self.menu.aboutToShow.connect(lambda: icons.tick(self.menu, LOOK.theme))
        self.more.setMenu(self.menu)
        self.choice.chosen.connect(self.template_chosen)
        self.copy.clicked.connect(self._begin_naming)
        self.delete.triggered.connect(lambda: self.delete_chosen.emit(self.choice.value()))
        self.field.edited.connect(self.edited)
        if isinstance(self.field.editor, QLineEdit):
            self.field.editor.returnPressed.connect(self.entered)
        words = self.tr("Leave the name")
        give_key(self.field.editor, "Esc", words, self.left.emit, HERE)
        self.field.hide()

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
            self._show_naming()
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
        words = self.tr("Delete the letter “{}”? It stays under … › Deleted letters.")
        said = [words.format(self.choice.value())]
        if messages["again"]:
            lost = self.tr(
                "{}%Ln failed, cancelled or uncertain e-mails cannot be sent again without it.",
                None,
                messages["again"],
            )
            said.append(lost.format(at_least(messages).capitalize()))
        return " ".join(said)

    def end_naming(self) -> None:
        """Hide the name field, and focus the list."""
        self._end_naming()
        self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, sentence: str) -> None:
        """Show an error at the name."""
        self.field.show_error(sentence)

    def check(self) -> bool:
        """Check a new name, show its error, and tell whether it is valid."""
        return not self.is_new or self.field.check()

    def _begin_naming(self) -> None:
        self._show_naming()
        self.field.editor.selectAll()
        self.begun.emit()

    def _show_naming(self) -> None:
        self.copy.setEnabled(False)
        self.more.hide()
        self.field.show()
        self._suggested = self._free_name(template_word(self.choice.value()))
        self.field.set_text(self._suggested)

    def _end_naming(self) -> None:
        is_letter = self.choice.value() != LETTERHEAD
        self.field.hide()
        self.more.show()
        self.copy.setEnabled(is_letter)

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
