"""An item as it travels over HTTP: what a person registers."""

from __future__ import annotations

from typing import Any, Final, NotRequired, TypedDict

from desktop.contract.tasks import TaskRow

CONFIRMATION: Final = "send_confirmation_email"
"""The registered name of the task every item gets unless it names others."""
MAIL_QUEUE: Final = "mail"
MAIL_AT_ONCE: Final = 16
"""Mails on their way at one time, unless the settings say otherwise."""
BY_HAND: Final = 100
"""The priority of what a person registers one by one; what comes in bulk has 0."""


class Recipient(TypedDict):
    """Who is told."""

    name: NotRequired[str]
    email: str


class NewItem(TypedDict, total=False):
    """The body of ``POST /items/{item_id}``; every key is optional."""

    title: str
    recipient: Recipient
    template: str
    fields: dict[str, Any]
    tasks: list[str]
    delay: float
    run_at: str
    deadline: str
    priority: int


class Item(TypedDict):
    """``GET /items/{item_id}``: the item as it was registered, and its tasks."""

    item_id: int
    created_at: str
    title: str | None
    recipient: Recipient | None
    template: str | None
    fields: dict[str, Any]
    tasks: list[TaskRow]
