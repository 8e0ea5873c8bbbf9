"""The template sheet: the editor of a template, and its requests to the backend as signals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, give_key
from desktop.gui.kit.widgets.sheet import FootQuestion, FootRow, Sheet
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.states import sentences
from desktop.gui.templates.template_form import TemplateEditor
from sendoff_tasks.client.errors import loose_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.gui.templates.template_form import TypedTemplate


SAVE_KEYS = "Ctrl+S"


class TemplateFoot(QWidget):
    """The buttons *Send a test* and *Save*; an ``error`` and a sentence beside or above them."""

    def __init__(self, error: QWidget) -> None:
        super().__init__()
        self.words = Feedback()
        said = QWidget()
        column = sized(QVBoxLayout(said), margins=0, spacing=2)
        column.addStretch(1)
        column.addWidget(error)
        column.addWidget(self.words)
        column.addStretch(1)
        self.test = QPushButton(self.tr("Send a test"))
        icons.put(self.test, "send", "text")
        self.test.setToolTip(self.tr("Send this e-mail to the sender's own address"))
        self.save = HintedButton(self.tr("Save"), QKeySequence(SAVE_KEYS))
        self._row = FootRow(self, said, (self.test, self.save))

    def show_state(self, *, saving: bool, testing: bool, savable: bool) -> None:
        """Show on the buttons which action is under way, and whether there is something to save."""
        # Both stay enabled during an action: a disabled button would pass the focus on.
        self.save.setEnabled(savable)
        self.save.setText(self.tr("Saving…") if saving else self.tr("Save"))
        self.test.setText(self.tr("Sending…") if testing else self.tr("Send a test"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence above the buttons if room is short."""
        super().resizeEvent(event)
        self._row.fit(self.width())


