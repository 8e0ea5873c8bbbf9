"""The whole window, without the program around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.gui.assembly import AppWindow
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.program import add_places

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.tasks.table.task_model import TaskModel

SIZE: Final = (1024, 640)
"""The size of a window in which the form stands beside the view."""


def make_window(
    model: TaskModel, source: ApiSource, themes: ThemeSource, settings: QSettings
) -> AppWindow:
    """Build the window with all views, undressed; ``settings`` keep its shape."""
    window = AppWindow(model, source, themes, settings, ALL_RIGHTS)
    add_places(window, source, model.pending)
    return window
