"""The types of items: an item is a booking, an order or a membership that a person registers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NotRequired, Self, TypeVar

from typing_extensions import TypedDict

from desktop.contract.office import OfficeRow
from desktop.contract.rules.mailbox import Mailbox
from desktop.contract.rules.templates import DEFAULT
from sendoff_tasks.model.tasks import Deed, PendingRow

CONFIRMATION: Final = "send_confirmation_email"
"""The registered name of the task that an item gets unless it names others."""
MAIL_QUEUE: Final = "mail"
MAIL_AT_ONCE: Final = 16
"""Messages that are sent at the same time, unless the settings say otherwise."""
HANDED_OVER: Final = 1
"""The step of a message's progress at which it is past its point of no return."""
BY_HAND: Final = 100
"""The priority of items that a person registers one by one; bulk items have 0."""


EXAMPLES: Final = "sendoff.example"
"""The domain of the people in the examples: it never exists, so nobody real gets an e-mail."""
NUMBER_TO_COME: Final = "‹number›"
"""The placeholder in a preview for the number that an item gets when it is registered."""


class NumberToCome(int):
    """The number of an item that has none yet; templates write it as a placeholder."""

    def __str__(self) -> str:
        """Return the placeholder."""
        return NUMBER_TO_COME

    def __add__(self, _other: int) -> Self:
        """Return the placeholder for any calculation, because its result is not known."""
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __mod__ = __add__


AnyItem = TypeVar("AnyItem", "NewItem", "Item")


class Recipient(TypedDict):
    """The recipient of an item's message; ``last_name`` is the end of ``name``, if it is known."""

    name: NotRequired[str]
    last_name: NotRequired[str]
    email: str


def task_title(task: str, body: Mapping[str, Any]) -> str | None:
    """Return the title of an item's e-mail, which is called after its own template.

    ``None`` for other tasks and the built-in template: they have their function's title.
    """
    template: str | None = body.get("template")
    return template if task == CONFIRMATION and template != DEFAULT else None


class Addressee(TypedDict):
    """The recipient of one task, in place of its item's.

    ``to_me`` is true if it is the sender, who gets a copy. ``copy`` is true if it is another
    address than the item's, whose recipient is then not informed.
    """

    name: NotRequired[str]
    email: str
    to_me: NotRequired[bool]
    copy: NotRequired[bool]


def alone_to(addressee: Addressee) -> Mailbox | None:
    """Return who gets a message as a copy, which goes to no one else; ``None`` for the item's own.

    The item's own recipient gets it again with all its copies.
    """
    is_copy = "to_me" in addressee or "copy" in addressee
    return Mailbox(addressee.get("name", ""), addressee["email"]) if is_copy else None


def as_told(item: AnyItem, addressee: Addressee) -> AnyItem:
    """Return an item as the message to an addressee shows it.

    The sender gets the same message as the item's recipient. Any other addressee takes the place of
    the recipient, whose address is not shown.
    """
    own = item.get("recipient")
    if own is not None and "to_me" in addressee:
        return item
    name = addressee.get("name") or ("" if own is None else own.get("name", ""))
    told = item.copy()
    to: Recipient = {"name": name, "email": addressee["email"]}
    if own is not None and "last_name" in own:
        to["last_name"] = own["last_name"]
    told["recipient"] = to
    return told


