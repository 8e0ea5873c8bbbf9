"""The template in the editor: loads, saves, restores, deletes, previews and tests it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.contract.rules.templates import DEFAULT, FIELD, headings_of
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.states import in_words
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.templates.letterhead_form import LETTERHEAD, logo_of
from sendoff_tasks.client.errors import BackendGone, ClientError, Refused, field_errors

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.batches import Batch, RowPage
    from desktop.contract.items import Item
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.templates.template_sheet import TemplateSheet


ITEMS: Final = 50
"""The number of newest items, or first rows, in the preview."""


LINE: Final = "templates"
"""The line of what changes templates."""


class NotAttached(Exception):
    """A file cannot be attached; the text says which, and why."""

    def __init__(self, file: str, cause: Exception) -> None:
        super().__init__(say("attachment", "not_attached", file=file, why=error_sentence(cause)))


def items(api: Api, *, about: int | None) -> list[Item]:
    """Read the newest items; the item ``about`` is put first if it is older."""
    newest = api.items.recent(ITEMS)
    if about is None or any(each["item_id"] == about for each in newest):
        return newest
    try:
        return [api.items.one(about), *newest]
    except Refused:
        return newest  # the item is gone


def read_template(api: Api, name: str) -> dict[str, Any]:
    """Read a template, or the letterhead as if it was one."""
    return (
        _as_template(api.templates.letterhead()) if name == LETTERHEAD else api.templates.one(name)
    )


def _as_template(head: dict[str, Any]) -> dict[str, Any]:
    none: dict[str, list[Any]] = {"attachments": [], "fields": [], "versions": [], "held": []}
    return {"name": LETTERHEAD, "parts": head, "own": False, "built_in": False, **none}


def save_template(api: Api, wanted: dict[str, Any], about: dict[str, int]) -> dict[str, Any]:
    """Save a template with its ``files``, paths by name.

    One that was deleted since it was shown is made again, with the files that it showed. The answer
    includes what :func:`_judged` adds. Messages on hold take it if that is ``wanted``. Raises
    ``NotAttached``.
    """
    name, parts, files = wanted["name"], wanted["parts"], wanted["files"]
    if name == LETTERHEAD:
        saved = _as_template(api.templates.save_letterhead(parts))
        inside = api.templates.listed()["templates"]
        letters = {each: api.templates.messages(each) for each in inside}
        return {**saved, "has_fault": False, "messages": None, "letters": letters}
    held = {"held": True} if wanted["held"] else {}
    before = _current(api, name)
    is_new = before is None or "copy_of" in wanted
    if before is None or not before["own"]:  # nothing is there whose files would stay
        parts = {**parts, "attachments": wanted["attached"]}
    if is_new:  # it has to be there before its files
        first = [each for each in wanted["attached"] if each not in files]
        origin = {key: wanted[key] for key in ("copy_of",) if key in wanted}
        saved = api.templates.save(
            name, {"parts": {**parts, "attachments": first}, **origin, **held}
        )
    for file, path in files.items():
        try:
            api.templates.store(name, file, Path(path))
        except (OSError, Refused) as error:
            raise NotAttached(file, error) from error
    if files or not is_new:
        saved = api.templates.save(name, {"parts": parts, **held})
    return _judged(api, saved, about)


def _current(api: Api, name: str) -> dict[str, Any] | None:
    """Read a template; ``None`` if there is none that can be read."""
    try:
        return api.templates.one(name)
    except Refused:
        return None


def restore_template(api: Api, about: dict[str, int], *, name: str, version: str) -> dict[str, Any]:
    """Restore a version of a template; the answer is that of :func:`save_template`."""
    return _judged(api, api.templates.restore(name, version), about)


def _judged(api: Api, saved: dict[str, Any], about: dict[str, int]) -> dict[str, Any]:
    """Add to a saved template if it ``has_fault``, and its ``messages``.

    The fault is found by a preview ``about`` an item. ``messages``, those that need it, is ``None``
    if they cannot be counted.
    """
    judged = {**saved, "has_fault": _has_fault(api, saved, about)}
    try:
        return {**judged, "messages": api.templates.messages(str(saved["name"]))}
    except ClientError:
        return {**judged, "messages": None}


def _has_fault(api: Api, template: dict[str, Any], about: dict[str, int]) -> bool:
    """Tell whether a template cannot be sent: it has an error, a mistyped field or a lost file."""
    if any(each["size"] is None for each in template["attachments"]):
        return True
    try:
        message = api.preview({"template": template["name"], **about})
    except Refused as error:
        return any(each["path"] == "template" for each in field_errors(error))
    except ClientError:
        return False  # it is saved; whether it has a fault is unknown
    return any(each["nearest"] for each in message["unknown"])


class EditedTemplate(QObject):
    """Fills the template editor and carries out its actions.

    ``told`` carries a sentence for the person, and its icon. ``older_found`` carries the name of
    a saved template, and the messages that need it. ``changed`` says that the list of templates
    has changed. It carries copies, as {before: now}, and the part of these that
    the form follows: a copy made for a spreadsheet is for that spreadsheet only.
    """

    told = Signal(str, str)
    older_found = Signal(str, object)
    changed = Signal(object, object)

    def __init__(
        self, sheet: TemplateSheet, source: ApiSource, outbox: Outbox, drafts: TypedDrafts
    ) -> None:
        super().__init__(sheet)
        self._sheet = sheet
        self._outbox = outbox
        self._ask = Asker(source, self._on_failed)
        self._drafts = drafts
        self._shown = DEFAULT
        self._is_for_rows = False
        self._missing = ""
        self._held = ""  # the template that a message on hold led to
        request = partial(LatestRequest, source)
        self._names, self._one, self._subjects = (request(self._on_failed) for _ in range(3))
        self._preview = request(self._on_no_preview)
        self._used: set[str] = set()  # fields in items and rows
        self._asked: set[str] = set()  # fields in the current templates
        sheet.editor.draft_changed.connect(drafts.save)
        drafts.saving.connect(sheet.editor.tell_draft)
        sheet.template_wanted.connect(self._load_one)
        sheet.version_wanted.connect(self._on_version_wanted)
        sheet.restore_wanted.connect(self._on_restore_wanted)
        sheet.save_requested.connect(self._on_save_requested)
        sheet.deletion_wanted.connect(self._on_deletion_wanted)
        sheet.delete_requested.connect(self._on_delete_requested)
        sheet.preview_wanted.connect(self._on_preview_wanted)
        sheet.test_requested.connect(self._on_test_requested)
        sheet.editor.head.logo_chosen.connect(self._on_logo_chosen)

    def open(
        self,
        name: str = "",
        batch: Batch | None = None,
        usual: str = "",
        item: int | None = None,
        field: str = "",
        *,
        is_held: bool = False,
    ) -> None:
        """Open the editor at a template; without a name, at an unsaved one or the ``usual`` one.

        With a ``batch``, its columns are fields and the preview shows its rows; else the preview
        shows the ``item``. The cursor is placed at ``field``, which the message lacks. A save for
        a message that ``is_held`` is for all that are on hold for a fault of this template.
        """
        if self._sheet.isVisible():
            self._sheet.open()
            return
        self._held = name if is_held else ""
        self._shown = name or self._shown
        self._is_for_rows = batch is not None
        self._sheet.open()
        if batch is None:
            show = partial(self._on_items, item)
            self._subjects.ask(lambda api: Job(items, api, about=item).then(show))
        else:
            number = batch["batch_id"]
            targets = (target or "" for target in batch["columns"].values())
            self._used |= {each[len(FIELD) :] for each in targets if each.startswith(FIELD)}
            headings = headings_of(batch["columns"])
            self._used |= {each for each in headings if not headings[each].startswith(FIELD)}
            show = partial(self._on_rows, number)
            self._subjects.ask(lambda api: Job(api.batches.rows, number, limit=ITEMS).then(show))
        self._drafts.read(
            lambda: self._load_names(
                name or self._newest() or usual or self._shown, field, needed=bool(name)
            )
        )

    def _newest(self) -> str:
        """Return the template with the newest unsaved changes, or an empty text."""
        return next(reversed(self._drafts.names()), "")

    def _load_names(self, name: str, field: str = "", *, needed: bool = False) -> None:
        """Read the list of templates, then show one of them, at a field.

        If it is ``needed`` by a message and missing, that is said.
        """
        show = partial(self._on_names, name, field, needed)
        self._names.ask(lambda api: Job(api.templates.listed).then(show))

    def _load_one(self, name: str, field: str = "") -> None:
        show = partial(self._on_template, field)
        self._one.ask(lambda api: Job(read_template, api, name).then(show))

    def _on_version_wanted(self, name: str, version: str) -> None:
        shown = self._sheet.show_version
        self._ask(lambda api: Job(api.templates.version, name, version).then(shown))

    def _on_restore_wanted(self, name: str, version: str) -> None:
        about = self._sheet.preview.subject
        wish = Wish(
            lambda api, _: restore_template(api, about, name=name, version=version), line=LINE
        )
        self._outbox.put(wish, self._on_restored, self._on_failed)

    def _on_save_requested(self, wanted: dict[str, Any]) -> None:
        about, saved = self._sheet.preview.subject, partial(self._on_saved, wanted)
        wanted = {**wanted, "held": wanted["name"] == self._held}
        wish = Wish(lambda api, _: save_template(api, wanted, about), about=self._sheet, line=LINE)
        ended = partial(self._on_not_saved, in_words(BackendGone()))
        self._outbox.put(wish, saved, self._on_not_saved, self._sheet.show_failure, ended)

    def _on_deletion_wanted(self, name: str) -> None:
        """Read how many messages need a template, then ask before deleting it."""
        ask = partial(self._sheet.ask_about_deletion, name)
        self._ask(lambda api: Job(api.templates.messages, name).then(ask))

    def _on_delete_requested(self, name: str) -> None:
        deleted = self.tr("The template “{}” is deleted.").format(name)
        is_back = self.tr("The built-in text is used again.")
        told = is_back if self._sheet.name.is_built_in else deleted
        gone = partial(self._on_deleted, name, told)
        wish = Wish(lambda api, _: api.templates.delete(name), line=LINE)
        self._outbox.put(wish, gone, self._on_failed)

    def _on_test_requested(self, shown: dict[str, Any]) -> None:
        told = self._sheet.show_test_result
        self._ask(lambda api: Job(api.test_mail, shown).then(told), self._on_not_tested)

    def _on_logo_chosen(self, path: str) -> None:
        head = self._sheet.editor.head
        self._ask(lambda _api: Job(logo_of, path).then(head.set_logo), head.show_no_logo)

    def _on_preview_wanted(self, shown: dict[str, Any]) -> None:
        self._preview.ask(lambda api: Job(api.preview, shown).then(self._sheet.show_message))

    def _on_names(self, name: str, field: str, needed: bool, listed: dict[str, Any]) -> None:
        self._take_names(listed)
        if name not in [LETTERHEAD, *(str(each["name"]) for each in listed["details"])]:
            if needed:
                self._missing = name
                words = self.tr("Save one under this name to send it.")
                self.told.emit(f"{say('template', 'missing', name=name)} {words}", "triangle-alert")
            name = DEFAULT
        self._load_one(name, field)

    def _take_names(self, listed: dict[str, Any]) -> None:
        templates = listed["details"]
        self._sheet.show_names(templates)
        self._sheet.name.show_deleted(listed["deleted"])
        self._asked = {field for each in templates for field in each["fields"]}
        self._show_fields()

    def _on_items(self, about: int | None, items: list[Item]) -> None:
        self._used |= {field for item in items for field in item.get("fields") or {}}
        self._show_fields()
        self._sheet.preview.show_items(items, about)

    def _on_rows(self, number: int, page: RowPage) -> None:
        self._show_fields()
        self._sheet.preview.show_rows(number, page["rows"])

    def _on_template(self, field: str, template: dict[str, Any]) -> None:
        """Show a template, unless it is already shown and has changes."""
        before, self._shown = self._shown, str(template["name"])
        if before == self._shown and self._sheet.has_changes():
            return
        self._sheet.show_template(template)
        draft = self._drafts.of(self._shown)
        if draft is not None:
            self._sheet.show_draft(draft)
        if field:
            self._sheet.form.go_to(field)

    def _on_saved(self, wanted: dict[str, Any], template: dict[str, Any]) -> None:
        name = str(template["name"])
        self._sheet.show_saved(template)
        if name == self._sheet.name.choice.value():
            self._shown = name
        said = self.tr("The template “{}” is saved.").format(name)
        is_head = name == LETTERHEAD
        self._tell_saved(self.tr("The letterhead is saved.") if is_head else said, template)
        self._offer_newest(template)
        before = wanted.get("copy_of")
        # A missing template that was made is only for the messages that ask for it.
        followed = {before: name} if before and name != self._missing else {}
        self.changed.emit(followed, {} if self._is_for_rows else followed)
        if self._sheet.isVisible():
            self._names.ask(lambda api: Job(api.templates.listed).then(self._take_names))

    def _on_deleted(self, name: str, told: str, _: None) -> None:
        self._sheet.discard()
        self.told.emit(told, "trash-2")
        self.changed.emit({}, {})
        self._load_names(name)

    def _on_restored(self, template: dict[str, Any]) -> None:
        name = str(template["name"])
        self._tell_saved(self.tr("The template “{}” is back.").format(name), template)
        self._offer_newest(template)
        self.changed.emit({}, {})
        self._load_names(name)

    def _tell_saved(self, words: str, template: dict[str, Any]) -> None:
        """Say that a template is saved; if it has an error, that its messages wait."""
        fault = ""
        if template["has_fault"]:
            fault = self.tr("It has an error: its e-mails wait until you correct it.")
        icon = "triangle-alert" if fault else "circle-check"
        self.told.emit("\n".join(filter(None, (words, fault))), icon)

    def _offer_newest(self, template: dict[str, Any]) -> None:
        self.older_found.emit(str(template["name"]), template["messages"])
        for name, messages in template.get("letters", {}).items():
            self.older_found.emit(name, messages)

    def _show_fields(self) -> None:
        self._sheet.show_fields(sorted(self._used | self._asked, key=str.casefold))

    def _on_no_preview(self, error: Exception) -> None:
        for each in field_errors(error):
            self._sheet.editor.page.show_error(each)
        self._sheet.preview.show_why_not(error_sentence(error), error)

    def _on_not_saved(self, error: Exception) -> None:
        if isinstance(error, NotAttached):
            self._sheet.form.attachments.words.say(str(error), "error")
        self._sheet.show_not_saved(error)
        self._tell_if_hidden(error)

    def _on_not_tested(self, error: Exception) -> None:
        self._sheet.show_not_tested(error)
        self._tell_if_hidden(error)

    def _on_failed(self, error: Exception) -> None:
        self._sheet.show_failure(error)
        self._tell_if_hidden(error)

    def _tell_if_hidden(self, error: Exception) -> None:
        if self._sheet.isHidden():  # asked by a bar, or before the editor was closed
            self.told.emit(error_sentence(error), "triangle-alert")
