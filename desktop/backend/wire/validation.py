"""Translates pydantic's errors to dotted paths and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop.contract.problems import FieldError

AT: Final = "at"
"""Key of an error's context that names the wrong field, in a check of a whole object."""

UNKNOWN_KEY: Final = "Unknown key."
_SENTENCES: Final[dict[str, str]] = {
    "missing": "Required.",
    "extra_forbidden": UNKNOWN_KEY,
    "string_type": "This must be text.",
    "string_too_short": "This must not be empty.",
    "string_too_long": "This is longer than {max_length} characters.",
    "int_type": "This must be a whole number.",
    "int_parsing": "This must be a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "This must be a whole number.",
    "float_type": "This must be a number.",
    "float_parsing": "This must be a number.",
    "finite_number": "This must be a finite number.",
    "bool_type": "This must be true or false.",
    "bool_parsing": "This must be true or false.",
    "list_type": "This must be a list.",
    "dict_type": "This must be an object.",
    "model_type": "This must be an object.",
    "typed_dict_type": "This must be an object.",
    "model_attributes_type": "This must be an object.",
    "literal_error": "This must be one of: {expected}.",
    "greater_than_equal": "This must be at least {ge}.",
    "less_than_equal": "This must be at most {le}.",
    "greater_than": "This must be more than {gt}.",
    "less_than": "This must be less than {lt}.",
    "too_long": "At most {max_length} are allowed.",
    "too_short": "At least {min_length} is required.",
}


def field_errors(details: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """Turn ``ValidationError.errors()`` into the ``errors`` of a problem."""
    return [{"path": _path(detail), "message": _sentence(detail)} for detail in details]


def _written(value: Any) -> Any:
    """Write a bound without a zero fraction: ``60`` for ``60.0``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _path(detail: Mapping[str, Any]) -> str:
    location = list(detail["loc"])
    if AT in detail.get("ctx", {}):
        location.append(detail["ctx"][AT])
    return ".".join(str(part) for part in location)


def _sentence(detail: Mapping[str, Any]) -> str:
    context = detail.get("ctx", {})
    sentence = _SENTENCES.get(detail["type"])
    if sentence is not None:
        return sentence.format(**{name: _written(value) for name, value in context.items()})
    if isinstance(context.get("error"), ValueError):  # raised by a check of ours
        return str(context["error"])
    return str(detail["msg"])
