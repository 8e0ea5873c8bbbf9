"""The mail desk: makes an item's confirmation and lets it leave as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.mail.errors import MailFinal
from desktop.mail.mail_folder import MailFolder
from desktop.mail.message import Message, build, new_message_id
from desktop.mail.outbox import Outbox
from desktop.mail.sent import KeepingTransport
from desktop.mail.smtp import SmtpTransport
from desktop.mail.template import DEFAULT, Template, Templates
from desktop.mail.transport import Log, Transport
from desktop.settings.mailbox import Mailbox, parse_mailbox
from desktop.settings.paths import resources
from desktop.settings.secrets import read_password

if TYPE_CHECKING:
    from desktop.contract.items import Item, NewItem
    from desktop.settings.paths import DataFolder
    from desktop.settings.preferences import MailSettings


class Mailer:
    """Mail by one state of the settings; thread-safe."""

    def __init__(self, settings: MailSettings, templates: Templates, transport: Transport) -> None:
        self.settings = settings
        self.templates = templates
        self._transport = transport
        self._sender = parse_mailbox(settings.sender)

    @property
    def is_practice(self) -> bool:
        """Whether mails stay in the outbox."""
        return self.settings.transport == "outbox"

    @property
    def server(self) -> str:
        """The mail server, as ``host:port``."""
        return f"{self.settings.host}:{self.settings.port}"

    def new_message_id(self) -> str:
        """Make the Message-ID of a task that was just accepted."""
        return new_message_id(self._sender.address)

    def recipient(self, item: Item | NewItem) -> Mailbox:
        """Find who is told about an item; in practice mode the settings name somebody.

        Raises:
            MailFinal: when nobody is.
        """
        given = item.get("recipient")
        if given:
            return Mailbox(given.get("name") or "", given["email"])
        if self.is_practice and self.settings.default_recipient:
            return Mailbox("", self.settings.default_recipient)
        raise MailFinal("The item has no recipient, and the default one is for practice only.")

    def compose(
        self, item: Item | NewItem, number: int, message_id: str, template: Template | None = None
    ) -> Message:
        """Make an item's confirmation.

        Args:
            item: as registered.
            number: the item's.
            message_id: made when the task was accepted.
            template: instead of the one the item names, for a preview.

        Raises:
            BadTemplate: when the template does not render.
            MailFinal: when name or address cannot stand in a mail, or nobody is told.
        """
        to = self.recipient(item)
        template = template or self.templates.get(item.get("template") or DEFAULT)
        rendered = template.render(
            {
                "number": number,
                "title": item.get("title") or "",
                "name": to.name,
                "email": to.address,
                "fields": item.get("fields") or {},
            }
        )
        return build(
            message_id=message_id,
            sender=self._sender,
            to=to,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            date=datetime.now(UTC),
        )

    def send(self, message: Message, on_point_of_no_return: Callable[[], None], log: Log) -> str:
        """Let a message leave; returns the server's words. Raises a ``MailError``."""
        return self._transport.send(message, on_point_of_no_return, log)

    def close(self) -> None:
        """Let go of connections; mails on their way still leave."""
        self._transport.close()


def open_mailer(
    settings: MailSettings,
    folder: DataFolder,
    password: Callable[[], str | None] | None = None,
) -> Mailer:
    """Make the mailer for settings; ``password`` goes before the keyring's (unsaved settings)."""
    templates = Templates(folder.templates, resources() / "templates")
    if settings.transport == "outbox":
        return Mailer(settings, templates, Outbox(folder.outbox))
    find = password or (lambda: read_password(settings.host, settings.user))
    transport = KeepingTransport(SmtpTransport(settings, find), MailFolder(folder.sent))
    return Mailer(settings, templates, transport)
