"""The settings in force, read again when their file changes, and their effects on the engine."""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from math import floor
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Literal

from desktop.contract.items import MAIL_QUEUE
from desktop.contract.office import OfficeNotice
from desktop.items.practice import follow_switch
from desktop.items.sending import Sending
from desktop.mail.errors import MailHeld, MailLater, SignInNeeded
from desktop.mail.files import SETTINGS, ReplacedTemplates
from desktop.mail.templates.office import Office
from desktop.settings.preferences import (
    UNKNOWN,
    KeepSettings,
    LinesLost,
    Settings,
    laid_over,
    lost_limits,
    parse_after,
    recalled,
    sending_hours,
    strange_keys,
    with_help,
)
from sendoff_tasks.attempts.outcomes import Held
from sendoff_tasks.errors import EngineError
from sendoff_tasks.folder.queue_limits import SettingsError
from sendoff_tasks.http.limits import limits_of
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.queues.holds import hold_queue
from sendoff_tasks.verbs.pause_queue import release
from sendoff_tasks.words.file_faults import unread

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from desktop.mail.files import Files
    from desktop.mail.sign_in.account import SendingAccount
    from desktop.settings.preferences import MailSettings
    from desktop.settings.secrets import Passwords
    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.folder.queue_limits import QueueSettings
    from sendoff_tasks.transaction.group import Group

log = logging.getLogger(__name__)

_TEMPLATES: Final = "templates"
"""The key of the replaced templates in the text that is remembered."""
_SWITCHES: Final = "switches"
"""The key of ``Sending.switches`` there."""
_OFFICE: Final = "office"
"""The key of the office's language and way there."""
LOOK_EVERY: Final = 0.2
"""Seconds between two looks at the file for a setting that every item needs."""
OTHERS_APPLY: Final = "All other lines apply."


class _Unopened(SettingsError):
    """The file cannot be opened; it is tried again at each look, because it need not change."""


