"""Why a task is where it is, as the engine writes it down: a reason and its data."""

from __future__ import annotations

import json
from typing import NamedTuple, cast

from desktop.contract.reasons import Reason, ReasonData


class ServerAnswer(NamedTuple):
    """Which server answered an attempt, and with which code; ``None`` where none did.

    ``enhanced`` is the enhanced status code of a mail server, as in ``5.1.1`` (RFC 3463), and
    ``said`` its own words, the code first.
    """

    server: str | None = None
    code: int | None = None
    enhanced: str | None = None
    said: str | None = None


NO_ANSWER = ServerAnswer()


class Because(NamedTuple):
    """A reason with its data, times in the wire's format."""

    reason: Reason
    data: ReasonData

    @property
    def stored(self) -> tuple[str, str | None]:
        """Return the two columns of a task's row."""
        text = json.dumps(self.data, ensure_ascii=False) if self.data else None
        return self.reason.value, text


def because(reason: Reason, answer: ServerAnswer = NO_ANSWER, **data: object) -> Because:
    """Give a reason with what is known of its data."""
    known = {**data, "server": answer.server, "code": answer.code, "said": answer.said}
    kept = {key: value for key, value in known.items() if value is not None}
    return Because(reason, cast("ReasonData", kept))
