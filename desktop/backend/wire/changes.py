"""What bodies may hold that change what was accepted before; see ``bodies``."""

from __future__ import annotations

from typing import Annotated, Final, Required

from pydantic import AfterValidator, ConfigDict, TypeAdapter
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.bodies import STRICT, ItemBody, NewRecipient, one_item, refuse
from desktop.backend.wire.values import Delay, Moment, Priority


class CorrectionBody(TypedDict, total=False):
    """What an item is from now on: its whole body, as it would be registered.

    With ``send`` its tasks that have ended are added again, after ``delay`` seconds.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    item: Required[Annotated[ItemBody, AfterValidator(one_item)]]
    send: bool
    delay: Delay


class ResendBody(TypedDict, total=False):
    """How a task is sent again: ``to`` another recipient, ``to_me``, or to the same.

    It leaves after ``delay`` seconds.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    to: NewRecipient
    to_me: bool
    delay: Delay


class TaskChangeBody(TypedDict, total=False):
    """What to change about a task; a ``run_at`` of ``null``, or one that has passed, is now."""

    __pydantic_config__ = ConfigDict(  # type: ignore[misc]
        **STRICT, json_schema_extra={"minProperties": 1}
    )

    run_at: Moment | None
    priority: Priority
    seen: bool


def _one_addressee(resend: ResendBody) -> ResendBody:
    if "to" in resend and resend.get("to_me"):
        refuse("to_me", "Give either to or to_me, not both.")
    return resend


def _some_change(change: TaskChangeBody) -> TaskChangeBody:
    if not change:
        refuse("run_at", "Give run_at, priority or seen.")
    return change


CORRECTION: Final = TypeAdapter(CorrectionBody)
RESEND: Final = TypeAdapter(Annotated[ResendBody, AfterValidator(_one_addressee)])
TASK_CHANGE: Final = TypeAdapter(Annotated[TaskChangeBody, AfterValidator(_some_change)])
