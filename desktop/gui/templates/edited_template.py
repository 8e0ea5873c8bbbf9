"""The template in the editor: loads, saves, restores, deletes, previews and tests it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.contract.rules.templates import DEFAULT, FIELD, headings_of
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job, LatestRequest
from desktop.gui.link.outbox import Wish
from desktop.gui.templates.letterhead_form import LETTERHEAD, logo_of
from desktop.gui.templates.older_messages import HEAD, TEXT
from sendoff_tasks.client.errors import ClientError, Refused, field_errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch, RowPage
    from desktop.contract.items import Item
    from desktop.gui.link.drafts import TypedDrafts
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox
    from desktop.gui.templates.letters_place import LettersPlace


ITEMS: Final = 50
"""The number of newest items, or first rows, in the preview."""


LINE: Final = "templates"
"""The line of what changes templates."""


class NotAttached(Exception):
    """A file cannot be attached; the text says which, and why."""

    def __init__(self, file: str, cause: Exception) -> None:
        super().__init__(say("attachment", "not_attached", file=file, why=error_sentence(cause)))


class NameTaken(Exception):
    """Another window has made a letter of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(say("template_name", "taken", name=name))


class ChangedElsewhere(Exception):
    """What is to be saved was changed since it was shown; ``now`` is how it is."""

    def __init__(self, now: dict[str, Any]) -> None:
        is_head = now["name"] == LETTERHEAD
        super().__init__(say("template", "changed_head" if is_head else "changed"))
        self.now = now


def items(api: Api, *, about: int | None) -> list[Item]:
    """Read the newest items; the item ``about`` is put first if it is older."""
    newest = api.items.recent(ITEMS)
    if about is None or any(each["item_id"] == about for each in newest):
        return newest
    try:
        return [api.items.one(about), *newest]
    except Refused:
        return newest  # the item is gone


