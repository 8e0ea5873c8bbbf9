"""Practice mode keeps every mail, whole."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.mail.errors import MailLater
from desktop.mail.message import Message
from desktop.mail.outbox import Outbox
from tests.mail.test_message import letter


def keep(outbox: Outbox, message: Message) -> list[str]:
    log: list[str] = []

    def never() -> None:
        raise AssertionError("the outbox can be written again, so nothing is final")

    outbox.send(message, never, log.append)
    return log


def numbered(number: int) -> Message:
    return letter(message_id=f"<{number:012x}.00@example.org>", subject=f"Mail {number}")


def test_a_mail_is_kept_whole_under_its_message_id(tmp_path: Path) -> None:
    assert keep(Outbox(tmp_path), numbered(1)) == [
        "kept in the outbox as 000000000001.00@example.org.eml"
    ]
    (file,) = tmp_path.iterdir()
    assert file.read_bytes() == numbered(1).source


def test_the_same_mail_again_is_still_one_mail(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    keep(outbox, numbered(1))
    keep(outbox, numbered(1))
    assert len(outbox.mails(10)) == 1


WRITER = """
import sys
from pathlib import Path
from desktop.mail.outbox import Outbox
from tests.mail.test_outbox import numbered
outbox = Outbox(Path(sys.argv[1]))
for number in range(1_000_000):
    outbox.send(numbered(number % 50), lambda: None, lambda _: None)
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_whole_mails_only(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        written = [int(writer.stdout.readline()) for _ in range(120)]
        writer.kill()
    assert written[-1] == 119
    mails = sorted(tmp_path.glob("*.eml"))
    assert [mail.read_bytes() for mail in mails] == [numbered(n).source for n in range(50)]


def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "missing")
    with pytest.raises(MailLater, match="The outbox cannot be written: No such file"):
        keep(outbox, replace(letter()))
