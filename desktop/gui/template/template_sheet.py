"""The template editor: the text of a message with its fields, and the message it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from desktop.gui.parts.keys import INSIDE, give_key
from desktop.gui.parts.question import FootQuestion
from desktop.gui.parts.surfaces import Sheet
from desktop.gui.template.template_foot import SAVE_KEYS, TemplateFoot
from desktop.gui.template.template_form import TemplateForm
from desktop.gui.template.template_name import TemplateName
from desktop.gui.template.template_preview import TemplatePreview

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.contract.problems import Problem
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

FOLLOWS_AFTER_MS: Final = 250
"""Without another change, until the message is made again."""


class TemplateSheet(Sheet):
    """Shows one template at a time; what is asked of the backend is a signal.

    ``template_wanted`` carries a name, answered by :meth:`show_template`; ``version_wanted`` a
    name and a version, answered by :meth:`show_version`, ``restore_wanted`` those of a template
    that was deleted, answered by :meth:`show_template`. ``save_requested`` carries
    ``{"name", "parts", "copy_of", "rename_of"}``, answered by :meth:`show_saved`;
    ``attach_requested`` carries the paths of files for the template that is saved,
    ``detach_requested`` the name of one of its files, answered by :meth:`show_attachments`.
    ``preview_wanted`` and ``test_requested`` carry ``{"template", "parts", "item_id"}``. Any of
    them may be answered by :meth:`show_problem` or :meth:`show_trouble`.

    ``saves_for_file`` tells that a new template is saved because a file is being attached to it.
    """

    template_wanted = Signal(str)
    version_wanted = Signal(str, str)
    save_requested = Signal(object)
    delete_requested = Signal(str)
    restore_wanted = Signal(str, str)
    attach_requested = Signal(list)
    detach_requested = Signal(str)
    preview_wanted = Signal(object)
    test_requested = Signal(object)

    def __init__(self, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(1000, host, themes)
        self.set_title(self.tr("Templates"))
        self._saved: dict[str, Any] | None = None
        self._saved_state: object = None
        self._saving = self._testing = self.saves_for_file = False
        self._after: Callable[[], object] | None = None
        self.name = TemplateName(themes)
        self.form = TemplateForm(themes)
        self.preview = TemplatePreview(themes)
        self.foot_row = TemplateFoot(themes)
        self._pause = QTimer(self, singleShot=True, interval=FOLLOWS_AFTER_MS)
        self._pause.timeout.connect(self._ask_for_preview)
        self._lay_out()
        self._connect()

    def show_names(self, templates: Sequence[dict[str, Any]]) -> None:
        """Offer these templates, as ``GET /templates`` details them."""
        self.name.show_names([str(each["name"]) for each in templates])

    def show_fields(self, own: Sequence[str]) -> None:
        """Offer these fields beside the standard ones."""
        self.form.show_fields(own)

    def show_template(self, template: dict[str, Any]) -> None:
        """Show a template as ``GET /templates/{name}`` gives it."""
        self._saved = template
        self.name.show_template(template)
        self.form.show_parts(template["parts"])
        self._keep_state()
        self.foot_row.say("")
        self.show_attachments(template["attachments"])

    def show_version(self, version: dict[str, Any]) -> None:
        """Put an earlier version into the editor; it counts once it is saved."""
        self.form.show_parts(version["parts"])
        self.foot_row.say(self.tr("This is an earlier version. Save it to use it again."))
        self._ask_for_preview()

    def show_saved(self, template: dict[str, Any]) -> None:
        """Take what was saved; then do what was to follow, or close."""
        self._saving = self.saves_for_file = False
        follows, self._after = self._after, None
        self.show_template(template)
        self._show_state()
        (follows or self.close)()

    def show_attachments(self, files: Sequence[dict[str, Any]]) -> None:
        """Show the files of the template that is saved."""
        self.form.attachments.show_files(files)
        self.form.attachments.say("")
        self._ask_for_preview()

    def show_message(self, message: dict[str, Any]) -> None:
        """Show the message of what is typed now, and mark what it could not fill."""
        self.form.clear_errors()
        self.form.show_unknown(message.get("unknown", []))
        self.preview.show_message(message)

    def show_test_result(self, result: dict[str, Any]) -> None:
        """Say how a test went."""
        self._testing = False
        self.foot_row.say(str(result["text"]), "good" if result.get("ok", True) else "error")
        self._show_state()

    def show_problem(self, problem: Problem) -> None:
        """Put the API's errors where they belong."""
        loose = []
        for error in problem.get("errors", []):
            if error["path"] == "name" and self.name.is_new:
                self.name.show_error(error["message"])
            elif not self.form.show_error(error):
                loose.append(error["message"])
        if not problem.get("errors"):
            loose.append(problem["detail"])
        self.show_trouble("\n".join(loose))

    def show_trouble(self, sentence: str) -> None:
        """Say why something did not work; without a sentence, a field has said it."""
        self._saving = self._testing = self.saves_for_file = False
        self._after = None
        self.foot_row.say(sentence, "error")
        self._show_state()

    def has_changes(self) -> bool:
        """Tell whether anything is not as it was saved."""
        return self._saved is not None and self._state() != self._saved_state

    def close(self) -> bool:
        """Close, or ask first what becomes of unsaved changes; tells whether it is closed."""
        if self.isHidden() or not self.has_changes():
            self.question.end()
            self._pause.stop()
            return super().close()
        self._ask_about_changes(super().close)
        return False

    def focus_first(self) -> None:
        """Begin in the text."""
        self.form.focus_first()

    def dress(self, theme: Theme) -> None:
        """Take a theme's colours and sizes."""
        super().dress(theme)
        px = theme.px
        self.body.setContentsMargins(0, 0, 0, 0)
        self._column.setContentsMargins(px(20), px(4), px(20), px(12))
        self._column.setSpacing(px(12))
        self.name.dress(theme)
        self.form.dress(theme)
        self.preview.dress(theme)
        self.foot_row.dress(theme)
        self.question.dress(theme)

    def _lay_out(self) -> None:
        asked = QWidget()
        asked.setProperty("area", "clear")
        self._column = QVBoxLayout(asked)
        self._column.addWidget(self.name)
        self._column.addWidget(self.form, 1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(asked)
        self._halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self._halves.addWidget(scroll)
        self._halves.addWidget(self.preview)
        self._halves.setSizes([460, 540])
        self._halves.setHandleWidth(1)
        self._halves.handle(1).setAccessibleName(self.tr("Width of the editor"))
        self.body.addWidget(self._halves, 1)
        self.question = FootQuestion(self.foot_row)
        self.foot.addWidget(self.foot_row)
        self.foot.addWidget(self.question)
        give_key(self, SAVE_KEYS, self.tr("Save the template"), self._on_save, INSIDE)

    def _connect(self) -> None:
        self.name.template_chosen.connect(self._on_template_chosen)
        self.name.version_chosen.connect(self.version_wanted)
        self.name.delete_chosen.connect(self._on_delete)
        self.name.restore_chosen.connect(self._on_restore_chosen)
        self.name.edited.connect(self._on_edited)
        self.name.entered.connect(self._on_save)
        self.form.edited.connect(self._on_edited)
        files = self.form.attachments
        files.attach_chosen.connect(lambda paths: self._once_named(self.attach_requested, paths))
        files.detach_chosen.connect(lambda file: self._once_named(self.detach_requested, file))
        self.preview.item_changed.connect(self._ask_for_preview)
        self.foot_row.save.clicked.connect(self._on_save)
        self.foot_row.test.clicked.connect(self._on_test)
        self.foot_row.cancel.clicked.connect(self._on_cancel)

    def _state(self) -> object:
        return self.name.value(), self.form.parts()

    def _keep_state(self) -> None:
        self._saved_state = self._state()

    def _on_edited(self) -> None:
        self.foot_row.say("")
        self._pause.start()

    def _on_template_chosen(self, name: str) -> None:
        if self.has_changes():
            self.name.go_back()
        self._leave(lambda: self.template_wanted.emit(name))

    def _on_restore_chosen(self, name: str, version: str) -> None:
        self._leave(lambda: self.restore_wanted.emit(name, version))

    def _leave(self, follows: Callable[[], object]) -> None:
        """Do what ends the editing of this template; ask first what becomes of changes."""
        if self.has_changes():
            self._ask_about_changes(follows)
        else:
            follows()

    def _ask_about_changes(self, follows: Callable[[], object]) -> None:
        def save() -> None:
            self._after = follows
            self._on_save()

        def discard() -> None:
            if self._saved is not None:
                self.show_template(self._saved)
            follows()

        self.question.ask_about_changes(discard, save)

    def _on_save(self) -> None:
        if self._saving or not (self.name.check() and self.form.check()):
            self._after = None
            self.saves_for_file = False
            return
        self._saving = True
        self._show_state()
        self.save_requested.emit({**self.name.as_saved(), "parts": self.form.parts()})

    def _once_named(self, signal: SignalInstance, *about: object) -> None:
        """Emit a signal about the template that is saved; a new one is saved first."""
        if self.name.is_new:
            self._after = lambda: signal.emit(*about)
            self.saves_for_file = True
            self._on_save()
        else:
            signal.emit(*about)

    def _on_test(self) -> None:
        if not self._testing and self.form.check():
            self._testing = True
            self.foot_row.say(self.tr("Sending a test…"))
            self._show_state()
            shown = self._shown()
            if shown.pop("batch_id", None) is not None:
                shown.pop("row")  # a test is about an item, or an example
            self.test_requested.emit(shown)

    def _on_cancel(self) -> None:
        if self._saved is not None:
            self.show_template(self._saved)
        self.close()

    def _on_delete(self, name: str) -> None:
        answers: list[tuple[str, Callable[[], object] | None]] = [
            (self.tr("Keep it"), None),
            (self.tr("Delete"), lambda: self.delete_requested.emit(name)),
        ]
        self.question.ask(self.name.delete_question(), answers)

    def _ask_for_preview(self) -> None:
        if self.isVisible() and self._saved is not None:
            self.preview_wanted.emit(self._shown())

    def _shown(self) -> dict[str, Any]:
        saved = str(self._saved["name"]) if self._saved else self.name.value()
        shown: dict[str, Any] = {"template": saved, "parts": self.form.parts()}
        return shown | self.preview.subject

    def _show_state(self) -> None:
        self.foot_row.show_state(saving=self._saving, testing=self._testing)
