"""Says why a task is in its state, and what its cause is, from the data of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import time
from typing import Any, Final

from sendoff_tasks.model.causes import CauseAbout, CauseKind
from sendoff_tasks.model.reasons import OUTAGES, Reason, ReasonData
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.table import ENGLISH, WordTable, of_queue

LONG_WAIT_S: Final = 60.0
"""The shortest wait for a limit, in seconds, whose end is announced."""
SOON_S: Final = 0.5
"""The same for a server that is tried again."""
_FLAGS: Final = ("fixed", "may_have_arrived", "stops", "on_hold", "paused", "batch")
"""Data of a reason that picks a variant by being there."""


def reason_words(
    words: WordTable,
    reason: str | None,
    data: ReasonData,
    now: float,
    *,
    attempt: int = 1,
    queue: str = "",
) -> str:
    """Say in a phrase why a task is in its state at epoch second ``now``.

    ``attempt`` is the number of its last attempt; its ``queue`` may have words of its own. Empty
    if the state says it all, or the words do not have the reason.
    """
    if reason is None:
        return ""
    variants = [*_variants(data, attempt), of_queue(queue)]
    fields = _ReasonFields(words, data, now)
    count = data.get("count", attempt)
    said = words.fill("reason", reason, variants, count, fields)
    until = epoch(data.get("until"))
    if until is None or until - now <= (SOON_S if reason in OUTAGES else LONG_WAIT_S):
        return said
    return " · ".join(filter(None, (words.fill("until", reason, variants, None, fields), said)))


def refused_words(words: WordTable, refusal: str, data: Mapping[str, Any]) -> str:
    """Say why a call was refused; empty if the words do not have the refusal.

    A refusal is a name of the subject ``refused``, or has its subject before a dot.
    """
    subject, _, name = refusal.rpartition(".")
    fields = _Fields(words, data, time())
    variants = [data.get("kind", "")]
    count = data.get("count")
    number = count if isinstance(count, int) else None
    return words.fill(subject or "refused", name, variants, number, fields)


def error_words(words: WordTable, error: str | None, data: Mapping[str, Any]) -> str | None:
    """Say the error of a task, whose reason may tell it as data; else it is shown as it is.

    The text of a reason that is none of the last attempt's error is not taken for it.
    """
    told = data.get("told") if data.get("text", error) == error else None
    return (refused_words(words, told["refusal"], told["data"]) if told else "") or error


def skipped_words(words: WordTable, refusal: str, count: int) -> str:
    """Say how many tasks an action leaves alone for a reason: *3 are running*."""
    name = refusal if ("skipped", refusal) in words.rows else "other"
    return words.say("skipped", name, n=count)


def notice_words(words: WordTable, reason: str, data: ReasonData, now: float) -> str:
    """Say in a notice since when a queue waits for its server or is paused; else empty."""
    return words.fill("notice", reason, fields=_ReasonFields(words, data, now))


def paused_words(queue: str | None, since: str) -> str:
    """Say since when (RFC 3339) a queue, or with none everything, has been paused."""
    kind = Reason.QUEUE_PAUSED if queue else Reason.ALL_PAUSED
    return notice_words(ENGLISH, kind, {"queue": queue or "", "since": since}, time())


def cause_words(words: WordTable, about: CauseAbout, now: float) -> str:
    """Name a cause in a phrase at epoch second ``now``."""
    kind, reason = about["kind"], about.get("reason", "")
    text = error_words(words, about.get("text", ""), about) or ""
    fields = _ReasonFields(words, about, now)
    if kind == CauseKind.REASON:
        variants = [*_variants(about, 1)]
        said = words.fill("cause", reason, variants, fields=fields)
        said = said or words.fill("reason", reason, variants, fields=fields)
        return said or text or reason
    if kind != CauseKind.EXCEPTION and text:
        return text
    said = words.fill("cause", kind, fields=fields)
    return f"{said}: {text}" if text else said


def _variants(data: Mapping[str, Any], attempt: int) -> Iterator[str]:
    if attempt == 0:
        yield "unstarted"
    yield from (flag for flag in _FLAGS if data.get(flag))
    if "count" in data and data["count"] is None:
        yield "many"
    yield from (str(data[name]) for name in ("code", "mark") if name in data)
    if data.get("server"):
        yield "server"
    if isinstance(data.get("limit"), str):
        yield "rate"
    if data.get("text"):
        yield "text"


class _Fields(dict[str, str]):
    """The data of a text in words, made for the fields that it has."""

    def __init__(self, words: WordTable, data: Mapping[str, Any], now: float) -> None:
        self._words, self.data, self._now = words, data, now

    def __missing__(self, name: str) -> str:
        words, found, now = self._words, self.data.get(name, ""), self._now
        match name:
            case "deadline":
                return words.moment(epoch(found) or now, now)
            case "help":
                return words.fill("database_help", found)
        # as data of its own, it is an error
        return refused_words(words, **found) if isinstance(found, dict) else str(found)


class _ReasonFields(_Fields):
    """The data of a reason or a cause in words."""

    def __missing__(self, name: str) -> str:
        words, data, now = self._words, self.data, self._now
        match name:
            case "since" | "paused":
                return words.moment(epoch(data.get(name)) or now, now)
            case "until":
                return words.coming(epoch(data.get(name)) or now, now)
            case "moment":
                return words.moment(epoch(data.get("until")) or now, now)
            case "limit" if isinstance(data.get(name), str):
                return words.say("limit", "rate", rate=words.rate(data[name]))
            case "limit":
                return words.say("limit", "slots", n=int(data.get(name) or 0))
            case "rate":
                return words.rate(data["limit"])
            case "seconds":
                return words.number(float(data.get("limit", 0)))
            case "queue":
                return words.queue(data.get(name, ""))
            case "text" if "told" in data:
                return error_words(words, data.get(name), data) or ""
            case "phrase":
                return str(data.get("text", "")).rstrip(".")
            case _:
                return super().__missing__(name)
