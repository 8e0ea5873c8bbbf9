"""Which answers say that a server takes no more messages for now, whichever message it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SENDING: Final = (
    r"too many (e-?)?(mails|messages)|too much mail|throttl"
    r"|(daily|hourly|sending|relay|outgoing)\b.*\b(limit|quota|rate)|max \w+ per (hour|day)"
)


@dataclass(frozen=True, slots=True)
class _QuotaAnswer:
    """One row: the reply codes, how the enhanced code begins, and what the words speak of."""

    codes: frozenset[int]
    enhanced: str
    words: str = ""


_LATER: Final = frozenset({421, 450, 451, 452, 454})
_NEVER: Final = frozenset({550, 552, 554})
_ANSWERS: Final = (
    _QuotaAnswer(_LATER, "4.7.", rf"too many|rate limit|limit exceeded|quota|{_SENDING}"),
    _QuotaAnswer(_LATER, "4.2.1", r"relay limit exceeded"),  # Google's relay
    _QuotaAnswer(_LATER, "", _SENDING),
    _QuotaAnswer(_NEVER, "5.4.5"),  # Gmail: the limit of a day
    _QuotaAnswer(_NEVER, "5.1.90"),  # Microsoft 365: the limit of a day
    _QuotaAnswer(_NEVER, "5.2.0", r"submission ?quota"),  # Exchange
    _QuotaAnswer(_NEVER, "", _SENDING),
)
"""The enhanced codes are of RFC 3463; an empty one stands for an answer without."""
_OTHER: Final = re.compile(
    r"connections?|sessions?|recipients? per|log-?ins?|auth|greylist|mailbox|account that you",
    re.IGNORECASE,
)
"""Limits that another connection, another recipient or a moment's wait is right for."""
_ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")
_NAMED: Final = re.compile(
    r"\b(?:in|after) (\d{1,5}) ?(s|m|h)(?:ec|econd|in|inute|our)?s?\b", re.IGNORECASE
)
_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}


def is_quota(code: int, words: str) -> bool:
    """Tell whether a reply, by its code and the words behind it, speaks of what is left to send."""
    enhanced = enhanced_code(words)
    return any(
        code in answer.codes
        and (enhanced.startswith(answer.enhanced) if answer.enhanced else not enhanced)
        and (not answer.words or _speaks(answer.words, words))
        for answer in _ANSWERS
    )


def enhanced_code(words: str) -> str:
    """Return the enhanced code that the words behind a reply code begin with, or nothing."""
    found = _ENHANCED.match(words)
    return found[0] if found else ""


def named_wait(words: str) -> float | None:
    """Return after how many s the server wants to be asked again, where it says so."""
    found = _NAMED.search(words)
    return None if found is None else float(found[1]) * _SECONDS[found[2].lower()]


def _speaks(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None and not _OTHER.search(words)
