"""Names in other capitals are no other templates, on any disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.mail.errors import BadName
from desktop.mail.files import FolderFiles
from desktop.mail.templates.folder import UnknownTemplate
from desktop.mail.templates.source import TemplateParts
from desktop.mail.templates.store import Templates
from desktop.settings.paths import resources
from tests.mail.templates.disks import forget_capitals

if TYPE_CHECKING:
    from pathlib import Path

PARTS = TemplateParts("Fees", "Dear {{ name }}", reply_to="a@example.org")


@pytest.mark.parametrize("blind", [False, True], ids=["every disk", "no capitals"])
def test_names_in_other_capitals_are_no_other_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    if blind:
        forget_capitals(tmp_path, monkeypatch)
    (tmp_path / "own").mkdir()
    templates = Templates(FolderFiles(tmp_path / "own"), [resources() / "templates" / "en"])
    for name in ("fees", "Old"):
        templates.save_parts(name, PARTS)
    upload = templates.place_for("Old", "a.txt").with_name(".upload-a")
    upload.write_text("Old")
    templates.attach("Old", "a.txt", upload)
    templates.delete("Old")
    assert list(templates.deleted()) == ["Old"]
    for name in ("FEES", "Confirmation"):
        assert name not in templates
        for read in (templates.source, templates.get, templates.delete):
            with pytest.raises(UnknownTemplate):
                read(name)
        for copy_of in (None, "fees", "confirmation"):
            with pytest.raises(BadName, match="already"):
                templates.save_parts(name, PARTS, copy_of)
        with pytest.raises(BadName, match="already"):
            templates.save(name, templates.source("fees"))
    for name in ("fees", "confirmation"):
        templates.save_parts(name, PARTS)
    templates.save_parts("OLD", PARTS)  # the deleted one cannot come back beside it
    assert not templates.deleted()
    assert templates.attachments("OLD") == []
