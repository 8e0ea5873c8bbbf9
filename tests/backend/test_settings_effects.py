"""What the settings say of queues and mails holds at a start, after a change, and by hand."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio import to_thread

from desktop.backend.composition import running_services
from desktop.backend.current_settings import SettingsEffects
from desktop.backend.routes.settings import merged
from desktop.backend.services import Services
from desktop.contract.office import OfficeNotice
from desktop.mail.errors import BadSettings, MailHeld
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.secrets import PASSWORD_VARIABLE, Passwords
from sendoff_tasks.attempts.outcomes import Held
from sendoff_tasks.model.events import Notice, NoticeId
from sendoff_tasks.model.queues import Queue
from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.queues.holds import hold_queue
from tests import WITHIN
from tests.backend.conftest import Gate, settled
from tests.looking import eventually

pytestmark = pytest.mark.anyio


def queue(services: Services, name: str) -> Queue:
    """Read one queue."""
    (found,) = [queue for queue in services.engine.queues() if queue["name"] == name]
    return found


class Heard:
    """The notices about the settings file as they come, and a wait for one of them."""

    def __init__(self, services: Services) -> None:
        self._condition = threading.Condition()
        self._heard: list[Notice] = []
        services.notices.on_notice(self._hear)

    def _hear(self, notice: Notice) -> None:
        if notice["id"] not in {NoticeId.SETTINGS, OfficeNotice.STRANGE_SETTINGS}:
            return  # such as that the mail queue goes on
        with self._condition:
            self._heard.append(notice)
            self._condition.notify_all()

    def until(self, *, active: bool) -> Notice:
        """Wait for the last one to be like this."""
        with self._condition:
            assert self._condition.wait_for(
                lambda: bool(self._heard) and self._heard[-1]["active"] is active, WITHIN
            )
            return self._heard[-1]


LOGIN_FILE = (
    '[mail]\ntransport = "smtp"\nhost = "mail.example.org"\nuser = "ada"\n'
    'sender = "ada@example.org"\n'
)


async def test_a_login_without_a_password_holds_the_mail_from_the_start_on(
    folder: OfficeFolder,
) -> None:
    folder.settings_file.write_text(LOGIN_FILE)
    passwords = Passwords(folder.password_file)
    with running_services(folder, None, passwords=passwords) as services:
        held = eventually(lambda: queue(services, "mail")["held"])
        assert held["action"] == "mail_settings"
        assert "password" in held["reason"]
    passwords.remember("mail.example.org", "ada", "s3cret")
    with running_services(folder, None, passwords=passwords) as services:
        eventually(lambda: queue(services, "mail")["held"] is None)


async def test_a_limit_is_in_force_before_anything_starts(
    folder: OfficeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.settings_file.write_text("[queues.mail]\nper_day = 3\n")
    monkeypatch.setattr(SettingsEffects, "apply", lambda _: None)  # comes once tasks may start
    with running_services(folder, None) as services:
        assert queue(services, "mail")["per_day"] == 3


LOGIN: dict[str, Any] = {
    "transport": "smtp",
    "host": "mail.example.org",
    "user": "ada",
    "sender": "ada@example.org",
    "keep_password": "session",
}


async def test_a_password_that_is_gone_holds_the_mail(
    client: httpx.AsyncClient, services: Services
) -> None:
    await client.put("/settings", json={"mail": {**LOGIN, "password": "s3cret"}})
    assert queue(services, "mail")["held"] is None
    for mail in ({"password": ""}, {"user": "bob"}, {"host": "mx.example.org"}):
        await client.put("/settings", json={"mail": mail})
        held = await to_thread.run_sync(
            lambda: eventually(lambda: queue(services, "mail")["held"])  # a look-up takes a moment
        )
        assert held["action"] == "mail_settings"
        await client.put("/settings", json={"mail": {**LOGIN, "password": "s3cret"}})
        await to_thread.run_sync(
            lambda: eventually(lambda: queue(services, "mail")["held"] is None)
        )


class SlowPasswords(Passwords):
    """Passwords of which the first reader gets its answer when it is let."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.readers: list[threading.Thread] = []
        self.let = threading.Event()

    def read(self, host: str, user: str, variable: str = PASSWORD_VARIABLE) -> str | None:
        self.readers.append(threading.current_thread())
        is_first = len(self.readers) == 1
        found = super().read(host, user, variable)
        assert not is_first or self.let.wait(WITHIN)
        return found


async def test_an_older_answer_of_the_keyring_is_dropped(folder: OfficeFolder) -> None:
    passwords = SlowPasswords(folder.password_file)
    passwords.remember("mail.example.org", "ada", "s3cret")
    folder.settings_file.write_text(LOGIN_FILE)
    with running_services(folder, None, passwords=passwords) as services:
        eventually(lambda: passwords.readers)
        passwords.delete("mail.example.org", "ada")
        services.effects.try_mail()
        eventually(lambda: queue(services, "mail")["held"])
        passwords.let.set()
        passwords.readers[0].join(WITHIN)
        services.engine.settled()
        assert queue(services, "mail")["held"]


async def test_a_higher_limit_starts_what_waits(
    client: httpx.AsyncClient, services: Services, gate: Gate
) -> None:
    await client.put("/settings", json={"queues": {"gated": {"concurrency": 1}}})
    first, second = [
        (await client.post("/tasks", json={"task": "gated"})).json()["id"] for _ in range(2)
    ]
    settled(services, first, "running")
    assert services.engine.task(second)["state"] == "queued"
    await client.put("/settings", json={"queues": {"gated": {"concurrency": 2}}})
    assert settled(services, second, "running")["state"] == "running"


