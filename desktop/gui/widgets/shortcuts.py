"""Keyboard shortcuts as named actions, so the help can list them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

EVERYWHERE = Qt.ShortcutContext.WindowShortcut
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut
HERE = Qt.ShortcutContext.WidgetShortcut


def give_key(
    place: QWidget,
    keys: str | Sequence[str] | QKeySequence.StandardKey,
    words: str,
    slot: Callable[[], object],
    context: Qt.ShortcutContext = EVERYWHERE,
) -> QAction:
    """Add a shortcut that calls ``slot``, in the ``context`` given, and return its action.

    ``EVERYWHERE`` is the window of ``place``, ``INSIDE`` is ``place`` with its children, ``HERE``
    is ``place`` while it has the focus. The help shows ``words`` and the first of several
    sequences. Keys held down do not repeat: *pause or resume* would do both.
    """
    action = QAction(words, place)
    if isinstance(keys, QKeySequence.StandardKey):
        action.setShortcuts(keys)
    else:
        sequences = [keys] if isinstance(keys, str) else keys
        action.setShortcuts([QKeySequence(each) for each in sequences])
    action.setShortcutContext(context)
    action.setAutoRepeat(False)
    action.triggered.connect(lambda: slot())
    place.addAction(action)
    return action
