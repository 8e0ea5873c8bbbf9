"""The types of ``/settings``."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from desktop.contract.sign_in import SignInName

TransportName = Literal["practice", "smtp"]
Security = Literal["none", "starttls", "tls"]
CopiesWanted = Literal["", "single", "all"]
"""Of which e-mails a copy is filed: of none, of those not in a batch, or of all."""
PasswordKept = Literal["keyring", "session", "file", "environment"]
"""Where the password of the login is kept."""


class MailView(TypedDict):
    """The mail settings, without the password and the client secret."""

    transport: TransportName
    host: str
    port: int
    security: Security
    user: str
    sign_in: SignInName
    client_id: str
    tenant: str
    hours: str
    sent_copies: CopiesWanted
    sender: str
    default_recipient: str
    password_set: bool
    password_kept: PasswordKept | None
    client_secret_set: bool


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