@pytest.mark.usefixtures("in_folder")
async def test_settings_broken_by_hand_change_nothing_and_are_a_notice_until_they_are_fixed(
    services: Services, folder: OfficeFolder
) -> None:
    heard = Heard(services)
    folder.settings_file.write_text('[queues.mail]\nrate = "9/min"\n')
    eventually(lambda: queue(services, "mail")["rate"] == "9/min")
    folder.settings_file.write_text('[queues.mail]\nrate = "30/week"\n')
    notice = heard.until(active=True)
    assert queue(services, "mail")["rate"] == "9/min"
    assert notice["id"] == NoticeId.SETTINGS
    assert "queues.mail.rate: A rate is written as in 30/min" in notice["text"]
    assert services.notices.active == [notice]
    folder.settings_file.write_text('[queues.mail]\nrate = "30/min"\n')
    assert heard.until(active=False)["id"] == NoticeId.SETTINGS
    assert services.notices.active == []
    assert queue(services, "mail")["rate"] == "30/min"


async def test_what_is_kept_for_how_long_holds_from_the_start_on(folder: OfficeFolder) -> None:
    folder.settings_file.write_text("[keep]\ntasks_days = 300\nitems_days = 4000\n")
    for text in (None, "[keep\n", "[mail]\n"):
        if text is not None:  # what was in force stays
            folder.settings_file.write_text(text)
        with running_services(folder, None) as services:
            assert services.engine.config.retention.tasks == 300 * DAY_MS
            assert services.settings.keep.items_days == 4000
    folder.settings_file.write_text("[keep]\ntasks_days = 2\nitems_days = 4000\n")
    with running_services(folder, None) as services:
        kept = services.engine.config.retention
        assert kept.tasks == 2 * DAY_MS
        change: Any = {"keep": {"tasks_days": 3}}
        services.settings.change(lambda settings: merged(settings, change))
        assert kept.tasks == 3 * DAY_MS


async def test_broken_settings_leave_the_limits_as_they_were_before_the_start(
    folder: OfficeFolder,
) -> None:
    folder.settings_file.write_text('[queues.mail]\nrate = "30/min"\n')
    with running_services(folder, None):
        pass
    folder.settings_file.write_text('[queues.mail]\nrate = "30/mi"\n')
    with running_services(folder, None) as services:
        assert queue(services, "mail")["rate"] == "30/min"
        heard = Heard(services)
        folder.settings_file.write_text('[queues.mail]\nrate = "none"\n')
        heard.until(active=False)
        assert queue(services, "mail")["rate"] is None


async def test_an_emptied_file_holds_mail_and_keeps_the_limits(folder: OfficeFolder) -> None:
    whole = '[mail]\ntransport = "smtp"\nhost = "localhost"\nport = 1\nsecurity = "none"\n'
    whole += '[queues.mail]\nrate = "3/min"\n'
    folder.settings_file.write_text(whole)
    with running_services(folder, None):
        pass
    folder.settings_file.write_text("")
    with running_services(folder, None) as services:
        (notice,) = services.notices.active
        assert (notice["id"], notice["action"]) == (NoticeId.SETTINGS, "mail_settings")
        assert queue(services, "mail")["rate"] == "3/min"
        with pytest.raises(MailHeld, match=r"mail\.transport") as held:
            services.letters.mailer()
        assert not isinstance(held.value, BadSettings)  # the mail settings can mend it
        heard = Heard(services)
        folder.settings_file.write_text(whole)
        heard.until(active=False)
        assert not services.letters.mailer().is_practice


async def test_another_fault_in_the_file_ends_the_hold_for_the_first(folder: OfficeFolder) -> None:
    """One e-mail then tries, and holds the queue for what is wrong now."""
    whole = '[mail]\ntransport = "smtp"\nhost = "localhost"\nport = 1\nsecurity = "none"\n'
    folder.settings_file.write_text(whole)
    first = Held("It is no transport.", "", whole_queue=True, action="mail_settings")
    with running_services(folder, None) as services:
        services.engine.do(lambda group: hold_queue(group, "mail", first)).result()
        heard = Heard(services)
        folder.settings_file.write_text(whole.replace("port = 1", "port = 70000"))
        notice = heard.until(active=True)
        assert "mail.port" in notice["text"]
        assert "Fix it there: no e-mail is sent until" in notice["text"]
        assert "defaults" not in notice["text"]
        eventually(lambda: queue(services, "mail")["held"] is None)


@pytest.mark.usefixtures("in_folder")
async def test_a_misspelt_key_is_a_warning_until_it_is_fixed(
    client: httpx.AsyncClient, services: Services, folder: OfficeFolder
) -> None:
    heard = Heard(services)
    folder.settings_file.write_text('[queues.mail]\nrat = "3/min"\n')
    notice = heard.until(active=True)
    assert (notice["id"], notice["level"]) == (OfficeNotice.STRANGE_SETTINGS, "warning")
    assert notice["text"] == (
        "settings.toml: there is no `queues.mail.rat`; did you mean `rate`? All other lines apply."
    )
    await client.put("/settings", json={"queues": {"mail": {"concurrency": 3}}})
    assert 'rat = "3/min"' in folder.settings_file.read_text()
    assert queue(services, "mail")["concurrency"] == 3
    assert services.notices.active == [notice]
    folder.settings_file.write_text('[queues.mail]\nrate = "3/min"\nconcurrency = 3\n')
    assert heard.until(active=False)["id"] == OfficeNotice.STRANGE_SETTINGS
    assert queue(services, "mail")["rate"] == "3/min"
