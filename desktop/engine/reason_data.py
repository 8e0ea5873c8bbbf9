"""A reason with its data, as the columns ``reason`` and ``reason_data`` of a task store it.

The reasons themselves, and the data that each has, are in ``desktop.contract.reasons``.
"""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from desktop.contract.reasons import Reason, ReasonData


class ServerAnswer(NamedTuple):
    """The server that answered an attempt, and its status code; ``None`` if no server answered.

    ``enhanced`` is a mail server's enhanced status code, as in ``5.1.1`` (RFC 3463). ``said`` is
    the answer's text, code first.
    """

    server: str | None = None
    code: int | None = None
    enhanced: str | None = None
    said: str | None = None


NO_ANSWER = ServerAnswer()


class Because(NamedTuple):
    """Why a task is in its state: a reason with its data. Times are in the wire's format."""

    reason: Reason
    data: ReasonData

    @property
    def stored(self) -> tuple[str, str | None]:
        """The values of the columns ``reason`` and ``reason_data``, the latter as JSON."""
        text = json.dumps(self.data, ensure_ascii=False) if self.data else None
        return self.reason.value, text


def because(reason: Reason, answer: ServerAnswer = NO_ANSWER, **data: object) -> Because:
    """Return a reason with its data; values that are ``None`` are left out."""
    known = {**data, "server": answer.server, "code": answer.code, "said": answer.said}
    kept = {key: value for key, value in known.items() if value is not None}
    return Because(reason, cast("ReasonData", kept))
