"""The types of answers that ``contract``, which the window shares, does not have."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from desktop.backend.wire.bodies import AttachedFile
from desktop.contract.problems import Access
from desktop.contract.tasks import PendingRow
from desktop.settings.preferences import Security, Transport


class Health(TypedDict):
    """``GET /health``.

    - ``contract``: the number of the API, which a window compares with its own
    - ``status``: ``spare`` if another backend runs the tasks of the database, ``no_database`` if
      this one has no session with the server of its database; the HTTP status is 503 then
    - ``address``: of the other backend, if it was started with one
    - ``proof``: if the request has a nonce
    - ``access``: if the request has a token
    """

    status: Literal["ok", "damaged", "spare", "no_database"]
    version: str
    contract: int
    address: NotRequired[str]
    proof: NotRequired[str]
    access: NotRequired[Access]


class PendingRows(TypedDict):
    """``GET /pending``."""

    pending: list[PendingRow]


class ItemNumber(TypedDict):
    """The number of a registered item, or the one that the next item would get."""

    item_id: int


class ItemResult(TypedDict):
    """The result of one item of many.

    ``status`` is 200, 409 (another item has the number) or 422 (the item is wrong); ``error`` says
    why.
    """

    item_id: int | None
    status: int
    error: NotRequired[str]


class ItemResults(TypedDict):
    """``POST /items/batch``: one result for each item, in their order."""

    results: list[ItemResult]


class TaskIds(TypedDict):
    """The numbers of a list of added tasks."""

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
    "An e-mail as it would be sent: its two readable parts, and the ``source`` that is transmitted."
)


class SentMessage(RenderedMessage):
    """An e-mail that was sent or stays in the outbox; ``message_id`` has no angle brackets.

    ``remade`` is true if no e-mail is kept: then it is made as it would be written now.
    """

    message_id: str
    at: str
    remade: NotRequired[Literal[True]]


class MailView(TypedDict):
    """The mail settings, without the password."""

    transport: Transport
    host: str
    port: int
    security: Security
    user: str
    sender: str
    default_recipient: str
    password_set: bool
    password_kept: Literal["keyring", "session", "file", "environment"] | None


class WindowView(TypedDict):
    """The window's settings."""

    grace_seconds: float


class KeepView(TypedDict):
    """How long things are kept, in days.

    - ``tasks_days``: tasks that succeeded or were cancelled; others three times as long
    - ``messages_days``: e-mails as they were sent, or kept in practice mode
    - ``contents_days``: names, addresses and fields of items; finished batches
    - ``items_days``: the rest of items: number, time, and whether people were informed
    """

    tasks_days: int
    messages_days: int
    contents_days: int
    items_days: int


class QueueView(TypedDict):
    """The limits of a queue; with ``null``, the limit that its tasks declare applies."""

    concurrency: int | None
    rate: str | None
    per_day: int | None


class SettingsView(TypedDict):
    """``GET /settings``; ``queues`` has the queues that were ever limited, by name."""

    mail: MailView
    window: WindowView
    keep: KeepView
    queues: dict[str, QueueView]


class MailTested(TypedDict):
    """``POST /mail/test``: the message, a sentence, and the dialogue with the server."""

    ok: Literal[True]
    message_id: str
    text: str
    log: list[str]
