"""What a window may do: it depends on the token, and on whether it shows a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

READ_ONLY: Final = frozenset(
    {
        *(
            "same_reason",
            "rows",
            "report",
            "to_come",
            "sent",
            "marked",
            "kept",
            "failed",
            "uncertain",
        ),
        *("cancelled", "left_out"),
    }
)
"""Verbs of buttons that change nothing."""
TASKS_FOLDER: Final = "tasks_folder"
"""The verb that opens the folder of own tasks."""
_FOLDERS: Final = frozenset({TASKS_FOLDER})
"""Verbs of buttons that open a folder of the backend."""


@dataclass(frozen=True, slots=True)
class WindowRights:
    """``may_change``: the token allows changes; ``has_files``: the backend's files are here.

    ``is_app``: its tasks are an app's, which has no folder of tasks.
    """

    may_change: bool = True
    has_files: bool = True
    is_app: bool = False

    def allows(self, verb: str) -> bool:
        """Tell whether a verb's button can work here; otherwise the button is left out."""
        if verb in _FOLDERS:
            return self.has_files and not self.is_app
        return self.may_change or verb in READ_ONLY


ALL_RIGHTS: Final = WindowRights()
"""The rights of a window on this computer's own backend."""
