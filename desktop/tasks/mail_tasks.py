"""The two mail tasks: an item's confirmation, and a copy of a row's message for the sender."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.batches import ROW_COPY
from desktop.contract.do_not_send import DO_NOT_SEND, SEND_ANYWAY, one_form
from desktop.contract.items import (
    CONFIRMATION,
    HANDED_OVER,
    MAIL_AT_ONCE,
    MAIL_QUEUE,
    alone_to,
    as_told,
)
from desktop.contract.office import OfficeCure
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.mail import errors
from sendoff_tasks.errors import (
    GiveUp,
    NeedsPerson,
    NotWritable,
    OverQuota,
    RetryLater,
    TaskCancelled,
    TaskSignal,
    Uncertain,
    UnknownId,
    Unreachable,
)
from sendoff_tasks.functions.backoff import Retry, exponential
from sendoff_tasks.functions.registry import task
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from desktop.contract.items import NewItem
    from desktop.contract.rules.mailbox import Mailbox
    from desktop.mail.mailer import Mailer, Stopped
    from desktop.mail.message import Message
    from sendoff_tasks.attempts.context import TaskContext

# A short fault is over in seconds, greylisting in minutes: eight attempts reach from 2 s to 105
# minutes. A failed connection to the server does not count as an attempt.
RETRIES: Final = Retry(attempts=8, backoff=exponential(2, cap=3600, factor=4))
TIMEOUT: Final = 1800.0
"""Seconds in which a message must reach the server, without the wait for its attachments' room.

A full room, 32 MiB, takes 24 minutes at 256 kbit/s. Each step of SMTP has its own limit."""
LOOK_AGAIN: Final = 1.0
LOOK_SELDOM: Final = 60.0
OFTEN: Final = 10
"""A file that was being written or could not be read is looked at again after ``LOOK_AGAIN``
seconds, and after so many attempts at doubling intervals up to ``LOOK_SELDOM``."""
_STEPS: Final = 1
"""The steps of a task's progress: its message is handed over, or it is not."""


def confirmation(
    read_item: Callable[[int], NewItem],
    mail: Callable[[], Mailer],
    stopped: Stopped = lambda _: (),
) -> Callable[[int, TaskContext], str]:
    """Make the task that sends an item's confirmation.

    Args:
        read_item: returns the current item with this number.
        mail: returns the mailer with the current settings; may raise a ``MailError``.
        stopped: returns those of some addresses that are on the list *Do not send* now.
    """
    message_id = _message_ids(mail)

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
        with _fates(ctx):
            mailer = mail()
            item, to = _item(read_item, item_id), None
            own = _lifted(item, stopped)
            if (edition := ctx.given.get("edition")) is not None:
                item = {**item, "edition": edition}
            if (addressee := ctx.given.get("addressee")) is not None:
                item, to = as_told(item, addressee), alone_to(addressee)
            name = ctx.reference or message_id()
            return _send(mail, mailer, item, item_id, to, name, ctx, own)

    return send_confirmation_email


def _lifted(item: NewItem, stopped: Stopped) -> Stopped:
    """Return what is stopped; *send anyway* lifts the list for the item's recipient alone."""
    if not item.get(SEND_ANYWAY):
        return stopped
    recipient = item.get("recipient")
    own = "" if recipient is None else one_form(recipient.get("email", ""))
    return lambda addresses: [each for each in stopped(addresses) if one_form(each) != own]


def _item(read_item: Callable[[int], NewItem], number: Any) -> NewItem:
    """Return the item; a task that was scheduled by hand may name one that does not exist."""
    if not isinstance(number, int) or not 1 <= number <= ID_LIMIT:
        raise GiveUp(str(UnknownId("item", str(number))))
    try:
        return read_item(number)
    except UnknownId as error:
        raise GiveUp(str(error)) from error


def row_copy(
    read_row: Callable[[int, int], tuple[NewItem, int]], mail: Callable[[], Mailer]
) -> Callable[[int, int, TaskContext], str]:
    """Make the task that sends the sender a copy of a row's message.

    Args:
        read_row: returns the item of a batch's row and the item's current or future number.
        mail: returns the mailer with the current settings; may raise a ``MailError``.
    """
    message_id = _message_ids(mail)

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
        with _fates(ctx):
            mailer = mail()
            try:
                item, number = read_row(batch_id, row)
            except UnknownId as error:
                raise GiveUp(str(error)) from error
            to = parse_mailbox(mailer.settings.sender)
            return _send(mail, mailer, item, number, to, ctx.reference or message_id(), ctx)

    return send_row_to_me


