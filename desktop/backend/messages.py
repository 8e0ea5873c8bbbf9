"""Messages for the routes and the mail tasks: one to preview, test or read, and their composer."""

from __future__ import annotations

import threading
from base64 import b64decode
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from desktop.contract.batches import LetterHead
from desktop.contract.items import alone_to, as_told
from desktop.contract.office import OfficeTask
from desktop.contract.rules.file_names import shown_name
from desktop.contract.rules.mailbox import Mailbox, copies_of, parse_mailbox
from desktop.contract.rules.templates import DEFAULT, STANDARD, FilesLimit, nearest
from desktop.mail.errors import (
    BadSettings,
    BadTemplate,
    MailError,
    MailFinal,
    MailHeld,
    SignInNeeded,
)
from desktop.mail.files import BATCHES, OUTBOX, SENT, TEMPLATES
from desktop.mail.message import with_pictures_inside
from desktop.settings.preferences import LinesLost
from sendoff_tasks.errors import EngineError
from sendoff_tasks.folder.queue_limits import SettingsError
from sendoff_tasks.http.wire.problems import ProblemError, bad_field
from sendoff_tasks.model.problems import FieldError
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import utc_time
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping
    from pathlib import Path

    from desktop.backend.current_settings import CurrentSettings
    from desktop.backend.wire import mail as wire
    from desktop.backend.wire.mail import Shown
    from desktop.contract.items import Item, NewItem
    from desktop.mail.files import BatchFiles, Files, FolderFiles
    from desktop.mail.mailer import Mailer
    from desktop.mail.message import Attachment, Message
    from desktop.mail.sign_in.account import SendingAccount
    from desktop.mail.sign_in.tokens import AccessTokens
    from desktop.mail.templates.letter import Letterhead
    from desktop.mail.templates.source import TemplateParts
    from desktop.mail.templates.store import Templates
    from desktop.mail.templates.template import Template
    from desktop.mail.transport import MailFolder, PracticeOutbox, StoredMail
    from desktop.settings.preferences import MailSettings, Settings
    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class Letter:
    """The item and the template of a message; ``template`` ``None`` means the item's own.

    ``at`` is the field of the request that names the template. ``examples`` are values of fields
    that a template being edited asks for and a registered item, of another template, lacks.
    """

    item: Item | NewItem
    number: int
    template: Template | None
    at: str = "template"
    examples: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> Item | NewItem:
        """The item with the examples."""
        fields = {**self.examples, **(self.item.get("fields") or {})}
        return cast("NewItem", {**self.item, "fields": fields})


def parts_in(body: wire.TemplateBody, files: Iterable[Attachment] = ()) -> TemplateParts:
    """Return the template parts of a request, with the names of the attachments."""
    from desktop.mail.templates.source import TemplateParts

    return TemplateParts(
        subject=body["subject"],
        text=body["text"],
        html=body.get("html"),
        format=body.get("format"),
        reply_to=body.get("reply_to", ""),
        sender=body.get("sender", ""),
        cc=body.get("cc", ""),
        bcc=body.get("bcc", ""),
        attachments=tuple(each.file for each in files),
    )


def letterhead_in(body: wire.LetterheadChange, templates: Templates) -> Letterhead:
    """Return the letterhead of a request; raises ``ProblemError`` 422 at the wrong part."""
    from desktop.mail.templates.letter import Letterhead
    from desktop.mail.templates.letterhead import BadLetterhead, check_letterhead

    words: dict[str, Any] = dict(body)
    given = words.pop("logo", None)
    try:
        logo = b64decode(given or "", validate=True)
    except ValueError as error:
        raise bad_field("logo", ENGLISH.say("request", "no_base64")) from error
    if "logo" not in body:
        logo = templates.letterhead().logo
    head = Letterhead(**words, logo=logo)
    try:
        check_letterhead(head)
    except BadLetterhead as error:
        raise bad_field(error.part, str(error)) from error
    return head


