"""Texts about corrected addresses: the earlier one and the next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.mailbox import written_address
from desktop.contract.states import State

if TYPE_CHECKING:
    from desktop.gui.kit.words.task_row import Row

translate = QCoreApplication.translate


def next_address(row: Row) -> str:
    """Return the corrected address for a task's next run; empty if there is none."""
    if row.next_to is None or row.is_repeated:
        return ""
    return written_address(row.next_to) if row.goes_elsewhere else row.next_to


def next_words(row: Row) -> str:
    """Say to whom a task goes next, as a phrase."""
    to = next_address(row)
    return translate("corrected", "Corrected to {}").format(to) if to else ""


def next_sentence(row: Row) -> str:
    """Say to whom a task goes next, as a sentence."""
    to = next_address(row)
    if not to:
        return ""
    if row.is_mail:
        words = translate(
            "corrected", "Its item has been corrected since. If sent again, it goes to {}."
        )
    else:
        words = translate(
            "corrected", "Its item has been corrected since. If run again, it is for {}."
        )
    return words.format(to)


def earlier_address(row: Row) -> str:
    """Return the earlier address of a waiting task whose item was corrected; else empty."""
    is_waiting = row.state == State.WAITING
    return written_address(row.data.get("to", "")) if is_waiting else ""


def with_earlier(row: Row, said: str) -> str:
    """Prefix an error with the earlier address, if the task's item was corrected since."""
    to = earlier_address(row)
    if not to or not said:
        return said
    words = translate("corrected", "corrected; before that, for {to}: {said}")
    return words.format(to=to, said=said)
