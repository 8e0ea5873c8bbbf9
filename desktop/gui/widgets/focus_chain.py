"""The focus chain: the widgets of a window in Tab order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget


def in_focus_chain(start: QWidget, *, forward: bool) -> Iterator[QWidget]:
    """Yield the other widgets of a window in Tab order, forward or backward from ``start``.

    PySide records each widget that ``nextInFocusChain`` returns as a child of the widget that was
    asked. When that one is deleted, PySide treats the other and its children as deleted, too.
    Calling ``setParent`` with the actual parent corrects the record.
    """
    each = start
    while True:
        found = each.nextInFocusChain() if forward else each.previousInFocusChain()
        assert found is not None  # noqa: S101 - the chain is a ring
        if shiboken6.createdByPython(found):  # PySide would give up one that Qt made
            found.setParent(found.parentWidget())
        if found is start:
            return
        yield found
        each = found
