"""What answers look like where the contract with the window has no name for it."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from desktop.backend.wire.values import AttachedFile
from desktop.contract.access import Access


class Health(TypedDict):
    """``GET /health``; ``proof`` is there where a nonce came, ``access`` where a token did.

    ``waiting`` is there, and true, where other requests wait for the backend that runs the tasks.

    ``contract`` is the number of the API, which a window compares with its own.
    """

    status: Literal["ok", "damaged"]
    version: str
    contract: int
    waiting: NotRequired[bool]
    proof: NotRequired[str]
    access: NotRequired[Access]


class ItemNumber(TypedDict):
    """An item that is on disk."""

    item_id: int


class NextItemNumber(TypedDict):
    """A number that no item has yet."""

    item_id: int


class ItemResult(TypedDict):
    """What became of one item of many.

    ``status`` is 200, 409 (another item has the number) or 422 (something is wrong with it), and
    ``error`` says why.
    """

    item_id: int | None
    status: int
    error: NotRequired[str]


class ItemResults(TypedDict):
    """``POST /items/batch``: one result for each item, in their order."""

    results: list[ItemResult]


class TaskIds(TypedDict):
    """A list of tasks that is on disk."""

    ids: list[int]


RenderedMessage = TypedDict(  # a class cannot have a field named "from"
    "RenderedMessage",
    {
        "from": str,
        "to": str,
        "subject": str,
        "text": str,
        "html": str,
        "source": str,
        "files": list[AttachedFile],
    },
)
RenderedMessage.__doc__ = (
    "A mail as it would leave: ``text`` and ``html`` are read, ``source`` is sent."
)


class SentMessage(RenderedMessage):
    """A mail that left or stays in the outbox; ``message_id`` without angle brackets.

    ``remade`` is there, and true, where none did: then it is the mail as it would be written now.
    """

    message_id: str
    at: str
    remade: NotRequired[Literal[True]]


class MailView(TypedDict):
    """The mail settings, without the password."""

    transport: Literal["outbox", "smtp"]
    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str
    sender: str
    default_recipient: str
    password_set: bool
    password_kept: Literal["keyring", "session", "environment"] | None


class WindowView(TypedDict):
    """The window's settings."""

    grace_seconds: float


class QueueView(TypedDict):
    """How a queue is limited; what is ``null`` is as its tasks say."""

    concurrency: int | None
    rate: str | None


class SettingsView(TypedDict):
    """``GET /settings``; of the queues those that were ever limited, by name."""

    mail: MailView
    window: WindowView
    queues: dict[str, QueueView]


class OutboxEntry(TypedDict):
    """One mail of practice mode."""

    message_id: str
    at: str
    to: str
    subject: str


class OutboxPage(TypedDict):
    """``GET /outbox``, newest first; ``next`` is the ``after`` of the following page."""

    messages: list[OutboxEntry]
    next: str | None


class MailTested(TypedDict):
    """``POST /mail/test``: what was sent, and what was said."""

    ok: Literal[True]
    message_id: str
    text: str
    log: list[str]
