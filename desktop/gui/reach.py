"""What a window can do: less with a token that allows to look only, and less on a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LOOKS: Final = frozenset(
    {"tasks", "rows", "to_come", "cancelled", "cancelled_tasks", "left_out", "marked", "report"}
)
"""Verbs of buttons that change nothing."""
_FOLDERS: Final = frozenset({"tasks_folder"})
"""Verbs of buttons that open a folder of the backend's."""


@dataclass(frozen=True, slots=True)
class Reach:
    """``may_change`` tells whether its token allows that; ``has_files`` whether they are here."""

    may_change: bool = True
    has_files: bool = True

    def allows(self, verb: str) -> bool:
        """Tell whether a button that stands for a verb can work; those that cannot are left out."""
        if verb in _FOLDERS:
            return self.has_files
        return self.may_change or verb in LOOKS


WHOLE: Final = Reach()
"""That of a window on this computer."""
