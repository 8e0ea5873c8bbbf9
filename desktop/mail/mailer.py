"""Makes an item's message and sends it, by the mail settings."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.file_names import is_upload, shown_name
from desktop.contract.rules.mailbox import Mailbox, listed, parse_mailbox
from desktop.contract.rules.names import NameColumns, TitledName, parts_of, spoken_name
from desktop.contract.rules.salutations import is_salutation, own_titles, salutation
from desktop.contract.rules.templates import DEFAULT, field_key
from desktop.contract.rules.values import salutation_told
from desktop.mail import errors
from desktop.mail.files import BATCHES, OUTBOX, SENT, TEMPLATES, BatchFiles
from desktop.mail.http.services import SERVICES
from desktop.mail.message import AttachedContent, Message, build, new_message_id
from desktop.mail.smtp.capacity import LOOK_AGAIN
from desktop.mail.smtp.dialogue import is_about_sender
from desktop.mail.smtp.smtp import SmtpTransport
from desktop.mail.templates.office import FALLBACK, Office, office_here
from desktop.mail.templates.source import EMPTY_CELLS, HEADINGS
from desktop.mail.templates.store import Templates, built_in_templates
from desktop.mail.templates.template import Template
from desktop.mail.templates.values import WAY, FieldValue, fields_of
from desktop.mail.transport import Log, MailFolder, PracticeOutbox, StoringTransport, Transport

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from desktop.contract.items import Item, NewItem
    from desktop.mail.files import Files
    from desktop.mail.http.transport import HttpTransport
    from desktop.mail.sign_in.tokens import AccessTokens
    from desktop.mail.templates.template import MarkedMessage, Rendering
    from desktop.settings.preferences import MailSettings


Stopped = Callable[[Sequence[str]], Collection[str]]
"""Returns those of some addresses to which nothing is sent."""
LARGE: Final = 2 * 1024 * 1024
"""Bytes of attachments beyond which a message is large: it takes about four times as much memory,
and few of them share a slow line."""
LARGE_AT_ONCE: Final = 3
"""Large messages that are made and sent at the same time; others never wait for them."""


class Mailer:
    """Makes and sends messages by one version of the settings; thread-safe."""

    def __init__(
        self,
        settings: MailSettings,
        templates: Templates,
        transport: Transport,
        batch_files: BatchFiles,
    ) -> None:
        self.settings = settings
        self.templates = templates
        self._transport = transport
        self._batch_files = batch_files
        self._sender = parse_mailbox(settings.sender)
        self._large = threading.BoundedSemaphore(LARGE_AT_ONCE)

    @property
    def is_practice(self) -> bool:
        """Whether messages stay in the outbox."""
        return self.settings.transport == "practice"

    @property
    def server(self) -> str:
        """The mail server's name, without its port, or that of the provider's service."""
        service = SERVICES.get(self.settings.sign_in)
        return self.settings.host if service is None else service.name

    def new_message_id(self) -> str:
        """Make the Message-ID for a new task."""
        return new_message_id(self._sender.address)

    def recipient(self, item: Item | NewItem) -> Mailbox:
        """Return an item's recipient; in practice mode, the default one of the settings.

        Raises:
            WrongAddress: if there is none.
        """
        given = item.get("recipient")
        if given:
            name = TitledName(given.get("name") or "", _title_of(item))
            return Mailbox(str(name), given["email"])
        if self.is_practice and self.settings.default_recipient:
            return Mailbox("", self.settings.default_recipient)
        raise errors.WrongAddress("no_recipient")

    def template_of(self, item: Item | NewItem) -> Template:
        """Return the template of an item; raises ``BadTemplate``."""
        return self.templates.for_item(item).get(item.get("template") or DEFAULT)

    @contextmanager
    def room_for(
        self, item: Item | NewItem, template: Template, check: Callable[[], object]
    ) -> Iterator[None]:
        """Wait for a turn at the server and, if attachments are large, for a place; hold both.

        ``template`` is the item's; ``check`` may raise while the message waits.
        """
        sizes: list[int | None] = []
        if template.files:
            name = item.get("template") or DEFAULT
            sizes += [each.size for each in self.templates.for_item(item).attachments(name)]
        own = item.get("attachments", ())
        sizes += [self._batch_files.size(item.get("batch_id", 0), file) for file in own]
        with ExitStack() as held:
            if sum(size or 0 for size in sizes) > LARGE:
                while not self._large.acquire(timeout=LOOK_AGAIN):
                    check()
                held.callback(self._large.release)
            held.enter_context(self._transport.turn(check))
            yield

    @contextmanager
    def whole_files(self, item: Item | NewItem) -> Iterator[None]:
        """Make an item's message in the block only of files that are complete.

        Raises ``BeingWritten`` if another program has just written to its template or one of its
        attachments, or writes to one during the block, and ``BadTemplate`` or ``Unread`` if their
        folder or size cannot be read.
        """
        made_of: dict[tuple[Files, str], Hashable] = {}
        try:
            try:
                for place in self._made_of(item):
                    made_of[place] = _whole_stamp(*place)
                yield
            except errors.MailError:  # half of a template may be a bad one
                _compare(made_of)
                raise
            _compare(made_of)
        except OSError as error:
            raise errors.unread("The folder of the template or of an attachment", error) from error

    def _made_of(self, item: Item | NewItem) -> Iterator[tuple[Files, str]]:
        templates = self.templates.for_item(item)
        if templates is self.templates:  # no program writes to an edition
            yield from templates.made_of(item.get("template") or DEFAULT)
        for file in item.get("attachments", ()):
            if not is_upload(file):  # nor to an upload
                yield self._batch_files.place_of(item["batch_id"], file)

    def compose(
        self,
        item: Item | NewItem,
        number: int,
        message_id: str,
        template: Template | None = None,
        to: Mailbox | None = None,
        stopped: Stopped = lambda _: (),
    ) -> Message:
        """Make an item's message, with the files of its template and its own attachments.

        Args:
            item: as registered.
            number: the item's number.
            message_id: made when the task was accepted.
            template: replaces the item's template; its files are read from the item's.
            to: replaces the item's recipient, for a test, which no one else gets.
            stopped: returns those of the addresses that get no copy.

        Raises:
            BadTemplate: if the template does not render, or a file is missing or ``Unread``.
            MailFinal: if a name or an address cannot be used, or there is no recipient.
        """
        name = item.get("template") or DEFAULT
        template = template or self.template_of(item)
        values = values_of(item, number, self.recipient(item), self.templates.office)
        rendered = template.render(values)
        templates = self.templates.for_item(item)
        files = [AttachedContent(file, templates.attachment(name, file)) for file in template.files]
        files += [
            AttachedContent(
                shown_name(file), self._batch_files.attachment(item.get("batch_id", 0), file)
            )
            for file in item.get("attachments", ())
        ]
        receiver = to or self.recipient(item)
        cc, bcc = ("", "") if to else copies_in(item, template)
        left_out = stopped([*listed(cc), *listed(bcc)]) if cc or bcc else ()
        if left_out:
            cc, bcc = (", ".join(a for a in listed(n) if a not in left_out) for n in (cc, bcc))
        return self._message(rendered, template, receiver, message_id, (cc, bcc), files)

    def show(
        self, item: Item | NewItem, number: int, template: Template | None = None
    ) -> tuple[Message, MarkedMessage]:
        """Make an item's message for a preview: missing fields are marked, files are left out.

        Also returns what it is made of, with the marks. Raises as :meth:`compose` does.
        """
        template = template or self.template_of(item)
        to = self.recipient(item)
        rendered = template.show(values_of(item, number, to, self.templates.office))
        copies = copies_in(item, template)
        message = self._message(rendered, template, to, self.new_message_id(), copies, [])
        return message, rendered

    def _message(
        self,
        rendered: Rendering,
        template: Template,
        to: Mailbox,
        message_id: str,
        copies: tuple[str, str],
        files: list[AttachedContent],
    ) -> Message:
        cc, bcc = copies
        return build(
            message_id=message_id,
            sender=parse_mailbox(template.parts.sender) if template.parts.sender else self._sender,
            to=to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            date=datetime.now(UTC),
            reply_to=template.parts.reply_to,
            cc=cc,
            bcc=bcc,
            files=files,
            pictures=template.pictures,
        )

    def send(self, message: Message, on_point_of_no_return: Callable[[], None], log: Log) -> str:
        """Send a message; returns the server's words. Raises a ``MailError``."""
        try:
            return self._transport.send(message, on_point_of_no_return, log)
        except errors.MailError as error:
            is_final = isinstance(error, errors.WrongSender) or (
                (error.code or 0) >= 500 and is_about_sender(error.enhanced, error.said or "")
            )
            if message.sender == self._sender or not is_final:
                raise
            raise errors.BadTemplate(
                "own_sender", text=str(error), sender=message.sender
            ) from error

    def has_sent(self, message_id: str) -> bool:
        """Tell whether a message with this ID has passed a point of no return."""
        return self._transport.has_sent(message_id)

    def close(self) -> None:
        """Close connections; messages on their way are still sent."""
        self._transport.close()


