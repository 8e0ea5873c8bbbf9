"""The layout of toasts: side by side on a shelf, each at one place until it closes."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.gui.frame.notices.toast import Toast

_ANY: Final = QRect(0, 0, 1 << 20, 1 << 20)


def lay_out(
    toasts: Sequence[Toast],
    shelf: QRect,
    gap: int,
    free: QRect | None = None,
    *,
    all_again: bool = False,
) -> None:
    """Place toasts, the oldest first, on ``shelf``, in pixels of their parent.

    A toast already shown keeps its place, unless ``all_again``. A new one takes the rightmost free
    place, or that of older ones, which stay hidden until there is room again. A toast with an undo
    never gives way to one without. A toast that only reports a success stays in the part of the
    shelf that is ``free`` of text.
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
    """Return the right edge of the rightmost free place of a width; ``None`` if there is none."""
    taken = [each.geometry().adjusted(-gap, 0, gap, 0) for each in lying]
    edges = [shelf.right(), *(each.left() - 1 for each in taken)]
    for right in sorted(edges, reverse=True):
        left = right - width + 1
        is_free = all(each.right() < left or each.left() > right for each in taken)
        if is_free and (left >= shelf.left() or right == shelf.right()):
            return right
    return None


def fit(toast: Toast, most: int, *, may_shrink: bool = False) -> bool:
    """Fit a toast to its text, at most ``most`` pixels wide; longer text wraps.

    It gets smaller only if it ``may_shrink``. Return whether its size changed.
    """
    before = toast.size()
    metrics, flag = toast.words.fontMetrics(), Qt.TextFlag.TextWordWrap
    # As it is laid out, word by word: that may be wider than the whole.
    whole = metrics.boundingRect(_ANY, flag, toast.words.text()).width() + 1
    if whole > toast.words.width() or may_shrink:
        toast.words.take_width(whole)
        over = max(0, toast.sizeHint().width() - most)
        toast.words.take_width(max(1, whole - over))
    needs = toast.sizeHint()
    toast.resize(needs if may_shrink else needs.expandedTo(before))
    return toast.size() != before
