"""The bodies of the routes of the list *Do not send*, and of bounces."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Required

from pydantic import BaseModel, Field, TypeAdapter, with_config
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.contract.do_not_send import NOTE_LIMIT, ListReason, entry_problem
from sendoff_tasks.http.wire.bodies import STRICT, Id, SearchText, refusing
from sendoff_tasks.model.tasks import BULK_LIMIT, PAGE_LIMIT
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.words.typed import line_problem

_REASONS: Final = ENGLISH.say("value", "one_of", choices=" or ".join(ListReason))
_reason = refusing(lambda text: None if text in [*ListReason] else _REASONS)
EntryNote = Annotated[str, refusing(lambda text: line_problem(text, NOTE_LIMIT) if text else None)]
Addresses = Annotated[
    list[Annotated[str, Field(max_length=1000)]], Field(min_length=1, max_length=BULK_LIMIT)
]


@with_config(STRICT)
class ListEntryBody(TypedDict, total=False):
    """An address for the list, or a domain after an @; ``source`` is where it is from."""

    address: Required[Annotated[str, refusing(entry_problem)]]
    reason: Annotated[str, _reason]
    note: EntryNote
    source: EntryNote


@with_config(STRICT)
class ListEntriesBody(TypedDict, total=False):
    """Entries to add; the ``origin`` is *person* unless it is *file* or *server*.

    With ``allowed`` the addresses may be written to, and are not offered again.
    """

    entries: Required[Annotated[list[ListEntryBody], Field(min_length=1, max_length=BULK_LIMIT)]]
    origin: Literal["person", "file", "server"]
    allowed: bool


@with_config(STRICT)
class AddressesBody(TypedDict):
    """Addresses to look for on the list; texts that are none are not on it."""

    addresses: Addresses


@with_config(STRICT)
class AllowBody(TypedDict, total=False):
    """Entries to take from the list; with ``again`` false, to put back as they were."""

    entries: Required[Annotated[list[Id], Field(min_length=1, max_length=BULK_LIMIT)]]
    again: bool


@with_config(STRICT)
class BouncedTaskBody(TypedDict):
    """A message that came back, with the codes and words of the server."""

    task_id: Id
    code: Annotated[int, Field(ge=400, le=599)] | None
    enhanced: Annotated[str, Field(pattern=r"^[45]\.\d{1,3}\.\d{1,3}$")] | None
    said: Annotated[str, Field(max_length=1000)]


@with_config(STRICT)
class BouncedTasksBody(TypedDict, total=False):
    """Messages that came back; with ``bounced`` false, that did not come back after all."""

    bounces: Required[Annotated[list[BouncedTaskBody], Field(min_length=1, max_length=BULK_LIMIT)]]
    bounced: bool


class ListParameters(BaseModel):
    """The query of ``GET /do-not-send``; ``text`` begins an address or its domain."""

    text: SearchText = ""
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100


ENTRIES: Final = TypeAdapter(ListEntriesBody)
ADDRESSES: Final = TypeAdapter(AddressesBody)
ALLOW: Final = TypeAdapter(AllowBody)
BOUNCED: Final = TypeAdapter(BouncedTasksBody)
