"""Files laid ready for an edit go along once it is saved, and leave no trace where it is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.mail.errors import BadName
from desktop.mail.templates.source import BadPart
from tests.mail.templates.conftest import PARTS, put

if TYPE_CHECKING:
    from desktop.mail.files import Files
    from desktop.mail.templates.store import Templates


def lay_ready(templates: Templates, file: str, content: bytes = b"new", edit: str = "e1") -> None:
    upload = templates.staged.place_for(edit, file).with_name(f".upload-{file}")
    upload.write_bytes(content)
    templates.staged.take_in(edit, file, upload)


def attached(templates: Templates, name: str) -> dict[str, int | None]:
    return {each.file: each.size for each in templates.attachments(name)}


def test_they_go_along_from_the_save_on_that_names_them(templates: Templates, files: Files) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "plan.pdf", b"old plan")
    put(templates, "note", "map.pdf")
    for file in ("plan.pdf", "terms.pdf", "left out.pdf"):
        lay_ready(templates, file)
    assert attached(templates, "note") == {"plan.pdf": 8, "map.pdf": 1}
    assert templates.attachment("note", "plan.pdf", "e1") == b"new"
    assert templates.attachment("note", "map.pdf", "e1") == b"x"
    templates.save_parts("note", PARTS, None, ["plan.pdf", "terms.pdf"], "e1")
    assert attached(templates, "note") == {"plan.pdf": 3, "terms.pdf": 3}
    assert templates.attachment("note", "plan.pdf") == b"new"
    kept = ["map.pdf", "plan.pdf", "terms.pdf"]  # a version names the first
    assert sorted(files.names("attachments/note")) == kept
    assert files.folders("staged") == []
    templates.save_parts("note", PARTS, None, ["plan.pdf", "terms.pdf"], "e1")  # once more
    assert attached(templates, "note") == {"plan.pdf": 3, "terms.pdf": 3}


def test_a_copy_has_them_beside_those_of_its_model_also_when_it_is_saved_twice(
    templates: Templates,
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf")
    lay_ready(templates, "plan.pdf")
    for _ in range(2):
        templates.save_parts("note 2", PARTS, "note", ["map.pdf", "plan.pdf"], "e1")
        assert attached(templates, "note 2") == {"map.pdf": 1, "plan.pdf": 3}
    assert attached(templates, "note") == {"map.pdf": 1}


def test_a_save_that_cannot_have_all_of_them_changes_nothing(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf", b"x" * (ATTACHMENTS_LIMIT - 10))
    lay_ready(templates, "plan.pdf", b"x" * 11)
    with pytest.raises(BadPart, match="more than the 25 MiB") as refused:
        templates.save_parts("note", PARTS, None, ["map.pdf", "plan.pdf"], "e1")
    assert refused.value.part == "attachments"
    with pytest.raises(BadPart, match=r"“gone\.pdf” is not there any more"):
        templates.save_parts("note", PARTS, None, ["plan.pdf", "gone.pdf"], "e1")
    assert list(attached(templates, "note")) == ["map.pdf"]
    templates.save_parts("note", PARTS, None, ["plan.pdf"], "e1")
    assert attached(templates, "note") == {"plan.pdf": 11}


def test_what_no_save_has_named_goes_after_a_while(templates: Templates, files: Files) -> None:
    lay_ready(templates, "plan.pdf")
    lay_ready(templates, "map.pdf", edit="e2")
    with pytest.raises(BadName):
        templates.staged.place_for("e1", "../note.jinja")
    templates.staged.sweep(time.time() - 60)
    assert sorted(files.folders("staged")) == ["e1", "e2"]
    templates.staged.sweep(time.time() + 60)
    assert files.folders("staged") == []
