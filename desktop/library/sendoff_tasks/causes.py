"""Reasons with their data, and causes: the data that failures of one kind share.

A task's row stores its reason in the columns ``reason`` and ``reason_data``; the data that each has
is in ``sendoff_tasks.model.reasons``. A cause also knows the server where it was met.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sendoff_tasks.model.causes import CauseAbout, CauseKind, Cure
from sendoff_tasks.model.reasons import Reason, ReasonData
from sendoff_tasks.words.table import Said

if TYPE_CHECKING:
    from collections.abc import Callable


class ServerAnswer(NamedTuple):
    """The server that answered an attempt, and its status code; ``None`` if no server answered.

    ``enhanced`` is an enhanced status code of a server, as in ``5.1.1`` (RFC 3463). ``said`` is
    the answer's text, code first.
    """

    server: str | None = None
    code: int | None = None
    enhanced: str | None = None
    said: str | None = None


NO_ANSWER = ServerAnswer()


class Because(NamedTuple):
    """Why a task is in its state: a reason with its data. Times are in the wire's format."""

    reason: StrEnum
    data: ReasonData

    @property
    def stored(self) -> tuple[str, str | None]:
        """The values of the columns ``reason`` and ``reason_data``, the latter as JSON."""
        text = json.dumps(self.data, ensure_ascii=False) if self.data else None
        return self.reason.value, text


def because(
    reason: StrEnum, answer: ServerAnswer = NO_ANSWER, error: str | None = None, **data: object
) -> Because:
    """Return a reason with its data; values that are ``None`` are left out.

    An ``error`` is told as data if it is a row of the words.
    """
    told = error.told if isinstance(error, Said) else None
    known = {**data, "server": answer.server, "code": answer.code, "said": answer.said}
    known["told"] = told
    kept = {key: value for key, value in known.items() if value is not None}
    return Because(reason, cast("ReasonData", kept))


PLACEHOLDER: Final = "…"
"""Replaces numbers, addresses and ids; texts that differ only in these are the same."""
TEXT: Final = 300
"""Characters kept of a cause's text."""
_KEY: Final = ("kind", "reason", "task", "queue", "server", "code", "enhanced")
_OWN: Final = {
    CauseKind.EXCEPTION: ("exception", "file", "function"),
    CauseKind.SAID: ("text",),
    CauseKind.ANSWER: ("text",),
}
"""The fields that tell causes of one kind apart, besides ``_KEY``."""
_VARIABLE: Final = re.compile(
    r"[^\s<>\"'(),;:]+@[\w-]+(?:\.[\w-]+)*"  # an address, a Message-ID
    r"|(?:\w+[-.:/])*\w*\d\w*(?:[-.:/]\w+)*"  # a number, a time, an id
)
_CURES: Final[dict[StrEnum, Cure]] = {
    Reason.HELD_FOR_FUNCTION: Cure.TASKS_FOLDER,
    Reason.HELD_AFTER_CRASHES: Cure.RETRY,
    Reason.HELD_FOR_PERSON: Cure.RETRY,
}


class FoundCause(NamedTuple):
    """The cause of one failure: its data, its cure, and the server (``place``) where it was met."""

    about: CauseAbout
    cure: str | None = None
    place: str | None = None

    @property
    def id(self) -> str:
        """The cause's key; failures with the same cause have the same key."""
        return cause_id(self.about)


def cause_id(about: CauseAbout) -> str:
    """Return the key of a cause: 16 hexadecimal digits, hashed from its identifying fields."""
    own = _OWN.get(CauseKind(about["kind"]), ())
    names = (*_KEY, *own, *(("batch_id",) if "batch_id" in about else ()))
    key = json.dumps([about.get(name) for name in names], ensure_ascii=False)
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def cause_of_reason(
    reason: StrEnum,
    *,
    task: str | None = None,
    queue: str | None = None,
    answer: ServerAnswer = NO_ANSWER,
    text: str = "",
    cure: str | None = None,
) -> FoundCause:
    """Return a cause that its reason alone explains, for a task or for a whole queue.

    Holds of a queue without a code are told apart by their ``text``.
    """
    is_said = reason == Reason.QUEUE_HELD and answer.code is None
    about = CauseAbout(kind=CauseKind.SAID if is_said else CauseKind.REASON, reason=reason)
    _add_answer(about, answer, text)
    if task is not None:
        about["task"] = task
    if queue is not None:
        about["queue"] = queue
    return FoundCause(about, cure or _CURES.get(reason), answer.server)


def cause_of_answer(task: str, answer: ServerAnswer, text: str, cure: str | None) -> FoundCause:
    """Return the cause made of a server's answer, or of the task's own message."""
    kind = CauseKind.SAID if answer.code is None else CauseKind.ANSWER
    about = CauseAbout(kind=kind, task=task)
    _add_answer(about, answer, text)
    return FoundCause(about, cure, answer.server)


def _add_answer(about: CauseAbout, answer: ServerAnswer, text: str) -> None:
    if answer.server is not None:
        about["server"] = answer.server
    if answer.code is not None:
        about["code"] = answer.code
    if answer.enhanced is not None:
        about["enhanced"] = answer.enhanced
    if answer.said:
        about["said"] = alike(answer.said, answer)
    if text:
        about["text"] = alike(text, answer)
    if isinstance(text, Said):
        about["told"] = in_texts(text.told, lambda each: alike(each, answer))


def alike(text: str, answer: ServerAnswer = NO_ANSWER) -> str:
    """Return a text without the parts that differ from task to task; server and codes stay."""
    kept = {str(part) for part in answer if part is not None}

    def placeholder(match: re.Match[str]) -> str:
        return match[0] if match[0] in kept else PLACEHOLDER

    line = " ".join(_VARIABLE.sub(placeholder, text[: 4 * TEXT]).split())
    return line if len(line) <= TEXT else f"{line[: TEXT - 1]}{PLACEHOLDER}"


def without(word: str, found: FoundCause) -> FoundCause:
    """Return a cause whose texts leave out one more word, in upper or lower case."""
    about = found.about
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    return found._replace(about=said_otherwise(about, partial(pattern.sub, PLACEHOLDER)))


def said_otherwise(about: CauseAbout, change: Callable[[str], str]) -> CauseAbout:
    """Return a cause's data with each of its texts changed."""
    said = {name: about[name] for name in ("text", "said", "told", "task_title") if name in about}
    return cast("CauseAbout", {**about, **in_texts(said, change)})


def in_json(written: str | None, change: Callable[[str], str]) -> str | None:
    """Return JSON with each text in it changed; its keys stay, and all of it if none changes."""
    data = json.loads(written or "null")
    changed = in_texts(data, change)
    return written if changed == data else json.dumps(changed, ensure_ascii=False)


def in_texts(data: Any, change: Callable[[str], str]) -> Any:
    """Return data with each text in it changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [in_texts(each, change) for each in data]
    return {e: in_texts(of, change) for e, of in data.items()} if isinstance(data, dict) else data
