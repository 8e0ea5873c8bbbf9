"""A row's message, sent to the person who sends the batch, to look at in the mailbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.contract.batches import ROW_COPY
from desktop.contract.items import MAIL_AT_ONCE, MAIL_QUEUE
from desktop.engine.errors import Final, UnknownId
from desktop.engine.functions.registry import task
from desktop.settings.mailbox import parse_mailbox
from desktop.tasks.confirmation import RETRIES, TIMEOUT
from desktop.tasks.delivery import deliver, fates, message_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.items import NewItem
    from desktop.engine.attempts.context import TaskContext
    from desktop.mail.mailer import Mailer


def row_copy(
    read_row: Callable[[int, int], tuple[NewItem, int]], mail: Callable[[], Mailer]
) -> Callable[[int, int, TaskContext], str]:
    """Make the task.

    Args:
        read_row: finds a row's item and the number it has or would get, by batch and row.
        mail: gives the mailer of the moment; may raise a ``MailError``.
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
        """Send the message of a batch's row to the sender; returns what the server said."""
        with fates():
            mailer = mail()
            try:
                item, number = read_row(batch_id, row)
            except UnknownId as error:
                raise Final(str(error)) from error
            to = parse_mailbox(mailer.settings.sender)
            reference = ctx.reference or message_id()
            return deliver(mailer, mailer.compose(item, number, reference, None, to), ctx)

    return send_row_to_me
