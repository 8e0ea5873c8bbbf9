"""``sendoff doctor`` looks at the mail settings, and names what waits for a person."""

from __future__ import annotations

import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from desktop.backend.composition import running_services
from desktop.backend.current_settings import CurrentSettings
from desktop.mail.errors import Unreached
from desktop.mail.files import FolderFiles
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.preferences import MailSettings, Settings
from desktop.settings.secrets import PASSWORD_VARIABLE
from desktop.shell import mail_doctor
from desktop.shell.mail_doctor import look_at_mail
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.facade.running_engine import EngineConfig
from sendoff_tasks.folder.queue_limits import QueueSettings, SettingsError
from sendoff_tasks.functions.registry import Registry, task
from sendoff_tasks.shell.doctor import look_for_standstill
from tests.engine.duties.test_check_and_backup import damage_page
from tests.looking import eventually
from tests.settings.saved import save


@pytest.fixture
def server() -> Iterator[int]:
    """Greet each caller as a mail server does; gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb") as talk:
                talk.write(b"220 here\r\n")
                talk.flush()
                while word := talk.readline():
                    if word == b"END\r\n":
                        return
                    talk.write(b"250 fine\r\n")
                    talk.flush()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    with socket.create_connection(listener.getsockname()) as last:
        last.sendall(b"END\r\n")
        thread.join()
    listener.close()


def told_of_mail(folder: Path, **mail: object) -> list[str]:
    file = folder / "settings.toml"
    save(file, Settings(mail=MailSettings(**mail)))  # type: ignore[arg-type]
    return [str(finding) for finding in look_at_mail(folder / "none.db", file)]


def real(port: int, **more: object) -> dict[str, object]:
    return {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none", **more}


def test_practice_mode_needs_nothing(tmp_path: Path) -> None:
    assert told_of_mail(tmp_path) == ["ok   Mail: practice mode, e-mails stay in the outbox"]
    assert str(next(look_at_mail(tmp_path / "none.db", tmp_path / "none"))).startswith("ok")


def test_it_says_what_the_provider_takes_and_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise Unreached("there is no network")

    monkeypatch.setattr(mail_doctor, "open_session", no_network)

    def told(server: str, sender: str, **limits: Any) -> list[str]:
        mail = MailSettings("smtp", server, sender=sender)
        queues = {"mail": QueueSettings(**limits)}
        save(file := tmp_path / "settings.toml", Settings(mail=mail, queues=queues))
        found = map(str, look_at_mail(tmp_path / "none.db", file))
        return [each for each in found if "Provider" in each]

    assert told("mail.example.org", "office@example.org") == []
    taken, *rest = told("smtp.office365.com", "office@verein.example")
    assert taken == (
        "ok   Provider: Microsoft 365 takes 30 a minute, 10,000 a day; the limits here: none"
    )
    assert ["authenticated SMTP" in each for each in rest] == [True]
    (hint,) = told("mail.gmx.net", "office@gmx.de")
    assert hint.endswith("https://hilfe.gmx.net/pop-imap/einschalten.html")
    taken, _ = told("smtp.gmail.com", "office@gmail.com", rate="20/min", per_day=400)
    assert taken == "ok   Provider: Gmail takes 500 a day; the limits here: 20/min, 400/day"


def test_a_server_that_answers_and_one_that_does_not_as_it_should(
    tmp_path: Path, server: int, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, keyring = told_of_mail(tmp_path, **real(server))
    assert answers == f"ok   Mail: 127.0.0.1 port {server} answers (none)"
    assert keyring == "ok   Keyring: not needed, the mail server wants no login"
    answers, _ = told_of_mail(tmp_path, **real(server, security="starttls"))
    assert answers.startswith(f"look Mail: 127.0.0.1 port {server} does not answer as it should (")
    answers, _ = told_of_mail(tmp_path, **real(closed_port))
    assert "refused" in answers
    assert answers.endswith("see the mail settings.")
    answers, _ = told_of_mail(tmp_path, **real(25) | {"host": "mail..example.org"})
    assert answers.startswith("look Mail: mail..example.org port 25")  # no server can have it
    assert answers.endswith("see the mail settings.")
    monkeypatch.setattr(mail_doctor, "WITHIN", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        answers, _ = told_of_mail(tmp_path, **real(silent.getsockname()[1]))
    assert "did not answer in time" in answers


def test_the_password_of_a_login_is_there_or_told_to_be_missing(
    tmp_path: Path, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, keyring = told_of_mail(tmp_path, **real(server, user="ada"))
    assert keyring.startswith("look Keyring: ")
    assert PASSWORD_VARIABLE in keyring
    monkeypatch.setenv(PASSWORD_VARIABLE, "secret")
    _, keyring = told_of_mail(tmp_path, **real(server, user="ada"))
    assert keyring == "ok   Keyring: the password for ada is there"


def test_a_missing_sign_in_is_told_and_no_server_is_asked(tmp_path: Path) -> None:
    mail = {"transport": "smtp", "sign_in": "microsoft", "sender": "desk@example.org"}
    line, *_ = told_of_mail(tmp_path, **mail, client_id="0815")
    assert line.startswith("look Mail: Nobody is signed in with Microsoft.")
    line, *_ = told_of_mail(tmp_path, **mail)
    assert "client id" in line


@pytest.mark.parametrize("has_keyring", [True, False])
def test_a_file_of_passwords_that_cannot_be_used_is_told(
    tmp_path: Path, server: int, monkeypatch: pytest.MonkeyPatch, has_keyring: bool
) -> None:
    if has_keyring:
        monkeypatch.setenv(PASSWORD_VARIABLE, "secret")
    file = OfficeFolder(tmp_path).password_file
    file.write_bytes(b"{")
    file.chmod(0o600)
    _, keyring = told_of_mail(tmp_path, **real(server, user="ada"))
    assert keyring.startswith(f"look Keyring: {file} is damaged. Delete it")


def test_settings_that_cannot_be_used_are_told_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[mail]\nport = many\n")
    (finding,) = look_at_mail(tmp_path / "none.db", file)
    assert not finding.ok
    assert str(file) in finding.text


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_settings_that_other_users_can_change_are_told_as_they_hold_the_mail(
    tmp_path: Path,
) -> None:
    file = tmp_path / "settings.toml"
    save(file, Settings())
    file.chmod(0o666)
    (found,) = look_at_mail(tmp_path / "none.db", file)
    with pytest.raises(SettingsError) as held:
        CurrentSettings(FolderFiles(tmp_path)).get()
    assert str(found) == f"look {held.value}"
    assert f"other users can change it. If you trust it, run `chmod go-w {file}`" in str(found)


SENDS: Final = """[mail]
transport = "smtp"
host = "mail.example.org"
sender = "box@example.org"
"""


@pytest.mark.parametrize("left", [None, "", "[mail]\n", 'mail = {host = "mail.example.org"}\n'])
def test_lost_settings_of_a_store_that_sends_for_real_are_no_practice_mode(
    tmp_path: Path, left: str | None
) -> None:
    folder = OfficeFolder(tmp_path)
    folder.create()
    folder.settings_file.write_text(SENDS)
    with running_services(folder, None):
        pass
    folder.settings_file.unlink()
    if left is not None:
        folder.settings_file.write_text(left)
    (finding,) = look_at_mail(folder.db, folder.settings_file)
    assert not finding.ok
    assert finding.text.startswith(f"{folder.settings_file} no longer has mail.")
    assert "No e-mail is sent until you put these lines back" in finding.text
    folder.settings_file.write_text('mail.transport = "practice"\n')
    (finding,) = look_at_mail(folder.db, folder.settings_file)
    assert finding.ok


def test_a_lost_limit_is_told(tmp_path: Path) -> None:
    folder = OfficeFolder(tmp_path)
    folder.create()
    folder.settings_file.write_text("queues.mail.per_day = 100\n")
    with running_services(folder, None):
        pass
    folder.settings_file.unlink()
    lost, practice = look_at_mail(folder.db, folder.settings_file)
    assert not lost.ok
    assert "`queues.mail.per_day` is gone and still applies" in lost.text
    assert practice.ok


@task(name="other")
def other() -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> OfficeFolder:
    return OfficeFolder(tmp_path)


@pytest.fixture
def engine(folder: OfficeFolder) -> Iterator[Engine]:
    registry = Registry()
    registry.add(other)
    engine = Engine(EngineConfig(folder.db, registry))
    engine.start()
    yield engine
    engine.stop()


def standing_still(folder: OfficeFolder) -> list[str]:
    findings = list(look_for_standstill(folder.db))
    assert not any(finding.ok for finding in findings)
    return [finding.text for finding in findings]


def test_where_nothing_waits_nothing_is_said(folder: OfficeFolder, engine: Engine) -> None:
    assert standing_still(folder) == []
    engine.stop()
    with closing(sqlite3.connect(folder.db)) as connection:
        damage_page(connection, folder.db, "pauses")
    assert standing_still(folder) == []  # damage is told of by another
    for path in folder.root.glob("sendoff.db*"):
        path.unlink()
    assert standing_still(folder) == []
    folder.db.write_bytes(b"none at all")
    folder.settings_file.mkdir()
    assert standing_still(folder) == []


def test_pauses_are_named_with_the_command_that_ends_them(
    folder: OfficeFolder, engine: Engine
) -> None:
    engine.add_task(other)
    engine.pause("other").result()
    (one,) = standing_still(folder)
    assert one.startswith("The queue other has been paused since ")
    assert one.endswith(": `sendoff resume other` resumes it.")
    engine.pause(None).result()
    assert standing_still(folder)[0].startswith("Sending and everything else has been paused")


def test_an_older_store_is_named_as_why_all_is_paused(folder: OfficeFolder, engine: Engine) -> None:
    engine.stop()
    folder.db.with_name(f"{folder.db.name}.mark").unlink()
    again = Engine(EngineConfig(folder.db, engine._registry))
    again.start()
    (one,) = standing_still(folder)
    assert ". This database is older than the one last used here, " in one
    assert one.endswith("check them, then resume. (`sendoff resume`)")
    again.resume(None).result()
    assert standing_still(folder) == []
    again.pause(None).result()
    assert "older" not in standing_still(folder)[0]
    again.stop()


def test_a_doubted_clock_is_told_with_its_year(folder: OfficeFolder, engine: Engine) -> None:
    engine.stop()
    until = round(time.time() * 1000) + 3_600_000
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('doubted_until', ?)", (str(until),))
    (one,) = standing_still(folder)
    assert f"it says {datetime.now().astimezone():%Y-%m-%d }" in one


def test_held_tasks_are_counted_by_their_reason(folder: OfficeFolder, engine: Engine) -> None:
    engine.pause(None).result()
    for _ in range(3):
        engine.add_task(other)
    engine._registry.exchange({"other": "There is no task named “other” any more."}, ())
    engine.resume(None).result()
    eventually(lambda: engine.stats()["counts"]["waiting"] == 3)
    (waits,) = standing_still(folder)
    assert waits.startswith("Task 1 and 2 more are on hold: There is no task named “other”")


def test_a_misspelt_key_is_told(folder: OfficeFolder) -> None:
    folder.settings_file.write_text("[mail]\nprot = 25\n")
    folder.app_mark.touch()  # an app sends its own mail
    assert [each.text for each in mail_doctor.look_beside(folder)] == [
        "settings.toml: there is no `mail.prot`; did you mean `port`?"
    ]


@pytest.mark.parametrize("held", ["aside", "anyway", "queue", "task"])
def test_tasks_that_wait_for_no_person_are_not_listed(
    folder: OfficeFolder, engine: Engine, held: str
) -> None:
    engine.options(delay=3600).add_task(other)
    engine.stop()
    with closing(sqlite3.connect(folder.db)) as connection, connection:
        connection.execute("UPDATE tasks SET held = ?", (held,))
    assert standing_still(folder) == []
