"""Settings written to a data folder's file, as the backend writes them."""

from __future__ import annotations

from pathlib import Path

from desktop.backend.current_settings import CurrentSettings
from desktop.mail.files import FolderFiles
from desktop.settings.preferences import Settings


def save(file: Path, settings: Settings) -> None:
    """Write ``settings.toml``; raises ``SettingsError`` and ``OSError``."""
    CurrentSettings(FolderFiles(file.parent)).change(lambda _: settings)
