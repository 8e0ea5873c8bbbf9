"""The fields of a form by their path in the body of ``POST /items``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NotRequired, TypedDict, cast

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QWidget

from desktop.contract.items import CONFIRMATION, task_title
from desktop.contract.office import office_function
from desktop.contract.rules.templates import DEFAULT, FIELD, heading
from desktop.gui.items.form.item_fields import number_problem
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import ActionButton, Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.surfaces import drop
from desktop.gui.kit.widgets.texts import tip
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.typed import line_problem
from sendoff_tasks.model.text import TITLE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from PySide6.QtCore import QSettings

    from desktop.gui.items.form.item_files import FormFile
    from sendoff_tasks.model.tasks import TaskFunction


_ROOM: Final = "window/pinned"
_KEPT: Final = "form/template"
"""The setting that holds the template chosen last."""
_KEY: Final = "window/afterwards"
"""The setting that holds the functions ticked last."""


class Pin(ActionButton):
    """A toggle beside a field; ``settings`` keep the text under the field's path.

    It is there while it is set, and beside a text or the focus of its field. ``pinned`` is emitted
    when the person sets or removes the pin.
    """

    pinned = Signal()

    def __init__(self, path: str, label: str, settings: QSettings) -> None:
        super().__init__()
        self._key = f"{_ROOM}/{path}"
        self._settings = settings
        self.setCheckable(True)
        self.setProperty("role", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the focus in the field
        self.setAccessibleName(self.tr("Keep “{field}” for the next item").format(field=label))
        self.setToolTip(self.accessibleName())
        self.setChecked(settings.contains(self._key))
        sized(self, width=32)
        self._draw()
        self.toggled.connect(lambda _: self._draw())
        self.clicked.connect(self.pinned)

    def follow(self, field: Field) -> None:
        """Come and go with the text and the focus of a field."""
        self._field = field
        field.editor.textChanged.connect(self._fit)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._fit)
        self.toggled.connect(self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        field, is_here = self._field, self._field.editor.hasFocus() or self.hasFocus()
        self.setVisible(is_here or self.isChecked() or bool(field.text()))

    def text_kept(self) -> str:
        """Return the kept text; empty if the pin is not set."""
        return str(self._settings.value(self._key, "")) if self.isChecked() else ""

    def keep(self, text: str) -> None:
        """Save a text if the pin is set, or else remove the saved one."""
        if self.isChecked():
            self._settings.setValue(self._key, text)
        else:
            self._settings.remove(self._key)

    def _draw(self) -> None:
        icons.put(self, *(("pin-filled", "accent") if self.isChecked() else ("pin", "soft text")))


class NumberField(Field):
    """Asks for the number of an item, once the person presses the ``link`` with the next free one.

    Until then it is hidden.
    """

    def __init__(self) -> None:
        next_free = QCoreApplication.translate("NumberField", "next free")
        super().__init__(
            QCoreApplication.translate("NumberField", "Item"), number_problem, placeholder=next_free
        )
        self._line.setAlignment(self.editor, Qt.AlignmentFlag.AlignLeft)
        sized(self.editor, width=88)  # not the error below it
        self.editor.setToolTip(self.tr("Leave it as it is for the next free number"))
        self.is_typed = False
        self.proposed: int | None = None
        self._shown = ""
        self.link = Link("")
        self.link.setProperty("ink", "soft")
        self.link.setToolTip(self.tr("Choose another number for this item"))
        self.link.clicked.connect(self._on_link)
        self.edited.connect(self._on_edited)
        self.stand_in_line()
        for each in (self, self.link):
            each.hide()

    def propose(self, number: int) -> None:
        """Set the number the next item would get.

        While the field has the focus, its text does not change.
        """
        self.proposed = number
        if not self.is_typed and not self.editor.hasFocus():
            self._say()

    def restart(self, typed: str = "") -> None:
        """Show a typed number, or else the one proposed last."""
        self.is_typed = bool(typed)
        self.setVisible(self.is_typed)
        self._say(typed)

    def show_error(self, message: str, help_text: str = "") -> None:
        """Show an error, and the field."""
        self.show()
        super().show_error(message, help_text)

    def _say(self, typed: str = "") -> None:
        self._shown = "" if self.proposed is None else str(self.proposed)
        self.link.setText(self.tr("no. {}").format(self._shown))
        self.link.setVisible(bool(self._shown) and self.isHidden())
        self.set_text(typed or self._shown)

    def _on_link(self) -> None:
        self.show()
        self.link.hide()
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self) -> str:
        """Return the text typed by hand; empty while the proposed number is shown."""
        return self.text() if self.is_typed else ""

    def number(self) -> int | None:
        """Return the valid number typed by hand, or ``None``: the backend picks one."""
        return int(self.text()) if self.is_typed else None

    def show_taken(self, sentence: str) -> None:
        """Show that an item has the typed number, with a link to the next free one."""
        use = self.tr("Use {number}").format(number=self.proposed)
        self.show_error(sentence, "" if self.proposed is None else use)

    def _on_edited(self) -> None:
        self.is_typed = self.text().strip() not in {"", self._shown}


class MessageChoice(QWidget):
    """A list of templates, a link to their editor, and the ``fields`` of the chosen one by path.

    The owner lays the fields out: ``fields_changed`` says that there are others. ``edited`` is
    emitted when the person changes anything; ``edit_chosen`` carries the template to open,
    ``template_changed`` the chosen one. The last choice is kept in ``settings`` for the next start.
    """

    edited = Signal()
    edit_chosen = Signal(str)
    template_changed = Signal(str)
    fields_changed = Signal()

    def __init__(self, settings: QSettings) -> None:
        super().__init__()
        self._settings = settings
        self.asked: dict[str, list[str]] = {DEFAULT: []}
        self._without_note: set[str] = set()
        self.fields: dict[str, Field] = {}
        self.choice = Choice(self.tr("Template"))
        self.choice.set_choices([(DEFAULT, template_word(DEFAULT))])
        self.choice.set_value(str(settings.value(_KEPT, DEFAULT)))
        self.choice.chosen.connect(self._on_chosen)
        self.choice.hide()
        self.edit = Link(self.tr("Edit…"))
        self.edit.setToolTip(self.tr("Change this text, or write one of your own"))
        self.edit.clicked.connect(lambda: self.edit_chosen.emit(self.value()))
        row = sized(QHBoxLayout(self), margins=0, spacing=8)
        row.addWidget(self.choice)
        row.addWidget(self.edit)

    def show_templates(self, templates: Sequence[dict[str, Any]]) -> None:
        """Offer these templates, as ``GET /templates`` details them; typed texts stay."""
        chosen = self.value()
        self.asked = {str(each["name"]): list(each["fields"]) for each in templates}
        self._without_note = {each["name"] for each in templates if "note" not in each["standard"]}
        self.choice.set_choices([(name, template_word(name)) for name in self.asked])
        self.choice.setVisible(len(self.asked) > 1)
        self.choose(chosen if chosen in self.asked else DEFAULT)

    def value(self) -> str:
        """Return the chosen template."""
        return self.choice.value() or DEFAULT

    def choose(self, name: str, typed: Iterable[str] = ()) -> None:
        """Choose a template without emitting ``edited``.

        ``typed`` are the paths of its fields while the templates are not loaded yet.
        """
        self.choice.set_value(name or DEFAULT)
        paths = [FIELD + field for field in self.asked.get(self.value(), [])]
        if self.value() not in self.asked:  # the list has not come yet
            paths = list(typed)
        self._show_fields(paths)
        self.template_changed.emit(self.value())

    def has_note(self) -> bool:
        """Tell whether the chosen template has the item's note in its e-mail."""
        return self.value() not in self._without_note

    def empty(self) -> list[Field]:
        """Return the fields of the template that have no text."""
        return [field for field in self.fields.values() if not field.text().strip()]

    def _show_fields(self, paths: Sequence[str]) -> None:
        """Have one field for each path; existing fields keep their texts."""
        before, self.fields = self.fields, {}
        for path in paths:
            self.fields[path] = before.pop(path) if path in before else self._field(path)
        for gone in before.values():
            drop(gone)
        self.fields_changed.emit()

    def _field(self, path: str) -> Field:
        name = heading(path.removeprefix(FIELD))
        field = Field(name, partial(line_problem, limit=TITLE_LIMIT))
        field.stand_in_line()
        field.edited.connect(self.edited)
        return field

    def _on_chosen(self, name: str) -> None:
        self.choose(name)
        self._settings.setValue(_KEPT, name)
        if self.fields:
            next(iter(self.fields.values())).editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


