"""The built-in templates that the person has replaced: a lost file brings none of them back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class ReplacedTemplates:
    """The names of built-in templates whose messages were made of a file of the person's own.

    ``remember`` is called after each change, before a message is made; thread-safe.
    """

    def __init__(self, remember: Callable[[], object] = lambda: None) -> None:
        self.names: frozenset[str] = frozenset()
        self._remember = remember
        self._lock = threading.Lock()

    def put(self, name: str, *, is_replaced: bool) -> None:
        """Note whether the person has replaced a template, or wants the built-in one back."""
        with self._lock:
            if (name in self.names) == is_replaced:
                return
            self.names ^= {name}
        self._remember()