class ValueKind(StrEnum):
    """What a field counts as; it is always shown as its text."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"


class FieldReading(TypedDict, total=False):
    """How the texts of an item's fields are read.

    - ``short_date``, ``point``, ``group``: of the spreadsheet, as a batch's ``reading`` has them
    - ``kinds``: by field, a :class:`ValueKind`; that of numbers is followed by the form in which
      results are written: ``number #,##0.00 €``, and that of texts such as *Frau* by the language
      of the salutations that they tell: ``text de``, and those chosen for other words:
      ``text de 1=man&2=woman``, encoded as the query of an address. A field without one is a number
      if it can be read as one where that is needed, else a text
    - ``plain``: by field, the value that the spreadsheet shows in another way
    """

    short_date: str
    point: str
    group: str
    kinds: dict[str, str]
    plain: dict[str, str]


class NewItem(TypedDict, total=False):
    """The body of ``POST /items/{item_id}``; every key is optional.

    ``cc`` and ``bcc`` are lines of addresses that get a copy of its message, beside those of the
    template. ``attachments`` has the ids of uploads, and names of files that were added to the
    batch ``batch_id``. ``headings`` maps the spreadsheet's headings to standard fields
    (``{"E-Mail-Adresse": "email"}``), so templates can use both names, and to fields (``{"Size?":
    "fields.Size"}``), so messages list them as the spreadsheet does. ``reading`` tells how the
    texts of the fields are read. ``edition`` is that of a task's template; no body has it. With
    ``send_anyway`` its recipient gets it though the address is on the list *Do not send*.
    """

    title: str
    recipient: Recipient
    cc: str
    bcc: str
    template: str
    edition: str
    fields: dict[str, Any]
    tasks: list[str]
    attachments: list[str]
    batch_id: int
    headings: dict[str, str]
    reading: FieldReading
    send_anyway: bool
    delay: float
    run_at: str
    deadline: str
    priority: int


class ItemFile(TypedDict):
    """``PUT /attachments/{file}``: the ``id`` by which items name the file, and its bytes.

    The ``id`` ends in a slash and the file's name.
    """

    id: str
    size: int


class Informed(StrEnum):
    """Whether an item's recipient was informed: the first of these that applies to its messages.

    Messages to the item's address at that time, or to its current one, count; copies to the sender
    or to another address do not. An item without a message has no value.
    """

    YES = "yes"
    """The server accepted one message."""
    UNCERTAIN = "not_sure"
    """One is uncertain, or was uncertain and was cancelled before it was sent again."""
    NOT_YET = "not_yet"
    """One is still on its way."""
    NO = "no"
    """All failed, were cancelled or came back."""
    KEPT = "kept"
    """One was kept on this computer, in practice mode."""


class DeedLine(TypedDict):
    """An action of a person on a task of an item."""

    task_id: int
    at: str
    deed: Deed


class Item(TypedDict):
    """An item as it was registered or last corrected, with its tasks.

    An item outlives its tasks. Its contents are deleted later, or when its person is forgotten;
    what is left are its number and its times.

    - ``informed``: an :class:`Informed`, or null; it also counts messages whose tasks are deleted
    - ``informed_at``: when that became so, or null
    - ``erased``: whether its contents were deleted
    - ``cc``, ``bcc``, ``attachments``, ``batch_id``, ``headings``, ``reading``: only if it has them
    - ``deeds``: what people did, the oldest first, only if the page was requested with them
    - ``bodies``: with ``deeds``, the versions of a corrected item, the newest first
    """

    item_id: int
    created_at: str
    title: str | None
    recipient: Recipient | None
    cc: NotRequired[str]
    bcc: NotRequired[str]
    template: str | None
    edition: NotRequired[str]
    fields: dict[str, Any]
    attachments: NotRequired[list[str]]
    batch_id: NotRequired[int]
    headings: NotRequired[dict[str, str]]
    reading: NotRequired[FieldReading]
    deeds: NotRequired[list[DeedLine]]
    bodies: NotRequired[list[Version]]
    tasks: list[OfficeRow]
    informed: str | None
    informed_at: str | None
    erased: bool


class Items(TypedDict):
    """``GET /items``: ``items``, and in ``next`` the ``after`` of the following page.

    ``counts`` has the items of the filter by :class:`Informed` (``none`` for items without a
    message), each up to :data:`COUNTED`; the filter's own ``informed`` does not count. If the
    search text is in very many tasks, only the newest are counted and the counts are not exact;
    pages before the last may then be short or empty.
    """

    items: list[Item]
    next: int | None
    counts: dict[str, int]
    counts_are_exact: bool


COUNTED: Final = 10_000
"""The highest count of items; more items are counted as this many."""
NONE_ASKED: Final = "none"
"""The key in counts for items without a message."""


class Version(TypedDict):
    """A version of an item that was valid from ``at`` on."""

    at: str
    item: NewItem


class ItemDetail(Item):
    """``GET /items/{item_id}``: an item with its earlier versions.

    ``item`` is the whole current body, to be changed and put back. ``corrected_at`` is the time of
    the last correction, or null. ``versions`` are the earlier ones, the newest first.
    """

    item: NewItem
    corrected_at: str | None
    versions: list[Version]


class PlaceWithPerson(TypedDict):
    """A place that may still have a forgotten person.

    That is a backup, set-aside files, unsent input, or the account's folder of sent e-mails.

    ``at`` is when it was made. ``until`` is when newer backups will have replaced it, if one is
    made each day; null if it stays until it is deleted.
    """

    file: str
    at: str
    until: str | None


class ForgottenPerson(TypedDict):
    """``DELETE /items/{item_id}?forget=true``: the person's items, and what may still have them.

    ``backups`` are the places in the data folder that were made since the first item was added.
    ``batches`` are those with rows of the person; in their spreadsheets these rows are empty now.
    """

    items: list[int]
    batches: list[int]
    backups: list[PlaceWithPerson]


class CorrectedItem(TypedDict):
    """The tasks that a correction affects, by number.

    ``using`` tasks have not begun or are between attempts: they use the corrected item. ``added``
    tasks are new; ``aside`` counts those of them that their batch keeps from starting, by reason
    and queue. ``uncertain`` tasks stay as they are until a person settles them. ``pending`` is the
    action by which those ``added`` can be undone.
    """

    item_id: int
    using: list[int]
    added: list[int]
    uncertain: list[int]
    aside: NotRequired[dict[str, dict[str, int]]]
    pending: NotRequired[PendingRow]
