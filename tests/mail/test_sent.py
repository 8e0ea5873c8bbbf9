"""A mail is in the folder before it passes its point of no return, and only then."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from desktop.mail.errors import MailLater, MailUncertain
from desktop.mail.mail_folder import MailFolder
from desktop.mail.sent import KeepingTransport
from tests.mail.sending import letter, sending
from tests.mail.server import Fault, Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop.mail.message import Message


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
        folder = MailFolder(tmp_path)
        yield Kept(folder, KeepingTransport(real.transport, folder))


def test_it_is_there_when_the_point_is_passed(kept: Kept, server: Server) -> None:
    message = letter()
    assert kept.send(message).startswith("250")
    assert kept.at_the_point == [message.source.decode()]
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
    assert kept.folder.mails(10) == []


def test_what_may_not_pass_is_not_kept_and_does_not_leave(kept: Kept, server: Server) -> None:
    def refuse() -> Any:
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError):
        kept.transport.send(letter(), refuse, lambda _: None)
    assert kept.folder.mails(10) == []
    assert not server.mails


def test_what_cannot_be_kept_does_not_leave(kept: Kept, server: Server, tmp_path: Path) -> None:
    tmp_path.rmdir()
    with pytest.raises(MailLater, match="The mail cannot be kept: No such file"):
        kept.send(letter())
    assert kept.at_the_point == []
    assert not server.mails