class CurrentSettings:
    """The settings of a set of files; thread-safe. A read costs one look while nothing changes.

    While a file is being written it may be empty or end early, so it is read once it is quiet.
    Until then the earlier settings are in force. The first read does not wait, as ``serve`` has
    waited; what was remembered guards it, too. A change by :meth:`change` is in force at once.
    ``on_change`` is called in the reading thread when the settings have changed, have become
    unusable, or are usable again. ``remember`` is called, before they are in force, with a text for
    :meth:`recall` after the next start.
    """

    def __init__(self, files: Files, clock: Callable[[], float] = time.monotonic) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.remember: Callable[[str], None] = lambda text: None
        self.replaced = ReplacedTemplates(self._remember)
        """Remembered with the settings."""
        self.sending = Sending()
        """Remembered, too. A switch counts before messages are kept or sent by it."""
        self.office: Office | None = None
        """The office as it began, from the first start on: remembered, too."""
        self._files = files
        self._clock = clock
        self._lock = threading.Lock()
        self._changing = threading.Lock()
        self._stamp: Hashable = None
        self._read: Settings | SettingsError | None = None
        self._whole: Settings | None = None  # as last read without an error
        self._lost: list[str] = []
        self._strange: list[str] = []  # of unknown keys of the file
        self._looked = -LOOK_EVERY

    def recall(self, text: str | None) -> None:
        """Take the settings that were in force before the start; without any there are none."""
        self._whole = recalled(text)
        self._read = None
        known: Mapping[str, Any] = {}
        if text and self._whole is not UNKNOWN:
            known = json.loads(text)
        self.replaced.names = frozenset(known.get(_TEMPLATES, ()))
        switches = tuple((at, kept) for at, kept in known.get(_SWITCHES, ()))
        self.sending.recall(switches, practising=_practises(self._whole))
        self.sending.hours = sending_hours(self._whole.mail) if self._whole else None
        self.office = Office.begun(known.get(_OFFICE) or {})

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
            is_new = self.is_changing and self._files.is_whole(SETTINGS)
            if now is None or is_new or isinstance(now, _Unopened):
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
    def keep(self) -> KeepSettings:
        """How long things are kept; while the file cannot be used, as it was before."""
        with suppress(SettingsError):
            self.get()
        return KeepSettings() if self._whole is None else self._whole.keep

    @property
    def is_practice(self) -> bool:
        """Whether messages are kept; while the file cannot be used, as it was before."""
        with suppress(SettingsError):
            self.get()
        return _practises(self._whole)

    def change(self, make: Callable[[Settings], Settings], *, keeps_open: bool = False) -> Settings:
        """Save the settings that ``make`` returns for the current ones, and return them.

        If practice mode begins with ``keeps_open``, it also keeps the e-mails that are open.
        Without it they wait for real sending, as after a change by hand.

        Raises ``SettingsError`` and ``OSError`` from reading and saving, and the errors of
        ``make``.
        """
        with self._changing:
            changed = make(self.shown())
            where = self._files.where(SETTINGS)
            self._files.write(SETTINGS, laid_over(self._content(), changed, where))
            with self._lock:
                before, self._whole = self._read, changed
                now = self._take(keeps_open=keeps_open)
            if before != now:
                self.on_change()
            return self.get()

    def strange_keys(self) -> list[str]:
        """Return a sentence for each unknown key, and one for limits whose lines are gone."""
        return [*self._strange, *lost_limits(self._lost)]

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

    def _take(self, *, keeps_open: bool = False) -> Settings | SettingsError:
        """Read the file and have it in force, unless it is written to meanwhile."""
        stamp = self._files.stamp(SETTINGS)
        read = self._load()
        if self._read is not None and stamp != self._files.stamp(SETTINGS):
            return self._read
        if isinstance(read, _Unopened) and str(read) == str(self._read):
            return self._read or read  # it is told once
        if isinstance(read, Settings):
            practises = _practises(read)
            if practises != self.sending.is_practice():
                now = floor(time.time() * 1000)
                self.sending.switch(practising=practises, now=now, keeps=keeps_open)
            self.sending.hours = sending_hours(read.mail)
            self._whole = read
        self._stamp, self._read = stamp, read
        if isinstance(read, Settings):
            self._remember()
        return read

    def _remember(self) -> None:
        if self._whole is not None:
            names = sorted(self.replaced.names)
            known: dict[str, Any] = {_TEMPLATES: names, _SWITCHES: self.sending.switches}
            known[_OFFICE] = None if self.office is None else asdict(self.office)
            self.remember(json.dumps({**asdict(self._whole), **known}))

    def _load(self) -> Settings | SettingsError:
        where = self._files.where(SETTINGS)
        try:
            content = self._content()
            settings, self._lost = parse_after(self._whole, content, where)
        except SettingsError as error:
            return error
        except OSError as error:
            return _Unopened(with_help(unread(where, error), self._whole))
        self._strange = strange_keys(content)
        return settings

    def _content(self) -> bytes:
        try:
            return self._files.read(SETTINGS)
        except FileNotFoundError:
            return b""


def _practises(settings: Settings | None) -> bool:
    """Tell whether messages are kept; without any settings, they are."""
    return settings is None or settings.mail.transport == "practice"


def prepare_engine(
    engine: Engine,
    settings: CurrentSettings,
    keep: Callable[[KeepSettings], object] = lambda keep: None,
) -> None:
    """Have practice mode, limits and times set (``keep``) before the engine begins anything.

    The settings are those of the file, judged by those that the store remembers. While the file
    cannot be used, the last limits stay.
    """
    remembered, limits = engine.config.remembered, engine.config.limits

    def judge(text: str | None) -> None:
        settings.recall(text)
        keep(settings.keep)
        with suppress(SettingsError):
            limits.want(limits_of(settings.get().queues))

    settings.remember, remembered.on_open = engine.remember, judge


