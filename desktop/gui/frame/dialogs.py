"""The dialogs of a window: made when first needed, and closed before it is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.gui.kit.widgets.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


DialogT = TypeVar("DialogT", bound=Dialog)


class Dialogs:
    """Makes dialogs over ``host``; ``on_closed`` gets each that closes."""

    def __init__(self, host: QWidget) -> None:
        self._host = host
        self.on_closed: Callable[[Dialog], object] = lambda _: None
        self._made: list[Dialog] = []

    def make(self, kind: Callable[[QWidget], DialogT], over: QWidget | None = None) -> DialogT:
        """Make a dialog by calling its class, or another factory, with its host.

        It may stand ``over`` another one.
        """
        dialog = kind(over or self._host)
        self._made.append(dialog)
        dialog.closed.connect(lambda: self.on_closed(dialog))
        return dialog

    @property
    def made(self) -> list[Dialog]:
        """All dialogs made so far, open or not."""
        return list(self._made)

    def close_all(self) -> bool:
        """Close the dialogs in turn; return ``False`` if one asks about its changes."""
        return all(dialog.close() for dialog in self._made)

    def is_one_open(self) -> bool:
        """Tell whether a dialog is open."""
        return any(dialog.isVisible() for dialog in self._made)


class LazyDialog(QObject):
    """A dialog that several rooms share, made when one of them first needs it.

    ``load`` imports its class, or another factory, and returns it. ``made`` carries the new dialog.
    A dialog of one room is a ``cached_property`` of that room.
    """

    made = Signal(object)

    def __init__(
        self, dialogs: Dialogs, load: Callable[[], Callable[[QWidget], Any]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self._load = load

    @cached_property
    def dialog(self) -> Any:
        """The dialog."""
        dialog = self._dialogs.make(self._load())
        self.made.emit(dialog)
        return dialog

    def close(self) -> None:
        """Close the dialog, if it was made."""
        if "dialog" in self.__dict__:
            self.dialog.close()
