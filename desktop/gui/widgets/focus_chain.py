"""What Tab leads to: the widgets of a window in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget


def in_focus_chain(start: QWidget, *, forward: bool) -> Iterator[QWidget]:
    """Give the other widgets of a window in the order of Tab, from one on or back from it.

    PySide takes a widget that the chain returns for a child of the one that was asked, and all
    below it for deleted once that one is; ``setParent`` with its own parent puts that right.
    """
    each = start
    while True:
        found = each.nextInFocusChain() if forward else each.previousInFocusChain()
        assert found is not None  # noqa: S101 - the chain is a ring
        if shiboken6.createdByPython(found):  # of what Qt made, it would give up
            found.setParent(found.parentWidget())
        if found is start:
            return
        yield found
        each = found
