"""The confirmation e-mail: the task every item gets unless it names others."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.causes import Cure
from desktop.contract.items import CONFIRMATION, MAIL_AT_ONCE, MAIL_QUEUE, recipient_of
from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Final as NeverAgain
from desktop.engine.errors import (
    NeedsPerson,
    OverQuota,
    RetryLater,
    TaskSignal,
    Uncertain,
    UnknownId,
    Unreachable,
)
from desktop.engine.functions.backoff import exponential
from desktop.engine.functions.registry import Retry, task
from desktop.mail.errors import (
    BadTemplate,
    MailError,
    MailFinal,
    MailHeld,
    MailLater,
    MailQuota,
    Unreached,
    Unread,
    WrongAddress,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.contract.items import Item
    from desktop.contract.queues import WayOut
    from desktop.engine.attempts.context import TaskContext
    from desktop.mail.mailer import Mailer

_STEPS: Final = 3
"""Connected, handed over, answered: the last ends the task."""


def confirmation(
    read_item: Callable[[int], Item], mail: Callable[[], Mailer]
) -> Callable[[int, TaskContext], str]:
    """Make the task.

    Args:
        read_item: finds an item by its number.
        mail: gives the mailer of the moment; may raise a ``MailError``.
    """

    def message_id() -> str:
        try:
            return mail().new_message_id()
        except MailError:  # settings that cannot be read now hold the task later, with a notice
            from desktop.mail.message import new_message_id

            return new_message_id("sendoff@localhost")

    @task(
        name=CONFIRMATION,
        title="Confirmation e-mail",
        queue=MAIL_QUEUE,
        concurrency=MAIL_AT_ONCE,
        # A moment's fault is over in seconds, greylisting in minutes: eight attempts reach from
        # 2 s to 105 minutes. A server that cannot be reached costs none of them.
        retry=Retry(attempts=8, backoff=exponential(2, cap=3600, factor=4)),
        timeout=60,
        reference=message_id,
    )
    def send_confirmation_email(item_id: int, ctx: TaskContext) -> str:
        """Send an item's confirmation; returns what the server said."""
        with _fates():
            mailer = mail()
            item = _item(read_item, item_id)
            if ctx.addressee is not None:
                item = {**item, "recipient": recipient_of(ctx.addressee)}
            message = mailer.compose(item, item_id, ctx.reference or message_id())

            def on_point_of_no_return() -> None:
                ctx.progress(1, _STEPS, "connected")
                ctx.point_of_no_return(message.summary, mailer.server)
                ctx.progress(2, _STEPS, "handed over")

            ctx.check_cancelled()
            said = mailer.send(message, on_point_of_no_return, ctx.log)
            if mailer.is_practice:
                ctx.kept()
            return said

    return send_confirmation_email


def _item(read_item: Callable[[int], Item], number: Any) -> Item:
    """Read the item; a task that was scheduled by itself may have none."""
    if not isinstance(number, int) or not 1 <= number <= ID_LIMIT:
        raise NeverAgain(f"There is no item {number}.")
    try:
        return read_item(number)
    except UnknownId as error:
        raise NeverAgain(str(error)) from error


@contextmanager
def _fates() -> Iterator[None]:
    """Tell the engine what becomes of a mail that did not leave."""
    try:
        yield
    except MailError as error:
        raise _fate(error) from error


def _fate(error: MailError) -> TaskSignal:
    text, server, code, enhanced = str(error), error.server, error.code, error.enhanced
    match error:
        case MailFinal():
            cure = Cure.CORRECT_ADDRESS if isinstance(error, WrongAddress) else None
            return NeverAgain(text, server=server, code=code, enhanced=enhanced, cure=cure)
        case Unreached():
            return Unreachable(text, notice_action="mail_settings", server=server, code=code)
        case MailQuota():
            return OverQuota(text, error.after, server=server, code=code, enhanced=enhanced)
        case MailLater():
            return RetryLater(text, server=server, code=code, enhanced=enhanced)
        case MailHeld():
            action: WayOut | None = None if isinstance(error, Unread) else "mail_settings"
            return NeedsPerson(
                text,
                queue=True,
                notice_action=action,
                server=server,
                code=code,
                enhanced=enhanced,
            )
        case BadTemplate():
            return NeedsPerson(f"{text.removesuffix('.')}. Correct the template, then Try now.")
        case _:
            return Uncertain(text, server=server)
