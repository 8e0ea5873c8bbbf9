"""The files of a batch: kept apart from those of others, and sent with the rows that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.mail.batch_files import BatchFiles
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.mailer import open_mailer
from desktop.settings.paths import DataFolder
from desktop.settings.preferences import MailSettings

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.contract.items import NewItem


@pytest.fixture
def files(tmp_path: Path) -> BatchFiles:
    return BatchFiles(tmp_path / "data" / "batches")


def put(files: BatchFiles, batch_id: int, name: str, content: bytes, tmp_path: Path) -> None:
    upload = tmp_path / "upload"
    upload.write_bytes(content)
    files.keep(upload, files.place_for(batch_id, name))


def test_a_message_carries_the_files_of_its_row(files: BatchFiles, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    put(files, 3, "plan.pdf", b"the plan", tmp_path)
    mailer = open_mailer(MailSettings(), folder)
    item: NewItem = {
        "recipient": {"email": "ada@example.org"},
        "attachments": ["plan.pdf"],
        "batch_id": 3,
    }
    source = mailer.compose(item, 1, mailer.new_message_id()).source
    assert b"plan.pdf" in source
    assert b"dGhlIHBsYW4=" in source
    files.forget(3)
    with pytest.raises(BadTemplate, match=r"plan\.pdf” of batch 3 is missing"):
        mailer.compose(item, 1, mailer.new_message_id())


def test_a_file_of_the_same_name_is_replaced(files: BatchFiles, tmp_path: Path) -> None:
    put(files, 3, "plan.pdf", b"one", tmp_path)
    put(files, 3, "plan.pdf", b"three", tmp_path)
    assert files.attachments(3) == {"plan.pdf": 5}
    assert files.attachments(4) == {}


@pytest.mark.parametrize("name", ["../plan.pdf", "a/b", "", ".hidden", "con", "x\x00y"])
def test_no_name_leads_out_of_the_folder(files: BatchFiles, name: str) -> None:
    with pytest.raises(BadName):
        files.place_for(3, name)
    with pytest.raises(BadTemplate):
        files.attachment(3, name)


def test_what_is_forgotten_is_gone(files: BatchFiles, tmp_path: Path) -> None:
    put(files, 3, "plan.pdf", b"one", tmp_path)
    put(files, 4, "plan.pdf", b"two", tmp_path)
    assert sorted(files.batches()) == [3, 4]
    files.forget(3)
    assert files.batches() == [4]
    assert files.detach(4, "plan.pdf")
    assert not files.detach(4, "plan.pdf")