def _send(
    mail: Callable[[], Mailer],
    mailer: Mailer,
    item: NewItem,
    number: int,
    to: Mailbox | None,
    message_id: str,
    ctx: TaskContext,
    stopped: Stopped = lambda _: (),
) -> str:
    """Compose and deliver an item's message, to the item's recipient if ``to`` is ``None``.

    What is ``stopped`` is looked up before the message waits for its turn, and again directly
    before its point of no return. If practice mode began or ended since the attempt was begun, it
    is begun again.
    """

    def left_out(copies: Sequence[str]) -> Collection[str]:
        found = stopped(copies)
        for each in found:
            ctx.log(ENGLISH.say("do_not_send", "no_copy", address=each))
        return found

    practice = ctx.given.get("practice")
    if practice is not None and practice is not mailer.is_practice:
        raise RetryLater(ENGLISH.say("sending", "other_settings"), 0, counts=False)
    if not ctx.asked_again and mailer.has_sent(message_id):
        raise Uncertain(ENGLISH.say("sending", "sent_before"), server=mailer.server)
    _check_recipient((to or mailer.recipient(item)).address, stopped)
    with ExitStack() as held:
        with mailer.whole_files(item):
            template = mailer.template_of(item)
            room = mailer.room_for(item, template, ctx.check_cancelled)
            with ctx.awaiting_turn():  # the wait is not part of the timeout
                held.enter_context(room)
            if mail() is not mailer:
                raise RetryLater(ENGLISH.say("sending", "other_settings"), 0, counts=False)
            message = mailer.compose(item, number, message_id, template, to, left_out)
        return _deliver(mailer, message, ctx, stopped)


def _check_recipient(address: str, stopped: Stopped) -> None:
    """Cancel the task whose message would go to an address on the list."""
    if stopped([address]):
        raise TaskCancelled(
            ENGLISH.say("do_not_send", "not_sent", address=address), mark=DO_NOT_SEND
        )


def _message_ids(mail: Callable[[], Mailer]) -> Callable[[], str]:
    """Return the function that gives each accepted task its Message-ID."""

    def message_id() -> str:
        try:
            return mail().new_message_id()
        except errors.MailError:  # unreadable settings hold the task later, with a notice
            from desktop.mail.message import new_message_id

            return new_message_id("sendoff@localhost")

    return message_id


def _deliver(mailer: Mailer, message: Message, ctx: TaskContext, stopped: Stopped) -> str:
    """Hand a message over; return the server's reply. Raises ``MailError``."""
    is_past = False

    def on_point_of_no_return() -> None:
        nonlocal is_past
        _check_recipient(message.envelope_to, stopped)
        if stopped([*message.cc, *message.bcc]):
            raise RetryLater(ENGLISH.say("do_not_send", "meanwhile"), 0, counts=False)
        ctx.point_of_no_return(message.summary, mailer.server)
        is_past = True
        ctx.progress(HANDED_OVER, _STEPS, "handed over")

    ctx.check_cancelled()
    try:
        said = mailer.send(message, on_point_of_no_return, ctx.log)
    except errors.MailUncertain:
        raise
    except errors.MailError:
        if is_past:
            ctx.progress(0, _STEPS, "not sent")
        raise
    if mailer.is_practice:
        ctx.kept()
    return said


@contextmanager
def _fates(ctx: TaskContext) -> Iterator[None]:
    """Translate each mail error to the engine's signal.

    If the settings or templates are in a database that is away, the task is tried again.
    """
    try:
        yield
    except (errors.BeingWritten, errors.Unread) as error:
        after = min(LOOK_SELDOM, LOOK_AGAIN * 2.0 ** min(max(0, ctx.attempt - OFTEN), 10))
        raise RetryLater(str(error), after, counts=False) from error
    except errors.NotStored as error:
        raise RetryLater(str(error), LOOK_SELDOM, counts=False) from error
    except errors.StaleToken as error:
        raise RetryLater(str(error), 0, counts=False) from error
    except errors.MailError as error:
        raise _fate(error) from error
    except NotWritable as error:
        raise RetryLater(str(error)) from error


def _fate(error: errors.MailError) -> TaskSignal:
    text, server, code, enhanced = str(error), error.server, error.code, error.enhanced
    match error:
        case errors.MailFinal():
            cure = OfficeCure.CORRECT_ADDRESS if isinstance(error, errors.WrongAddress) else None
            return GiveUp(
                text, server=server, code=code, enhanced=enhanced, said=error.said, cure=cure
            )
        case errors.Unreached():
            return Unreachable(text, notice_action="mail_settings", server=server, code=code)
        case errors.MailQuota():
            return OverQuota(
                text,
                error.after,
                notice_action="mail_settings",
                server=server,
                code=code,
                enhanced=enhanced,
            )
        case errors.MailLater():
            return RetryLater(
                text, error.after, server=server, code=code, enhanced=enhanced, said=error.said
            )
        case errors.MailHeld():
            return NeedsPerson(
                text,
                queue=True,
                notice_action=_way_out(error),
                server=server,
                code=code,
                enhanced=enhanced,
            )
        case errors.MissingBatchFile():
            return NeedsPerson(text)
        case errors.BadTemplate():
            return NeedsPerson(text, cure=OfficeCure.EDIT_TEMPLATE)
        case _:
            return Uncertain(text, server=server)


def _way_out(error: errors.MailHeld) -> str | None:
    if isinstance(error, errors.BadSettings):
        return None
    return "sign_in" if isinstance(error, errors.SignInNeeded) else "mail_settings"
