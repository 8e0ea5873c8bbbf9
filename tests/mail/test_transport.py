"""Practice mode keeps every mail, whole; a server's is in the folder before it can leave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.mail.errors import MailLater, MailUncertain, Unkept
from desktop.mail.files import FolderFiles
from desktop.mail.message import Message
from desktop.mail.transport import KeepingTransport, MailFolder, Outbox
from tests.mail.sending import letter, sending
from tests.mail.server import Fault, Server, running
from tests.mail.test_message import letter as fixed


def keep(outbox: Outbox, message: Message) -> list[str]:
    log: list[str] = []

    def never() -> None:
        raise AssertionError("the outbox can be written again, so nothing is final")

    outbox.send(message, never, log.append)
    return log


def numbered(number: int) -> Message:
    return fixed(message_id=f"<{number:012x}.00@example.org>", subject=f"Mail {number}")


def test_a_mail_is_kept_whole_under_its_message_id(tmp_path: Path) -> None:
    assert keep(Outbox(FolderFiles(tmp_path)), numbered(1)) == [
        "kept in the outbox as 000000000001.00@example.org.eml"
    ]
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == numbered(1).source


def test_the_same_mail_again_is_still_one_mail(tmp_path: Path) -> None:
    outbox = Outbox(FolderFiles(tmp_path))
    keep(outbox, numbered(1))
    keep(outbox, numbered(1))
    assert len([*tmp_path.iterdir()]) == 1


WRITER = """
import sys
from pathlib import Path
from desktop.mail.files import FolderFiles
from desktop.mail.transport import Outbox
from tests.mail.test_transport import numbered
outbox = Outbox(FolderFiles(Path(sys.argv[1])))
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
    outbox = Outbox(FolderFiles(tmp_path / "missing"))
    with pytest.raises(Unkept, match=r"The message cannot be kept in .*missing: No such file"):
        keep(outbox, fixed())


@dataclass
class Kept:
    """A transport that keeps its mails, and what was kept at the point of no return."""

    folder: MailFolder
    transport: KeepingTransport
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
        yield Kept(folder, KeepingTransport(real.transport, folder))


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
    with pytest.raises(Unkept, match=r"The message cannot be kept in .*: No such file"):
        kept.send(letter())
    assert not server.mails
