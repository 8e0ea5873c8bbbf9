"""A text of the application that the store remembers from one run to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.engine.store.tables import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.engine.transaction.group import Group

KEPT: Final = "application"
"""The key in ``meta``."""


class ApplicationText:
    """The text; it may be replaced from any thread.

    A new text is written at the beginning of the next group. So it is on disk as soon as anything
    that an attempt does because of it, such as passing its point of no return.
    ``on_open`` is called with the stored text before the engine does anything else with the store.
    """

    def __init__(self) -> None:
        self.on_open: Callable[[str | None], None] = lambda text: None
        self.text: str | None = None
        self._written: str | None = None
        self._stored: str | None = None

    def open(self, group: Group) -> None:
        """Load the stored text, and write the one that replaces it at once."""
        row = group.cursor.execute(statements.META, (KEPT,)).fetchone()
        self.text = self._written = self._stored = None if row is None else str(row[0])
        self.on_open(self.text)
        self.keep(group)

    def keep(self, group: Group) -> None:
        """Write the text, unless it is stored already."""
        self._written = text = self.text
        if text is not None and text != self._stored:
            group.cursor.execute(statements.PUT_META, (KEPT, text))

    def committed(self) -> None:
        """Note that the group of the last :meth:`keep` is on disk."""
        self._stored = self._written
