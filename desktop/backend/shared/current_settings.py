"""The settings in force: read again whenever their file has changed."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from desktop.mail.files import SETTINGS
from desktop.mail.templates.replaced import ReplacedTemplates
from desktop.settings.preferences.settings_file import (
    LinesLost,
    Settings,
    SettingsError,
    laid_over,
    lost_limits,
    parse_after,
    recalled,
    strange_keys,
    what_helps,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from desktop.mail.files import Files

_TEMPLATES: Final = "templates"
"""The key of the replaced templates in the text that is remembered."""
LOOK_EVERY: Final = 0.2
"""Seconds between two looks at the file for a setting that every item needs."""


class CurrentSettings:
    """The settings of a set of files; thread-safe. A read costs one look while nothing changes.

    While a file is being written it may be empty or end early, so it is read once it is quiet.
    Until then the earlier settings are in force. A change by :meth:`change` is in force at once.
    ``on_change`` is called in the reading thread when the settings have changed, have become
    unusable, or are usable again. ``remember`` is called, before they are in force, with a text for
    :meth:`recall` after the next start.
    """

    def __init__(self, files: Files, clock: Callable[[], float] = time.monotonic) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.remember: Callable[[str], None] = lambda text: None
        self.replaced = ReplacedTemplates(self._remember)
        """Remembered with the settings."""
        self._files = files
        self._clock = clock
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._stamp: Hashable = None
        self._read: Settings | SettingsError | None = None
        self._whole: Settings | None = None  # as last read without an error
        self._lost: list[str] = []
        self._looked = -LOOK_EVERY

    def recall(self, text: str | None) -> None:
        """Take the settings that were in force before the start; without any there are none."""
        self._whole = recalled(text)
        self._read = None
        self.replaced.names = frozenset(json.loads(text).get(_TEMPLATES, ()) if text else ())

    @property
    def stamp(self) -> Hashable:
        """A value that differs after each reading of a changed file."""
        return self._stamp

    @property
    def is_changing(self) -> bool:
        """Whether a changed file was not read yet, because it is not quiet."""
        return self._files.stamp(SETTINGS) != self._stamp

    def get(self) -> Settings:
        """Return the settings; raises ``SettingsError`` while the file cannot be used."""
        self._looked = self._clock()
        with self._lock:
            before = self._read
            now = before
            if now is None or (self.is_changing and self._files.is_whole(SETTINGS)):
                now = self._take()
        if before is not None and before != now:
            self.on_change()
        if isinstance(now, SettingsError):
            raise now.with_traceback(None)
        return now

    def shown(self) -> Settings:
        """Return the settings to show and to change: after ``LinesLost``, those before it."""
        try:
            return self.get()
        except LinesLost as error:
            return error.before

    @property
    def is_practice(self) -> bool:
        """Whether messages are kept; while the file cannot be used, as it was before."""
        with suppress(SettingsError):
            self.get()
        return self._whole is None or self._whole.mail.transport == "practice"

    def change(self, make: Callable[[Settings], Settings]) -> Settings:
        """Save the settings that ``make`` returns for the current ones, and return them.

        Raises ``SettingsError`` and ``OSError`` from reading and saving, and the errors of
        ``make``.
        """
        with self._changing:
            changed = make(self.shown())
            where = self._files.where(SETTINGS)
            self._files.write(SETTINGS, laid_over(self._content(), changed, where))
            with self._lock:
                before, self._whole = self._read, changed
                now = self._take()
            if before != now:
                self.on_change()
            return self.get()

    def strange_keys(self) -> list[str]:
        """Return a sentence for each unknown key, and one for limits whose lines are gone."""
        return [*strange_keys(self._content()), *lost_limits(self._lost)]

    def default_recipient(self) -> str | None:
        """Return the recipient of items without one; ``None`` with real sending.

        ``None`` also while the settings cannot be read: no practice message may replace a real one.
        Every item needs it, so a change by hand (not by ``change``) may be seen 0.2 s late.
        """
        if self._clock() >= self._looked + LOOK_EVERY:
            try:
                self.get()
            except SettingsError:
                return None
        read = self._read
        if not isinstance(read, Settings) or read.mail.transport != "practice":
            return None
        return read.mail.default_recipient

    def _take(self) -> Settings | SettingsError:
        """Read the file and have it in force, unless it is written to meanwhile."""
        stamp = self._files.stamp(SETTINGS)
        read = self._load()
        if self._read is not None and stamp != self._files.stamp(SETTINGS):
            return self._read
        self._stamp, self._read = stamp, read
        if isinstance(read, Settings):
            self._whole = read
            self._remember()
        return read

    def _remember(self) -> None:
        if self._whole is not None:
            names = sorted(self.replaced.names)
            self.remember(json.dumps({**asdict(self._whole), _TEMPLATES: names}))

    def _load(self) -> Settings | SettingsError:
        where = self._files.where(SETTINGS)
        try:
            settings, self._lost = parse_after(self._whole, self._content(), where)
        except SettingsError as error:
            return error
        except OSError as error:
            fix = what_helps(self._whole)
            return SettingsError(f"{where} cannot be read: {error}. {fix}")
        return settings

    def _content(self) -> bytes:
        try:
            return self._files.read(SETTINGS)
        except FileNotFoundError:
            return b""
