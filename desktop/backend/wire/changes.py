"""The bodies of requests that change items and tasks; see ``bodies``."""

from __future__ import annotations

from typing import Annotated, Final, Required

from pydantic import AfterValidator, ConfigDict, TypeAdapter
from typing_extensions import TypedDict  # pydantic asks for this one before Python 3.12

from desktop.backend.wire.bodies import STRICT, ItemBody, NewRecipient, one_item, refuse
from desktop.backend.wire.values import Delay, Moment, Priority


class CorrectionBody(TypedDict, total=False):
    """A correction of an item: its whole new body.

    With ``send``, its tasks that have ended are added again, after ``delay`` seconds.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    item: Required[Annotated[ItemBody, AfterValidator(one_item)]]
    send: bool
    delay: Delay


class ResendBody(TypedDict, total=False):
    """A repeat of a task: to the same recipient, another one (``to``) or the sender (``to_me``).

    It leaves after ``delay`` seconds.
    """

    __pydantic_config__ = STRICT  # type: ignore[misc]

    to: NewRecipient
    to_me: bool
    delay: Delay


class TaskChangeBody(TypedDict, total=False):
    """A change of a task; a ``run_at`` that is ``null`` or past means now."""

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
