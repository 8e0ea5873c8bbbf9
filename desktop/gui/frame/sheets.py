"""The sheets of a window: where they open, and what lies under them."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal

from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.sheet import STRIP, Sheet, with_ancestors
from desktop.gui.kit.widgets.surfaces import in_focus_chain
from desktop.gui.kit.widgets.texts import forget_absence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget


SheetT = TypeVar("SheetT", bound=Sheet)


class Sheets:
    """Makes sheets over ``host``, beside its ``form`` and under the ``shelf`` of its notices.

    A sheet that closes gives the focus back to its origin, or else to ``home()``; ``on_closed``
    gets it.
    """

    def __init__(
        self,
        host: QWidget,
        home: Callable[[], QWidget],
        form: QWidget,
        shelf: QWidget,
    ) -> None:
        self._host = host
        self._shelf = shelf
        self._form = form
        self._home = home
        self.on_closed: Callable[[Sheet], object] = lambda _: None
        self._made: list[Sheet] = []
        self._with_keys: set[Sheet] = set()
        for button in form.findChildren(HintedButton):
            button.keys_work = lambda: not self._have_keys()

    def make(self, kind: Callable[[QWidget], SheetT]) -> SheetT:
        """Make a sheet by calling its class, or another factory, with its host."""
        sheet = kind(self._host)
        sheet.home, sheet.beside = self._home, self._form
        sheet.keep_under(self._shelf)
        self._made.append(sheet)
        sheet.closed.connect(lambda: self.on_closed(sheet))
        for button in sheet.findChildren(HintedButton):
            button.keys_work = partial(self._has_keys, sheet)
            self._with_keys.add(sheet)
        return sheet

    @property
    def made(self) -> list[Sheet]:
        """All sheets made so far, open or not."""
        return list(self._made)

    def forget_absence(self) -> None:
        """Remove messages about an absent backend from all sheets: it answers again."""
        for sheet in self._made:
            forget_absence(sheet)

    def close_all(self) -> bool:
        """Close the sheets in turn; return ``False`` if one stays open to ask about its changes."""
        return all(sheet.close() for sheet in self._made)

    def uncover(self) -> None:
        """Close the sheets that cover the whole view: the chosen one would lie under them.

        A narrow edge of the view, too narrow for a word, does not count as visible.
        """
        views_left = 0 if self._form.isHidden() else self._form.width()
        edge = LOOK.theme.px(STRIP) // 2
        for sheet in self._open():
            here = self._host.window().focusWidget()
            covers_all = sheet.x() <= views_left + edge
            if covers_all and sheet.close() and here and not sheet.isAncestorOf(here):
                here.setFocus(Qt.FocusReason.OtherFocusReason)  # back to where the person was

    def home(self) -> QWidget:
        """Return the widget that gets the focus by default: the top sheet if it covers the view."""
        home = self._home()
        return (self.on_top() or home) if self.lie_over(home) else home

    def is_one_open(self) -> bool:
        """Tell whether a sheet is open."""
        return any(sheet.isVisible() for sheet in self._made)

    def send(self) -> bool:
        """Do the Ctrl+Enter action of the top sheet that has one; tell whether it was done.

        With the focus inside a sheet, nothing is done: the sheet handles the key itself.
        """
        here = self._host.window().focusWidget()
        if here is not None and any(each.isAncestorOf(here) for each in self._made):
            return False
        for sheet in self._open():
            if sheet.ctrl_enter is not None:
                sheet.ctrl_enter()
                return True
        return False

    def _have_keys(self) -> bool:
        """Tell whether Ctrl+Enter belongs to an open sheet rather than to the form."""
        return any(each.isVisible() and self._has_keys(each) for each in self._with_keys)

    def _has_keys(self, sheet: Sheet) -> bool:
        here = self._host.window().focusWidget()
        if here is None or sheet.isAncestorOf(here):
            return True
        return sheet.ctrl_enter is not None and not self._form.isAncestorOf(here)

    def lead(self, forward: bool) -> bool:
        """Move the focus to the next widget in Tab order that no sheet covers.

        Return ``False`` if no sheet is open: then Qt does it. The focus ring of a covered widget
        would not be visible.
        """
        here = self._host.window().focusWidget()
        if here is None or not self.is_one_open():
            return False
        key = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        for each in in_focus_chain(here, forward=forward):
            if _takes_tab(each) and not self.lie_over(each):
                each.setFocus(key)
                return True
        return False

    def lie_over(self, widget: QWidget) -> bool:
        """Tell whether sheets cover both the centre and the left edge of a widget."""
        if not self._host.isAncestorOf(widget):
            return False
        rect = widget.rect()
        edge = QPoint(rect.left(), rect.center().y())
        tops = (self._host.childAt(widget.mapTo(self._host, at)) for at in (rect.center(), edge))
        return all(
            any(
                each in self._made and not each.isAncestorOf(widget) for each in with_ancestors(top)
            )
            for top in tops
        )

    def on_top(self) -> Sheet | None:
        """Return the topmost open sheet, if any."""
        return next(self._open(), None)

    def close_one(self) -> bool:
        """Close the topmost sheet; tell whether there was one."""
        for sheet in self._open():
            sheet.close()
            return True
        return False

    def _open(self) -> Iterator[Sheet]:
        """Yield the open sheets, topmost first: Qt keeps children in stacking order."""
        for each in reversed(self._host.children()):
            if isinstance(each, Sheet) and each.isVisible():
                yield each


class LazySheet(QObject):
    """A sheet that several rooms share, made when one of them first needs it.

    ``load`` imports its class, or another factory, and returns it. ``made`` carries the new sheet.
    A sheet of one room is a ``cached_property`` of that room.
    """

    made = Signal(object)

    def __init__(
        self, sheets: Sheets, load: Callable[[], Callable[[QWidget], Any]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._sheets = sheets
        self._load = load

    @cached_property
    def sheet(self) -> Any:
        """The sheet."""
        sheet = self._sheets.make(self._load())
        self.made.emit(sheet)
        return sheet

    def close(self) -> None:
        """Close the sheet, if it was made."""
        if "sheet" in self.__dict__:
            self.sheet.close()


def _takes_tab(widget: QWidget) -> bool:
    """Tell whether Tab may move to a widget, by Qt's rules."""
    by_tab = Qt.FocusPolicy.TabFocus
    accepts_tab = widget.focusPolicy() & by_tab == by_tab and widget.focusProxy() is None
    return accepts_tab and widget.isVisible() and widget.isEnabled()