class SettingsEffects:
    """Applies each change of the settings to the engine; thread-safe.

    ``on_mail`` is called for the first mail settings, and after each change of them, ``keep`` with
    how long things are kept.
    """

    def __init__(
        self,
        settings: CurrentSettings,
        engine: Engine,
        passwords: Passwords,
        account: SendingAccount,
        on_mail: Callable[[], object] = lambda: None,
        keep: Callable[[KeepSettings], object] = lambda keep: None,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._notices = engine.board
        self._passwords = passwords
        self._account = account
        self._on_mail = on_mail
        self._keep = keep
        self._lock = threading.RLock()
        self._mail: MailSettings | None = None
        self._tries = 0  # an answer for an earlier one is dropped
        self._queues: Mapping[str, QueueSettings] | None = None
        self._misspelt: list[str] = []
        self._applied: Hashable = None  # the stamp of the file as it was applied

    def apply(self) -> None:
        """Apply the settings that changed since the last call.

        While the file cannot be used, limits stay as they were. So does one whose line is gone or
        misspelt, see ``parse_after``: a typing error must not send everything at once.
        """
        with self._lock:
            self._applied = self._settings.stamp
            try:
                now = self._settings.get()
            except SettingsError as error:
                self._mail = None
                self._tries += 1
                self._tell(NoticeId.SETTINGS, "error", str(error), error)
                self._release_or_hold(None)  # the next attempt holds the queue for this reason
                return
            self._keep(now.keep)
            if now.queues != self._queues:
                self._queues = now.queues
                self._engine.limit(limits_of(now.queues))
            self._notices.take_back(NoticeId.SETTINGS)
            self._tell_misspelt(self._settings.strange_keys())
            if now.mail != self._mail:
                self._mail = now.mail
                practising = now.mail.transport == "practice"
                self._do(lambda group: follow_switch(group, practising=practising))
                self._engine.journal.poke()  # the counts say whether e-mails are kept
                self.try_mail()
                self._on_mail()

    def try_mail(self) -> None:
        """Let a held mail queue try again, with one login; without a password hold it.

        To be called after each change that may solve its problem, or make one: then a person is
        there, who may be away at the first attempt. Returns at once: a keyring may ask the person,
        and without one a window may still bring the password. Only the last call counts.
        """
        with self._lock:
            self._tries += 1
            if self._mail is None:
                return  # each attempt says why the settings cannot be used
            if self._mail.transport == "smtp" and (self._mail.user or self._mail.sign_in):
                args = self._mail, self._tries
                Thread(target=self._look_up, args=args, daemon=True).start()
            else:
                self._release_or_hold(None)

    def _look_up(self, mail: MailSettings, this_try: int) -> None:
        """Look for the password or the sign-in, then hold or release.

        Nothing is done if another try has begun meanwhile.
        """
        from desktop.mail.smtp.smtp import needed_password

        held: Held | None = None
        try:
            with suppress(MailLater):  # the next attempt tries again
                if mail.sign_in:
                    self._account.check(mail)
                else:
                    needed_password(mail, partial(self._passwords.read, mail.host, mail.user))
        except MailHeld as error:
            action = "sign_in" if isinstance(error, SignInNeeded) else "mail_settings"
            held = Held(str(error), "", whole_queue=True, action=action)
        with self._lock:
            if this_try == self._tries:
                self._release_or_hold(held)

    def _release_or_hold(self, held: Held | None) -> None:
        if held is None:
            self._do(lambda group: release(group, MAIL_QUEUE))
        else:
            self._do(lambda group: hold_queue(group, MAIL_QUEUE, held))

    def _do(self, verb: Callable[[Group], object]) -> None:
        """Have the writer do it; a refusal is logged, and the settings are in force anyway."""
        try:
            done = self._engine.do(verb)
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
            self._tell(OfficeNotice.STRANGE_SETTINGS, "warning", " ".join([*strange, OTHERS_APPLY]))
        else:
            self._notices.take_back(OfficeNotice.STRANGE_SETTINGS)

    def _tell(
        self,
        name: str,
        level: Literal["warning", "error"],
        text: str,
        error: SettingsError | None = None,
    ) -> None:
        log.warning(text)
        way_out: str | None = "mail_settings" if isinstance(error, LinesLost) else None
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
        log.warning("Could not hold or release the mail queue: %s", error)
