"""Texts about the list *Do not send*: why an address is on it, since when, and where it is from."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.contract.do_not_send import ListOrigin, ListReason
from desktop.gui.kit.words.ages import day_words
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.contract.do_not_send import ListEntry


translate = QCoreApplication.translate

REASONS: Final[dict[str, Any]] = {
    ListReason.ASKED: QT_TRANSLATE_NOOP("list", "Asked not to be written to"),
    ListReason.LEFT: QT_TRANSLATE_NOOP("list", "Has left"),
    ListReason.NO_MAILBOX: QT_TRANSLATE_NOOP("list", "The mailbox does not exist"),
    ListReason.NO_DOMAIN: QT_TRANSLATE_NOOP("list", "The domain does not exist"),
    ListReason.DISABLED: QT_TRANSLATE_NOOP("list", "The mailbox is closed"),
    ListReason.FORGOTTEN: QT_TRANSLATE_NOOP("list", "Forgotten"),
}


def reason_word(reason: str) -> str:
    """Say why an address is on the list."""
    return translate("list", REASONS[reason]) if reason in REASONS else reason


def where_from(entry: ListEntry) -> str:
    """Say how an entry came onto the list, with what a person added."""
    match entry["origin"]:
        case ListOrigin.FILE:
            said = translate("list", "from {}").format(entry["source"])
        case ListOrigin.SERVER:
            said = server_words(entry["source"])
        case ListOrigin.FORGET:
            said = translate("list", "only a fingerprint is kept")
        case _:
            said = translate("list", "by hand")
    return f"{said}, “{entry['note']}”" if entry["note"] else said


def server_words(codes: str) -> str:
    """Say that a mail server refused an address, with its codes."""
    return ", ".join(filter(None, (translate("list", "mail server"), codes)))


def since_words(entry: ListEntry) -> str:
    """Say why an address is on the list, and since when: for a cell."""
    words = translate("list", "{reason}, since {day}")
    return words.format(reason=reason_word(entry["reason"]), day=_day(entry))


def listed_words(entry: ListEntry) -> str:
    """Say since when an address is on the list, why, and how often that has stopped an e-mail."""
    words, note = translate("list", "On the list “Do not send” since {day}: {why}."), entry["note"]
    reason = reason_word(entry["reason"])
    why = f"“{note}”" if note else reason[:1].lower() + reason[1:]
    said = words.format(day=_day(entry), why=why)
    times = translate("list", "It was left out %Ln times since.", None, entry["left_out"])
    return f"{said} {times}" if entry["left_out"] else said


def _day(entry: ListEntry) -> str:
    return day_words(epoch(entry["since"]) or 0.0, time.time())