class TemplateSheet(Sheet):
    """Shows one template at a time; each request to the backend is a signal.

    ``template_wanted`` carries a name, answered by :meth:`show_template`; ``version_wanted`` a name
    and a version, answered by :meth:`show_version`; ``restore_wanted`` those of a deleted template,
    answered by :meth:`show_template`. ``save_requested`` carries ``{"name", "parts", "copy_of",
    "attached", "files"}``, answered by :meth:`show_saved`: ``attached`` names all files, ``files``
    are the paths of the added ones. ``deletion_wanted`` carries a name, answered by
    :meth:`ask_about_deletion`; ``preview_wanted`` and ``test_requested`` carry ``{"template",
    "parts", "item_id"}``. A failed save is answered by :meth:`show_not_saved`, a failed test by
    :meth:`show_not_tested`, any other by :meth:`show_failure`.
    """

    template_wanted = Signal(str)
    version_wanted = Signal(str, str)
    save_requested = Signal(object)
    deletion_wanted = Signal(str)
    delete_requested = Signal(str)
    restore_wanted = Signal(str, str)
    preview_wanted = Signal(object)
    test_requested = Signal(object)

    def __init__(self, host: QWidget) -> None:
        super().__init__(1240, host, least=1180)
        self.set_title(self.tr("Templates"))
        self._testing = False
        self._sent: TypedTemplate | None = None  # what is being saved
        self._after: Callable[[], object] | None = None
        self.editor = TemplateEditor()
        self.name, self.form = self.editor.name, self.editor.form
        self.preview = self.editor.preview
        self.foot_row = TemplateFoot(self.form.error)
        self.question = FootQuestion(self.foot_row)
        sized(self.body, margins=0)
        self.body.addWidget(self.editor, 1)
        self.foot.addWidget(self.foot_row)
        self.foot.addWidget(self.question)
        give_key(self, SAVE_KEYS, self.tr("Save the template"), self.foot_row.save.click, INSIDE)
        self._connect()
        self._show_state()

    def show_names(self, templates: Sequence[dict[str, Any]]) -> None:
        """Set the list of templates, as ``GET /templates`` details them."""
        self.name.show_names([str(each["name"]) for each in templates])

    def show_fields(self, own: Sequence[str]) -> None:
        """Set the person's own fields, offered after the standard ones."""
        self.form.show_fields(own)

    def show_template(self, template: dict[str, Any]) -> None:
        """Show a template as ``GET /templates/{name}`` returns it."""
        self.editor.show_template(template)
        self._show_state()

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Restore unsaved changes of the shown template."""
        self.editor.show_draft(draft)
        self._show_state()
        self.foot_row.words.say(self.tr("You typed this before and did not save it."))

    def show_version(self, version: dict[str, Any]) -> None:
        """Show an earlier version as unsaved changes."""
        self.editor.show_version(version["parts"])
        self._show_state()
        self.foot_row.words.say(self.tr("This is an earlier version. Save it to use it again."))

    def show_saved(self, template: dict[str, Any]) -> None:
        """Show the saved template; then do what waited for the save, or close.

        If something was typed during the save, or another template is shown, the sheet stays.
        """
        sent, self._sent = self._sent, None
        follows, self._after = self._after, None
        is_all = sent is not None and self.editor.show_saved(template, sent)
        self._show_state()
        if is_all:
            (follows or self.close)()

    def ask_about_deletion(self, name: str, messages: dict[str, Any]) -> None:
        """Ask whether to delete a template, if it is still shown and no message needs it."""
        if self.isHidden() or name != self.name.choice.value():
            return
        why_not = self.name.why_stays(messages)
        if why_not:
            self.foot_row.words.say(why_not, "error")
            return
        deletes = self.tr("Go back") if self.name.is_built_in else self.tr("Delete")
        answers: list[tuple[str, Callable[[], object] | None]] = [
            (self.tr("Keep it"), None),
            (deletes, lambda: self.delete_requested.emit(name)),
        ]
        self.question.ask(self.name.delete_question(messages), answers)

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the message of the current template, and mark its unknown fields."""
        self.editor.show_message(message)
        self._show_state()

    def show_test_result(self, result: dict[str, Any]) -> None:
        """Show the result of a test."""
        self._testing = False
        said = str(result["text"])
        if self.form.attachments.added():
            said = sentences(said, self.tr("New files go with it once you save."))
        self.foot_row.words.say(said, "good" if result.get("ok", True) else "error")
        self._show_state()

    def show_not_saved(self, error: Exception) -> None:
        """Show why the template was not saved."""
        self._sent = self._after = None
        self.show_failure(error)

    def show_not_tested(self, error: Exception) -> None:
        """Show why there was no test."""
        self._testing = False
        self.show_failure(error)

    def show_failure(self, error: Exception) -> None:
        """Show why a request failed, at its field or beside the buttons."""
        self.foot_row.words.say_why(loose_words(error, self.editor.show_error), error)
        self._show_state()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self.editor.has_changes()

    def discard(self) -> None:
        """Discard unsaved changes."""
        self.editor.discard()
        self._show_state()

    def open(self) -> None:
        """Open the sheet, without the sentence of the last time."""
        if self.isHidden():
            self.foot_row.words.say("")
        super().open()

    def close(self) -> bool:
        """Close, or ask about unsaved changes first; tell whether the sheet is closed."""
        if self.isHidden() or not self.has_changes():
            self.question.end()
            return super().close()
        self._ask_about_changes(super().close)
        return False

    def focus_first(self) -> None:
        """Focus the text, which is changed most."""
        self.editor.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """Return the list, the text and the preview."""
        return [self.name, self.editor.page, self.preview]

    def _connect(self) -> None:
        self.name.template_chosen.connect(self._on_template_chosen)
        self.name.version_chosen.connect(self._on_version_chosen)
        self.name.delete_chosen.connect(self._on_delete_chosen)
        self.name.restore_chosen.connect(self._on_restore_chosen)
        self.name.entered.connect(self._on_name_entered)
        self.name.left.connect(self._on_name_left)
        self.editor.edited.connect(self._on_edited)
        self.editor.preview_wanted.connect(self.preview_wanted)
        self.foot_row.save.clicked.connect(self._save)
        self.foot_row.test.clicked.connect(self._on_test)

    def _on_name_entered(self) -> None:
        """On Enter in the name of a copy: go on to its text."""
        if self.name.check():
            self.focus_first()

    def _on_name_left(self) -> None:
        """On Escape in the name: close the name field, or ask about changes if there are any."""
        if self.has_changes():
            self.close()
        else:
            self.name.end_naming()
            self._show_state()

    def _on_edited(self) -> None:
        self.foot_row.words.say("")
        self._show_state()

    def _on_template_chosen(self, name: str) -> None:
        if self.has_changes():
            self.name.go_back()
        self._leave(lambda: self.template_wanted.emit(name))

    def _on_version_chosen(self, name: str, version: str) -> None:
        """Show an earlier version; ask first if something was typed."""
        if self.editor.has_typed():
            self._ask_about_changes(lambda: self.version_wanted.emit(name, version))
        else:
            self.version_wanted.emit(name, version)

    def _on_delete_chosen(self, name: str) -> None:
        self._leave(lambda: self.deletion_wanted.emit(name))

    def _on_restore_chosen(self, name: str, version: str) -> None:
        self._leave(lambda: self.restore_wanted.emit(name, version))

    def _leave(self, follows: Callable[[], object]) -> None:
        """Leave the edited template and call ``follows``; ask about unsaved changes first."""

        def leave() -> None:
            self.foot_row.words.say("")
            follows()

        if self.has_changes():
            self._ask_about_changes(leave)
        else:
            leave()

    def _ask_about_changes(self, follows: Callable[[], object]) -> None:
        def save() -> None:
            self._after = follows
            self._save()

        def discard() -> None:
            self.discard()
            follows()

        self.question.ask_about_changes(discard, save)

    def _save(self) -> None:
        if self._sent is not None or not self.editor.check():
            self._after = None
            return
        self._sent = self.editor.state()
        self.foot_row.words.say("")
        self._show_state()
        attached, files = self.form.attachments.staying(), self.form.attachments.added()
        wanted = {**self.name.as_saved(), "parts": self.editor.page.parts(), "attached": attached}
        self.save_requested.emit({**wanted, "files": files})

    def _on_test(self) -> None:
        if not self._testing and self.editor.page.check():
            self._testing = True
            self.foot_row.words.say(self.tr("Sending a test…"))
            self._show_state()
            shown = self.editor.typed
            if shown.pop("batch_id", None) is not None:
                shown.pop("row")  # a test is for an item or an example
            self.test_requested.emit(shown)

    def _show_state(self) -> None:
        savable = self.has_changes() or self.name.is_new
        self.foot_row.show_state(
            saving=self._sent is not None, testing=self._testing, savable=savable
        )
