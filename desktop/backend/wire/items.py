"""The bodies and answers of items, and the types of the fields that e-mails have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NotRequired, Required, cast

from pydantic import AfterValidator, Field, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.contract.batches import COLUMNS_LIMIT, RowCheck, RowOutcome
from desktop.contract.items import Informed
from desktop.contract.office import OfficeReason
from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.file_names import is_upload
from desktop.contract.rules.mailbox import copies_problem, parse_mailbox
from desktop.contract.rules.templates import FIELD, FIELD_LIMIT, template_name_problem
from desktop.contract.rules.templates import NAME_LIMIT as TEMPLATE_NAME_LIMIT
from desktop.contract.rules.values import is_kind
from sendoff_tasks.http.wire.bodies import (
    BULK_CONFIG,
    STRICT,
    Bulk,
    FilterBody,
    Grace,
    Id,
    SearchedWords,
    TaskBody,
    TaskName,
    Timing,
    finite,
    one_or_many,
    one_start,
    refuse,
    refusing,
    some_of,
    some_tasks,
)
from sendoff_tasks.model.reasons import NO_REASON, Reason
from sendoff_tasks.model.tasks import BULK_LIMIT, BulkAction, PendingRow
from sendoff_tasks.model.text import NAME_LIMIT, TITLE_LIMIT
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import line_problem, text_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    for key in fields:
        if problem := line_problem(key, FIELD_LIMIT):
            raise ValueError(problem)
    finite(fields)
    for path, text in _texts(fields):
        problem = text_problem(text)
        if problem:
            refuse(".".join(path), problem)
    return fields


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every text in a JSON value with its path; a key has the path of its object."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield path, key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, str(place)))


def _mailbox_problem(text: str) -> str | None:
    try:
        parse_mailbox(text)
    except ValueError as error:
        return str(error)
    return None


Title = Annotated[str, refusing(lambda text: line_problem(text, TITLE_LIMIT))]
Name = Annotated[str, refusing(lambda text: line_problem(text, NAME_LIMIT))]
AddressText = Annotated[str, refusing(address_problem)]
TemplateName = Annotated[
    str,
    Field(min_length=1, max_length=TEMPLATE_NAME_LIMIT),
    refusing(template_name_problem),
]
FileName = Annotated[str, Field(min_length=1, max_length=255)]
OptionalAddress = Annotated[str, refusing(lambda text: address_problem(text) if text else None)]
OptionalMailbox = Annotated[str, refusing(lambda text: _mailbox_problem(text) if text else None)]
Copies = Annotated[str, refusing(copies_problem)]
InformedWords = Annotated[str, some_of(Informed, "a word for who is informed")]
RowChecks = Annotated[str, some_of(RowCheck, "a check")]
Outcomes = Annotated[str, some_of(RowOutcome, "an outcome")]
Fields = Annotated[dict[str, Any], AfterValidator(_fields)]


def _kinds(kinds: dict[str, str]) -> dict[str, str]:
    for name, kind in kinds.items():
        if not is_kind(kind):
            refuse(name, ENGLISH.say("request", "kind", kind=kind[:100]))
    return kinds


FieldName = Annotated[str, Field(max_length=1000)]
Words = Annotated[str, Field(max_length=100)]
"""A word of a language, a sign, or a format."""
KindText = Annotated[str, Field(max_length=4000)]
"""A kind of fields, with what a person chose for words of a salutation."""
Kinds = Annotated[dict[FieldName, KindText], AfterValidator(_kinds)]
PlainValue = Annotated[str, Field(max_length=32_767)]
OwnField = Annotated[str, Field(pattern=r"^fields\..", max_length=len(FIELD) + FIELD_LIMIT)]
StandardField = Literal["number", "title", "name", "first_name", "last_name", "email", "note"]
TASKS_PER_ITEM: Final = 100
ATTACHMENTS_PER_ITEM: Final = 100


@with_config(STRICT)
class NewRecipient(TypedDict, total=False):
    """The recipient of an item's message; ``last_name`` is the end of ``name``, if it is known."""

    name: Name
    last_name: Name
    email: Required[AddressText]


def one_item(item: Mapping[str, Any]) -> Any:
    """Check the fields of an item that depend on each other."""
    if "batch_id" not in item and not all(map(is_upload, item.get("attachments", ()))):
        refuse("batch_id", ENGLISH.say("request", "no_batch"))
    return one_start(item)