def template_in(body: wire.Shown, templates: Templates) -> Template | None:
    """Find or make the template of a request; ``None`` if it names none.

    Raises ``BadTemplate``.
    """
    from desktop.mail.templates.source import with_parts

    name = body.get("template", "preview")
    head = letterhead_in(body["letterhead"], templates) if "letterhead" in body else None
    if "source" in body:
        return templates.made(name, body["source"], head)
    if "parts" in body:
        parts, before = body["parts"], templates.source(name) if name in templates else ""
        there = templates.attachments(name) if name in templates else []
        chosen = parts.get("attachments")  # a file that is not stored yet is left out
        files = [each for each in there if chosen is None or each.file in chosen]
        source = with_parts(before, parts_in(parts, files))
        return templates.made(name, source, head)
    if head is not None:
        return templates.made(name, templates.source(name if name in templates else DEFAULT), head)
    return templates.get(name) if "template" in body else None


def example_item(template: Template | None) -> NewItem:
    """Make an item for a preview when no item is registered."""
    fields = template.fields if template is not None else []
    return {
        "title": "Opera night",
        "recipient": {"name": "Ada Lovelace", "email": "ada@example.org"},
        "fields": _examples(fields),
    }


def _examples(fields: Iterable[str]) -> dict[str, str]:
    from desktop.mail.templates.values import EXAMPLE

    return {name: EXAMPLE.format(name) for name in fields}


def _lacked_by(item: Item, template: Template) -> list[str]:
    from desktop.mail.templates.source import is_known

    there = _fields_of(item)
    return [each for each in template.fields if not is_known(each, there)]


def _fields_of(item: Item | NewItem) -> dict[str, Any]:
    """Return what an item has values for: its fields, and the headings of its spreadsheet."""
    return {**(item.get("fields") or {}), **item.get("headings", {})}


def letter_problem(error: BadTemplate, letter: Letter | None, at: str = "template") -> ProblemError:
    """Make the 422 of an unusable template, at the wrong part if it is known.

    A syntax error has its line within that part, as an editor shows it.
    """
    from desktop.mail.templates.source import BadPart
    from desktop.mail.templates.template import TemplateFault

    at = letter.at if letter is not None else at
    if isinstance(error, BadPart) and at == "parts":
        at = f"parts.{error.part}"
    fault = error.fault if isinstance(error, TemplateFault) else None
    if fault is not None and at == "parts":
        words = fault.words
        if fault.block != "subject":
            words = ENGLISH.say("template_code", "in_line", line=fault.line, why=words)
        return bad_field(f"parts.{fault.block}", words)
    return bad_field(at, str(error))


def message_of(mail: StoredMail) -> dict[str, Any]:
    """Write a kept message as JSON."""
    told = asdict(mail) | {"at": utc_time(mail.at)}
    told["from"] = told.pop("sender")
    return told


def rendered(message: Message) -> dict[str, Any]:
    """Write a message that was not sent as JSON."""
    return {
        "from": str(message.sender),
        "reply_to": message.reply_to,
        "to": str(message.to),
        "cc": ", ".join(message.cc),
        "bcc": ", ".join(message.bcc),
        "subject": message.subject,
        "text": message.text,
        "html": with_pictures_inside(message.html, message.pictures),
        "source": message.source.decode(errors="replace"),
        "files": files_of(message.files),
    }


def files_of(files: Iterable[Attachment]) -> list[dict[str, Any]]:
    """List attachments with their sizes in bytes."""
    return [{"file": each.file, "size": each.size} for each in files]


def bare(message_id: str) -> str:
    """Return a Message-ID without its angle brackets, which is the name of its file."""
    return message_id.removeprefix("<").removesuffix(">")


# Parts of desktop.mail import Jinja2: 0.1 s that would delay the backend's start.