def waiting(api: Api, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Count the e-mails that are still to be sent with each template."""
    return {name: api.templates.messages(name) for name in names}


def _origin(wanted: dict[str, Any]) -> str:
    """Return the letter that was shown when a save was wanted."""
    return str(wanted.get("copy_of", wanted["name"]))


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
    ``NotAttached``, or ``ChangedElsewhere`` or ``NameTaken`` if it is not as it was ``seen``.
    """
    name, parts, files = wanted["name"], wanted["parts"], wanted["files"]
    before = _current(api, name)
    if before is not None and (before["own"] or name == LETTERHEAD):
        _check(before, wanted)
    if name == LETTERHEAD:
        saved = _as_template(api.templates.save_letterhead(parts))
        inside = api.templates.listed()["templates"]
        letters = {each: api.templates.messages(each) for each in inside}
        return {**saved, "has_fault": False, "messages": None, "letters": letters}
    held = {"held": True} if wanted["held"] else {}
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


def _check(before: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise an error if a save would replace what its window has not seen.

    It may be what is wanted already, if an answer was lost.
    """
    written = {part: text for part, text in wanted["parts"].items() if part != "attachments"}
    if before["parts"] in (written, wanted["seen"]):
        return
    if "copy_of" not in wanted:
        raise ChangedElsewhere(before)
    if not wanted["files"]:  # else it may have been begun by a save that could not attach them
        raise NameTaken(wanted["name"])


def _current(api: Api, name: str) -> dict[str, Any] | None:
    """Read a template; ``None`` if there is none that can be read."""
    try:
        return read_template(api, name)
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
    a saved template, the messages that need it, and the case that they are. ``changed`` says that
    the list of templates has changed. It carries copies, as {before: now}.
    """

    told = Signal(str, str)
    older_found = Signal(str, object, str)
    changed = Signal(object)

    def __init__(
        self, place: LettersPlace, source: ApiSource, outbox: Outbox, drafts: TypedDrafts
    ) -> None:
        super().__init__(place)
        self._place = place
        self._outbox = outbox
        self._ask = Asker(source, self._on_failed)
        self._drafts = drafts
        self._shown = DEFAULT
        self._missing = ""
        self._held = ""  # the template that a message on hold led to
        request = partial(LatestRequest, source)
        made = (request(self._on_failed) for _ in range(5))
        self._names, self._one, self._subjects, self._head, self._waiting = made
        self._preview = request(self._on_no_preview)
        self._used: set[str] = set()  # fields in items and rows
        self._asked: set[str] = set()  # fields in the current templates
        place.editor.draft_changed.connect(self._on_draft)
        drafts.saving.connect(place.editor.tell_draft)
        place.template_wanted.connect(self._load_one)
        place.version_wanted.connect(self._on_version_wanted)
        place.restore_wanted.connect(self._on_restore_wanted)
        place.save_requested.connect(self._on_save_requested)
        place.deletion_wanted.connect(self._on_deletion_wanted)
        place.delete_requested.connect(self._on_delete_requested)
        place.preview_wanted.connect(self._on_preview_wanted)
        place.test_requested.connect(self._on_test_requested)
        place.editor.head.logo_chosen.connect(self._on_logo_chosen)

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
        if self._place.is_open and not name:
            self._place.open()
            return
        self._held = name if is_held else ""
        self._place.editor.tell_draft()
        self._shown = name or self._shown
        self._place.open()
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

    def _on_draft(self, name: str, draft: dict[str, Any] | None) -> None:
        self._drafts.save(name, draft)
        self._place.rows.show_unsaved(self._drafts.names())

    def _newest(self) -> str:
        """Return the template with the newest unsaved changes, or an empty text."""
        return next(reversed(self._drafts.names()), "")

    def _load_names(self, name: str, field: str = "", *, needed: bool = False) -> None:
        """Read the list of templates, then show one of them, at a field.

        If it is ``needed`` by a message and missing, that is said.
        """
        show = partial(self._on_names, name, field, needed)
        self._names.ask(lambda api: Job(api.templates.listed).then(show))
        dress = self._place.editor.show_letterhead
        self._head.ask(lambda api: Job(api.templates.letterhead).then(dress))

    def _load_one(self, name: str, field: str = "") -> None:
        show = partial(self._on_template, field)
        self._one.ask(lambda api: Job(read_template, api, name).then(show))

    def _on_version_wanted(self, name: str, version: str) -> None:
        shown = self._place.show_version
        self._ask(lambda api: Job(api.templates.version, name, version).then(shown))

    def _on_restore_wanted(self, name: str, version: str) -> None:
        about = self._place.editor.reader.subject
        wish = Wish(
            lambda api, _: restore_template(api, about, name=name, version=version), line=LINE
        )
        self._outbox.put(wish, self._on_restored, self._on_failed)

    def _on_save_requested(self, wanted: dict[str, Any]) -> None:
        about, saved = self._place.editor.reader.subject, partial(self._on_saved, wanted)
        wanted = {**wanted, "held": wanted["name"] == self._held}
        wish = Wish(lambda api, _: save_template(api, wanted, about), line=LINE)
        failed = partial(self._on_not_saved, _origin(wanted))
        self._outbox.put(wish, saved, failed, self._place.show_failure)

    def _on_deletion_wanted(self, name: str) -> None:
        """Read how many messages need a template, then ask before deleting it."""
        ask = partial(self._place.ask_about_deletion, name)
        self._ask(lambda api: Job(api.templates.messages, name).then(ask))

    def _on_delete_requested(self, name: str) -> None:
        deleted = self.tr("The letter “{}” is deleted.").format(name)
        is_back = self.tr("The built-in text is used again.")
        told = is_back if self._place.name.is_built_in else deleted
        gone = partial(self._on_deleted, name, told)
        wish = Wish(lambda api, _: api.templates.delete(name), line=LINE)
        self._outbox.put(wish, gone, self._on_failed)

    def _on_test_requested(self, shown: dict[str, Any]) -> None:
        told = self._place.show_test_result
        self._ask(lambda api: Job(api.test_mail, shown).then(told), self._on_not_tested)

    def _on_logo_chosen(self, path: str) -> None:
        head = self._place.editor.head
        self._ask(lambda _api: Job(logo_of, path).then(head.set_logo), head.show_no_logo)

    def _on_preview_wanted(self, shown: dict[str, Any]) -> None:
        self._preview.ask(lambda api: Job(api.preview, shown).then(self._place.show_message))

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
        self._place.show_names(templates)
        self._place.rows.show_unsaved(self._drafts.names())
        self._place.name.show_deleted(listed["deleted"])
        names = [str(each["name"]) for each in templates]
        show = self._place.rows.show_waiting
        self._waiting.ask(lambda api: Job(waiting, api, names).then(show))
        self._asked = {field for each in templates for field in each["fields"]}
        self._show_fields()

    def _on_items(self, about: int | None, items: list[Item]) -> None:
        self._used |= {field for item in items for field in item.get("fields") or {}}
        self._show_fields()
        self._place.editor.reader.show_items(items, about)

    def _on_rows(self, number: int, page: RowPage) -> None:
        self._show_fields()
        self._place.editor.reader.show_rows(number, page["rows"])

    def _on_template(self, field: str, template: dict[str, Any]) -> None:
        """Show a template, unless it is already shown and has changes."""
        self._shown = str(template["name"])
        if self._place.editor.state().of != self._shown or not self._place.has_changes():
            self._place.show_template(template)
            if (draft := self._drafts.of(self._shown)) is not None:
                is_changed = draft.get("seen", template["parts"]) != template["parts"]
                self._place.show_draft(draft, str(ChangedElsewhere(template)) if is_changed else "")
        if field:
            self._place.form.go_to(field)

    def _on_saved(self, wanted: dict[str, Any], template: dict[str, Any]) -> None:
        name, of = str(template["name"]), _origin(wanted)
        was_shown = self._place.editor.state().of == of
        self._place.show_saved(template, of)
        draft = self._drafts.of(of)
        if was_shown:
            self._shown = name
        elif draft is not None and draft["parts"] == wanted["parts"]:
            self._on_draft(of, None)
        if name == LETTERHEAD:
            self._place.editor.show_letterhead(template["parts"])
        said = self.tr("The letter “{}” is saved.").format(name)
        is_head = name == LETTERHEAD
        self._tell_saved(self.tr("The letterhead is saved.") if is_head else said, template)
        self._offer_newest(template)
        before = wanted.get("copy_of")
        # A missing template that was made is only for the messages that ask for it.
        followed = {before: name} if before and name != self._missing else {}
        self.changed.emit(followed)
        if self._place.is_open:
            self._names.ask(lambda api: Job(api.templates.listed).then(self._take_names))

    def _on_deleted(self, name: str, told: str, _: None) -> None:
        self._place.discard()
        self.told.emit(told, "trash-2")
        self.changed.emit({})
        self._load_names(name)

    def _on_restored(self, template: dict[str, Any]) -> None:
        name = str(template["name"])
        self._tell_saved(self.tr("The letter “{}” is back.").format(name), template)
        self._offer_newest(template)
        self.changed.emit({})
        self._load_names(name)

    def _tell_saved(self, words: str, template: dict[str, Any]) -> None:
        """Say that a template is saved; if it has an error, that its messages wait."""
        fault = ""
        if template["has_fault"]:
            fault = self.tr("It has an error: its e-mails wait until you correct it.")
        icon = "triangle-alert" if fault else "circle-check"
        self.told.emit("\n".join(filter(None, (words, fault))), icon)

    def _offer_newest(self, template: dict[str, Any]) -> None:
        if template["name"] != LETTERHEAD:
            self.older_found.emit(str(template["name"]), template["messages"], TEXT)
        for name, messages in template.get("letters", {}).items():
            self.older_found.emit(name, messages, HEAD)

    def _show_fields(self) -> None:
        self._place.show_fields(sorted(self._used | self._asked, key=str.casefold))

    def _on_no_preview(self, error: Exception) -> None:
        for each in field_errors(error):
            self._place.editor.page.show_error(each)
        self._place.show_no_message(error_sentence(error), error)

    def _on_not_saved(self, of: str, error: Exception) -> None:
        if isinstance(error, ChangedElsewhere):
            self._place.show_changed(error.now)
        if isinstance(error, NotAttached):
            self._place.form.attachments.words.say(str(error), "error")
        self._place.show_not_saved(error, of)
        self._tell_if_hidden(error)

    def _on_not_tested(self, error: Exception) -> None:
        self._place.show_not_tested(error)
        self._tell_if_hidden(error)

    def _on_failed(self, error: Exception) -> None:
        self._place.show_failure(error)
        self._tell_if_hidden(error)

    def _tell_if_hidden(self, error: Exception) -> None:
        if not self._place.is_open:  # asked by the sentence, or before the place was left
            self.told.emit(error_sentence(error), "triangle-alert")
