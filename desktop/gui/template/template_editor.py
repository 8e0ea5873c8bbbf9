"""The editor of one template: its name, its form, its preview, and its unsaved changes."""

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
"""Milliseconds after the last change until the preview is updated."""
AUTOSAVE_MS: Final = 500
"""Milliseconds from a change until the draft is saved."""


class TemplateEditor(QWidget):
    """A template's form, with a preview of its message beside it.

    ``edited`` is emitted when the person changes anything. ``preview_wanted`` asks for the message
    of the :attr:`typed` template: after a pause, or at once when another template is shown.
    ``draft_changed`` carries the template's name and its unsaved changes, as :meth:`show_draft`
    takes them, or ``None`` if there are none.
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
        """The current template and item, as the API takes them for a preview."""
        saved = str(self.saved["name"]) if self.saved else self.name.value()
        return {"template": saved, "parts": self.form.parts(), **self.preview.subject}

    def show_template(self, template: dict[str, Any]) -> None:
        """Show a saved template."""
        self.saved = template
        self.name.show_template(template)
        self.form.show_own_fields(template["fields"])
        self.form.show_parts(template["parts"])
        self.form.attachments.show_files(template["attachments"])
        self._saved_state = self._shown_state = self._state()
        self.ask_for_preview()

    def show_version(self, parts: dict[str, Any]) -> None:
        """Show the parts of another version as unsaved changes."""
        self.form.show_parts(parts)
        self._shown_state = self._state()
        self.tell_draft()
        self.ask_for_preview()

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Restore unsaved changes of the shown template."""
        self.name.resume(draft["name"])
        self.form.put_back(draft["parts"])
        files, staying = draft.get("files", {}), draft["parts"].get("attachments")
        self.form.attachments.put_back(files, staying)
        self.ask_for_preview()

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the message of the current template, and mark its unknown fields."""
        self.form.clear_errors()
        self.form.show_unknown(message.get("unknown", []))
        self.preview.show_message(message)

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; return whether there is such a field."""
        if error["path"] == "name" and self.name.is_new:
            self.name.show_error(error["message"])
            return True
        return self.form.show_error(error)

    def check(self) -> bool:
        """Check the input, show the errors, and return whether there are none."""
        return self.name.check() and self.form.check()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self.saved is not None and self._state() != self._saved_state

    def has_typed(self) -> bool:
        """Tell whether the person changed the shown version, which may be an earlier one."""
        return self.saved is not None and self._state() != self._shown_state

    def discard(self) -> None:
        """Discard unsaved changes."""
        self.forget_draft()
        if self.saved is not None:
            self.show_template(self.saved)

    def tell_draft(self) -> None:
        """Emit the unsaved changes, to be kept as a draft."""
        self._autosave.stop()
        if self.saved is not None:
            parts, files = self.form.parts(), self.form.attachments.draft()
            draft = {"name": self.name.as_saved(), "parts": parts, "files": files}
            told = draft if self.has_changes() else None
            self.draft_changed.emit(str(self.saved["name"]), told)

    def forget_draft(self) -> None:
        """Drop the draft: it was saved or discarded."""
        self._autosave.stop()
        if self.saved is not None:
            self.draft_changed.emit(str(self.saved["name"]), None)

    def ask_for_preview(self) -> None:
        """Ask for the message of the current template, if the editor is visible."""
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
