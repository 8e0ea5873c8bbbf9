from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from desktop.mail.errors import Later
from desktop.mail.message import Message
from desktop.mail.outbox import Outbox, read_mail
from desktop.settings.mailbox import Mailbox
from tests.mail.test_message import NOW, letter, names


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


def test_a_mail_reads_back_as_it_was_written(tmp_path: Path) -> None:
    to = Mailbox("Zoë Ångström-Österreicher von und zu Grünewald am See", "zoë@bücher.example")
    keep(Outbox(tmp_path), letter(to=to, subject="Zwölf Karten", text="gruß\n", html="<b>ü</b>\n"))
    mail = Outbox(tmp_path).mail("0123.4567@example.org")
    assert mail is not None
    assert mail.sender == "Box office <box@example.org>"
    assert mail.to == f"{to.name} <zoë@xn--bcher-kva.example>"
    assert (mail.subject, mail.text, mail.html) == ("Zwölf Karten", "gruß\r\n", "<b>ü</b>\r\n")
    assert mail.source.startswith("From: ")


@given(name=names, subject=names)
def test_any_name_and_subject_read_back(name: str, subject: str) -> None:
    message = letter(to=Mailbox(name, "ada@example.org"), subject=subject)
    mail = read_mail("x", message.source, NOW)
    assert mail.to == str(Mailbox(" ".join(name.split()), "ada@example.org"))
    assert mail.subject == " ".join(subject.split())


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


def test_the_newest_mails_come_first_page_by_page(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    for number in (3, 1, 5, 2, 4):
        keep(outbox, numbered(number))
    first = outbox.mails(2)
    second = outbox.mails(2, after=first[-1].message_id)
    third = outbox.mails(2, after=second[-1].message_id)
    subjects = [mail.subject for mail in [*first, *second, *third]]
    assert subjects == ["Mail 5", "Mail 4", "Mail 3", "Mail 2", "Mail 1"]


def test_half_written_and_foreign_files_are_no_mails(tmp_path: Path) -> None:
    (tmp_path / ".000000000001.00@example.org.eml.x1.tmp").write_bytes(b"half")
    (tmp_path / "notes.txt").write_bytes(b"")
    (tmp_path / "no message id.eml").write_bytes(b"")
    assert Outbox(tmp_path).mails(10) == []
    assert Outbox(tmp_path / "missing").mails(10) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b@c", "a@b/../../c", "a@b\n"])
def test_path_tricks_find_nothing(tmp_path: Path, name: str) -> None:
    assert Outbox(tmp_path).mail(name) is None


def test_a_damaged_file_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a@b.eml").write_bytes(
        b"To: =?utf-8?b?a?=\r\nSubject: =?nonsense?q?x?=\r\n\r\n\xff"
    )
    mail = Outbox(tmp_path).mail("a@b")
    assert mail is not None
    assert (mail.to, mail.subject) == ("=?utf-8?b?a?=", "=?nonsense?q?x?=")


def test_a_folder_that_cannot_be_written_is_for_later(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "missing")
    with pytest.raises(Later, match="The outbox cannot be written: No such file"):
        keep(outbox, replace(letter()))
