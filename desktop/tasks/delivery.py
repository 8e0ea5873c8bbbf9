"""How a mail task hands a message over, and how a mail error ends its attempt."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from desktop.contract.causes import Cure
from desktop.contract.items import HANDED_OVER
from desktop.engine.errors import Final as NeverAgain
from desktop.engine.errors import (
    NeedsPerson,
    NotWritable,
    OverQuota,
    RetryLater,
    TaskSignal,
    Uncertain,
    Unreachable,
)
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

    from desktop.contract.items import Item, NewItem
    from desktop.contract.queues import WayOut
    from desktop.engine.attempts.context import TaskContext
    from desktop.mail.mailer import Mailer
    from desktop.mail.message import Message
    from desktop.mail.templates.template import Template

_STEPS: Final = 2
"""The steps of a task's progress: handed over, answered. The second ends the task."""


def message_ids(mail: Callable[[], Mailer]) -> Callable[[], str]:
    """Return the function that gives each accepted task its Message-ID."""

    def message_id() -> str:
        try:
            return mail().new_message_id()
        except MailError:  # unreadable settings hold the task later, with a notice
            from desktop.mail.message import new_message_id

            return new_message_id("sendoff@localhost")

    return message_id


@contextmanager
def room_for(
    mailer: Mailer, item: Item | NewItem, template: Template, ctx: TaskContext
) -> Iterator[None]:
    """Hold memory for an item's attachments; the wait for it is not part of the timeout."""
    with ExitStack() as held:
        with ctx.awaiting_turn():
            held.enter_context(mailer.room_for(item, template, ctx.check_cancelled))
        yield


def deliver(mailer: Mailer, message: Message, ctx: TaskContext) -> str:
    """Hand a message over; return the server's reply. Raises ``MailError``."""

    def on_point_of_no_return() -> None:
        ctx.point_of_no_return(message.summary, mailer.server)
        ctx.progress(HANDED_OVER, _STEPS, "handed over")

    ctx.check_cancelled()
    said = mailer.send(message, on_point_of_no_return, ctx.log)
    if mailer.is_practice:
        ctx.kept()
    return said


@contextmanager
def fates() -> Iterator[None]:
    """Translate each error of a mail to the engine's signal.

    If the settings or templates are in a database that is away, the task is tried again.
    """
    try:
        yield
    except MailError as error:
        raise _fate(error) from error
    except NotWritable as error:
        raise RetryLater(str(error)) from error


def _fate(error: MailError) -> TaskSignal:
    text, server, code, enhanced = str(error), error.server, error.code, error.enhanced
    match error:
        case MailFinal():
            cure = Cure.CORRECT_ADDRESS if isinstance(error, WrongAddress) else None
            return NeverAgain(
                text, server=server, code=code, enhanced=enhanced, said=error.said, cure=cure
            )
        case Unreached():
            return Unreachable(text, notice_action="mail_settings", server=server, code=code)
        case MailQuota():
            return OverQuota(text, error.after, server=server, code=code, enhanced=enhanced)
        case MailLater():
            return RetryLater(text, server=server, code=code, enhanced=enhanced, said=error.said)
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
            return NeedsPerson(text, cure=Cure.EDIT_TEMPLATE)
        case _:
            return Uncertain(text, server=server)
