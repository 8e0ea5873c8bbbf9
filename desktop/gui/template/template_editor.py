"""One template being edited: its name, its parts and its message, and what of that is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.gui.template.template_form import TemplateForm
from desktop.gui.template.template_name import TemplateName
from desktop.gui.template.template_preview import TemplatePreview
from desktop.gui.widgets.sheets.halves import Halves

if TYPE_CHECKING:
    from desktop.contract.problems import FieldError
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

FOLLOWS_AFTER_MS: Final = 250
"""Without another change, until the message is made again."""
AUTOSAVE_MS: Final = 500
"""After a change the draft is offered for keeping within this time."""


class TemplateEditor(QWidget):
    """A template's form with the message it makes beside it.

    ``edited`` is emitted when a person changes anything. ``preview_wanted`` asks for the message
    of what is :attr:`typed`, a little later and at once where another template is shown.
    ``draft_changed`` carries the name of the template and what of it is typed and not saved, as
    :meth:`show_draft` takes it, or ``None`` where nothing is.
    """

    edited = Signal()
    preview_wanted = Signal(object)
    draft_changed = Signal(str, object)

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.setProperty("area", "clear")
        self.saved: dict[str, Any] | None = None
        self._saved_state: object = None
        self._shown_state: object = None
        self.name = TemplateName(themes)
        self.form = TemplateForm(themes)
        self.preview = TemplatePreview(themes)
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self.ask_for_preview)
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.tell_draft)
        self._lay_out()
        self.name.edited.connect(self._on_edited)
        self.form.edited.connect(self._on_edited)
        self.preview.item_changed.connect(self.ask_for_preview)

    @property
    def typed(self) -> dict[str, Any]:
        """What is typed and the item it is about, as the API makes a message of it."""
        saved = str(self.saved["name"]) if self.saved else self.name.value()
        return {"template": saved, "parts": self.form.parts(), **self.preview.subject}

    def show_template(self, template: dict[str, Any]) -> None:
        """Show a template as it is saved."""
        self.saved = template
        self.name.show_template(template)
        self.form.show_own_fields(template["fields"])
        self.form.show_parts(template["parts"])
        self.form.attachments.show_files(template["attachments"])
        self._saved_state = self._shown_state = self._state()
        self.ask_for_preview()

    def show_version(self, parts: dict[str, Any]) -> None:
        """Show parts that are not saved as the template's."""
        self.form.show_parts(parts)
        self._shown_state = self._state()
        self.tell_draft()
        self.ask_for_preview()

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Show what was typed before into the template that is shown."""
        self.name.resume(draft["name"])
        self.form.put_back(draft["parts"])
        files, staying = draft.get("files", {}), draft["parts"].get("attachments")
        self.form.attachments.put_back(files, staying)
        self.ask_for_preview()

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the message of what is typed now, and mark what it could not fill."""
        self.form.clear_errors()
        self.form.show_unknown(message.get("unknown", []))
        self.preview.show_message(message)

    def show_error(self, error: FieldError) -> bool:
        """Put the API's error at its place; tell whether it has one."""
        if error["path"] == "name" and self.name.is_new:
            self.name.show_error(error["message"])
            return True
        return self.form.show_error(error)

    def check(self) -> bool:
        """Show what is wrong with what is typed; tell whether all is right."""
        return self.name.check() and self.form.check()

    def has_changes(self) -> bool:
        """Tell whether anything is not as it was saved."""
        return self.saved is not None and self._state() != self._saved_state

    def has_typed(self) -> bool:
        """Tell whether anything is not as it was shown, which may be an earlier version."""
        return self.saved is not None and self._state() != self._shown_state

    def discard(self) -> None:
        """Go back to what is saved."""
        self.forget_draft()
        if self.saved is not None:
            self.show_template(self.saved)

    def tell_draft(self) -> None:
        """Have what is typed and not saved kept as it is now."""
        self._autosave.stop()
        if self.saved is not None:
            parts, files = self.form.parts(), self.form.attachments.draft()
            draft = {"name": self.name.as_saved(), "parts": parts, "files": files}
            told = draft if self.has_changes() else None
            self.draft_changed.emit(str(self.saved["name"]), told)

    def forget_draft(self) -> None:
        """Have nothing kept: it is saved, or not wanted."""
        self._autosave.stop()
        if self.saved is not None:
            self.draft_changed.emit(str(self.saved["name"]), None)

    def ask_for_preview(self) -> None:
        """Have the message made of what is typed now, while it is in sight."""
        if self.isVisible() and self.saved is not None:
            self.preview_wanted.emit(self.typed)

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        px = theme.px
        self._column.setContentsMargins(px(20), px(12), px(20), px(12))
        self._column.setSpacing(px(12))
        self.name.dress(theme)
        self.form.dress(theme)
        self.preview.dress(theme)
        self._halves.dress(theme)

    def _lay_out(self) -> None:
        asked = QWidget()
        asked.setProperty("area", "clear")
        self._column = QVBoxLayout(asked)
        self._column.addWidget(self.name)
        self._column.addWidget(self.form, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(asked)
        self._halves = Halves(scroll, self.preview, (46, 54), self.tr("Width of the editor"))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._halves)

    def _state(self) -> object:
        return self.name.typed(), self.form.parts(), self.form.attachments.coming

    def _on_edited(self) -> None:
        self.edited.emit()
        self._pause.start()
        if not self._autosave.isActive():
            self._autosave.start()
