"""Texts about the list *Do not send*: why an address is on it, since when, and where it is from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desktop.contract import do_not_send
from desktop.gui.kit.words.ages import day_words
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.do_not_send import ListEntry


def reason_word(reason: str) -> str:
    """Say why an address is on the list."""
    return say("listed", reason)


def where_from(entry: ListEntry) -> str:
    """Say how an entry came onto the list, with what a person added."""
    said = say("list_origin", entry["origin"], source=entry["source"])
    if entry["origin"] == do_not_send.ListOrigin.SERVER:
        said = server_words(entry["source"])
    return f"{said}, “{entry['note']}”" if entry["note"] else said


def server_words(codes: str) -> str:
    """Say that a mail server refused an address, with its codes."""
    return ", ".join(filter(None, (say("list_origin", "server"), codes)))


def listed_words(entry: ListEntry) -> str:
    """Say since when an address is on the list, why, and how often that has stopped an e-mail."""
    return do_not_send.listed_words(entry, _day(entry), WORDS)


def _day(entry: ListEntry) -> str:
    return day_words(epoch(entry["since"]) or 0.0, time.time())