class Afterwards(QObject):
    """The confirmation e-mail, then the person's own functions (:meth:`show_functions`).

    Each is a checkable entry of a menu, ``entries`` by name. A new item starts with the own
    functions that the person checked last, remembered in ``settings``. ``edited`` is emitted when
    the person checks an entry, never when the program does.
    """

    edited = Signal()

    def __init__(self, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._wanted: set[str] = set()
        self._is_known = False
        self.entries: dict[str, QAction] = {}
        self._add(CONFIRMATION, self.tr("Confirmation e-mail"))

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Offer the functions that take an item; checked ones stay checked."""
        taking = [each for each in functions if office_function(each).get("takes_item")]
        chosen = self.chosen()
        for name in [name for name in self.entries if name != CONFIRMATION]:
            self.entries.pop(name).deleteLater()
        for each in taking:
            if each["name"] != CONFIRMATION:
                self._add(each["name"], each["title"], each["doc"].partition("\n")[0])
        self._is_known = True
        self.choose(chosen)

    def call_mail(self, template: str) -> None:
        """Call the e-mail after its template, as its task is called."""
        title = task_title(CONFIRMATION, {"template": template}) or self.tr("Confirmation e-mail")
        self.entries[CONFIRMATION].setText(title.replace("&", "&&"))

    def chosen(self) -> list[str]:
        """Return the names of the checked tasks, and of those to check once they are known."""
        shown = [name for name, entry in self.entries.items() if entry.isChecked()]
        unknown = () if self._is_known else self._wanted - self.entries.keys()
        return [*shown, *sorted(unknown)]

    def choose(self, names: Collection[str]) -> None:
        """Check exactly these tasks, without emitting ``edited``."""
        self._wanted = set(names)
        for name, entry in self.entries.items():
            entry.setChecked(name in names)

    def usual(self) -> list[str]:
        """Return the tasks that are checked for a new item."""
        kept = str(self._settings.value(_KEY, "")).splitlines()
        return [CONFIRMATION, *kept]

    def fill(self, menu: QMenu) -> None:
        """Offer the entries in a menu, if there is a choice, or if nothing is chosen."""
        if len(self.entries) > 1 or not self.chosen():
            menu.addSection(self.tr("Afterwards"))
            menu.addActions([*self.entries.values()])

    def _add(self, name: str, label: str, about: str = "") -> None:
        entry = self.entries[name] = QAction(label.replace("&", "&&"), self, checkable=True)
        entry.setToolTip(tip(f"{label}\n{about}") if about else "")
        entry.triggered.connect(self._on_triggered)

    def _on_triggered(self) -> None:
        kept = [name for name in self.chosen() if name != CONFIRMATION]
        self._settings.setValue(_KEY, "\n".join(kept))
        self.edited.emit()


class FormSnapshot(TypedDict):
    """The input of the form as plain data; ``number`` is empty unless typed by hand."""

    number: str
    values: dict[str, str]
    tasks: list[str]
    template: NotRequired[str]
    send_at: NotRequired[str]
    files: NotRequired[list[FormFile]]
