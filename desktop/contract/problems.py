"""Errors as the API answers them: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, NotRequired, TypedDict

MEDIA_TYPE: Final = "application/problem+json"


class FieldError(TypedDict):
    """One bad field: ``path`` is dotted (``recipient.email``, ``items.3.title``)."""

    path: str
    message: str
    reason: NotRequired[Literal["no_keyring"]]
    """What another program may act upon: the password could be kept for the session instead."""


class Barred(StrEnum):
    """Why a request was not let in, before it was read."""

    ADDRESS = "address"
    """It was sent to another address than the backend's own."""
    ORIGIN = "origin"
    """A web page of another site sent it."""
    TOKEN = "token"  # noqa: S105 - a word, no token
    """Its token is not known, or missing."""
    EXPIRED = "expired"
    """Its token has expired."""
    VIEWER = "viewer"
    """Its token allows to look, and this would change something."""


class ConflictingTask(TypedDict):
    """The task that a request was refused for, and the state it is in."""

    task_id: int
    state: str


class Problem(TypedDict):
    """The body of every answer with a status of 400 or more.

    ``conflict`` explains some 409, ``barred`` every 401 and 403.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldError]]
    conflict: NotRequired[ConflictingTask]
    barred: NotRequired[Barred]
