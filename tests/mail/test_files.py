"""The files of a batch: kept apart from those of others, and sent with the rows that name them."""

from __future__ import annotations

from typing import Final

import pytest

from desktop.contract.items import NewItem
from desktop.mail.errors import BadName, BadTemplate, MissingBatchFile
from desktop.mail.files import BatchFiles, Files, FolderFiles
from desktop.mail.mailer import open_mailer
from desktop.settings.preferences import MailSettings
from tests.mail.conftest import IN_EACH_STORE

LATER: Final = 2.0**33  # s, in the year 2242


@pytest.fixture
def attached(files: Files) -> BatchFiles:
    return BatchFiles(files.below("batches"))


def put(attached: BatchFiles, batch_id: int, name: str, content: bytes) -> None:
    upload = attached.place_for(batch_id, name).with_name(".upload-x")
    upload.write_bytes(content)
    attached.attach(upload, batch_id, name)


@IN_EACH_STORE
def test_a_message_carries_the_files_of_its_row(attached: BatchFiles, files: Files) -> None:
    put(attached, 3, "plan.pdf", b"the plan")
    mailer = open_mailer(MailSettings(), files)
    item: NewItem = {
        "recipient": {"email": "ada@example.org"},
        "attachments": ["plan.pdf"],
        "batch_id": 3,
    }
    source = mailer.compose(item, 1, mailer.new_message_id()).source
    assert b"plan.pdf" in source
    assert b"dGhlIHBsYW4=" in source
    put(attached, 3, "plan.pdf", b"")
    with pytest.raises(MissingBatchFile, match=r"plan\.pdf” of batch 3 is missing or empty"):
        mailer.compose(item, 1, mailer.new_message_id())
    attached.forget(3)
    in_folder = isinstance(files, FolderFiles)
    cure = r"Put it back in .*attachments\." if in_folder else r"Import these rows again\."
    with pytest.raises(MissingBatchFile, match=rf"is missing or empty\. {cure}$"):
        mailer.compose(item, 1, mailer.new_message_id())


@IN_EACH_STORE
def test_an_upload_goes_under_its_own_name_and_needs_no_batch(
    attached: BatchFiles, files: Files
) -> None:
    upload = attached.place_for_upload("plan.pdf").with_name(".upload-x")
    upload.write_bytes(b"the plan")
    named = attached.take_upload(upload, "plan.pdf")
    mailer = open_mailer(MailSettings(), files)
    item: NewItem = {"recipient": {"email": "ada@example.org"}, "attachments": [named]}
    with mailer.whole_files(item):  # it need not lie still first
        message = mailer.compose(item, 1, mailer.new_message_id())
    assert [each.file for each in message.files] == ["plan.pdf"]
    assert b"dGhlIHBsYW4=" in message.source
    attached.forget_uploads(0, set)
    assert attached.size(0, named) == len(b"the plan")
    attached.forget_uploads(LATER, lambda: {named})
    assert attached.size(0, named) == len(b"the plan")
    attached.forget_uploads(LATER, set)
    with pytest.raises(MissingBatchFile, match=r"“plan\.pdf” is missing .* attach it again\.$"):
        mailer.compose(item, 1, mailer.new_message_id())


@pytest.mark.parametrize("name", ["x/plan.pdf", f"{'0' * 24}/../plan.pdf", f"{'0' * 24}/"])
def test_no_id_of_an_upload_leads_out_of_the_folder(attached: BatchFiles, name: str) -> None:
    assert attached.size(0, name) == 0
    with pytest.raises(MissingBatchFile):
        attached.attachment(0, name)


def test_what_no_wait_makes_readable_is_for_a_person(attached: BatchFiles, files: Files) -> None:
    attached.place_for(3, "folder.pdf").mkdir()
    loop = attached.place_for(3, "loop.pdf")
    loop.symlink_to(loop)
    for name in ("folder.pdf", "loop.pdf"):
        item: NewItem = {"recipient": {"email": "a@b.org"}, "attachments": [name], "batch_id": 3}
        mailer = open_mailer(MailSettings(), files)
        template = mailer.template_of(item)
        with (
            pytest.raises(MissingBatchFile, match=rf"“{name}” of batch 3 cannot be read: "),
            mailer.whole_files(item),
            mailer.room_for(item, template, lambda: None),
        ):
            mailer.compose(item, 1, mailer.new_message_id())


@pytest.mark.parametrize("name", ["../plan.pdf", "a/b", "", ".hidden", "con", "x\x00y"])
def test_no_name_leads_out_of_the_folder(attached: BatchFiles, name: str) -> None:
    with pytest.raises(BadName):
        attached.place_for(3, name)
    with pytest.raises(BadTemplate):
        attached.attachment(3, name)


@IN_EACH_STORE
def test_a_file_of_the_same_name_is_replaced_and_what_is_forgotten_is_gone(
    attached: BatchFiles,
) -> None:
    put(attached, 3, "plan.pdf", b"one")
    put(attached, 3, "plan.pdf", b"three")
    assert attached.attachments(3) == {"plan.pdf": 5}
    assert attached.attachments(4) == {}
    put(attached, 4, "plan.pdf", b"two")
    assert sorted(attached.batches()) == [3, 4]
    attached.forget(3)
    assert attached.batches() == [4]
    assert attached.detach(4, "plan.pdf")
    assert not attached.detach(4, "plan.pdf")
