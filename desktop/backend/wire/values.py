"""The field types of request bodies and queries, each with its bounds."""

from __future__ import annotations

import math
import re
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.validation import AT
from desktop.contract.batches import RowCheck, RowOutcome
from desktop.contract.items import Informed
from desktop.contract.reasons import Reason
from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.templates import FIELD_LIMIT, NAME_RULE, is_template_name
from desktop.contract.rules.templates import NAME_LIMIT as TEMPLATE_NAME_LIMIT
from desktop.contract.rules.text import NAME_LIMIT, TITLE_LIMIT, line_problem, text_problem
from desktop.contract.states import State
from desktop.contract.tasks import ID_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DELAY_LIMIT: Final = 10 * 366 * 86_400
"""Seconds: ten years."""
PRIORITY_LIMIT: Final = 1_000_000
TEMPLATE_PART_LIMIT: Final = 64 * 1024
"""Characters."""
SEARCH_LIMIT: Final = 200
IDS_LENGTH: Final = 50_000
"""Characters: a line of a request has 64 KiB at most."""
PASSWORD_LIMIT: Final = 1000
KEY_LIMIT: Final = 200
"""Characters of a task's key, and of an ``Idempotency-Key``."""
IDEMPOTENCY_KEY: Final = "Idempotency-Key"
_EDIT_ID: Final = re.compile(r"^[0-9A-Za-z]{1,64}$")
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

    Raises ``ValueError`` with a sentence for a person.
    """
    if not _RFC_3339.fullmatch(text):
        raise ValueError("This must be a time with an offset, such as 2026-03-01T09:30:00Z.")
    try:
        seconds = datetime.fromisoformat(text.upper()).timestamp()
    except ValueError as error:
        raise ValueError("This date or time does not exist.") from error
    if not _FIRST <= seconds < _LAST:
        raise ValueError("This must be a time between 1970 and 9998.")
    return seconds


def _refusing(problem_of: Callable[[str], str | None]) -> AfterValidator:
    """Refuse a text for which ``problem_of`` returns a sentence."""

    def check(text: str) -> str:
        if problem := problem_of(text):
            raise ValueError(problem)
        return text

    return AfterValidator(check)


def _key_problem(text: str) -> str | None:
    fits = text.strip() and len(text) <= KEY_LIMIT and text.isprintable()
    return None if fits else f"A key has 1 to {KEY_LIMIT} printable characters and is not blank."


def _unless(pattern: re.Pattern[str], problem: str) -> AfterValidator:
    """Refuse a text that is not of this pattern."""
    return _refusing(lambda text: None if pattern.fullmatch(text) else problem)


def _is_moment(text: str) -> str:
    moment(text)
    return text


def _some_of(words: type[StrEnum], name: str) -> AfterValidator:
    """Accept one or several of ``words``, separated by commas."""
    known = {*words}

    def problem_of(text: str) -> str | None:
        unknown = next((word for word in text.split(",") if word not in known), None)
        why = f"“{unknown}” is not {name}. The {name.split()[1]}s are {', '.join(words)}."
        return None if unknown is None else why

    return _refusing(problem_of)


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    for key in fields:
        if problem := line_problem(key, FIELD_LIMIT):
            raise ValueError(problem)
    _finite(fields)
    for path, text in _texts(fields):
        problem = text_problem(text)
        if problem:
            raise PydanticCustomError(
                "refused", "{message}", {AT: ".".join(path), "message": problem}
            )
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


def _finite(value: Any) -> Any:
    """Refuse NaN and infinities, which are not JSON but are accepted by parsers."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("NaN and infinite numbers are not JSON.")
    inside: Iterable[Any] = ()
    if isinstance(value, dict):
        inside = value.values()
    elif isinstance(value, list):
        inside = value
    for inner in inside:
        _finite(inner)
    return value


Id = Annotated[int, Field(ge=1, le=ID_LIMIT)]
Title = Annotated[str, _refusing(lambda text: line_problem(text, TITLE_LIMIT))]
Name = Annotated[str, _refusing(lambda text: line_problem(text, NAME_LIMIT))]
Address = Annotated[str, _refusing(address_problem)]
TemplateName = Annotated[
    str,
    Field(min_length=1, max_length=TEMPLATE_NAME_LIMIT),
    _refusing(lambda text: None if is_template_name(text) else NAME_RULE),
]
FileName = Annotated[str, Field(min_length=1, max_length=255)]
EditId = Annotated[
    str,
    _unless(_EDIT_ID, "This must be 1 to 64 letters and digits."),
    Field(json_schema_extra={"pattern": _EDIT_ID.pattern}),
]
TemplateText = Annotated[str, Field(max_length=TEMPLATE_PART_LIMIT)]
OptionalAddress = Annotated[str, _refusing(lambda text: address_problem(text) if text else None)]
TaskName = Annotated[str, Field(min_length=1, max_length=200)]
TaskKey = Annotated[str, _refusing(_key_problem)]
CauseId = Annotated[str, _unless(_CAUSE, "This is not a cause; GET /causes names them.")]
States = Annotated[str, _some_of(State, "a state")]
InformedWords = Annotated[str, _some_of(Informed, "a word for who is informed")]
Reasons = Annotated[str, _some_of(Reason, "a reason")]
Checks = Annotated[str, _some_of(RowCheck, "a check")]
Outcomes = Annotated[str, _some_of(RowOutcome, "an outcome")]
Ids = Annotated[
    str,
    _unless(_IDS, "Give numbers of tasks, separated by commas."),
    Field(max_length=IDS_LENGTH, json_schema_extra={"pattern": _IDS.pattern}),
]
SearchText = Annotated[str, Field(max_length=SEARCH_LIMIT)]
Moment = Annotated[
    str, AfterValidator(_is_moment), Field(json_schema_extra={"format": "date-time"})
]
Argument = Annotated[Any, AfterValidator(_finite)]
Delay = Annotated[float, Field(ge=0, le=DELAY_LIMIT, allow_inf_nan=False)]
Priority = Annotated[int, Field(ge=-PRIORITY_LIMIT, le=PRIORITY_LIMIT)]
Fields = Annotated[dict[str, Any], AfterValidator(_fields)]
Password = Annotated[str, Field(max_length=PASSWORD_LIMIT)]


class AttachedFile(TypedDict):
    """An attachment; ``size`` is in bytes, or null if the file is missing or its size unknown."""

    file: str
    size: int | None
