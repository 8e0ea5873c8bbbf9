"""The mailer of the moment: made anew when the mail settings change, with no restart."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from desktop.mail.errors import Broken
from desktop.mail.mailer import Mailer, open_mailer
from desktop.settings.preferences import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.paths import DataFolder
    from desktop.settings.preferences import MailSettings


class CurrentMailer:
    """Gives the mailer for the settings as they are now; thread-safe."""

    def __init__(self, settings: Callable[[], MailSettings], folder: DataFolder) -> None:
        """Make nothing yet; ``settings`` is asked at every call and may raise ``SettingsError``."""
        self._settings = settings
        self._folder = folder
        self._lock = threading.Lock()
        self._mailer: Mailer | None = None

    def __call__(self) -> Mailer:
        """Give the mailer; one for other settings is closed, its mails on their way still leave.

        Raises:
            Broken: while the settings cannot be read.
        """
        try:
            settings = self._settings()
        except SettingsError as error:
            raise Broken(str(error)) from error
        with self._lock:
            if self._mailer is None or self._mailer.settings != settings:
                if self._mailer is not None:
                    self._mailer.close()
                self._mailer = open_mailer(settings, self._folder)
            return self._mailer

    def close(self) -> None:
        """Let go of connections."""
        with self._lock:
            if self._mailer is not None:
                self._mailer.close()