@with_config(STRICT)
class FieldReadingBody(TypedDict, total=False):
    """How the texts of an item's fields are read; see ``FieldReading``."""

    short_date: Words
    point: Words
    group: Words
    kinds: Kinds
    plain: dict[FieldName, PlainValue]


@with_config(STRICT)
class ItemBody(Timing, total=False):
    """An item to register; every key is optional.

    ``cc`` and ``bcc`` are lines of addresses, at most 20 each, which get a copy of its message
    beside those of the template. ``attachments`` has the ids of uploads, and names of files that
    were added to the batch ``batch_id``. ``headings`` maps a spreadsheet's headings to fields:
    ``{"E-Mail-Adresse": "email", "Size?": "fields.Size"}``. ``reading`` tells how the texts of its
    fields are read; without it, as this computer does. With ``send_anyway`` its recipient
    gets the message though the address is on the list *Do not send*; listed copies are left out.
    """

    title: Title
    recipient: NewRecipient
    cc: Copies
    bcc: Copies
    template: TemplateName
    fields: Fields
    tasks: Annotated[list[TaskName], Field(max_length=TASKS_PER_ITEM)]
    attachments: Annotated[list[FileName], Field(max_length=ATTACHMENTS_PER_ITEM)]
    batch_id: Id
    headings: Annotated[dict[str, StandardField | OwnField], Field(max_length=COLUMNS_LIMIT)]
    reading: FieldReadingBody
    send_anyway: bool


OneItem = Annotated[ItemBody, AfterValidator(one_item)]


@with_config(STRICT)
class NumberedItem(ItemBody, total=False):
    """An item of many; without a number the backend picks one."""

    item_id: Id


@with_config(STRICT)
class ManyItems(TypedDict):
    """Many items in one call."""

    items: Annotated[
        list[Annotated[NumberedItem, AfterValidator(one_item)]], Field(max_length=BULK_LIMIT)
    ]


@with_config(STRICT)
class LooseItems(TypedDict):
    """Many items that are checked one by one."""

    items: Annotated[list[Any], Field(max_length=BULK_LIMIT)]


@with_config(STRICT)
class CorrectionBody(TypedDict, total=False):
    """A correction of an item: its whole new body.

    With ``send``, its tasks that have ended are added again.
    """

    item: Required[OneItem]
    send: bool


class ItemNumber(TypedDict):
    """The number of a registered item, or the one that the next item would get.

    ``pending`` is the action by which a new item can be taken back.
    """

    item_id: int
    pending: NotRequired[PendingRow]


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


@with_config(STRICT)
class ItemTaskBody(TaskBody, total=False):
    """A task to add, also for an item."""

    item_id: Id


OfficeReasons = Annotated[str, some_of([*Reason, *OfficeReason, NO_REASON], "a reason")]


@with_config(STRICT)
class OfficeFilter(FilterBody, total=False):
    """A filter of tasks that may be messages."""

    item_id: Id
    to: SearchedWords
    reason: OfficeReasons


OfficeFilter.__doc__ = FilterBody.__doc__


@with_config(BULK_CONFIG)
class MailBulk(TypedDict, total=False):
    """One action on many tasks.

    A *resend* of one task can go to another recipient (``to``) or to the sender (``to_me``).
    """

    action: Required[BulkAction]
    ids: Annotated[list[Id], Field(max_length=BULK_LIMIT)]
    filter: OfficeFilter
    delay: Grace
    preview: bool
    to: NewRecipient
    to_me: bool


def _one_elsewhere(bulk: MailBulk) -> MailBulk:
    some_tasks(cast("Bulk", bulk))
    key = "to" if "to" in bulk else "to_me"
    if key in bulk and (bulk["action"] != "resend" or len(bulk.get("ids", [])) != 1):
        refuse(key, ENGLISH.say("request", "elsewhere"))
    if "to" in bulk and bulk.get("to_me"):
        refuse("to_me", ENGLISH.say("request", "one_recipient"))
    return bulk


NEW_ITEM: Final = TypeAdapter(OneItem)
NUMBERED_ITEM: Final = TypeAdapter(Annotated[NumberedItem, AfterValidator(one_item)])
MANY_ITEMS: Final = TypeAdapter(ManyItems)
LOOSE_ITEMS: Final = TypeAdapter(LooseItems)
CORRECTION: Final = TypeAdapter(CorrectionBody)
NEW_ITEM_TASK, NEW_ITEM_TASKS = one_or_many(ItemTaskBody)
MAIL_BULK: Final = TypeAdapter(Annotated[MailBulk, AfterValidator(_one_elsewhere)])
