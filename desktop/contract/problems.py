"""Errors as the API answers them: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypedDict

MEDIA_TYPE: Final = "application/problem+json"


class FieldError(TypedDict):
    """One bad field: ``path`` is dotted (``recipient.email``, ``items.3.title``)."""

    path: str
    message: str
    reason: NotRequired[Literal["no_keyring"]]
    """What another program may act upon: the password could be kept for the session instead."""


class ConflictingTask(TypedDict):
    """The task that a request was refused for, and the state it is in."""

    task_id: int
    state: str


class Problem(TypedDict):
    """The body of every answer with a status of 400 or more; ``conflict`` explains some 409."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FieldError]]
    conflict: NotRequired[ConflictingTask]
