"""The place *Letters*: at the left the list, on the desk the letter itself, where it is written."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.gui.frame.desk import DeskMode
from desktop.gui.frame.places import WindowPlace
from desktop.gui.items.form.paper_page import PaperPage
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import px, set_font, set_role, sized
from desktop.gui.kit.widgets.buttons import INSIDE, HintedButton, Link, give_key
from desktop.gui.kit.widgets.message_view import not_filled_in
from desktop.gui.kit.widgets.questions import ask
from desktop.gui.kit.widgets.surfaces import stacked
from desktop.gui.kit.widgets.texts import Feedback, Paragraph
from desktop.gui.kit.words.states import sentences, template_word
from desktop.gui.kit.words.table import say
from desktop.gui.templates.letterhead_form import LETTERHEAD
from desktop.gui.templates.template_form import TemplateEditor
from sendoff_tasks.client.errors import loose_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.gui.templates.template_form import TypedTemplate
    from desktop.gui.templates.template_name import LettersList


SAVE_KEYS = "Ctrl+S"


class LettersPlace(WindowPlace):
    """Shows one letter at a time; each request to the backend is a signal.

    What is typed and not saved stays a draft when another letter is shown, or the place is left.

    ``template_wanted`` carries a name, answered by :meth:`show_template`; ``version_wanted`` a name
    and a version, answered by :meth:`show_version`; ``restore_wanted`` those of a deleted template,
    answered by :meth:`show_template`. ``save_requested`` carries ``{"name", "parts", "copy_of",
    "attached", "files", "seen"}``, answered by :meth:`show_saved`: ``attached`` names all files,
    ``files`` are the paths of the added ones, ``seen`` is what was saved when it was shown.
    ``deletion_wanted`` carries a name, answered by :meth:`ask_about_deletion`; ``preview_wanted``
    and ``test_requested`` carry ``{"template", "parts", "item_id"}``. A failed save is answered by
    :meth:`show_not_saved`, a failed test by :meth:`show_not_tested`, any other by
    :meth:`show_failure`.
    """

    template_wanted = Signal(str)
    version_wanted = Signal(str, str)
    save_requested = Signal(object)
    deletion_wanted = Signal(str)
    delete_requested = Signal(str)
    restore_wanted = Signal(str, str)
    preview_wanted = Signal(object)
    test_requested = Signal(object)
    rows: LettersList

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Letters"))
        self._testing = False
        self._saving: dict[str, TypedTemplate] = {}  # by the letter that is being saved
        self.editor = TemplateEditor(self)
        self.name, self.form = self.editor.name, self.editor.form
        self.rows = self.name.choice
        self.words, self.unmade = Feedback(), Feedback()
        self.older_of: Callable[[str], str] = lambda _: ""
        """Says which e-mails keep the old text of a letter."""
        self.older, self.use_new = (
            set_role(Paragraph(), "waiting"),
            Link(say("sentence_button", "use_new")),
        )
        self.empty = set_role(Paragraph(), "waiting")
        self.empty.hide()
        self.test = QPushButton(self.tr("Send it to me"))
        icons.put(self.test, "send", "text")
        self.test.setToolTip(self.tr("Send this e-mail to the sender's own address"))
        self.save = HintedButton(self.tr("Save"), QKeySequence(SAVE_KEYS))
        self._lay_out()
        foot = self.save.parentWidget()
        self.mode = DeskMode(self.page, self.tr("Letter"), foot, self.begin)
        give_key(self.page, SAVE_KEYS, self.tr("Save the letter"), self.save.click, INSIDE)
        self._connect()
        self._show_state()

    def show_names(self, templates: Sequence[dict[str, Any]]) -> None:
        """Set the list of letters, as ``GET /templates`` details them."""
        self.name.show_names([str(each["name"]) for each in templates])

    def show_fields(self, own: Sequence[str]) -> None:
        """Set the person's own fields, offered after the standard ones."""
        self.form.show_fields(own)

    def show_template(self, template: dict[str, Any]) -> None:
        """Show a template as ``GET /templates/{name}`` returns it."""
        self.editor.show_template(template)
        self._show_state()

    def show_draft(self, draft: dict[str, Any], changed: str = "") -> None:
        """Restore unsaved changes of the shown template; say if that was ``changed`` since."""
        self.editor.show_draft(draft)
        if self.has_changes():
            said = self.tr("You typed this before and did not save it.")
            self.words.say(f"{said} {changed}".strip())
        else:
            self.editor.forget_draft()  # its save was made, though it was not answered
        self._show_state()

    def show_changed(self, template: dict[str, Any]) -> None:
        """Take what another window saved as what is there; what is typed stays, unsaved."""
        if template["name"] == self.editor.state().of:
            self.editor.show_base(template, template["parts"], {})

    def show_version(self, version: dict[str, Any]) -> None:
        """Show an earlier version as unsaved changes."""
        self.editor.show_version(version["parts"])
        self._show_state()
        self.words.say(self.tr("This is an earlier version. Save it to use it again."))

    def show_saved(self, template: dict[str, Any], of: str) -> None:
        """Show what was saved of a letter; what was typed since, or in another, stays."""
        sent, chosen = self._saving.pop(of, None), self.rows.value()
        if sent is not None:
            self.editor.show_saved(template, sent)
            if chosen != of:  # another is being read
                self.rows.set_value(chosen)
        self._show_state()

    def ask_about_deletion(self, name: str, messages: dict[str, Any]) -> None:
        """Ask whether to delete a template, if it is still shown and no message needs it."""
        if not self.is_open or name != self.name.choice.value():
            return
        why_not = self.name.why_stays(messages)
        if why_not:
            self.words.say(why_not, "error")
            return
        deletes = self.tr("Go back") if self.name.is_built_in else self.tr("Delete")
        answer = deletes, partial(self.delete_requested.emit, name)
        ask(self, self.name.delete_question(messages), self.tr("Keep it"), answer)

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the values of the message of the current template, and mark its unknown fields."""
        self.editor.show_message(message)
        self.unmade.say("")
        self._say_empty(not_filled_in(message))
        self._show_state()

    def show_no_message(self, words: str, error: Exception) -> None:
        """Say why there is no message."""
        self.unmade.say_why(words, error, "soft")
        self._say_empty("")

    def show_test_result(self, result: dict[str, Any]) -> None:
        """Show the result of a test."""
        self._testing = False
        said = str(result["text"])
        if self.form.attachments.added():
            said = sentences(said, self.tr("New files go with it once you save."))
        self.words.say(said, "good" if result.get("ok", True) else "error")
        self._show_state()

    def show_not_saved(self, error: Exception, of: str) -> None:
        """Show why a letter was not saved."""
        self._saving.pop(of, None)
        self.show_failure(error)

    def show_not_tested(self, error: Exception) -> None:
        """Show why there was no test."""
        self._testing = False
        self.show_failure(error)

    def show_failure(self, error: Exception) -> None:
        """Show why a request failed, at its field or above the buttons."""
        self.words.say_why(loose_words(error, self.editor.show_error), error)
        self._show_state()

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self.editor.has_changes()

    def discard(self) -> None:
        """Discard unsaved changes."""
        self.words.say("")
        self.editor.discard()
        self._show_state()

    def open(self) -> None:
        """Open the place, without the sentence of the last time."""
        if not self.is_open:
            self.words.say("")
        super().open()

    def close(self) -> bool:
        """Go back; what is typed stays a draft."""
        self.editor.tell_draft()
        return super().close()

    def begin(self) -> None:
        """Focus the name of a copy that is begun, or else the text."""
        if self.name.is_new:
            self.name.field.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_text()

    def focus_text(self) -> None:
        """Focus the text, which is changed most, or the first line of the letterhead."""
        is_letter = self.editor.page is self.form
        first = self.form.texts["text"] if is_letter else self.editor.head.fields["name"].editor
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def attaches(self) -> Callable[[Sequence[str]], object]:
        """Return what takes dropped files: as attachments, or as the logo."""
        if self.editor.page is self.form:
            return self.form.attachments.add
        return lambda paths: self.editor.head.logo_chosen.emit(paths[0])

    def _lay_out(self) -> None:
        head = sized(QHBoxLayout(), margins=(8, 4, 12, 4), spacing=8)
        head.addWidget(self.back)
        head.addStretch(1)
        head.addWidget(self.name.copy)
        title = set_font(QLabel(self.tr("Letters")), 20, QFont.Weight.DemiBold)
        about = set_role(Paragraph(self.tr("What people get. All wear one letterhead.")), "soft")
        said = sized(QVBoxLayout(), margins=(20, 12, 20, 12), spacing=4)
        for line in (title, about):
            said.addWidget(line)
        listed = sized(QVBoxLayout(), margins=(12, 0, 12, 12))
        listed.addWidget(self.rows)
        stacked(self, head, said, listed, filling=listed)
        trouble = QWidget()
        below = sized(QVBoxLayout(trouble), margins=(8, 0, 0, 0), spacing=2)
        for line in (self.form.error, self.unmade, self.empty, self.words):
            below.addWidget(line)
        fields = [self.name.field, self.form, self.editor.head]
        self._lead = QWidget()
        row = sized(QHBoxLayout(self._lead), margins=0, spacing=8)
        row.addWidget(self.older, 1)
        row.addWidget(self.use_new, 0, Qt.AlignmentFlag.AlignTop)
        self.page = PaperPage("", fields, self.editor.paper, trouble, self._lead)
        self.page.bar.addStretch(1)
        for part in (self.form.tools, self.editor.reader, self.name.more):
            self.page.bar.addWidget(part)
        self.page.foot.addStretch(1)
        for button in (self.test, self.save):
            self.page.foot.addWidget(button)

    def _connect(self) -> None:
        self.name.template_chosen.connect(self._on_template_chosen)
        self.name.version_chosen.connect(self._on_version_chosen)
        self.name.delete_chosen.connect(self._on_delete_chosen)
        self.name.restore_chosen.connect(self._on_restore_chosen)
        self.name.discard.triggered.connect(lambda: self._discarding(lambda: None))
        self.name.begun.connect(self._on_begun)
        self.name.entered.connect(self._on_name_entered)
        self.name.left.connect(self._on_name_left)
        self.editor.edited.connect(self._on_edited)
        self.editor.preview_wanted.connect(self.preview_wanted)
        self.save.clicked.connect(self._on_save)
        self.test.clicked.connect(self._on_test)
        text = self.form.texts["text"]
        for moved in (text.cursorPositionChanged, self.page.area.verticalScrollBar().rangeChanged):
            moved.connect(lambda *_: self._keep_caret_in_sight())

    def _keep_caret_in_sight(self) -> None:
        """Scroll to the caret of the text, which is as high as all of it; at first to the head."""
        text, area = self.form.texts["text"], self.page.area
        inside = area.widget()
        if text.hasFocus() and inside is not None:
            caret = text.cursorRect()
            if text.textCursor().atStart():
                area.verticalScrollBar().setValue(0)
            at = text.viewport().mapTo(inside, QPoint(caret.left(), caret.center().y()))
            area.ensureVisible(at.x(), at.y(), 0, caret.height() + px(12))

    def _on_name_entered(self) -> None:
        """On Enter in the name of a copy: go on to its text."""
        if self.name.check():
            self.focus_text()

    def _on_name_left(self) -> None:
        """On Escape in the name: end naming; ask about changes if there are any."""

        def end() -> None:
            self.editor.leave_naming()
            self.name.end_naming()
            self._show_state()

        self._discarding(end)

    def _on_begun(self) -> None:
        """On a new letter: its name is typed on it."""
        self.words.say("")
        self.begin()
        self._show_state()

    def _on_edited(self) -> None:
        self.words.say("")
        self._show_state()

    def _on_template_chosen(self, name: str) -> None:
        self.editor.tell_draft()
        self.words.say("")
        self.template_wanted.emit(name)

    def _on_version_chosen(self, name: str, version: str) -> None:
        """Show an earlier version; ask first if something was typed."""
        follows = partial(self.version_wanted.emit, name, version)
        if self.editor.has_typed():
            self._discarding(follows)
        else:
            follows()

    def _on_delete_chosen(self, name: str) -> None:
        self._discarding(partial(self.deletion_wanted.emit, name))

    def _on_restore_chosen(self, name: str, version: str) -> None:
        self.editor.tell_draft()
        self.restore_wanted.emit(name, version)

    def _discarding(self, follows: Callable[[], object]) -> None:
        """Call ``follows``; ask first whether to discard unsaved changes."""

        def discard() -> None:
            self.discard()
            follows()

        self.words.say("")
        if not self.has_changes():
            follows()
            return
        words = self.tr("You have unsaved changes.")
        ask(self, words, self.tr("Keep editing"), (self.tr("Discard"), discard))

    def _on_save(self) -> None:
        sent = self.editor.state()
        if sent.of in self._saving or not self.editor.check():
            return
        self._saving[sent.of] = sent
        self.words.say("")
        self._show_state()
        attached, files = self.form.attachments.staying(), self.form.attachments.added()
        wanted = {**self.name.as_saved(), "parts": self.editor.page.parts(), "attached": attached}
        seen = self.editor.saved["parts"] if self.editor.saved else {}
        self.save_requested.emit({**wanted, "files": files, "seen": seen})

    def _on_test(self) -> None:
        if not self._testing and self.editor.page.check():
            self._testing = True
            self.words.say(self.tr("Sending…"))
            self._show_state()
            shown = self.editor.typed
            if shown.pop("batch_id", None) is not None:
                shown.pop("row")  # a test is for an item or an example
            self.test_requested.emit(shown)

    def show_older(self) -> None:
        """Say which e-mails keep the old text of the letter."""
        words = self.older_of(self.editor.state().of)
        self.older.setText(words)
        self._lead.setVisible(bool(words))

    def _say_empty(self, words: str) -> None:
        self.empty.setText(words)
        self.empty.setVisible(bool(words))

    def _show_state(self) -> None:
        """Name the letter, and show which action is under way and whether there is one to save."""
        # Both stay enabled during an action: a disabled button would pass the focus on.
        has_changes = self.has_changes()
        self.show_older()
        name = str((self.editor.saved or {}).get("name", ""))
        is_head = name == LETTERHEAD
        self.page.name.setText(self.tr("Letterhead") if is_head else template_word(name))
        self.form.tools.setVisible(not is_head)
        self.name.discard.setEnabled(has_changes)
        self.save.setEnabled(has_changes or self.name.is_new)
        self.save.setText(self.tr("Saving…") if name in self._saving else self.tr("Save"))
        self.test.setText(self.tr("Sending…") if self._testing else self.tr("Send it to me"))