def copies_in(item: Item | NewItem, template: Template) -> tuple[str, str]:
    """Return who else gets an item's message: a line of copies, and one of blind ones."""
    parts = template.parts
    lines = (parts.cc, item.get("cc", "")), (parts.bcc, item.get("bcc", ""))
    cc, bcc = (", ".join(filter(None, each)) for each in lines)
    return cc, bcc


def _whole_stamp(files: Files, path: str) -> Hashable:
    stamp = files.stamp(path)
    if not files.is_whole(path):
        name = path.rpartition("/")[2]
        raise errors.BeingWritten("being_written" if stamp else "being_replaced", file=name)
    return stamp


def _compare(made_of: Mapping[tuple[Files, str], Hashable]) -> None:
    if any(_whole_stamp(*place) != stamp for place, stamp in made_of.items()):
        raise errors.BeingWritten("changed")


_PARTS: Final = frozenset({"first name", "last name"})
"""Parts of the name, which a list of all fields leaves out."""


def _salutation_of(
    item: Item | NewItem, fields: Mapping[str, Any], name: TitledName, last: str, own_language: str
) -> str:
    """Return the salutation of an item, by the first of its fields that tells one.

    Without one it is in the office's ``own_language``. A field *Salutation* is that itself.
    """
    kinds = item.get("reading", {}).get("kinds", {})
    told = {field_key(name): salutation_told(code) for name, code in kinds.items()}
    if "salutation" in {*fields, *told}:
        return str(fields.get("salutation", ""))
    words = [
        (each.word(str(fields.get(key) or "")), each.language) for key, each in told.items() if each
    ]
    known = [each for each in words if is_salutation(each[0])]
    word, language = next(iter([*known, *words]), ("", own_language))
    return salutation(word, language, name, last, name.titles)


