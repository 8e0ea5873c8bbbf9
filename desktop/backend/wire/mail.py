"""Templates and messages on their way over HTTP: bodies, and what answers look like."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Required, TypeVar

from pydantic import AfterValidator, TypeAdapter
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.answers import RenderedMessage
from desktop.backend.wire.bodies import STRICT, ItemBody, MailChange, refuse
from desktop.backend.wire.values import (
    Address,
    AttachedFile,
    EditId,
    Id,
    OptionalAddress,
    TemplateName,
    TemplateText,
)


class TemplateBody(TypedDict, total=False):
    """A template by its parts; ``html`` ``null`` is made from the text.

    ``attachments`` names the files of the template that stay; without it, all of them do. With an
    ``edit`` it names those as well that were laid ready for that, which go along from now on.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    subject: Required[TemplateText]
    text: Required[TemplateText]
    html: TemplateText | None
    reply_to: OptionalAddress
    copy_to: OptionalAddress
    attachments: list[str]
    edit: EditId


class Shown(TypedDict, total=False):
    """A message to look at: by a template there is, by the source of one, or by its parts.

    Of an item that is registered (``item_id`` alone), of one that is not (``item``; then
    ``item_id`` is the number it shows), of a ``row`` of the batch ``batch_id``, or else of an
    example.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    template: TemplateName
    source: str
    parts: TemplateBody
    item: ItemBody
    item_id: Id
    batch_id: Id
    row: Id


class MailTest(Shown, total=False):
    """Where to send a test, and settings to try that are not saved.

    With a template it is that message, and without ``to`` it goes to the sender's own address.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    to: Address
    mail: MailChange


class TemplateChange(TypedDict, total=False):
    """A template's source or its parts; its name is the path's.

    ``copy_of`` names a template whose file and attachments the new one begins with, ``rename_of``
    one that is called so from now on: what names it so far is led to the new name.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    name: TemplateName
    source: str
    parts: TemplateBody
    copy_of: TemplateName
    rename_of: TemplateName


class TemplateDetail(TypedDict):
    """What a template is, in a list of them; ``earlier`` are the names it had."""

    name: str
    earlier: list[str]
    own: bool
    built_in: bool
    subject: str
    fields: list[str]


class DeletedTemplate(TypedDict):
    """A template that was deleted: its last version, and when that was replaced."""

    name: str
    version: str
    at: str


class TemplateNames(TypedDict):
    """``GET /templates``; what is ``deleted`` is back once a version's source is written."""

    templates: list[str]
    details: list[TemplateDetail]
    deleted: list[DeletedTemplate]


class TemplateSides(TypedDict):
    """The parts of a template's file; ``html`` is ``null`` where it is made from the text."""

    subject: str
    text: str
    html: str | None
    reply_to: str
    copy_to: str


class TemplateVersion(TypedDict):
    """A template as it was until ``at``."""

    version: str
    at: str


class TemplateView(TypedDict):
    """A template, its files and what it was.

    ``held`` names the tasks, 1,000 at most, whose messages wait until it is corrected.
    """

    name: str
    source: str
    own: bool
    built_in: bool
    parts: TemplateSides
    attachments: list[AttachedFile]
    fields: list[str]
    versions: list[TemplateVersion]
    held: list[Id]


class StuckBatch(TypedDict):
    """How many ``rows`` of a started batch cannot be sent with their template as it is."""

    batch_id: Id
    rows: int


class TemplateMessages(TypedDict):
    """Messages that need a template: how many, each at most 1,000.

    ``open`` ones will leave; those not sent for certain may be sent ``again``. ``stuck``
    names the waiting tasks that cannot be made with it as it is, for want of ``fields``, and
    ``rows`` counts those of started ``batches`` that cannot when their turn comes; ``fault`` says
    why the first of them cannot.
    """

    open: int
    again: int
    stuck: list[Id]
    rows: int
    batches: list[StuckBatch]
    fields: list[str]
    fault: str | None


class TemplateOfOld(TypedDict):
    """``GET /templates/{name}/versions/{version}``."""

    version: str
    at: str
    source: str
    parts: TemplateSides


class UnknownField(TypedDict):
    """Where a template asks for a field that the item has not; line and column count from 1."""

    field: str
    block: Literal["subject", "text", "html"]
    line: int
    column: int
    nearest: str | None


class Previewed(RenderedMessage):
    """``POST /templates/preview``: the message, and the fields it could not fill.

    ``subject_html`` is the subject with a mark where such a field is missing, as ``html`` has it.
    """

    subject_html: str
    unknown: list[UnknownField]


def _one_test(body: MailTest) -> MailTest:
    if "to" not in body and not {"template", "source", "parts"} & body.keys():
        refuse("to", "This is needed.")
    return _one_subject(body)


AnyText = TypeVar("AnyText", Shown, MailTest, TemplateChange)


def _one_text(body: AnyText) -> AnyText:
    if "source" in body and "parts" in body:
        refuse("parts", "Give either a source or its parts.")
    return body


AnyShown = TypeVar("AnyShown", Shown, MailTest)


def _one_subject(body: AnyShown) -> AnyShown:
    """Check what the message is said to be about."""
    if ("batch_id" in body) != ("row" in body):
        refuse("batch_id" if "row" in body else "row", "A row has both batch_id and row.")
    if "row" in body and {"item", "item_id"} & body.keys():
        refuse("row", "Give either a row or an item.")
    return _one_text(body)


def _some_text(body: TemplateChange) -> TemplateChange:
    if "source" not in body and "parts" not in body:
        refuse("source", "Give a source or its parts.")
    if "rename_of" in body and ("parts" not in body or "copy_of" in body):
        refuse("rename_of", "It goes with parts, and without copy_of.")
    return _one_text(body)


MAIL_TEST: Final = TypeAdapter(Annotated[MailTest, AfterValidator(_one_test)])
SHOWN: Final = TypeAdapter(Annotated[Shown, AfterValidator(_one_subject)])
TEMPLATE_CHANGE: Final = TypeAdapter(Annotated[TemplateChange, AfterValidator(_some_text)])
