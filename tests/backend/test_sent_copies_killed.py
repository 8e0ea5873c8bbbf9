"""Killed ten times while copies are filed, each sent e-mail is in the folder once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Final

import pytest

from desktop.settings.office_folder import OfficeFolder
from tests import WITHIN
from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.looking import eventually
from tests.mail.certificates import make_certificates
from tests.mail.imap_server import Mailbox, mailbox
from tests.mail.server import Server, running

KILLS: Final = 10
EACH: Final = 2
"""E-mails that are sent before each kill."""
FIRST: Final = """
from desktop.backend import sent_copies
from desktop.mail import providers, sent_folder
sent_copies.LOOK_EVERY, sent_copies.OWN_COPY_S, sent_copies.FIRST_RETRY_S = 0.02, 0.0, 0.05
sent_folder.PORT = {port}
ours = providers.Provider("Ours", "localhost", 587, "starttls", "password", "localhost")
providers.providers = lambda: (ours,)
"""
SETTINGS: Final = """[mail]
transport = "smtp"
host = "localhost"
port = {port}
security = "none"
user = "ada"
sender = "Desk <desk@example.org>"
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    certificates = make_certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    monkeypatch.setenv("SENDOFF_MAIL_PASSWORD", "pässword")
    with mailbox(certificates.server) as box:
        yield box


@pytest.fixture
def mail_server() -> Iterator[Server]:
    with running() as server:
        yield server


def send(backend: RunningBackend, start: int) -> None:
    """Send some e-mails."""
    with client_of(backend.backend) as client:
        for number in range(start, start + EACH):
            body = {"recipient": {"email": f"p{number}@example.org"}}
            answer = client.post(f"/items/{number}", json=body)
            wait_for(client, int(answer.headers["X-Task-Ids"]), "succeeded")


def test_each_sent_e_mail_is_filed_once_after_ten_kills(
    backends: Callable[..., RunningBackend], tmp_path: Path, box: Mailbox, mail_server: Server
) -> None:
    data = OfficeFolder(tmp_path / "data")
    data.create()
    data.settings_file.write_text(SETTINGS.format(port=mail_server.port), encoding="utf-8")
    moments = cycle(("filed", "APPEND", "NOOP", "filed", "LOGOUT"))
    for kill in range(KILLS):
        backend, moment = backends(data.root, FIRST.format(port=box.port)), next(moments)
        sent, dead = Event(), Event()

        def at(
            command: str,
            backend: RunningBackend = backend,
            moment: str = moment,
            sent: Event = sent,
            dead: Event = dead,
        ) -> None:
            assert sent.wait(WITHIN)
            if command == moment and not dead.is_set():
                backend.kill()
                dead.set()

        box.at = at
        send(backend, 1 + kill * EACH)
        sent.set()
        assert dead.wait(WITHIN)
    box.at = lambda _: None
    last = backends(data.root, FIRST.format(port=box.port))
    send(last, 1 + KILLS * EACH)
    eventually(lambda: len(box.filed) >= len(mail_server.mails))
    last.stop()
    assert len(mail_server.mails) == (KILLS + 1) * EACH
    assert len(set(box.ids())) == len(box.ids()) == len(mail_server.mails)
