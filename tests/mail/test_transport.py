"""Practice mode keeps every mail, whole; a server's is in the folder before it can leave."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.errors import MailLater, MailUncertain, NotStored
from desktop.mail.files import FolderFiles
from desktop.mail.message import Message
from desktop.mail.transport import MailFolder, PracticeOutbox, StoringTransport, read_mail
from tests.mail.sending import letter, sending
from tests.mail.server import Fault, Server, running
from tests.mail.test_message import letter as fixed
from tests.mail.test_message import names


def keep(outbox: PracticeOutbox, message: Message) -> list[str]:
    log: list[str] = []

    def never() -> None:
        raise AssertionError("the outbox can be written again, so nothing is final")

    outbox.send(message, never, log.append)
    return log


def numbered(number: int) -> Message:
    return fixed(message_id=f"<{number:012x}.00@example.org>", subject=f"Mail {number}")


WRITER = """
import sys
from pathlib import Path
from desktop.mail.files import FolderFiles
from desktop.mail.transport import PracticeOutbox
from tests.mail.test_transport import numbered
outbox = PracticeOutbox(FolderFiles(Path(sys.argv[1])))
for number in range(1_000_000):
    outbox.send(numbered(number % 50), lambda: None, lambda _: None)
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_messages_only(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        written = [int(writer.stdout.readline()) for _ in range(120)]
        writer.kill()
    assert written[-1] == 119
    mails = sorted(tmp_path.glob("*.eml"))
    assert [mail.read_bytes() for mail in mails] == [numbered(n).source for n in range(50)]


def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    outbox = PracticeOutbox(FolderFiles(tmp_path / "missing"))
    with pytest.raises(NotStored, match=r"The e-mail cannot be kept in .*missing: No such file"):
        keep(outbox, fixed())


@dataclass
class Kept:
    """A transport that keeps its mails, and what was kept at the point of no return."""

    folder: MailFolder
    transport: StoringTransport
    at_the_point: list[str] = field(default_factory=list)

    def send(self, message: Message) -> str:
        def cross() -> None:
            mail = self.folder.mail(message.message_id[1:-1])
            self.at_the_point.append(mail.source if mail else "nothing")

        return self.transport.send(message, cross, lambda _: None)


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture
def kept(server: Server, tmp_path: Path) -> Iterator[Kept]:
    with sending(server.settings(user="ada")) as real:
        folder = MailFolder(FolderFiles(tmp_path))
        yield Kept(folder, StoringTransport(real.transport, folder))


def test_it_is_kept_once_the_point_is_passed(kept: Kept, server: Server) -> None:
    message = letter()
    assert not kept.transport.has_sent(message.message_id)
    assert kept.send(message).startswith("250")
    assert kept.at_the_point == ["nothing"]
    assert kept.transport.has_sent(message.message_id)
    assert server.mails[0].original_content == message.source


def test_it_stays_where_no_answer_came(kept: Kept, server: Server) -> None:
    message = letter()
    server.faults["dot"] = Fault.DROP
    with pytest.raises(MailUncertain):
        kept.send(message)
    assert kept.folder.mail(message.message_id[1:-1]) is not None


@pytest.mark.parametrize("left", [b"", bytes(4096)])
def test_what_a_power_cut_has_emptied_is_known_and_not_shown(tmp_path: Path, left: bytes) -> None:
    folder = MailFolder(FolderFiles(tmp_path))
    (tmp_path / folder.store(numbered(1), durable=False)).write_bytes(left)
    assert folder.has(numbered(1).message_id)
    assert folder.mail(numbered(1).message_id[1:-1]) is None


def test_what_was_refused_before_is_not_kept(kept: Kept, server: Server) -> None:
    server.faults["RCPT"] = "451 4.7.1 try again later"
    with pytest.raises(MailLater):
        kept.send(letter())
    assert not kept.folder.has(letter().message_id)


def test_what_may_not_pass_is_not_kept_and_does_not_leave(kept: Kept, server: Server) -> None:
    def refuse() -> Any:
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError):
        kept.transport.send(letter(), refuse, lambda _: None)
    assert not kept.folder.has(letter().message_id)
    assert not server.mails


