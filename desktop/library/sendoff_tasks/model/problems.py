"""What a token allows, and the errors of the API: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NotRequired

from typing_extensions import TypedDict

CONTRACT: Final = 5
"""Grows with each incompatible change: windows and backends with the same number work together."""


class Access(StrEnum):
    """The access that a token gives."""

    FULL = "full"
    """Everything."""
    VIEWER = "viewer"
    """Reading only."""
    EXPIRED = "expired"
    """Nothing: the token has expired."""
    NONE = "none"
    """Nothing: the token is not known."""


MEDIA_TYPE: Final = "application/problem+json"


class FieldError(TypedDict):
    """One bad field: ``path`` is dotted (``filter.text``, ``3.args``).

    ``message`` says in English what is wrong. ``reason`` is the same as data, with its fields in
    ``data``: the row of the words, such as ``value.string_too_long``, or ``no_keyring``: the
    password can be kept for the session.
    """

    path: str
    message: str
    reason: NotRequired[str]
    data: NotRequired[dict[str, Any]]


class Barred(StrEnum):
    """Why a request was refused before its body was read."""

    ADDRESS = "address"
    """Its ``Host`` is not the backend's own address."""
    ORIGIN = "origin"
    """A web page of another site sent it."""
    TOKEN = "token"  # noqa: S105 - a word, no token
    """Its token is missing or not known."""
    EXPIRED = "expired"
    """Its token has expired."""
    VIEWER = "viewer"
    """Its token allows reading only."""


class Problem(TypedDict):
    """The body of every answer with a status of 400 or more.

    ``detail`` says in English why. ``refusal`` and its ``data`` are the same as data: always of a
    409 for a state that does not allow it, of a 404 of a number, of a 429 and a 503; elsewhere the
    refusal is the row of the words, such as ``template.missing``. If a task stands in the way, the
    data has its ``task_id`` and ``state``.
    ``barred`` explains every 401 and 403.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldError]]
    refusal: NotRequired[str]
    data: NotRequired[dict[str, Any]]
    barred: NotRequired[Barred]
