"""What an item says of each of its tasks: its state, and of a message to whom and when it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.mailbox import written_address
from desktop.contract.states import State
from desktop.gui.tasks.words.states import progress_words, put_aside_word
from desktop.gui.words.ages import day_and_time

if TYPE_CHECKING:
    from desktop.gui.tasks.task_row import Row

translate = QCoreApplication.translate


def line_words(row: Row, now: float) -> str:
    """Say how a task is; of a message also to whom it goes, and when it was sent."""
    how = progress_words(row, now)
    words = [how] if row.kept else [put_aside_word(row), how]
    if row.is_mail:
        words[1:1] = [_sent_at(row, now), _addressee(row)]
    return " · ".join(filter(None, words))


def _sent_at(row: Row, now: float) -> str:
    if row.state != State.SUCCEEDED or row.finished is None or row.is_settled:
        return ""
    return day_and_time(row.finished, now)


def _addressee(row: Row) -> str:
    if not row.to:
        return ""
    words = translate("items", "copy to {}") if row.copy else translate("items", "to {}")
    return words.format(written_address(row.to))
