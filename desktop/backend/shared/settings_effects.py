"""Applies settings to the running engine: limits, practice mode, the held mail queue, notices."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final, Literal

from desktop.contract.items import MAIL_QUEUE
from desktop.contract.rules.times import Rate
from desktop.engine.attempts.outcomes import Held
from desktop.engine.errors import EngineError
from desktop.engine.queues.holds import hold_queue
from desktop.engine.queues.limits import QueueLimit, Wanted
from desktop.mail.errors import MailHeld
from desktop.settings.preferences.settings_file import LinesLost, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from desktop.backend.shared.current_settings import CurrentSettings
    from desktop.contract.queues import WayOut
    from desktop.engine.facade.engine import Engine
    from desktop.settings.preferences.mail import MailSettings
    from desktop.settings.preferences.queue_limits import QueueSettings
    from desktop.settings.preferences.settings_file import Settings
    from desktop.settings.secrets import Passwords

log = logging.getLogger(__name__)

UNREADABLE: Final = "settings"
"""Id of the notice that the settings file cannot be used."""
MISSPELT: Final = "settings-keys"
"""Id of the notice that the file has unknown keys."""


LIMITS_STAY: Final = "Until this is fixed, queue limits stay as they were."


def prepare_engine(engine: Engine, settings: CurrentSettings) -> None:
    """Have practice mode and queue limits set before the engine begins anything.

    The settings are those of the file, judged by those that the store remembers. While the file
    cannot be used or has unknown keys, the last limits stay.
    """
    remembered, limits = engine.config.remembered, engine.config.limits

    def judge(text: str | None) -> None:
        settings.recall(text)
        engine.config.registry.practising = settings.is_practice
        with suppress(SettingsError):
            now = settings.get()
            if not settings.strange_keys():
                limits.want(_limits(now))

    settings.remember, remembered.on_open = engine.remember, judge


def _limits(settings: Settings) -> Wanted:
    return {
        name: QueueLimit(
            queue.concurrency, Rate.parse(queue.rate) if queue.rate else None, (), queue.per_day
        )
        for name, queue in settings.queues.items()
    }


class SettingsEffects:
    """Applies each change of the settings to the engine; thread-safe.

    ``on_mail`` is called for the first mail settings, and after each change of them.
    """

    def __init__(
        self,
        settings: CurrentSettings,
        engine: Engine,
        passwords: Passwords,
        on_mail: Callable[[], object] = lambda: None,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._notices = engine.board
        self._passwords = passwords
        self._on_mail = on_mail
        self._lock = threading.RLock()
        self._mail: MailSettings | None = None
        self._tries = 0  # an answer for an earlier one is dropped
        self._queues: Mapping[str, QueueSettings] | None = None
        self._misspelt: list[str] = []
        self._applied: Hashable = None  # the stamp of the file as it was applied

    def apply(self) -> None:
        """Apply the settings that changed since the last call.

        While the file cannot be used or has unknown keys, limits stay as they were: a typing error
        must not send everything at once.
        """
        with self._lock:
            self._applied = self._settings.stamp
            try:
                now = self._settings.get()
            except SettingsError as error:
                self._mail = None
                self._tries += 1
                self._tell(UNREADABLE, "error", str(error), error)
                self._release_or_hold(None)  # the next attempt holds the queue for this reason
                return
            strange = self._settings.strange_keys()
            if not strange and now.queues != self._queues:
                self._queues = now.queues
                self._engine.limit(_limits(now))
            self._notices.take_back(UNREADABLE)
            self._tell_misspelt(strange)
            if now.mail != self._mail:
                self._mail = now.mail
                self._engine.config.registry.practising = now.mail.transport == "practice"
                self.try_mail()
                self._on_mail()

    def try_mail(self) -> None:
        """Let a held mail queue try again, with one login; without a password hold it.

        To be called after each change that may solve its problem, or make one: somebody is there
        then, but perhaps not at the first attempt. Returns at once: a keyring may ask the person,
        and without one a window may still bring the password. Only the last call counts.
        """
        with self._lock:
            self._tries += 1
            if self._mail is None:
                return  # each attempt says why the settings cannot be used
            if self._mail.transport == "smtp" and self._mail.user:
                args = self._mail, self._tries
                Thread(target=self._look_up, args=args, daemon=True).start()
            else:
                self._release_or_hold(None)

    def _look_up(self, mail: MailSettings, this_try: int) -> None:
        """Look for the password, then hold or release, unless another try has begun meanwhile."""
        from desktop.mail.smtp.smtp import needed_password

        held: Held | None = None
        try:
            needed_password(mail, partial(self._passwords.read, mail.host, mail.user))
        except MailHeld as error:
            held = Held(str(error), "", whole_queue=True, action="mail_settings")
        with self._lock:
            if this_try == self._tries:
                self._release_or_hold(held)

    def _release_or_hold(self, held: Held | None) -> None:
        """Have the writer do it; a refusal is logged, and the settings are in force anyway."""
        try:
            if held is None:
                done = self._engine.release(MAIL_QUEUE)
            else:
                done = self._engine.do(lambda group: hold_queue(group, MAIL_QUEUE, held))
        except EngineError as error:
            _note_refusal(error)
        else:
            done.add_done_callback(lambda done: _note_refusal(done.exception()))

    def _tell_misspelt(self, strange: list[str]) -> None:
        """Show the notice once, so a dismissed one does not come back."""
        told, self._misspelt = self._misspelt, strange
        if self._misspelt == told:
            return
        if self._misspelt:
            self._tell(MISSPELT, "warning", " ".join([*strange, LIMITS_STAY]))
        else:
            self._notices.take_back(MISSPELT)

    def _tell(
        self,
        name: str,
        level: Literal["warning", "error"],
        text: str,
        error: SettingsError | None = None,
    ) -> None:
        log.warning(text)
        way_out: WayOut | None = "mail_settings" if isinstance(error, LinesLost) else None
        self._notices.tell(
            {"id": name, "level": level, "text": text, "action": way_out, "active": True}
        )

    def look(self) -> bool:
        """Read the file if it has changed, and apply it; true while it is not quiet yet."""
        with suppress(SettingsError):
            self._settings.get()
        if self._settings.stamp != self._applied:
            self.apply()
        return self._settings.is_changing


def _note_refusal(error: BaseException | None) -> None:
    if error is not None:
        log.warning("The mail queue could not be held or released: %s", error)
