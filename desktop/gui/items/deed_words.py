"""The line that says what people did with an item's messages."""

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
Corrected = tuple[str, list[tuple[str, str, str]]]
"""When an item was corrected, and the changed values: name, old value, new value."""
MOST: Final = 5
"""The most deeds in the line; older ones are left out."""
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
    corrected: Iterable[Corrected] = (),
) -> str:
    """Say in one line what people did with messages, and when, oldest first.

    ``corrected`` are the item's corrections, if they are to be included.
    """
    again = translate("items", "sent again {}")
    done = [(task["created_at"], again) for task in messages if task["resend_of"] is not None]
    done += [
        (line["at"], translate("items", str(_DEEDS[line["text"]])))
        for line in lines
        if line["text"] in _DEEDS
    ]
    told = [(at, words.format(when(epoch(at) or 0.0))) for at, words in done]
    corrected_words = translate("items", "corrected {} ({})")
    for at, changed in corrected:
        what = "; ".join(f"{key}: {was} → {became}" for key, was, became in changed)
        told.append((at, corrected_words.format(when(epoch(at) or 0.0), what)))
    said = [words for _, words in sorted(told)]
    most = ["…", *said[-MOST:]] if len(said) > MOST else said
    return translate("items", "By a person: {}").format(" · ".join(most)) if said else ""
