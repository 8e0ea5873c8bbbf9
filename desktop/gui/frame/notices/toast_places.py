"""Where toasts lie: side by side on a shelf of their own, each in one place until it goes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QRect

    from desktop.gui.frame.notices.toast import Toast


def lay_out(
    toasts: Sequence[Toast],
    shelf: QRect,
    gap: int,
    free: QRect | None = None,
    *,
    all_again: bool = False,
) -> None:
    """Give toasts, the oldest first, their places on ``shelf``, in pixels of their parent.

    One that lies there stays where it is; ``all_again`` places those, too. A new one takes free
    room from the right, or that of older ones: those wait out of sight until there is room again.
    None that offers an undo gives way to one that only tells. What only tells that something went
    well keeps to the part that is ``free`` of words.
    """
    free = free or shelf
    lying = [each for each in toasts if not (all_again or each.isHidden())]
    for number, toast in reversed([*enumerate(toasts)]):
        if toast in lying:
            continue
        older = [each for each in toasts[:number] if each in lying]
        older = [each for each in older if toast.offers_undo or not each.offers_undo]
        older.sort(key=attrgetter("offers_undo"))
        room = free if toast.only_tells else shelf
        right = _free_right(toast.width(), lying, room, gap)
        while right is None and older:
            lying.remove(older.pop(0))
            right = _free_right(toast.width(), lying, room, gap)
        if right is not None:
            toast.move(right - toast.width() + 1, shelf.bottom() - toast.height() + 1)
            lying.append(toast)
    for toast in toasts:
        toast.setVisible(toast in lying)


def _free_right(width: int, lying: Iterable[Toast], shelf: QRect, gap: int) -> int | None:
    """Return the right edge of the rightmost free place this wide; ``None`` without one."""
    taken = [each.geometry().adjusted(-gap, 0, gap, 0) for each in lying]
    edges = [shelf.right(), *(each.left() - 1 for each in taken)]
    for right in sorted(edges, reverse=True):
        left = right - width + 1
        is_free = all(each.right() < left or each.left() > right for each in taken)
        if is_free and (left >= shelf.left() or right == shelf.right()):
            return right
    return None


def fit(toast: Toast, most: int, *, may_shrink: bool = False) -> bool:
    """Make a toast as large as what it says needs, ``most`` pixels wide; longer words take lines.

    It becomes smaller only where it ``may_shrink``. Tells whether it has another size now.
    """
    before = toast.size()
    whole = toast.words.fontMetrics().horizontalAdvance(toast.words.text()) + 1
    if whole > toast.words.width() or may_shrink:
        toast.words.take_width(whole)
        over = max(0, toast.sizeHint().width() - most)
        toast.words.take_width(max(1, whole - over))
    needs = toast.sizeHint()
    toast.resize(needs if may_shrink else needs.expandedTo(before))
    return toast.size() != before
