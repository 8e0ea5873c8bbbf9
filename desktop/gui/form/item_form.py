"""The form a person registers items with, built from the description of one kind of item."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.form.item_kind import FieldKind, ItemKind, new_item, number_problem
from desktop.gui.look import icons
from desktop.gui.parts.check_box import CheckBox
from desktop.gui.parts.field import Field
from desktop.gui.parts.hinted_button import HintedButton

if TYPE_CHECKING:
    from desktop.contract.problems import Problem
    from desktop.gui.look.theme import Theme, ThemeSource

AUTOSAVE_MS = 500
"""After a change the draft is offered for saving within this time."""


class FormSnapshot(TypedDict):
    """What is typed into the form, as plain data; ``number`` is empty while as proposed."""

    number: str
    values: dict[str, str]
    tasks: list[str]


class ItemForm(QWidget):
    """Asks for one item after the other.

    ``submitted`` carries the number typed by hand (or ``None``: the backend picks) and the
    ``NewItem``. The form keeps its text until :meth:`clear`, for only who has kept a submission
    safe can say that it may go; until then a second submit is not taken. ``draft_changed``
    carries a :class:`FormSnapshot` at most :data:`AUTOSAVE_MS` after a change.
    """

    submitted = Signal(object, object)
    preview_requested = Signal(object, object)
    draft_changed = Signal(object)

    def __init__(self, kind: ItemKind, themes: ThemeSource) -> None:
        super().__init__()
        self._kind = kind
        self._themes = themes
        self._proposed: int | None = None
        self._number_typed = False
        self._pending = False
        self.setProperty("area", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(lambda: self.draft_changed.emit(self.snapshot()))
        self.number = Field(self.tr("No."), number_problem)
        self.number.edited.connect(self._on_number_edited)
        self.number.help_chosen.connect(self._on_proposed_chosen)
        self.fields = {field.path: self._field(field) for field in kind.fields}
        self.tasks = {task.name: CheckBox(task.label, themes) for task in kind.tasks}
        self._make_buttons()
        self._lay_out()
        self.clear()
        themes.changed.connect(self._on_theme_changed)
        self._on_theme_changed(themes.theme)

    # what the rest of the window asks of it

    def propose(self, number: int) -> None:
        """Take the number the next item would get; one typed by hand stays."""
        self._proposed = number
        if not self._number_typed:
            self.number.set_text(str(number))

    def snapshot(self) -> FormSnapshot:
        """Return what is typed, for the draft and for *Undo*."""
        return {
            "number": self.number.text() if self._number_typed else "",
            "values": {path: field.text() for path, field in self.fields.items()},
            "tasks": [name for name, box in self.tasks.items() if box.isChecked()],
        }

    def restore(self, snapshot: FormSnapshot) -> None:
        """Bring the form back as it was when ``snapshot`` was taken, and begin again."""
        self._number_typed = bool(snapshot["number"])
        self.number.set_text(snapshot["number"] or self._proposed_text())
        for path, field in self.fields.items():
            field.set_text(snapshot["values"].get(path, ""))
        for name, box in self.tasks.items():
            box.setChecked(name in snapshot["tasks"])
        self._ready_again()
        self._autosave.stop()
        self.begin()

    def clear(self) -> None:
        """Empty the form for the next item, and begin."""
        tasks = [task.name for task in self._kind.tasks if task.checked]
        self.restore({"number": "", "values": {}, "tasks": tasks})

    def is_empty(self) -> bool:
        """Tell whether nothing has been typed."""
        return not self._number_typed and not any(f.text() for f in self.fields.values())

    def begin(self) -> None:
        """Put the focus where typing begins."""
        start = self.fields[self._kind.starts_at]
        start.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Check every field; offer the item if all are right, else go to the first wrong one."""
        if self._pending or not self._check():
            return
        self._pending = True
        self.submitted.emit(self._typed_number(), self._body())

    def show_problem(self, problem: Problem) -> None:
        """Put the API's errors at their fields, and what belongs to none above the buttons."""
        self._ready_again()
        loose = []
        for error in problem.get("errors", []):
            field = self._field_at(error["path"])
            if field is None:
                loose.append(error["message"])
            else:
                field.show_error(error["message"])
        if problem["status"] == 409:
            self._show_taken(problem["detail"])
        elif not problem.get("errors"):
            loose.append(problem["detail"])
        self._trouble.setText("\n".join(loose))
        self._trouble.setVisible(bool(loose))
        self._go_to_first_error()

    # its parts

    def _field(self, kind: FieldKind) -> Field:
        field = Field(
            kind.label, kind.check, placeholder=kind.placeholder, multiline=kind.multiline
        )
        field.edited.connect(self._on_edited)
        return field

    def _make_buttons(self) -> None:
        keys = QKeySequence("Ctrl+Return")
        self.submit_button = HintedButton(self.tr("Submit"), keys, self._themes)
        self.submit_button.clicked.connect(self.submit)
        self.preview_button = QPushButton(self.tr("Preview"))
        self.preview_button.setToolTip(self.tr("Show the mail as it would go"))
        self.preview_button.clicked.connect(self._on_preview)
        for sequence in (keys, QKeySequence("Ctrl+Enter")):
            shortcut = QShortcut(sequence, self, context=_WITH_CHILDREN)
            shortcut.activated.connect(self.submit)

    def _lay_out(self) -> None:
        self._heading = QLabel(self.tr("New item"))
        self._heading.setProperty("role", "heading")
        then = QLabel(self.tr("Then do"))
        then.setProperty("role", "soft")
        self._trouble = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._trouble.setProperty("role", "error")
        self._top_row = QHBoxLayout()
        self._top_row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        asked = QWidget()
        asked.setProperty("area", "clear")
        self._column = QVBoxLayout(asked)
        self._column.addWidget(self._heading)
        self._numbered = QVBoxLayout()
        self._numbered.addLayout(self._top_row)
        self._numbered.addWidget(self.number.message)
        self._column.addLayout(self._numbered)
        for kind in self._kind.fields:
            if kind.beside_number:
                self._top_row.addWidget(self.fields[kind.path], 1, Qt.AlignmentFlag.AlignTop)
            else:
                self._column.addWidget(self.fields[kind.path])
        self._then = QVBoxLayout()
        self._then.addWidget(then)
        for box in self.tasks.values():
            box.toggled.connect(self._on_edited)
            self._then.addWidget(box)
        self._column.addLayout(self._then)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(asked)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.preview_button, 2)
        self._buttons.addWidget(self.submit_button, 3)
        self._foot = QVBoxLayout()
        self._foot.addWidget(self._trouble)
        self._foot.addLayout(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(self._foot)

    def _on_theme_changed(self, theme: Theme) -> None:
        px = theme.px
        self.number.setFixedWidth(px(88))
        for field in (self.number, *self.fields.values()):
            field.dress(theme)
        self._top_row.setSpacing(px(12))
        self._numbered.setSpacing(px(4))
        self._column.setContentsMargins(px(16), px(16), px(16), px(8))
        self._column.setSpacing(px(12))
        self._then.setSpacing(px(4))
        self._buttons.setSpacing(px(8))
        self._foot.setContentsMargins(px(16), px(12), px(16), px(12))
        self._foot.setSpacing(px(8))
        icons.put(self.preview_button, "eye", theme.color("text"), theme)

    # what happens in it

    def _on_edited(self) -> None:
        self._trouble.hide()
        if not self._autosave.isActive():
            self._autosave.start()

    def _on_number_edited(self) -> None:
        self._number_typed = self.number.text().strip() not in {"", self._proposed_text()}
        self._on_edited()

    def _on_proposed_chosen(self) -> None:
        self._number_typed = False
        self.number.set_text(self._proposed_text())
        self.submit_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._on_edited()

    def _on_preview(self) -> None:
        if self._check():
            self.preview_requested.emit(self._typed_number(), self._body())

    def _check(self) -> bool:
        right = [field.check() for field in (self.number, *self.fields.values())]
        if not all(right):
            self._go_to_first_error()
        return all(right)

    def _go_to_first_error(self) -> None:
        wrong = next((f for f in (self.number, *self.fields.values()) if f.error), None)
        if wrong is not None:
            wrong.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_taken(self, sentence: str) -> None:
        use = ""
        if self._proposed is not None and self._number_typed:
            use = self.tr("Use {number}").format(number=self._proposed)
        self.number.show_error(sentence, use)

    def _field_at(self, path: str) -> Field | None:
        """Find the field of an error's path, or of what stands inside it."""
        if path in {"item_id", "number"}:
            return self.number
        inside = (f for place, f in self.fields.items() if place.startswith(f"{path}."))
        return self.fields.get(path) or next(inside, None)

    def _ready_again(self) -> None:
        self._pending = False
        self._trouble.hide()

    def _typed_number(self) -> int | None:
        return int(self.number.text()) if self._number_typed else None

    def _proposed_text(self) -> str:
        return "" if self._proposed is None else str(self._proposed)

    def _body(self) -> object:
        snapshot = self.snapshot()
        return new_item(snapshot["values"], snapshot["tasks"])


_WITH_CHILDREN = Qt.ShortcutContext.WidgetWithChildrenShortcut
