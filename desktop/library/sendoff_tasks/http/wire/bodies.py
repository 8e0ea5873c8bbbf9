"""The bodies and answers of tasks, and the types of fields of all bodies.

A body is a typed dictionary without unknown keys, checked by pydantic. It records which keys were
sent; a model with defaults would not. Two requests are *the same* if their checked bodies are
equal.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    Literal,
    LiteralString,
    NoReturn,
    NotRequired,
    Required,
    TypeVar,
)

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from sendoff_tasks.http.wire.problems import AT, SAID
from sendoff_tasks.model.problems import Access
from sendoff_tasks.model.reasons import NO_REASON, Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import (
    BULK_LIMIT,
    GRACE_LIMIT,
    ID_LIMIT,
    KEY_LIMIT,
    BulkAction,
    PendingRow,
)
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

DELAY_LIMIT: Final = 10 * 366 * 86_400
"""Seconds: ten years."""
PRIORITY_LIMIT: Final = 1_000_000
SEARCH_LIMIT: Final = 200
IDS_LENGTH: Final = 50_000
"""Characters: a line of a request has 64 KiB at most."""
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
UNDO_FOR: Final = "undo_for"
"""The key of a query with the seconds for which what is asked for can be undone."""

_IDS: Final = re.compile(r"^[1-9][0-9]{0,15}(,[1-9][0-9]{0,15})*$")
_CAUSE: Final = re.compile("[0-9a-f]{16}")
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_FIRST: Final = 0.0
_LAST: Final = 253_370_764_800.0
"""The start of the year 9999: a later time may be beyond the calendar in another time zone."""


def moment(text: str) -> float:
    """Parse a time; returns seconds since the epoch.

    Raises ``ValueError``.
    """
    if not _RFC_3339.fullmatch(text):
        raise wrong("moment")
    try:
        seconds = datetime.fromisoformat(text.upper()).timestamp()
    except ValueError as error:
        raise wrong("no_such_moment") from error
    if not _FIRST <= seconds < _LAST:
        raise wrong("far_moment")
    return seconds


def refusing(problem_of: Callable[[str], str | None]) -> AfterValidator:
    """Refuse a text for which ``problem_of`` returns a sentence."""

    def check(text: str) -> str:
        if problem := problem_of(text):
            raise ValueError(problem)
        return text

    return AfterValidator(check)


def wrong(reason: LiteralString, **data: object) -> PydanticCustomError:
    """Make the error of a value; the ``reason`` is a row of ``value``, with its ``data``."""
    said = ENGLISH.fill("value", reason, fields=data)
    return PydanticCustomError(reason, "{said}", {SAID: said})


def _unless(fits: Callable[[str], object], reason: LiteralString, **data: object) -> AfterValidator:
    """Refuse a text that does not fit."""

    def check(text: str) -> str:
        if not fits(text):
            raise wrong(reason, **data)
        return text

    return AfterValidator(check)


def _is_key(text: str) -> bool:
    return bool(text.strip()) and len(text) <= KEY_LIMIT and text.isprintable()


def _is_moment(text: str) -> str:
    moment(text)
    return text


def some_of(words: Iterable[str], name: str) -> AfterValidator:
    """Accept one or several of ``words``, separated by commas."""
    known = {*words}

    def problem_of(text: str) -> str | None:
        unknown = next((word for word in text.split(",") if word not in known), None)
        fields = {"given": unknown, "kind": name, "kinds": f"{name.split()[1]}s"}
        fields["words"] = ", ".join(words)
        return None if unknown is None else ENGLISH.fill("value", "no_word", fields=fields)

    return refusing(problem_of)


def finite(value: Any) -> Any:
    """Refuse NaN and infinities, which are not JSON but are accepted by parsers."""
    if isinstance(value, float) and not math.isfinite(value):
        raise wrong("not_json")
    inside: Iterable[Any] = ()
    if isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, list):
        inside = value
    for inner in inside:
        finite(inner)
    return value


Id = Annotated[int, Field(ge=1, le=ID_LIMIT)]
TaskName = Annotated[str, Field(min_length=1, max_length=200)]
TaskKey = Annotated[str, _unless(_is_key, "key", most=KEY_LIMIT)]
CauseId = Annotated[str, _unless(_CAUSE.fullmatch, "no_cause")]
States = Annotated[str, some_of(State, "a state")]
Reasons = Annotated[str, some_of([*Reason, NO_REASON], "a reason")]
Ids = Annotated[
    str,
    _unless(_IDS.fullmatch, "numbers"),
    Field(max_length=IDS_LENGTH, json_schema_extra={"pattern": _IDS.pattern}),
]
SearchText = Annotated[str, Field(max_length=SEARCH_LIMIT)]
MomentText = Annotated[
    str, AfterValidator(_is_moment), Field(json_schema_extra={"format": "date-time"})
]
ArgumentValue = Annotated[Any, AfterValidator(finite)]
Delay = Annotated[float, Field(ge=0, le=DELAY_LIMIT, allow_inf_nan=False)]
Grace = Annotated[float, Field(ge=0, le=GRACE_LIMIT, allow_inf_nan=False)]
Priority = Annotated[int, Field(ge=-PRIORITY_LIMIT, le=PRIORITY_LIMIT)]


STRICT: Final = ConfigDict(extra="forbid", strict=True, defer_build=True)
"""The validator of a body is built at its first use: all of them together take 20 ms."""


@with_config(STRICT)
class Timing(TypedDict, total=False):
    """When tasks run: after ``delay`` seconds or at ``run_at``, and not after ``deadline``."""

    delay: Delay
    run_at: MomentText
    deadline: MomentText
    priority: Priority


def one_start(timing: Mapping[str, Any]) -> Any:
    """Check the fields of ``Timing`` that depend on each other."""
    if "delay" in timing and "run_at" in timing:
        refuse("run_at", ENGLISH.say("value", "one_start"))
    start, deadline = timing.get("run_at"), timing.get("deadline")
    if start and deadline and moment(deadline) <= moment(start):
        refuse("deadline", ENGLISH.say("value", "early_deadline"))
    return timing


def refuse(key: str, message: str) -> NoReturn:
    """Raise the error of one field from a check of the whole object."""
    raise PydanticCustomError("refused", "{said}", {AT: key, SAID: message})


@with_config(STRICT)
class TaskBody(Timing, total=False):
    """A task to add, by its registered name; only one task with the same ``key`` is open.

    ``like`` is the number of a task of the function: arguments that are not given are taken from
    it, as they are stored. The name can then be left out.
    """

    task: TaskName
    like: Id
    args: Annotated[list[ArgumentValue], Field(max_length=1000)]
    kwargs: dict[str, ArgumentValue]
    key: TaskKey


B = TypeVar("B")


SearchedWords = Annotated[
    SearchText, _unless(lambda text: any(map(str.isalnum, text)), "some_word")
]


@with_config(STRICT)
class FilterBody(TypedDict, total=False):
    """A filter of tasks, as in ``GET /tasks``; without any key it matches all tasks.

    Search texts need a letter or a digit: an empty one would match every task. ``known_at``
    excludes tasks that were accepted or ended at that time or later, because the person who chose
    the tasks then has not seen them.
    """

    state: States
    task: TaskName
    called: SearchedWords
    text: SearchedWords
    since: MomentText
    until: MomentText
    known_at: MomentText
    reason: Reasons
    standing: bool
    seen: bool
    batch_id: Id
    queue: TaskName
    cause: CauseId
    error: SearchedWords
    id: Ids


BULK_CONFIG: Final = ConfigDict(
    **STRICT, json_schema_extra={"oneOf": [{"required": ["ids"]}, {"required": ["filter"]}]}
)


@with_config(BULK_CONFIG)
class Bulk(TypedDict, total=False):
    """One action on many tasks: those of ``ids``, or all that ``filter`` matches.

    After ``delay`` seconds it is done; until then it is *pending* and can be undone. With
    ``preview`` nothing is done.
    """

    action: Required[BulkAction]
    ids: Annotated[list[Id], Field(max_length=BULK_LIMIT)]
    filter: FilterBody
    delay: Grace
    preview: bool


@with_config(STRICT)
class Resolution(TypedDict):
    """The decision about an *uncertain* task."""

    outcome: Literal["done", "again"]


@with_config(ConfigDict(**STRICT, json_schema_extra={"minProperties": 1}))
class TaskChangeBody(TypedDict, total=False):
    """A change of a task; a ``run_at`` that is ``null`` or past means now."""

    run_at: MomentText | None
    priority: Priority
    seen: bool


def some_tasks(bulk: Bulk) -> Bulk:
    """Check that a bulk call names its tasks in one way."""
    if ("ids" in bulk) == ("filter" in bulk):
        refuse("ids", ENGLISH.say("value", "some_tasks"))
    return bulk


def _some_function(body: Mapping[str, Any]) -> Any:
    """Check that a new task names its function, and the fields that depend on each other."""
    if body.keys().isdisjoint(("task", "like")):
        refuse("task", ENGLISH.say("value", "some_function"))
    return one_start(body)


def _some_change(change: TaskChangeBody) -> TaskChangeBody:
    if not change:
        refuse("run_at", ENGLISH.say("value", "some_change"))
    return change


class PendingRows(TypedDict):
    """``GET /pending``."""

    pending: list[PendingRow]


class TaskIds(TypedDict):
    """The numbers of a list of added tasks; ``pending`` if they can be undone."""

    ids: list[int]
    pending: NotRequired[PendingRow]


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


class PageCode(TypedDict):
    """The answer of ``POST /page/once``; the code counts for so many ``seconds``."""

    code: str
    seconds: int


def one_or_many(kind: type[B]) -> tuple[TypeAdapter[B], TypeAdapter[list[B]]]:
    """Return what reads the body of ``POST /tasks``, as a task of this kind or as a list."""
    one: Any = Annotated[kind, AfterValidator(_some_function)]
    many: Any = Annotated[list[one], Field(min_length=1, max_length=BULK_LIMIT)]
    return TypeAdapter(one), TypeAdapter(many, config=ConfigDict(defer_build=True))


NEW_TASK, NEW_TASKS = one_or_many(TaskBody)
BULK: Final = TypeAdapter(Annotated[Bulk, AfterValidator(some_tasks)])
RESOLUTION: Final = TypeAdapter(Resolution)
TASK_CHANGE: Final = TypeAdapter(Annotated[TaskChangeBody, AfterValidator(_some_change)])
