"""The bodies of settings, and the bodies and answers of templates and messages."""

from __future__ import annotations

from typing import Annotated, Final, Literal, NotRequired, Required, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.items import (
    AddressText,
    Copies,
    OneItem,
    OptionalAddress,
    OptionalMailbox,
    TemplateName,
)
from desktop.contract.settings import CopiesWanted, PasswordKept, Security
from desktop.contract.sign_in import SignInName
from desktop.settings.preferences import PASSWORD_LIMIT
from sendoff_tasks.http.wire.bodies import STRICT, Id, refuse
from sendoff_tasks.words.table import ENGLISH

QUEUES_LIMIT: Final = 1000
TEMPLATE_PART_LIMIT: Final = 64 * 1024
"""Characters."""
TemplateText = Annotated[str, Field(max_length=TEMPLATE_PART_LIMIT)]


LetterheadText = Annotated[str, Field(max_length=2000)]
LOGO_TEXT_LIMIT: Final = 96 * 1024
"""Characters of a logo in base64."""


class AttachedFile(TypedDict):
    """An attachment; ``size`` is in bytes, or null if the file is missing or its size unknown."""

    file: str
    size: int | None


@with_config(STRICT)
class MailChange(TypedDict, total=False):
    """A change of the mail settings.

    ``password`` is kept in the keyring, or with ``keep_password`` *session* in the backend's
    memory until it ends, with *file* in a file that only its owner can read; an empty password
    deletes it. ``client_secret``, which belongs to a ``client_id``, is kept in the keyring, else in
    that file. ``password_set``, ``password_kept`` and ``client_secret_set`` may
    be sent as they were read; they change nothing. ``outbox`` is the earlier word for ``practice``.
    ``hours`` are the sending hours of batches, as ``Mon-Sat 8:00-18:00``; empty for at any time.
    ``sent_copies`` says of which e-mails a copy goes into the account's folder of sent e-mails:
    ``single`` are those that are in no batch; empty for none.
    """

    transport: Literal["practice", "smtp", "outbox"]
    host: str
    port: int
    security: Security
    user: str
    sign_in: SignInName
    client_id: str
    tenant: str
    hours: str
    sent_copies: CopiesWanted
    client_secret: Annotated[str, Field(max_length=PASSWORD_LIMIT)]
    sender: str
    default_recipient: str
    password: Annotated[str, Field(max_length=PASSWORD_LIMIT)]
    keep_password: Literal["keyring", "session", "file"]
    password_set: bool
    password_kept: PasswordKept | None
    client_secret_set: bool


@with_config(STRICT)
class SignInBegun(TypedDict, total=False):
    """What to sign in for: the saved settings, or with ``mail`` others to try.

    With ``shared``, also to send as a shared mailbox, which is then the sender.
    """

    mail: MailChange
    shared: bool


@with_config(STRICT)
class WindowChange(TypedDict, total=False):
    """A change of the window's settings."""

    grace_seconds: Annotated[float, Field(allow_inf_nan=False)]


@with_config(STRICT)
class KeepChange(TypedDict, total=False):
    """A change of how long things are kept, in days: see :class:`KeepView`."""

    tasks_days: int
    messages_days: int
    contents_days: int
    items_days: int


@with_config(STRICT)
class QueueChange(TypedDict, total=False):
    """A change of a queue's limits; with ``null``, the limit that its tasks declare applies."""

    concurrency: int | None
    per_day: int | None
    rate: Annotated[str | None, AfterValidator(lambda rate: rate or None)]


@with_config(STRICT)
class SettingsChange(TypedDict, total=False):
    """A change of settings; settings without a key stay as they are."""

    mail: MailChange
    window: WindowChange
    keep: KeepChange
    queues: Annotated[dict[str, QueueChange], Field(max_length=QUEUES_LIMIT)]


@with_config(STRICT)
class SettingsSaved(SettingsChange, total=False):
    """A change of settings, which may begin practice mode.

    ``open`` says what then becomes of the e-mails that were submitted for real and are not sent
    yet: ``hold`` lets them wait for real sending, ``keep`` has practice mode keep them.
    """

    open: Literal["hold", "keep"]


