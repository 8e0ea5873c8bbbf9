"""Tells which cells of a spreadsheet say that a person wants no e-mail: *Status: unsubscribed*."""

from __future__ import annotations

import re
import tomllib
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Final

from desktop.contract.rules.names import IN_BRACKETS
from desktop.contract.rules.values import read_yes_no
from sendoff_tasks.model.text import plain

_TABLE: Final = tomllib.loads(Path(__file__).with_name("opt_outs.toml").read_text("utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(" ".join(each.split()) for each in text.split(","))


def _headings(name: str, following: str) -> re.Pattern[str]:
    before = "|".join(_TABLE["before"].split())
    return re.compile(rf"(?:(?:{before}) )*(?:{'|'.join(_TABLE[name])})(?: {following}*)?")


_REFUSALS: Final = _headings("refusals", ".")
_CONSENTS: Final = _headings("consents", r"\D")
_OTHERS: Final = frozenset(_TABLE["others"].split())
_TEXTS: Final = _words(_TABLE["texts"])
_NOES: Final = _words(_TABLE["noes"])
_NOTHING: Final = _words(_TABLE["nothing"])
_PARTS: Final = re.compile(r"[/|\n]")
LONGEST: Final = 60
"""Characters of a text that says it; a longer one is a remark that a person has to read."""


class _About(Enum):
    """What a column is about."""

    REFUSAL = "refusal"
    CONSENT = "consent"
    OTHER = "other"


@lru_cache(1024)
def _about(heading: str) -> _About:
    forms = (heading, IN_BRACKETS.sub(" ", heading), *_PARTS.split(heading))
    for form in map(plain, forms):
        if not _OTHERS.isdisjoint(form.split()):
            continue
        if _REFUSALS.fullmatch(form):
            return _About.REFUSAL
        if _CONSENTS.fullmatch(form):
            return _About.CONSENT
    return _About.OTHER


@lru_cache(4096)
def opts_out(heading: str, text: str) -> bool:
    """Tell whether a text says under a heading that the person of its row wants no e-mail."""
    if not text.strip() or len(text) > LONGEST:
        return False
    said = plain(text)
    if said in _TEXTS:
        return True
    match _about(heading):
        case _About.CONSENT:
            return read_yes_no(text) is False or said in _NOES
        case _About.REFUSAL:
            is_yes = read_yes_no(text)
            return is_yes is not False and said not in _NOTHING and bool(said or is_yes)
        case _:
            return False
