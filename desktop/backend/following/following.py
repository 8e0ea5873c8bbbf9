"""An engine that follows what a person changes in the data folder: settings and task files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from desktop.backend.following.settings_effects import SettingsEffects
from desktop.backend.following.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.backend.following.task_files import TaskFiles
    from desktop.backend.parts.parts import Parts
    from desktop.settings.paths import DataFolder


@contextmanager
def following(parts: Parts, folder: DataFolder, files: TaskFiles) -> Iterator[Parts]:
    """Let the running engine follow both while the block runs."""
    effects = SettingsEffects(parts.settings, parts.engine, parts.notices)
    parts.settings.on_change = effects.apply
    effects.apply()
    watch = Watch({folder.settings_file: effects.apply, folder.tasks: files.follow})
    files.follow()  # what changed while the engine started
    with watch:
        yield parts
