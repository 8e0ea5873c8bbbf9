"""A letter as it is typed: its head, its text, its letterhead, and what of it is saved."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.contract.rules.letters import MARKDOWN
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.rules.templates import DEFAULT, field_key
from desktop.gui.kit.look.appearance import bind_theme, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import AUTOSAVE_MS, BEFORE, Field, editor_label
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.table import WORDS
from desktop.gui.kit.words.typed import address_problem_words, copies_words
from desktop.gui.templates.attachments import Attachments
from desktop.gui.templates.field_chips import FieldNames, lines_in
from desktop.gui.templates.field_text import FieldText
from desktop.gui.templates.letter_lines import markdown_of
from desktop.gui.templates.letter_reader import LetterReader
from desktop.gui.templates.letter_tools import LetterTools
from desktop.gui.templates.letterhead_form import LETTERHEAD, LetterheadForm
from desktop.gui.templates.letterhead_paper import LetterheadPaper
from desktop.gui.templates.template_name import LetterChoice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.look.theme import Theme
    from sendoff_tasks.model.problems import FieldError


TEXTS: Final = ("subject", "text")
"""Parts of a template whose editors show fields as chips."""
FOLLOWS_AFTER_MS: Final = 250
"""Milliseconds after the last change until the preview is updated."""


class HtmlNote(QLabel):
    """Says whether readers get the designed version; hidden for a template without one.

    Most readers see the HTML part. It is therefore made from the text as soon as the person edits
    the text.
    """

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self._designed: str | None = None
        self._is_used = False
        self.setProperty("role", "soft")
        self.show_html(None)

    def show_html(self, html: str | None) -> None:
        """Set the designed HTML part of a template; ``None`` if there is none."""
        self._designed = html
        self._is_used = html is not None
        self.setText(self.tr("Readers get the designed version, until you change the text."))
        self.setVisible(self._is_used)

    def html(self) -> str | None:
        """Return the HTML part as the API takes it; ``None`` means it is made from the text."""
        return self._designed if self._is_used else None

    def follow_text(self) -> None:
        """Use the text for the HTML part: the person has edited it."""
        self._is_used = False
        self.setText(self.tr("Recipients will get the text without the template's design."))


class TemplateForm(QWidget):
    """The head of a letter: its subject, and folded From, Cc, Bcc and files; ``body`` is the rest.

    ``edited`` is emitted on changes by the person. ``error``, about the texts, stands where it is
    in sight on *Save*.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._last = "text"
        self.fields = FieldNames()
        self.texts = {
            "subject": FieldText(self.tr("Subject"), self.fields, lines=1),
            "text": FieldText(self.tr("Text"), self.fields),
        }
        nobody = self.tr("No one else")
        self.head = {
            "sender": Field(self.tr("From"), _sender_words, placeholder=self.tr("As usual")),
            "reply_to": Field(
                self.tr("Reply to"), _optional_address, placeholder=self.tr("The sender")
            ),
            "cc": Field(self.tr("Cc"), copies_words, placeholder=nobody),
            "bcc": Field(self.tr("Bcc"), copies_words, placeholder=nobody),
        }
        self.head["bcc"].editor.setToolTip(self.tr("A blind copy of each e-mail goes there"))
        self.unfold = Link(self.tr("From, Cc, Bcc, files"))
        self.folded, self.body = QWidget(), QWidget()
        self.take_along = Link(self.tr("Take Cc, Bcc and files along"))
        self._copies: dict[str, str] = {}  # Cc and Bcc of the letter that is copied
        self.tools = LetterTools(self.texts["text"])
        self.conditions = set_role(Paragraph(), "soft")
        self.conditions.setText(self.tr("This letter has conditions; the toolbar is off for them."))
        self.attachments = Attachments()
        self.error = QLabel(wordWrap=True)
        bind_theme(self.error, "link", _set_again)
        self.error.setProperty("role", "error")
        self.error.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.error.linkActivated.connect(lambda _: self._replace())
        self._fix: tuple[str, str] | None = None
        self.html_note = HtmlNote()
        self._format = ""
        self._lay_out()
        self._connect()
        self.show_unknown([])

    @property
    def has_letterhead(self) -> bool:
        """Whether the text is a letter, which is sent within the letterhead."""
        return self._format == MARKDOWN

    def parts(self) -> dict[str, Any]:
        """Return the parts as the API takes them."""
        return {
            "subject": self.texts["subject"].source(),
            "text": self.texts["text"].source(),
            "html": self.html_note.html(),
            "format": self._format,
            **{part: field.text().strip() for part, field in self.head.items()},
            **self.attachments.parts(),
        }

    def show_parts(self, parts: dict[str, Any]) -> None:
        """Show a template's parts without emitting ``edited``."""
        self.texts["subject"].set_source(str(parts["subject"]))
        for part, field in self.head.items():
            field.set_text(str(parts.get(part) or ""))
            field.show_beginning()
        self.html_note.show_html(parts.get("html") or None)
        self._show_text(str(parts["text"]), str(parts.get("format") or ""))
        self.clear_errors()

    def show_fields(self, own: Sequence[str]) -> None:
        """Set the person's own fields, offered after the standard ones."""
        if own != self.fields.own:
            self.fields.set_own(own)
            self._refresh()

    def show_own_fields(self, names: Sequence[str]) -> None:
        """Set the fields of the template itself."""
        self.fields.set_new(names)
        self._refresh()

    def show_unknown(self, unknown: Sequence[dict[str, Any]]) -> None:
        """Mark unknown fields, given as {"field", "nearest"}, and offer to replace the first one.

        A name without a similar known one is a new field: it becomes a chip, and the item form asks
        for it.
        """
        self._take_new([str(each["field"]) for each in unknown if not each.get("nearest")])
        wrong = [each for each in unknown if each.get("nearest")]
        names = [str(each["field"]) for each in wrong]
        for text in self.texts.values():
            text.mark_unknown(names)
        self._fix = None
        self.error.setVisible(bool(wrong))
        if not wrong:
            return
        nearest = str(wrong[0]["nearest"])
        right = self.fields.find(nearest) or nearest
        self._fix = (names[0], right)
        link = f'<a href="#">{escape(self.fields.label(right))}</a>'
        words = escape(self.tr("There is no field “{}”: e-mails will wait. Did you mean {}?"))
        self.error.setTextFormat(Qt.TextFormat.RichText)
        self.error.setText(words.format(escape(names[0]), link))

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; tell whether there is such a field."""
        place = error["path"].removeprefix("parts.")
        if place in {*self.head, "attachments"}:
            self._show_folded(shown=True)
        if place in self.head:
            self.head[place].show_error(error["message"])
            return True
        if place == "attachments":
            self.attachments.words.say(error["message"], "error")
            return True
        if place in {"subject", "text", "html", "source", "parts"}:
            where = self.tr("Subject: {}") if place == "subject" else "{}"
            self.error.setTextFormat(Qt.TextFormat.PlainText)
            self.error.setText(where.format(error["message"]))
            self.error.show()
            return True
        return False

    def clear_errors(self) -> None:
        """Remove the errors; the marks of unknown fields are updated with each preview."""
        self._fix = None
        self.error.hide()
        for field in self.head.values():
            field.clear_error()

    def check(self) -> bool:
        """Check the addresses, show the errors, and tell whether there are none."""
        right = [each.check() for each in self.head.values()]
        if not all(right):
            self._show_folded(shown=True)
        return all(right)

    def go_to(self, field: str) -> None:
        """Select the first occurrence of a field, if there is one."""
        part = next((each for each in TEXTS if self.texts[each].select_field(field)), None)
        if part is not None:
            self._last = part
            self.texts[part].setFocus(Qt.FocusReason.OtherFocusReason)

    def fold(self) -> None:
        """Hide From, Cc, Bcc and files behind a link, unless there are some."""
        has_some = any(field.text() for field in self.head.values()) or self.attachments.has_some
        self._show_folded(shown=has_some)
        self.take_along.hide()

    def leave_out_copies(self) -> None:
        """Begin a copy: who else gets the old one, and its files, are no part of the new one."""
        self._copies = {part: self.head[part].text() for part in ("cc", "bcc")}
        for part in self._copies:
            self.head[part].set_text("")
        has_some = any(self._copies.values()) or self.attachments.has_some
        self.attachments.leave_out()
        self.fold()
        self.take_along.setVisible(has_some)

    def show_values(self, message: dict[str, Any], *, in_chips: bool) -> None:
        """Take the values of a message's fields, which chips may show."""
        if self.fields.show_values(message.get("values", {}), in_chips=in_chips):
            self._refresh()

    def _lay_out(self) -> None:
        subject = sized(QHBoxLayout(), spacing=8)
        label = sized(editor_label(self.tr("Subject"), self.texts["subject"]), width=BEFORE)
        for part in (label, self.texts["subject"]):
            subject.addWidget(part)
        beside = sized(QHBoxLayout(), margins=(BEFORE + 8, 0, 0, 8), spacing=16)
        for link in (self.unfold, self.take_along):
            beside.addWidget(link)
        beside.addStretch(1)
        lines = sized(QVBoxLayout(self.folded), margins=(0, 0, 0, 8), spacing=2)
        for field in self.head.values():
            field.stand_in_line()
            lines.addWidget(field)
        lines.addWidget(self.attachments)
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addLayout(subject)
        column.addLayout(beside)
        column.addWidget(self.folded)
        text = sized(QVBoxLayout(self.body), margins=0, spacing=8)
        for part in (self.texts["text"], self.conditions, self.html_note):
            text.addWidget(part)

    def _show_folded(self, *, shown: bool) -> None:
        self.folded.setVisible(shown)
        self.unfold.setVisible(not shown)

    def _on_take_along(self) -> None:
        for part, text in self._copies.items():
            self.head[part].set_text(text)
        self.attachments.leave_out(left_out=False)
        self.fold()
        self.head["cc"].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_unfold(self) -> None:
        self._show_folded(shown=True)
        self.head["sender"].editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self.texts["text"].edited.connect(self.html_note.follow_text)
        self.tools.field.clicked.connect(lambda: self.texts[self._last].offer_fields())
        self.tools.become.clicked.connect(self._become_letter)
        for part, text in self.texts.items():
            text.edited.connect(self.edited)
            text.field_made.connect(self.fields.add_new)
            text.refused.connect(partial(self._on_refused, part))
            text.cursorPositionChanged.connect(lambda part=part: self._on_cursor(part))
        for field in self.head.values():
            field.edited.connect(self.edited)
        self.attachments.edited.connect(self.edited)
        self.attachments.edited.connect(lambda: self._show_folded(shown=True))
        self.unfold.clicked.connect(self._on_unfold)
        self.take_along.clicked.connect(self._on_take_along)

    def _show_text(self, text: str, format_: str) -> None:
        """Show the text; a letter with conditions is shown as Markdown."""
        self._format, is_letter = format_, format_ == MARKDOWN
        is_plain = self.fields.are_all_in(text)
        self.texts["text"].set_source(text, is_letter=is_letter and is_plain)
        designed = self.html_note.html() is not None
        self.tools.show_for(letter=is_letter, editable=is_plain, designed=designed)
        self.conditions.setVisible(is_letter and not is_plain)

    def _become_letter(self) -> None:
        """Make a letter of the text, in which it stays as it is."""
        text = self.texts["text"]
        self._show_text(markdown_of(lines_in(text.document())), MARKDOWN)
        text.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _take_new(self, names: Sequence[str]) -> None:
        """Turn new fields into chips, except those still being typed."""
        typed = {text.being_typed() for text in self.texts.values()}
        typing = set(map(field_key, filter(None, typed)))
        added = [self.fields.add_new(each) for each in names if field_key(each) not in typing]
        if any(added):
            self._refresh()

    def _refresh(self) -> None:
        for text in self.texts.values():
            text.refresh()

    def _on_refused(self, part: str, why: str) -> None:
        self.show_error({"path": part, "message": why})

    def _replace(self) -> None:
        if self._fix is not None:
            for text in self.texts.values():
                text.replace_field(*self._fix)
        self.texts[self._last].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_cursor(self, part: str) -> None:
        if self.texts[part].hasFocus():
            self._last = part