RenderedMessage = TypedDict(  # a class cannot have a field named "from"
    "RenderedMessage",
    {
        "from": str,
        "reply_to": str,
        "to": str,
        "cc": str,
        "bcc": str,
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


class MailTested(TypedDict):
    """``POST /mail/test``: the message, a sentence, and the dialogue with the server."""

    ok: Literal[True]
    message_id: str
    text: str
    log: list[str]


@with_config(STRICT)
class TemplateBody(TypedDict, total=False):
    """A template by its parts; with ``html`` ``null`` that part is made from the text.

    With the ``format`` *markdown* it is a letter. Without one, the format stays as it is.
    A ``sender`` replaces that of the mail settings. ``cc`` and ``bcc`` are lines of addresses, at
    most 20 each, which get a copy of each message.
    ``attachments`` names the files that are attached from now on: each is one already, or was
    stored. Without it, all of them stay.
    """

    subject: Required[TemplateText]
    text: Required[TemplateText]
    html: TemplateText | None
    format: Literal["", "markdown"]
    sender: OptionalMailbox
    reply_to: OptionalAddress
    cc: Copies
    bcc: Copies
    attachments: list[str]


@with_config(STRICT)
class LetterheadChange(TypedDict):
    """What all letters share; an empty part is left out.

    ``colour`` is written as ``#0B6B57``. ``logo`` is a PNG in base64 of at most 240 x 240 pixels
    and 64 KiB; ``null`` removes it, and without it the logo stays.
    """

    name: LetterheadText
    line: LetterheadText
    colour: Annotated[str, Field(max_length=7)]
    signature: LetterheadText
    logo: NotRequired[Annotated[str | None, Field(max_length=LOGO_TEXT_LIMIT)]]


@with_config(STRICT)
class Shown(TypedDict, total=False):
    """A message to preview.

    The template is given by name (``template``), by its ``source`` or by its ``parts``. The item is
    a registered one (``item_id`` alone), a new one (``item``; ``item_id`` is the number it shows),
    a ``row`` of the batch ``batch_id``, or else an example. With ``parts``, fields that a
    registered item lacks have examples. With a ``letterhead``, a letter is in that one.
    """

    template: TemplateName
    source: str
    parts: TemplateBody
    item: OneItem
    item_id: Id
    batch_id: Id
    row: Id
    letterhead: LetterheadChange


@with_config(STRICT)
class MailTest(Shown, total=False):
    """A test message: its recipient ``to``, and mail settings to try that are not saved.

    With a template, that message is sent. It may then lack ``to``: it goes to the sender.
    """

    to: AddressText
    mail: MailChange


@with_config(STRICT)
class TemplateChange(TypedDict, total=False):
    """A template's source or its parts; its name is the one in the path.

    ``copy_of`` names a template whose source and attachments a new one begins with. With ``held``,
    messages on hold for a fault of the template take it; others keep what they were planned with.
    """

    name: TemplateName
    source: str
    parts: TemplateBody
    copy_of: TemplateName
    held: bool


@with_config(STRICT)
class TakeNewest(TypedDict):
    """Which messages are to be made of the newest edition of a template."""

    kinds: list[Literal["open", "kept"]]


class LetterheadView(TypedDict):
    """What all letters share; ``logo`` is a PNG in base64, or ``null``."""

    name: str
    line: str
    colour: str
    signature: str
    logo: str | None


class TemplateDetail(TypedDict):
    """A template in a list.

    - ``fields``: the fields that it uses, beyond the ``standard`` ones that it uses
    - ``left_over``: what its text has in brackets, as other programs write fields: «Name»
    """

    name: str
    own: bool
    built_in: bool
    subject: str
    fields: list[str]
    standard: list[str]
    left_over: list[str]


class DeletedTemplate(TypedDict):
    """A deleted template: its last version, and the time of the deletion."""

    name: str
    version: str
    at: str


class TemplateNames(TypedDict):
    """``GET /templates``; a ``deleted`` one is restored by writing a version's source."""

    templates: list[str]
    details: list[TemplateDetail]
    deleted: list[DeletedTemplate]


class TemplateSides(TypedDict):
    """The parts of a template's file; ``html`` is ``null`` if it is made from the text."""

    subject: str
    text: str
    html: str | None
    format: str
    sender: str
    reply_to: str
    cc: str
    bcc: str


class TemplateVersion(TypedDict):
    """A version of a template that was in use until ``at``."""

    version: str
    at: str


class TemplateView(TypedDict):
    """A template with its files and earlier versions.

    ``held`` names the tasks on hold, 1,000 at most, whose messages can be made since it was
    corrected: a retry sends them.
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


class OlderEdition(TypedDict):
    """Messages that are made of an older edition of their template.

    - ``kind``: ``open`` ones will be sent; ``kept`` ones were kept in practice mode
    - ``at``: when they start, if it is one time
    - ``stuck``: how many could not be made with the newest edition
    """

    kind: Literal["open", "kept"]
    count: int
    at: str | None
    stuck: int


class TemplateMessages(TypedDict):
    """The messages that need a template.

    - ``open``: messages that will be sent
    - ``again``: messages that were not sent for certain and may be sent again
    - ``older``: those that keep the text and attachments with which they were planned
    - ``counts_are_exact``: false if 1,000 messages of one kind, or 1,000 rows, were found: no more
      are counted and tried, so each number may be higher
    - ``fields``: the fields that the newest edition needs and ``older`` messages lack
    - ``fault``: the reason of the first one that cannot be made with the newest
    """

    open: int
    again: int
    older: list[OlderEdition]
    counts_are_exact: bool
    fields: list[str]
    fault: str | None


class NewestTaken(TypedDict):
    """What :class:`TakeNewest` did.

    - ``taken``: how many messages are made of the newest edition now, without rows that are no
      tasks yet
    - ``held``: as in :class:`TemplateView`
    """

    taken: int
    held: list[Id]


class TemplateOfOld(TypedDict):
    """``GET /templates/{name}/versions/{version}``."""

    version: str
    at: str
    source: str
    parts: TemplateSides


class UnknownField(TypedDict):
    """A place where a template uses a field that the item lacks; line and column count from 1."""

    field: str
    block: Literal["subject", "text", "html"]
    line: int
    column: int
    nearest: str | None


class Previewed(RenderedMessage):
    """``POST /templates/preview``: the message, and its ``unknown`` fields.

    ``subject_html`` is the subject as HTML, with a mark at each missing or empty field, as in
    ``html``; ``marked`` are the names of these fields. ``values`` are the texts of all fields that
    the message can have.
    """

    subject_html: str
    marked: list[str]
    values: dict[str, str]
    unknown: list[UnknownField]


def _one_test(body: MailTest) -> MailTest:
    if "to" not in body and not {"template", "source", "parts"} & body.keys():
        refuse("to", ENGLISH.say("value", "missing"))
    return _one_subject(body)


AnyText = TypeVar("AnyText", Shown, MailTest, TemplateChange)


def _one_text(body: AnyText) -> AnyText:
    if "source" in body and "parts" in body:
        refuse("parts", ENGLISH.say("request", "one_source"))
    return body


AnyShown = TypeVar("AnyShown", Shown, MailTest)


def _one_subject(body: AnyShown) -> AnyShown:
    """Check that a body names one item or one row."""
    if ("batch_id" in body) != ("row" in body):
        refuse("batch_id" if "row" in body else "row", ENGLISH.say("request", "whole_row"))
    if "row" in body and {"item", "item_id"} & body.keys():
        refuse("row", ENGLISH.say("request", "row_or_item"))
    return _one_text(body)


def _some_text(body: TemplateChange) -> TemplateChange:
    if "source" not in body and "parts" not in body:
        refuse("source", ENGLISH.say("request", "some_source"))
    return _one_text(body)


MAIL_TEST: Final = TypeAdapter(Annotated[MailTest, AfterValidator(_one_test)])
SIGN_IN_BEGUN: Final = TypeAdapter(SignInBegun)
SHOWN: Final = TypeAdapter(Annotated[Shown, AfterValidator(_one_subject)])
TAKE_NEWEST: Final = TypeAdapter(TakeNewest)
LETTERHEAD_CHANGE: Final = TypeAdapter(LetterheadChange)
TEMPLATE_CHANGE: Final = TypeAdapter(Annotated[TemplateChange, AfterValidator(_some_text)])
SETTINGS_SAVED: Final = TypeAdapter(SettingsSaved)
