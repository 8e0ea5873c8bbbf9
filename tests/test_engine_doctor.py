"""``sendoff doctor --database``: a sentence for the store on a server, and for what sends."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop import cli
from desktop.backend.composition import running_services
from desktop.items.tables.schema import metadata
from desktop.mail.files import SETTINGS
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.secrets import PASSWORD_VARIABLE, Passwords
from desktop.shell.mail_doctor import look_at_stored
from sendoff_tasks.facade import opening
from sendoff_tasks.postgres.connection import Connection
from sendoff_tasks.postgres.files import BRING
from sendoff_tasks.shell.engine_doctor import look_at_database
from sendoff_tasks.store.errors import StoreError
from sendoff_tasks.store.migrations import own_version
from sendoff_tasks.words.table import ENGLISH
from tests.looking import eventually
from tests.mail.server import running

MAIL = """[mail]
transport = "smtp"
host = "localhost"
port = {}
security = "none"
user = "ada"
sender = "ada@example.org"
"""


@pytest.fixture
def url(server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a database of a server whose settings are not looked at: it does not sync its disk."""
    monkeypatch.setattr("sendoff_tasks.postgres.opening.NEEDED", {})
    return str(server.database())


def told(url: str, root: Path = Path("none")) -> list[str]:
    return [
        str(each)
        for each in look_at_database(
            url,
            partial(look_at_stored, OfficeFolder(root)),
            settings=SETTINGS,
            tables=metadata.sorted_tables,
        )
    ]


def held_queues(url: str) -> list[str]:
    return [each for each in told(url) if each.startswith("look The queue ")]


def settings(url: str, text: str) -> None:
    session = Connection(url)
    session.execute(BRING, (SETTINGS, text.encode(), 0.0))
    session.close()


def test_store_and_mail_settings_are_told_at_work_and_at_rest(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    session = Connection(url)
    session.execute("DROP SCHEMA sendoff CASCADE")
    session.close()
    assert [told(url), told(url)] == [[f"ok   {ENGLISH.say('doctor', 'no_tables')}"]] * 2
    opening.migrate(url)
    assert told(url)[1] == "ok   Mail: practice mode, e-mails stay in the outbox"
    with running() as smtp:
        settings(url, MAIL.format(smtp.port))
        with running_services(folder, url):
            held = eventually(lambda: held_queues(url))[0]
            store, mail, password, *_ = told(url, folder.root)
            assert store.startswith(
                f"ok   Store: PostgreSQL 15, tables of version {own_version()}, 0 "
            )
            here = f"process {os.getpid()} on {socket.gethostname()[:30]}"
            assert store.endswith(f"; {here} runs its tasks, 0 workers")
            assert mail == f"ok   Mail: localhost port {smtp.port} answers (none)"
            assert password.startswith("look Keyring: ")
            assert held.startswith("look The queue mail is on hold: ")
            Passwords(folder.password_file).store_in_file("localhost", "ada", "secret")
            assert told(url, folder.root)[2].endswith("is in a file of your own")
            folder.password_file.unlink()
        monkeypatch.setenv(PASSWORD_VARIABLE, "secret")
        with running_services(folder, url):
            eventually(lambda: not held_queues(url))
        command = ["doctor", "--data-dir", str(folder.root), "--database", url]
        assert cli.run(command) == 0
        said = capsys.readouterr().out
    assert "no process runs its tasks" in said
    assert "the password for ada is there" in said
    assert cli.run(command) == 1
    assert "does not answer as it should" in capsys.readouterr().out
    assert cli.run(command[:3]) == 0
    assert "--database URL looks at it" in capsys.readouterr().out


def test_a_server_that_may_lose_what_is_committed_is_named(server: Any) -> None:
    store, unsafe, _ = told(str(server.database()))
    assert store.startswith("ok   Store: ")
    assert unsafe.startswith("look The database server runs with fsync = off, so a crash")


def test_lost_settings_of_a_database_that_sends_for_real_are_no_practice_mode(
    url: str, tmp_path: Path
) -> None:
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    settings(url, MAIL.format(25))
    with running_services(folder, url):
        pass
    session = Connection(url)
    session.execute("DELETE FROM files")
    session.close()
    (_, mail, *_) = told(url)
    assert mail.startswith("look settings.toml in the database no longer has mail.")


def test_a_restored_database_says_that_it_is_paused_as_a_folder_does(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    with running_services(folder, url):
        pass
    session = Connection(url)
    session.execute("INSERT INTO meta VALUES ('restored', '')")
    session.close()
    with running_services(folder, url):
        pass
    assert cli.run(["doctor", "--data-dir", str(folder.root), "--database", url]) == 1
    paused = capsys.readouterr().out.splitlines()[-1]
    assert paused.startswith("look Sending and everything else has been paused since ")
    assert paused.endswith(f"{ENGLISH.say('restored', 'check')} (`sendoff resume`)")


def test_a_database_that_cannot_be_used_is_one_sentence(url: str) -> None:
    assert told("mysql://x") == [f"look Store: {ENGLISH.say('database', 'no_address')}"]
    (gone,) = told("postgresql://missing@127.0.0.1:1/none")
    assert gone.startswith("look Store: No connection to a database server at 127.0.0.1, port 1")
    settings(url, "port = ")
    assert told(url)[1].startswith("look settings.toml in the database cannot be read: ")
    session = Connection(url)
    session.execute("UPDATE version SET version = '9999'")
    (other,) = told(url)
    session.execute("UPDATE version SET version = '0013'")
    (older,) = told(url)
    session.close()
    poor, empty = url.replace("benchmark@", "poor@"), url.rpartition("/")[0] + "/empty"
    with closing(psycopg.connect(url, autocommit=True)) as admin:
        admin.execute("CREATE ROLE poor LOGIN")
        admin.execute("CREATE DATABASE empty")
    for each in (poor, empty.replace("benchmark@", "poor@")):
        (lacking,) = told(each)
        assert lacking.startswith("look Store: The database user poor ")
    assert told(empty) == [f"ok   {ENGLISH.say('doctor', 'no_tables')}"]
    data = {"schema": "sendoff", "needed": own_version()}
    for said, reason, found in ((other, "newer", "9999"), (older, "older", "0013")):
        error = StoreError(f"database.{reason}", found=found, **data)
        assert said == f"look Store: {error}"
