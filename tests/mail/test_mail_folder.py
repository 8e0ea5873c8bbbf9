"""Mails in a folder: read, taken apart; nothing else in there is one."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.files import FolderFiles
from desktop.mail.transport import MailFolder, read_mail
from tests.mail.test_message import NOW, letter, names
from tests.mail.test_transport import numbered

if TYPE_CHECKING:
    from pathlib import Path


def test_a_mail_reads_back_as_it_was_written(tmp_path: Path) -> None:
    to = Mailbox("Zoë Ångström-Österreicher von und zu Grünewald am See", "zoë@bücher.example")
    greeting = letter(to=to, subject="Zwölf Karten", text="gruß\n", html="<b>ü</b>\n")
    MailFolder(FolderFiles(tmp_path)).keep(greeting, durable=True)
    mail = MailFolder(FolderFiles(tmp_path)).mail("0123.4567@example.org")
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


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b@c", "a@b/../../c", "a@b\n"])
def test_path_tricks_find_nothing(tmp_path: Path, name: str) -> None:
    assert MailFolder(FolderFiles(tmp_path)).mail(name) is None


def test_a_damaged_file_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a@b.eml").write_bytes(
        b"To: =?utf-8?b?a?=\r\nSubject: =?nonsense?q?x?=\r\n\r\n\xff"
    )
    mail = MailFolder(FolderFiles(tmp_path)).mail("a@b")
    assert mail is not None
    assert (mail.to, mail.subject) == ("=?utf-8?b?a?=", "=?nonsense?q?x?=")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes")
@pytest.mark.parametrize("durable", [True, False])
def test_a_kept_mail_is_its_owners_own(tmp_path: Path, durable: bool) -> None:
    folder = MailFolder(FolderFiles(tmp_path))
    path = tmp_path / folder.keep(numbered(1), durable=durable)
    assert path.read_bytes() == numbered(1).source
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [folder.has(numbered(n).message_id) for n in (1, 2)] == [True, False]


def test_a_folder_that_was_deleted_is_made_again_but_no_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = MailFolder(FolderFiles(data).below("sent"))
    with pytest.raises(FileNotFoundError):
        folder.keep(letter(), durable=True)
    assert not data.exists()
    data.mkdir()
    folder.keep(letter(), durable=True)
    assert stat.S_IMODE((data / "sent").stat().st_mode) == 0o700 or sys.platform == "win32"


def test_old_messages_are_swept_but_those_still_wanted(tmp_path: Path) -> None:
    folder = MailFolder(FolderFiles(tmp_path))
    for number in range(4):
        folder.keep(numbered(number), durable=True)
    old, wanted, new, also_old = sorted(tmp_path.iterdir())
    left = tmp_path / f".{old.name}.x7.tmp"
    own = tmp_path / "notes.txt"
    for path in (left, own):
        path.touch()
    for path in (old, wanted, also_old, left, own):
        os.utime(path, (1000, 1000))
    folder.sweep(2000, {f"<{wanted.stem}>"}, lambda: True)
    assert old.exists()
    folder.sweep(2000, {f"<{wanted.stem}>"}, lambda: False)
    assert sorted(tmp_path.iterdir()) == sorted([wanted, new, own])


def test_a_folder_that_is_not_there_is_swept(tmp_path: Path) -> None:
    MailFolder(FolderFiles(tmp_path / "none")).sweep(2000, (), lambda: False)