def _set_again(label: QLabel, _theme: Theme) -> None:
    """Set a text again: a link keeps its old colour."""
    said = label.text()
    label.clear()
    label.setText(said)


def _optional_address(text: str) -> str | None:
    return address_problem_words(text) if text.strip() else None


def _sender_words(text: str) -> str | None:
    try:
        if text.strip():
            parse_mailbox(text, WORDS)
    except ValueError as error:
        return str(error)
    return None


class TypedTemplate(NamedTuple):
    """What is typed in the editor of the template ``of``, under a ``name`` that may be new."""

    of: str
    name: str
    parts: dict[str, Any]
    files: dict[str, str]


class TemplateEditor(QObject):
    """A letter, or the letterhead, as it is typed and as it was saved.

    ``edited`` is emitted when the person changes anything. ``preview_wanted`` asks for the message
    of the :attr:`typed` template: after a pause, or at once when another template is shown.
    ``draft_changed`` carries the template's name and its unsaved changes, as :meth:`show_draft`
    takes them, or ``None`` if there are none.
    """

    edited = Signal()
    preview_wanted = Signal(object)
    draft_changed = Signal(str, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.saved: dict[str, Any] | None = None
        self._saved_state: TypedTemplate | None = None
        self._shown_state: TypedTemplate | None = None
        self.name = LetterChoice(self)
        self.form = TemplateForm()
        self.head = LetterheadForm()
        self.reader = LetterReader()
        self.paper = LetterheadPaper(self.form.body)
        self._letterhead: dict[str, Any] | None = None
        self._letter = DEFAULT  # what the letterhead is shown with
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self.ask_for_preview)
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.tell_draft)
        self.head.hide()
        self.name.begun.connect(self._on_begun)
        self.name.edited.connect(self._on_edited)
        for each in (self.form, self.head):
            each.edited.connect(self._on_edited)
        self.reader.reader_changed.connect(self.ask_for_preview)

    @property
    def page(self) -> TemplateForm | LetterheadForm:
        """The form of what is edited: a template, or the letterhead as if it was one."""
        is_head = self.saved is not None and self.saved["name"] == LETTERHEAD
        return self.head if is_head else self.form

    @property
    def typed(self) -> dict[str, Any]:
        """The current template and item, as the API takes them for a preview."""
        if self.page is self.head:
            shown: dict[str, Any] = {"template": self._letter, "letterhead": self.head.parts()}
        else:
            saved = str(self.saved["name"]) if self.saved else self.name.value()
            shown = {"template": saved, "parts": self.form.parts()}
        return {**shown, **self.reader.subject}

    def show_template(self, template: dict[str, Any], *, is_there: bool = False) -> None:
        """Show a saved template; a text that ``is_there`` already keeps its caret."""
        self.saved = template
        self.name.show_template(template)
        if not is_there:
            self.page.show_parts(template["parts"])
        for each in (self.form, self.form.body):
            each.setVisible(self.page is self.form)
        self.head.setVisible(self.page is self.head)
        self.form.clear_errors()
        if self.page is self.form:
            self._letter = str(template["name"]) if template["parts"].get("format") else DEFAULT
            self.form.show_own_fields(template["fields"])
            self.form.attachments.show_files(template["attachments"])
        self._saved_state = self._shown_state = self.state()
        self._show_all()

    def show_letterhead(self, parts: dict[str, Any]) -> None:
        """Show letters within this letterhead."""
        self._letterhead = parts
        self._dress()

    def leave_naming(self) -> None:
        """Show the letter again of which a copy was begun."""
        if self.saved is not None:
            self.show_template(self.saved)

    def show_saved(self, template: dict[str, Any], sent: TypedTemplate) -> bool:
        """Show a template that was saved as it was ``sent``; tell whether nothing changed since.

        What was typed since stays as unsaved changes, and another template stays as it is.
        """
        now = self.state()
        if now.of != sent.of:
            return False
        self.forget_draft()
        if now == sent or not self.has_changes():
            shown, saved = self.page.parts(), template["parts"]
            is_there = all((shown.get(part) or None) == (saved[part] or None) for part in saved)
            self.show_template(template, is_there=now == sent and is_there)
            return now == sent
        self.name.show_template(template)
        parts = {name: part for name, part in sent.parts.items() if name != "attachments"}
        self.show_base(template, parts, sent.files)
        return False

    def show_base(
        self, template: dict[str, Any], parts: dict[str, Any], sent: dict[str, str]
    ) -> None:
        """Take what is saved now, and the files that were ``sent``; what is typed stays."""
        self.saved = template
        self.form.attachments.show_saved(template["attachments"], sent)
        name = str(template["name"])
        self._saved_state = self._shown_state = TypedTemplate(name, name, parts, {})
        self.tell_draft()

    def show_version(self, parts: dict[str, Any]) -> None:
        """Show the parts of another version as unsaved changes."""
        self.page.show_parts(parts)
        self._shown_state = self.state()
        self.tell_draft()
        self.ask_for_preview()

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Restore unsaved changes of the shown template."""
        self.name.resume(draft["name"])
        self.page.show_parts(draft["parts"])
        files, staying = draft.get("files", {}), draft["parts"].get("attachments")
        self.form.attachments.put_back(files, staying)
        self._show_all()

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the message of the current template, and mark its unknown fields."""
        self.page.clear_errors()
        if self.page is self.form:
            self.form.show_values(message, in_chips=self.reader.shows_values)
            self.form.show_unknown(message.get("unknown", []))

    def show_error(self, error: FieldError) -> bool:
        """Show an error of the API at its field; tell whether there is such a field."""
        if error["path"] == "name" and self.name.is_new:
            self.name.show_error(error["message"])
            return True
        return self.page.show_error(error)

    def check(self) -> bool:
        """Check the input, show the errors, and tell whether there are none."""
        return self.name.check() and self.page.check()

    def state(self) -> TypedTemplate:
        """Return what is typed."""
        shown = "" if self.saved is None else str(self.saved["name"])
        files = self.form.attachments.draft()
        return TypedTemplate(shown, self.name.typed(), self.page.parts(), files)

    def has_changes(self) -> bool:
        """Tell whether there are unsaved changes."""
        return self.saved is not None and self.state() != self._saved_state

    def has_typed(self) -> bool:
        """Tell whether the person changed the shown version, which may be an earlier one."""
        return self.saved is not None and self.state() != self._shown_state

    def discard(self) -> None:
        """Discard unsaved changes."""
        self.forget_draft()
        if self.saved is not None:
            self.show_template(self.saved)

    def tell_draft(self) -> None:
        """Emit the unsaved changes, to be kept as a draft."""
        self._autosave.stop()
        if self.saved is not None:
            parts, files = self.page.parts(), self.form.attachments.draft()
            draft = {"name": self.name.as_saved(), "parts": parts, "files": files}
            draft["seen"] = self.saved["parts"]
            told = draft if self.has_changes() else None
            self.draft_changed.emit(str(self.saved["name"]), told)

    def forget_draft(self) -> None:
        """Drop the draft: it was saved or discarded."""
        self._autosave.stop()
        if self.saved is not None:
            self.draft_changed.emit(str(self.saved["name"]), None)

    def ask_for_preview(self) -> None:
        """Ask for the message of the current template, if it is shown."""
        if self.page.isVisible() and self.saved is not None:
            self.preview_wanted.emit(self.typed)

    def _show_all(self) -> None:
        self.form.fold()
        self._dress()
        self.ask_for_preview()

    def _dress(self) -> None:
        """Show the letterhead that the letter has, or that is typed."""
        if self.page is self.head:
            self.paper.show_head(self.head.parts())
        else:
            self.paper.show_head(self._letterhead if self.form.has_letterhead else None)

    def _on_begun(self) -> None:
        """Begin a copy; that alone is no change."""
        had_changes = self.has_changes()
        self.form.leave_out_copies()
        if not had_changes:
            self._saved_state = self._shown_state = self.state()
        self._on_edited()

    def _on_edited(self) -> None:
        self._dress()
        self.edited.emit()
        self._pause.start()
        if not self._autosave.isActive():
            self._autosave.start()
