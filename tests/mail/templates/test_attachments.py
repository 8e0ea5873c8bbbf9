"""The files that go along with a template are kept, counted, copied and deleted with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.mail.attached import check_file_name
from desktop.mail.errors import BadName, MissingAttachment
from desktop.mail.templates.folder import VERSIONS_KEPT
from desktop.mail.templates.source import TemplateParts
from tests.mail.templates.conftest import PARTS, put

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.mail.files import Files
    from desktop.mail.templates.store import Templates


def test_files_go_along_until_they_are_taken_away(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "Größe.txt")
    assert [(a.file, a.size) for a in templates.attachments("note")] == [
        ("statutes.pdf", 3), ("Größe.txt", 1),
    ]  # fmt: skip
    assert templates.attachment("note", "statutes.pdf") == b"abc"
    templates.save_parts("note", PARTS)
    templates.save_parts("note", PARTS, attached=["statutes.pdf"])
    assert [a.file for a in templates.attachments("note")] == ["statutes.pdf"]


def test_a_copy_brings_the_files_along_that_are_to_stay(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "plan.pdf")
    templates.save_parts("note 2", PARTS, copy_of="note", attached=["statutes.pdf"])
    templates.delete("note")
    assert [a.file for a in templates.attachments("note 2")] == ["statutes.pdf"]
    assert templates.attachment("note 2", "statutes.pdf") == b"abc"
    with pytest.raises(MissingAttachment):
        templates.attachment("note 2", "plan.pdf")


def test_files_that_do_not_stay_go_once_no_version_has_them(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "plan.pdf", b"x")
    before = templates.source("note")
    templates.save_parts("note", PARTS, attached=["plan.pdf"])
    assert [a.file for a in templates.attachments("note")] == ["plan.pdf"]
    templates.save("note", before)  # as it was: an undone save has its files
    assert [a.size for a in templates.attachments("note")] == [3, 1]
    templates.save_parts("note", PARTS, attached=["plan.pdf"])
    for number in range(VERSIONS_KEPT + 1):
        text = TemplateParts(f"Note {number}", "words")
        templates.save_parts("note", text)
    with pytest.raises(MissingAttachment):
        templates.attachment("note", "statutes.pdf")


def test_a_missing_file_is_named(templates: Templates, files: Files) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    files.remove("attachments/note/statutes.pdf")
    assert templates.attachments("note")[0].size is None
    with pytest.raises(MissingAttachment, match=r"“statutes\.pdf” of .* “note” is missing"):
        templates.attachment("note", "statutes.pdf")


@pytest.mark.parametrize(
    "file",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "a|b",
        "a\n",
        "con",
        "NUL.txt",
        "NUL .txt",
        "COM¹",
        "lpt³.txt",
        "CONIN$",
        "a.",
        " a",
        "a\u202eb",
        "ä" * 120,
    ],
)
def test_no_files_name_leads_elsewhere(file: str) -> None:
    with pytest.raises(BadName):
        check_file_name(file)


@pytest.mark.parametrize("files", ["folder"], indirect=True)
def test_what_a_killed_upload_left_is_never_copied(templates: Templates, tmp_path: Path) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    folder = tmp_path / "own" / "attachments" / "note"
    (folder / ".upload-1").write_bytes(b"x")
    templates.save_parts("note 2", PARTS, copy_of="note")
    assert [path.name for path in (folder.parent / "note 2").iterdir()] == ["statutes.pdf"]
