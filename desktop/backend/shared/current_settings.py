"""The settings in force: read again whenever their file has changed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

from desktop.mail.files import SETTINGS
from desktop.settings.preferences.settings_file import (
    Settings,
    SettingsError,
    laid_over,
    parse,
    strange_keys,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop.mail.files import Files

LOOK_EVERY: Final = 0.2
"""Seconds between two looks at the file for a setting that every item needs."""


class CurrentSettings:
    """The settings of a set of files; thread-safe. A read costs one look while nothing changes.

    ``on_change`` is called in the reading thread when the settings have changed, have become
    unusable, or are usable again.
    """

    def __init__(self, files: Files) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._files = files
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._stamp: Hashable = None
        self._read: Settings | SettingsError | None = None
        self._looked = -LOOK_EVERY

    def get(self) -> Settings:
        """Return the settings; raises ``SettingsError`` while the file cannot be used."""
        self._looked = time.monotonic()
        stamp = self._files.stamp(SETTINGS)
        with self._lock:
            before = now = self._read
            if now is None or stamp != self._stamp:
                now = self._read = self._load()
                self._stamp = stamp
        if before is not None and before != now:
            self.on_change()
        if isinstance(now, SettingsError):
            raise now.with_traceback(None)
        return now

    def change(self, make: Callable[[Settings], Settings]) -> Settings:
        """Save the settings that ``make`` returns for the current ones, and return them.

        Raises ``SettingsError`` and ``OSError`` from reading and saving, and the errors of
        ``make``.
        """
        with self._changing:
            changed = make(self.get())
            where = self._files.where(SETTINGS)
            self._files.write(SETTINGS, laid_over(self._content(), changed, where))
            return self.get()

    def strange_keys(self) -> list[str]:
        """Return a sentence for each unknown key of the file, with the key probably meant."""
        return strange_keys(self._content())

    def default_recipient(self) -> str | None:
        """Return the recipient of items without one; ``None`` with real sending.

        ``None`` also while the settings cannot be read: no practice message may replace a real one.
        Every item needs it, so a change by hand (not by ``change``) may be seen 0.2 s late.
        """
        if time.monotonic() >= self._looked + LOOK_EVERY:
            try:
                self.get()
            except SettingsError:
                return None
        read = self._read
        if not isinstance(read, Settings) or read.mail.transport != "outbox":
            return None
        return read.mail.default_recipient

    def _load(self) -> Settings | SettingsError:
        where = self._files.where(SETTINGS)
        try:
            return parse(self._content(), where)
        except SettingsError as error:
            return error
        except OSError as error:
            return SettingsError(f"{where} cannot be read: {error}.")

    def _content(self) -> bytes:
        try:
            return self._files.read(SETTINGS)
        except FileNotFoundError:
            return b""