def test_what_cannot_be_kept_does_not_leave(kept: Kept, server: Server, tmp_path: Path) -> None:
    tmp_path.rmdir()
    with pytest.raises(NotStored, match=r"The e-mail cannot be kept in .*: No such file"):
        kept.send(letter())
    assert not server.mails


def test_what_may_have_been_sent_before_does_not_leave(
    kept: Kept, server: Server, tmp_path: Path
) -> None:
    message = letter()
    file = tmp_path / f"{message.message_id[1:-1]}.eml"
    file.symlink_to(file)  # it cannot be looked at
    with pytest.raises(NotStored, match=r"cannot be read: .* it may have been sent before"):
        kept.transport.send(message, lambda: None, lambda _: None)
    assert not server.mails


def test_a_mail_reads_back_as_it_was_written(tmp_path: Path) -> None:
    to = Mailbox("Zoë Ångström-Österreicher von und zu Grünewald am See", "zoë@bücher.example")
    greeting = fixed(to=to, subject="Zwölf Karten", text="gruß\n", html="<b>ü</b>\n")
    MailFolder(FolderFiles(tmp_path)).store(greeting, durable=True)
    mail = MailFolder(FolderFiles(tmp_path)).mail("0123.4567@example.org")
    assert mail is not None
    assert mail.sender == "Box office <box@example.org>"
    assert mail.to == f"{to.name} <zoë@xn--bcher-kva.example>"
    assert (mail.subject, mail.text, mail.html) == ("Zwölf Karten", "gruß\r\n", "<b>ü</b>\r\n")
    assert mail.source.startswith("From: ")


@given(name=names, subject=names)
def test_any_name_and_subject_read_back(name: str, subject: str) -> None:
    message = fixed(to=Mailbox(name, "ada@example.org"), subject=subject)
    mail = read_mail("x", message.source)
    assert mail.to == str(Mailbox(" ".join(name.split()), "ada@example.org"))
    assert mail.subject == " ".join(subject.split())


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b@c", "a@b/../../c", "a@b\n"])
def test_path_tricks_find_nothing(tmp_path: Path, name: str) -> None:
    assert MailFolder(FolderFiles(tmp_path)).mail(name) is None


def test_a_damaged_file_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a@b.eml").write_bytes(
        b"Message-ID: <a@b>\r\nTo: =?utf-8?b?a?=\r\nSubject: =?nonsense?q?x?=\r\n\r\n\xff"
    )
    mail = MailFolder(FolderFiles(tmp_path)).mail("a@b")
    assert mail is not None
    assert (mail.to, mail.subject) == ("=?utf-8?b?a?=", "=?nonsense?q?x?=")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes")
@pytest.mark.parametrize("durable", [True, False])
def test_a_kept_mail_is_its_owners_own(tmp_path: Path, durable: bool) -> None:
    folder = MailFolder(FolderFiles(tmp_path))
    path = tmp_path / folder.store(numbered(1), durable=durable)
    assert path.read_bytes() == numbered(1).source
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [folder.has(numbered(n).message_id) for n in (1, 2)] == [True, False]


def test_a_folder_that_was_deleted_is_made_again_but_no_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = MailFolder(FolderFiles(data).below("sent"))
    with pytest.raises(FileNotFoundError):
        folder.store(fixed(), durable=True)
    assert not data.exists()
    data.mkdir()
    folder.store(fixed(), durable=True)
    assert stat.S_IMODE((data / "sent").stat().st_mode) == 0o700 or sys.platform == "win32"


def test_old_messages_are_swept_but_those_still_wanted(tmp_path: Path) -> None:
    folder = MailFolder(FolderFiles(tmp_path))
    for number in range(4):
        folder.store(numbered(number), durable=True)
    old, wanted, new, also_old = sorted(tmp_path.iterdir())
    own = tmp_path / "notes.txt"
    own.touch()
    for path in (old, wanted, also_old, own):
        os.utime(path, (1000, 1000))
    folder.sweep(2000, {f"<{wanted.stem}>"}, lambda: True)
    assert old.exists()
    folder.sweep(2000, {f"<{wanted.stem}>"}, lambda: False)
    assert sorted(tmp_path.iterdir()) == sorted([wanted, new, own])
    MailFolder(FolderFiles(tmp_path / "none")).sweep(2000, (), lambda: False)