class MessageComposer:
    """The mailer of the current settings, the outbox and the templates; thread-safe.

    ``sheets`` has the spreadsheet of each batch, on this machine: see ``sheet_of``.
    """

    def __init__(
        self,
        files: Files,
        sheets: FolderFiles,
        settings: CurrentSettings,
        passwords: Passwords,
        account: SendingAccount,
    ) -> None:
        self.sheets = sheets
        self.files = files
        self._settings = settings
        self._passwords = passwords
        self._account = account
        self.making = threading.Lock()
        """Held while the mailer is made: no message is made meanwhile."""
        self._mailer: Mailer | None = None

    @cached_property
    def outbox(self) -> PracticeOutbox:
        """The messages of practice mode, which stay readable with real sending."""
        from desktop.mail.transport import PracticeOutbox

        return PracticeOutbox(self.files.below(OUTBOX))

    @cached_property
    def sent(self) -> MailFolder:
        """The messages that were handed to a server."""
        from desktop.mail.transport import MailFolder

        return MailFolder(self.files.below(SENT))

    @cached_property
    def templates(self) -> Templates:
        """The templates."""
        from desktop.mail.templates.store import Templates, built_in_templates

        office, files = self._settings.office, self.files.below(TEMPLATES)
        built_in = built_in_templates("" if office is None else office.language)
        return Templates(files, built_in, self._settings.replaced, office)

    @cached_property
    def batch_files(self) -> BatchFiles:
        """The files that rows of batches name."""
        from desktop.mail.files import BatchFiles

        return BatchFiles(self.files.below(BATCHES))

    def forget_batch(self, batch_id: int) -> None:
        """Delete the files of a batch; if that fails, the sweeper deletes them later."""
        self.batch_files.forget(batch_id)
        self.sheets.remove(str(batch_id))

    def forget_messages(self, address: str, references: Container[str]) -> None:
        """Delete the messages to an address, and some others; of sent ones their names stay."""
        self.outbox.forget_person(address, references)
        self.sent.forget_person(address, references, keeps_ids=True)

    def forget_attachments(self, files: Mapping[int, Iterable[str]]) -> None:
        """Delete attachments of batches."""
        for batch_id, names in files.items():
            for name in names:
                self.batch_files.detach(batch_id, name)

    def sheet_path(self, batch_id: int) -> Path:
        """Return where the spreadsheet of a batch is kept on this machine."""
        return self.sheets.path(sheet_of(batch_id))

    def about(self, template: str, edition: str | None) -> LetterHead:
        """Return the head of a template's messages, of an ``edition`` if there is one.

        Without a sender of its own, it has the one of the settings now.
        """
        item: NewItem = {"template": template}
        if edition is not None:
            item["edition"] = edition
        head = LetterHead()
        with suppress(MailError, EngineError, OSError):
            parts = self.templates.for_item(item).get(template).parts
            head = LetterHead(parts.subject, parts.sender, parts.reply_to, parts.cc, parts.bcc)
        with suppress(SettingsError):
            head = head._replace(sender=head.sender or self._settings.get().mail.sender)
        return head

    def files_limit(self) -> FilesLimit:
        """Return what an e-mail can carry by the account of the settings."""
        from desktop.mail.http.services import SERVICES

        with suppress(SettingsError):
            if (service := SERVICES.get(self._settings.get().mail.sign_in)) is not None:
                return service.files_limit
        return FilesLimit()

    def size_of(self, template: str) -> int:
        """Return the size of a template's attachments in bytes; 0 if it cannot be read."""
        with suppress(MailError, EngineError, OSError):
            return sum(each.size or 0 for each in self.templates.attachments(template))
        return 0

    def wrong_sender(self, template: str) -> str | None:
        """Say that the account may not send as a template's own sender; ``None`` if it may."""
        try:
            mail, sender = self._settings.get().mail, self.templates.get(template).parts.sender
            if sender and mail.sign_in and mail.transport == "smtp":
                self._account.tokens(mail).check_sender(parse_mailbox(sender).address)
        except SignInNeeded as error:
            return ENGLISH.say("template_fault", "own_sender", text=str(error), sender=sender)
        except (MailError, EngineError, OSError, SettingsError):
            return None  # each attempt says so
        return None

    def recipients(self, item: NewItem) -> int:
        """Count who gets an item's message; those of a template that cannot be read do not count.

        Callable from any thread.
        """
        from desktop.mail.mailer import copies_in

        copies = item.get("cc", ""), item.get("bcc", "")
        with suppress(MailError, EngineError, OSError):
            name = item.get("template") or DEFAULT
            copies = copies_in(item, self.templates.for_item(item).get(name))
        to = item["recipient"]["email"] if "recipient" in item else ""
        return 1 + sum(map(len, copies_of(to, *copies)))

    def mailer(self) -> Mailer:
        """Return the mailer of the current settings.

        While the settings cannot be read, no mail may be sent with earlier ones: raises
        ``MailHeld`` if the mail settings can put lost lines back, and ``BadSettings`` otherwise.
        """
        try:
            settings = self._settings.get().mail
        except SettingsError as error:
            is_lost = isinstance(error, LinesLost)
            raise (MailHeld if is_lost else BadSettings)(str(error)) from error
        with self.making:
            if self._mailer is None or self._mailer.settings != settings:
                from desktop.mail.mailer import open_mailer

                self.close()
                find = partial(self._passwords.read, settings.host, settings.user)
                tokens = self._tokens(settings)
                self._mailer = open_mailer(settings, self.files, find, self.templates, tokens)
            return self._mailer

    def _tokens(self, mail: MailSettings) -> AccessTokens | None:
        return self._account.tokens(mail) if mail.sign_in else None

    def warm_up(self) -> None:
        """Make the mailer before the first item needs it; takes its time."""
        with suppress(MailHeld):  # raised again at each call that needs a mailer
            self.mailer()

    def close(self) -> None:
        """Close the connections to the mail server."""
        if self._mailer is not None:
            self._mailer.close()

    def test(
        self, settings: Settings, password: str | None, to: str | None, letter: Letter | None
    ) -> dict[str, Any]:
        """Send a test with the given settings: ``letter``, or a short test message without one.

        Without ``to`` it goes to the sender. Raises ``ProblemError`` 422 with the server's words; a
        refused login is an error of the password.
        """
        from desktop.mail.mailer import open_mailer, send_test
        from desktop.mail.smtp.dialogue import NEEDS_LOGIN

        mail = settings.mail
        kept = partial(self._passwords.read, mail.host, mail.user)
        find = kept if password is None else lambda: password
        mailer = open_mailer(mail, self.files, find, self.templates, self._tokens(mail))
        receiver = to or parse_mailbox(mail.sender).address
        log: list[str] = []
        try:
            message = None
            if letter is not None:
                message = mailer.compose(
                    letter.shown,
                    letter.number,
                    mailer.new_message_id(),
                    letter.template,
                    Mailbox("", receiver),
                )
            message_id, said = send_test(mailer, receiver, log.append, message)
        except BadTemplate as error:
            raise letter_problem(error, letter) from error
        except MailError as error:
            refused = FieldError(path="mail.password", message=str(error))
            if isinstance(error, SignInNeeded):
                refused["path"] = "mail.sign_in"
            at_login = isinstance(error, SignInNeeded) or error.code in NEEDS_LOGIN
            wrong = [refused] if at_login else []
            raise ProblemError(422, str(error), wrong) from error
        finally:
            mailer.close()
        return {"ok": True, "message_id": bare(message_id), "text": said, "log": log}

    def letter(self, body: Shown, read_item: Callable[[int], Item], free: int) -> Letter:
        """Find the item and the template of the message that a request asks for.

        ``free`` is the number that the next item would get. Raises ``ProblemError`` 422 for an
        unusable template, and 404 if there is no such item.
        """
        at = "source" if "source" in body else "parts" if "parts" in body else "template"
        try:
            template = template_in(body, self.templates)
        except BadTemplate as error:
            raise letter_problem(error, None, at) from error
        examples: dict[str, str] = {}
        if "item" in body:
            item: Item | NewItem = cast("NewItem", body["item"])
            number = body.get("item_id") or free
        elif "item_id" in body:
            item, number = read_item(body["item_id"]), body["item_id"]
            if at == "parts" and template is not None:
                examples = _examples(_lacked_by(item, template))
        else:
            item, number = example_item(template), free
        if "template" in body:
            item = cast("NewItem", {**item, "template": body["template"]})
        return Letter(item, number, template, at, examples)

    def preview(self, letter: Letter) -> dict[str, Any]:
        """Render a message for a preview.

        Raises ``ProblemError`` 422 with the reason why it cannot be made, and 409 while the
        settings cannot be read.
        """
        from desktop.mail.mailer import values_of
        from desktop.mail.templates.source import is_known

        try:
            mailer = self.mailer()
            message, made = mailer.show(letter.shown, letter.number, letter.template)
            to = mailer.recipient(letter.shown)
            template = letter.template or self.templates.get(letter.item.get("template") or DEFAULT)
            files = files_of(self._attachments(letter, template))
        except BadTemplate as error:
            raise letter_problem(error, letter) from error
        except MailFinal as error:
            raise bad_field("item", str(error)) from error
        except MailHeld as error:
            raise _unshown(error) from error
        fields = _fields_of(letter.item)
        unknown = [
            {**asdict(use), "nearest": nearest(use.field, fields)}
            for use in template.uses
            if not is_known(use.field, fields)
        ]
        has = values_of(letter.shown, letter.number, to, self.templates.office)
        values = {**{name: has[name] for name in STANDARD if name in has}, **has["fields"]}
        return {
            **rendered(message),
            "subject_html": made.subject_html,
            "files": files,
            "unknown": unknown,
            "marked": made.marked,
            "values": {name: str(value) for name, value in values.items() if value is not None},
        }

    def message(
        self, task: OfficeTask, item: Item | None, *, again: bool = False
    ) -> dict[str, Any]:
        """Return the message of a task as it was sent, or as practice mode would send it now.

        If none is kept, it is made from the current item and settings and the task's edition of the
        template, and has ``remade``; with ``again`` from the newest edition, as a new task would
        send it. Raises ``ProblemError`` 404 if there is no item either.
        """
        practised = task["reason"] == Reason.KEPT  # one sent for real may have a copy of practice
        message_id, kept = bare(task["message_id"] or ""), None
        for folder in (self.outbox, self.sent) if practised else (self.sent, self.outbox):
            kept = kept or folder.mail(message_id)
        if kept is not None and not again and (item is None or not practised):
            return message_of(kept)
        if item is None:
            raise ProblemError(404, ENGLISH.say("no_copy", "e-mail", task_id=task["id"]))
        to = None
        if task["edition"] is not None and not again:
            item["edition"] = task["edition"]
        if task["addressee"] is not None:
            item, to = as_told(item, task["addressee"]), alone_to(task["addressee"])
        try:
            message = self.mailer().compose(item, item["item_id"], f"<{message_id}>", to=to)
        except MailError as error:
            if kept is not None and not again:
                return message_of(kept)
            raise _unshown(error) from error
        if kept is not None and not again and _says_the_same(kept, message):
            return message_of(kept)
        at = task["finished_at"] or utc_time(datetime.now(UTC))
        return {"message_id": message_id, "at": at, **rendered(message), "remade": True}

    def _attachments(self, letter: Letter, template: Template) -> list[Attachment]:
        """List the attachments of a message, without reading them."""
        from desktop.mail.message import Attachment

        item = letter.item
        name = item.get("template") or DEFAULT
        kept = self.templates.attachments(name) if name in self.templates else []
        sizes: dict[str, int | None] = {each.file: each.size for each in kept}
        found = [Attachment(file, sizes.get(file)) for file in template.files]
        batch = item.get("batch_id", 0)
        return found + [
            Attachment(shown_name(file), self.batch_files.size(batch, file) or None)
            for file in item.get("attachments", ())
        ]


def _says_the_same(kept: StoredMail, message: Message) -> bool:
    """Tell whether a kept message has the subject and the text of another one."""
    texts = [each.text.split() for each in (kept, message)]
    return kept.subject == message.subject and texts[0] == texts[1]


def sheet_of(batch_id: int) -> str:
    """Return the path of a batch's spreadsheet among ``MessageComposer.sheets``."""
    return f"{batch_id}/source"


def _unshown(error: MailError) -> ProblemError:
    return ProblemError(409, ENGLISH.say("no_copy", "hidden", why=str(error)))
