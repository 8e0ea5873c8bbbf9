"""An item as it travels over HTTP: what a person registers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NotRequired, Self, TypedDict, TypeVar

from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.tasks import Addressee, TaskRow

CONFIRMATION: Final = "send_confirmation_email"
"""The registered name of the task every item gets unless it names others."""
MAIL_QUEUE: Final = "mail"
MAIL_AT_ONCE: Final = 16
"""Messages that are sent at the same time, unless the settings say otherwise."""
HANDED_OVER: Final = 1
"""The step of a message's progress at which it is past its point of no return."""
BY_HAND: Final = 100
"""The priority of what a person registers one by one; what comes in bulk has 0."""


NUMBER_TO_COME: Final = "‹number›"
"""Stands in a message that is shown for the number that its item gets when it is registered."""


class NumberToCome(int):
    """The number of an item that gets it when it is registered, as templates write it."""

    def __str__(self) -> str:
        """Return what stands in its place."""
        return NUMBER_TO_COME

    def __add__(self, _other: int) -> Self:
        """Stay to come, as nothing that is reckoned with it is known."""
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __mod__ = __add__


AnyItem = TypeVar("AnyItem", "NewItem", "Item")


class Recipient(TypedDict):
    """Who is told."""

    name: NotRequired[str]
    email: str


def mailbox_of(addressee: Addressee) -> Mailbox:
    """Give the mailbox to which a task for an addressee of its own sends."""
    return Mailbox(addressee.get("name", ""), addressee["email"])


def as_told(item: AnyItem, addressee: Addressee) -> AnyItem:
    """Give an item as its message tells it to an addressee of the task's own.

    To the sender all as its recipient gets it; to anyone else not the recipient's address.
    """
    own = item.get("recipient")
    if own is not None and "to_me" in addressee:
        return item
    name = addressee.get("name") or ("" if own is None else own.get("name", ""))
    told = item.copy()
    told["recipient"] = {"name": name, "email": addressee["email"]}
    return told


class NewItem(TypedDict, total=False):
    """The body of ``POST /items/{item_id}``; every key is optional.

    ``attachments`` name files that were added to the batch ``batch_id``. ``headings`` are what its
    spreadsheet calls standard fields, as ``{"E-Mail-Adresse": "email"}``: templates may too.
    """

    title: str
    recipient: Recipient
    template: str
    fields: dict[str, Any]
    tasks: list[str]
    attachments: list[str]
    batch_id: int
    headings: dict[str, str]
    delay: float
    run_at: str
    deadline: str
    priority: int


class Informed(StrEnum):
    """Whether an item's recipient was told, by its messages; the first of these that fits.

    What reached its own address counts, as that was when it was sent or as it is now; copies to the
    sender or to someone else do not. An item of which no message was asked for has none of these.
    """

    YES = "yes"
    """The server took one message."""
    NOT_SURE = "not_sure"
    """One is uncertain, or was and was cancelled when it was to be sent again."""
    NOT_YET = "not_yet"
    """One is still on its way."""
    NO = "no"
    """All failed or were cancelled."""
    KEPT = "kept"
    """One was kept on this computer, in practice mode."""


class DeedLine(TypedDict):
    """What a person did about a task of an item; ``text`` is one of ``contract.tasks.Deed``."""

    task_id: int
    at: str
    text: str


class Item(TypedDict):
    """An item as it was registered, or corrected last, and its tasks.

    ``informed`` is one of :class:`Informed`, or null. ``attachments``, and the batch they belong
    to, are there where it names some, ``headings`` where it has some. ``deeds``, the oldest first,
    are there in a page that was asked for with these, and ``bodies`` of an item that was corrected:
    each since when it was so, the newest first.
    """

    item_id: int
    created_at: str
    title: str | None
    recipient: Recipient | None
    template: str | None
    fields: dict[str, Any]
    attachments: NotRequired[list[str]]
    batch_id: NotRequired[int]
    headings: NotRequired[dict[str, str]]
    deeds: NotRequired[list[DeedLine]]
    bodies: NotRequired[list[Version]]
    tasks: list[TaskRow]
    informed: str | None


class Items(TypedDict):
    """``GET /items``; ``next`` is the ``after`` of the following page.

    ``counts`` are the items of the filter by :class:`Informed` (``none`` where no message was
    asked for), whichever of them ``informed`` chooses; each is told up to :data:`COUNTED`. Where a
    text is in very many tasks, the newest of these are counted, and the counts are not exact; a
    page may then be short, or empty, before the last.
    """

    items: list[Item]
    next: int | None
    counts: dict[str, int]
    counts_are_exact: bool


COUNTED: Final = 10_000
"""Items that are counted at most; of more it is only told that there are so many."""
NONE_ASKED: Final = "none"
"""In counts, in place of a word of :class:`Informed`, where no message was asked for."""


class Version(TypedDict):
    """What an item was, from ``at`` on."""

    at: str
    item: NewItem


class ItemDetail(Item):
    """``GET /items/{item_id}``: an item with what it was before.

    ``item`` is the whole body as it is now, to be changed and put back. ``corrected_at`` is when it
    became so, null where it is as registered. ``versions`` are the earlier ones, the newest first.
    """

    item: NewItem
    corrected_at: str | None
    versions: list[Version]


class CorrectedItem(TypedDict):
    """What a correction did, by the numbers of tasks.

    ``using`` have not begun, or are between attempts: they use the item as it is now. ``added``
    are new. ``uncertain`` stay as they are until a person says what became of them.
    """

    item_id: int
    using: list[int]
    added: list[int]
    uncertain: list[int]
