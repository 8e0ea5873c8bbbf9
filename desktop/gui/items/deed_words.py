"""What persons did about an item's messages, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.contract.tasks import Deed
from desktop.gui.tasks.task_row import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from desktop.contract.items import DeedLine
    from desktop.contract.tasks import LogLine, TaskRow

translate = QCoreApplication.translate
MOST: Final = 5
"""What is told at most, the newest."""
_DEEDS: Final[dict[str, object]] = {
    Deed.CANCELLED: QT_TRANSLATE_NOOP("items", "cancelled {}"),
    Deed.RETRIED: QT_TRANSLATE_NOOP("items", "retried {}"),
    Deed.DONE: QT_TRANSLATE_NOOP("items", "marked as sent {}"),
    Deed.AGAIN: QT_TRANSLATE_NOOP("items", "sent again {}, although it may have arrived"),
    Deed.SEEN: QT_TRANSLATE_NOOP("items", "marked as seen {}"),
    Deed.UNSEEN: QT_TRANSLATE_NOOP("items", "marked as not seen {}"),
}


def deed_words(
    messages: Iterable[TaskRow],
    lines: Iterable[LogLine | DeedLine],
    when: Callable[[float], str],
) -> str:
    """Say in one line what persons did about messages, and when, the oldest first."""
    again = translate("items", "sent again {}")
    done = [(task["created_at"], again) for task in messages if task["resend_of"] is not None]
    done += [
        (line["at"], translate("items", str(_DEEDS[line["text"]])))
        for line in lines
        if line["text"] in _DEEDS
    ]
    said = [words.format(when(epoch(at) or 0.0)) for at, words in sorted(done)]
    most = ["…", *said[-MOST:]] if len(said) > MOST else said
    return translate("items", "By a person: {}").format(" · ".join(most)) if said else ""
