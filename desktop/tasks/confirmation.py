"""The two mail tasks: an item's confirmation, and a copy of a row's message for the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import ROW_COPY
from desktop.contract.items import CONFIRMATION, MAIL_AT_ONCE, MAIL_QUEUE, as_told, mailbox_of
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Final as NeverAgain
from desktop.engine.errors import UnknownId
from desktop.engine.functions.backoff import Retry, exponential
from desktop.engine.functions.registry import task
from desktop.tasks.delivery import deliver, fates, message_ids, room_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.contract.rules.mailbox import Mailbox
    from desktop.engine.attempts.context import TaskContext
    from desktop.mail.mailer import Mailer


# A short fault is over in seconds, greylisting in minutes: eight attempts reach from 2 s to 105
# minutes. A failed connection to the server does not count as an attempt.
RETRIES: Final = Retry(attempts=8, backoff=exponential(2, cap=3600, factor=4))
TIMEOUT: Final = 1800.0
"""Seconds in which a message must reach the server, without the wait for its attachments' room.

A full room, 32 MiB, takes 24 minutes at 256 kbit/s. Each step of SMTP has its own limit."""


def confirmation(
    read_item: Callable[[int], NewItem], mail: Callable[[], Mailer]
) -> Callable[[int, TaskContext], str]:
    """Make the task that sends an item's confirmation.

    Args:
        read_item: returns the current item with this number.
        mail: returns the mailer with the current settings; may raise a ``MailError``.
    """
    message_id = message_ids(mail)

    @task(
        name=CONFIRMATION,
        title="Confirmation e-mail",
        queue=MAIL_QUEUE,
        concurrency=MAIL_AT_ONCE,
        retry=RETRIES,
        timeout=TIMEOUT,
        reference=message_id,
    )
    def send_confirmation_email(item_id: int, ctx: TaskContext) -> str:
        """Send an item's confirmation; return the server's reply."""
        with fates():
            mailer = mail()
            item = _item(read_item, item_id)
            to = None
            if ctx.addressee is not None:
                item, to = as_told(item, ctx.addressee), mailbox_of(ctx.addressee)
            return _send(mailer, item, item_id, to, ctx.reference or message_id(), ctx)

    return send_confirmation_email


def _item(read_item: Callable[[int], NewItem], number: Any) -> NewItem:
    """Return the item; a task that was scheduled by hand may name one that does not exist."""
    if not isinstance(number, int) or not 1 <= number <= ID_LIMIT:
        raise NeverAgain(f"There is no item {number}.")
    try:
        return read_item(number)
    except UnknownId as error:
        raise NeverAgain(str(error)) from error


def row_copy(
    read_row: Callable[[int, int], tuple[NewItem, int]], mail: Callable[[], Mailer]
) -> Callable[[int, int, TaskContext], str]:
    """Make the task that sends the sender a copy of a row's message.

    Args:
        read_row: returns the item of a batch's row and the item's current or future number.
        mail: returns the mailer with the current settings; may raise a ``MailError``.
    """
    message_id = message_ids(mail)

    @task(
        name=ROW_COPY,
        title="Copy of a row’s e-mail",
        queue=MAIL_QUEUE,
        concurrency=MAIL_AT_ONCE,
        retry=RETRIES,
        timeout=TIMEOUT,
        reference=message_id,
    )
    def send_row_to_me(batch_id: int, row: int, ctx: TaskContext) -> str:
        """Send the message of a batch's row to the sender; return the server's reply."""
        with fates():
            mailer = mail()
            try:
                item, number = read_row(batch_id, row)
            except UnknownId as error:
                raise NeverAgain(str(error)) from error
            to = parse_mailbox(mailer.settings.sender)
            return _send(mailer, item, number, to, ctx.reference or message_id(), ctx)

    return send_row_to_me


def _send(
    mailer: Mailer,
    item: NewItem,
    number: int,
    to: Mailbox | None,
    message_id: str,
    ctx: TaskContext,
) -> str:
    """Compose and deliver an item's message, to the item's recipient if ``to`` is ``None``."""
    template = mailer.template_of(item)
    with room_for(mailer, item, template, ctx):
        return deliver(mailer, mailer.compose(item, number, message_id, template, to), ctx)