def _title_of(item: Item | NewItem) -> str:
    """Return the titles of an item's recipient that a field of their own has."""
    fields = item.get("fields") or {}
    if not NameColumns.of(fields).title:
        return ""
    kinds = item.get("reading", {}).get("kinds", {})
    told = {name for name, code in kinds.items() if salutation_told(code)}
    own = {name: value for name, value in fields.items() if name not in told}
    return own_titles(NameColumns.of(own).title)


def values_of(
    item: Item | NewItem, number: int, to: Mailbox, office: Office | None = None
) -> dict[str, Any]:
    """Return the values of an item that a template can use, as the office writes them."""
    office = office or office_here()
    said, way, language = item.get("fields") or {}, office.signs, office.language or FALLBACK
    title = _title_of(item)
    called = TitledName(to.name, title).bare
    by_key = {field_key(str(name)): value for name, value in said.items()}
    recipient = item.get("recipient")
    own = recipient.get("last_name") if recipient else None
    given = by_key.get("first name") or ""
    rest = called.removeprefix(f"{given} ")
    known = by_key.get("last name") or (rest if given and rest != called else None)
    first, last = parts_of(called, known if own is None else own)
    whole = by_key.get("last name") or last
    name = TitledName(called if own is not None else spoken_name(called), title)
    reading = item.get("reading") or {}
    fields = fields_of(said, reading, way)
    return {
        "number": number,
        "title": FieldValue(item.get("title") or "", "title", way),
        "name": name,
        "first_name": given or first,
        "last_name": NameColumns.of(said).own_last_of(whole),
        "salutation": _salutation_of(item, by_key, name, whole, language),
        "email": to.address,
        "note": by_key.get("note") or "",
        "fields": {name: value for name, value in fields.items() if field_key(name) not in _PARTS},
        HEADINGS: item.get("headings", {}),
        EMPTY_CELLS: {field_key(name) for name in reading.get("kinds", ())} - by_key.keys(),
        WAY: way,
    }


def open_mailer(
    settings: MailSettings,
    files: Files,
    password: Callable[[], str | None] = lambda: None,
    templates: Templates | None = None,
    tokens: AccessTokens | None = None,
) -> Mailer:
    """Make the mailer for settings.

    ``password`` finds the password of their user; ``tokens`` are of the account that signs in.
    """
    templates = templates or Templates(files.below(TEMPLATES), built_in_templates())
    attached = BatchFiles(files.below(BATCHES))
    if settings.transport == "practice":
        return Mailer(settings, templates, PracticeOutbox(files.below(OUTBOX)), attached)
    server: SmtpTransport | HttpTransport
    if tokens is None:
        server = SmtpTransport(settings, password)
    else:
        from desktop.mail.http.transport import HttpTransport  # 60 ms, for accounts that sign in

        server = HttpTransport(SERVICES[settings.sign_in], tokens)
    transport = StoringTransport(server, MailFolder(files.below(SENT)))
    return Mailer(settings, templates, transport, attached)


def send_test(mailer: Mailer, to: str, log: Log, message: Message | None) -> tuple[str, str]:
    """Send a test message, or ``message``; returns its Message-ID and a sentence for the person.

    Raises:
        MailError: if it was not sent.
    """
    message = message or _test_message(mailer, to)
    try:
        said = mailer.send(message, lambda: None, log)
    except errors.StaleToken:
        said = mailer.send(message, lambda: None, log)
    return message.message_id, said if mailer.is_practice else f"Sent to {to}"


def _test_message(mailer: Mailer, to: str) -> Message:
    settings = mailer.settings
    text = "This e-mail shows that Sendoff can send with its current settings.\n"
    if not mailer.is_practice:
        port = "" if settings.sign_in else f", port {settings.port}"
        text += f"It came through {mailer.server}{port}.\n"
    return build(
        message_id=mailer.new_message_id(),
        sender=parse_mailbox(settings.sender),
        to=Mailbox("", to),
        subject="A test from Sendoff",
        text=text,
        html=f'<p style="font-family:sans-serif">{escape(text)}</p>\n',
        date=datetime.now(UTC),
    )
