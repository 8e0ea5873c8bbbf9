"""A template keeps its letter under another name: after a kill too, and on any disk."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from desktop.mail.errors import BadName
from desktop.mail.files import FolderFiles
from desktop.mail.templates.folder import FormerNames, UnknownTemplate
from desktop.mail.templates.source import TemplateParts
from desktop.mail.templates.store import Templates
from desktop.settings.paths import resources
from tests.mail.templates.disks import forget_capitals, killed_at

PARTS = TemplateParts("Fees", "Dear {{ name }}", reply_to="a@example.org")
OTHER = replace(PARTS, text="Hello {{ name }}")


def opened(own: Path) -> Templates:
    """Open a folder as a backend does at its start."""
    templates = Templates(FolderFiles(own), [resources() / "templates" / "en"])
    templates.end_rename()
    return templates


def filled(own: Path) -> Templates:
    """Make *fees*, which was *dues* before, with a file; *Old* and its file were deleted."""
    own.mkdir()
    templates = opened(own)
    for name in ("dues", "Old"):
        templates.save_parts(name, PARTS)
        templates.save_parts(name, replace(PARTS, text="second"))
        upload = templates.place_for(name, "a.txt").with_name(".upload-a")
        upload.write_text(name)
        templates.attach(name, "a.txt", upload)
    templates.delete("Old")
    templates.rename("dues", "fees", PARTS)
    return templates


def own_names(templates: Templates) -> list[str]:
    return [name for name in templates.names() if name != "confirmation"]


def check(templates: Templates) -> str:
    """See that all of it is there under one name, also by the earlier ones; returns that name."""
    (now,) = own_names(templates)
    for name in {"dues", "fees", now}:
        assert templates.current(name) == now
        assert templates.called.letter(name) == "dues"
        assert templates.get(name).parts.attachments == ("a.txt",)
        assert templates.attachment(name, "a.txt") == b"dues"
    texts = [templates.versions.read(now, each.version) for each in templates.versions.of(now)]
    assert sum("second" in text for text in texts) >= 2
    assert list(templates.deleted()) == ([] if now == "Old" else ["Old"])
    return now


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed in its middle")
@pytest.mark.parametrize("name", ["Fees 2026", "dues", "Fees", "Old"])
def test_a_kill_in_a_rename_leaves_the_one_name_or_the_other(tmp_path: Path, name: str) -> None:
    filled(tmp_path / "filled")
    found = []
    for operation in count(1):
        own = tmp_path / str(operation)
        shutil.copytree(tmp_path / "filled", own)
        templates = Templates(FolderFiles(own), [resources() / "templates" / "en"])
        if not killed_at(operation, lambda there=templates: there.rename("fees", name, OTHER)):  # type: ignore[misc]
            break
        unopened = Templates(
            FolderFiles(own), [resources() / "templates" / "en"]
        )  # as a worker reads it
        assert unopened.attachment(unopened.current("dues"), "a.txt") == b"dues"
        templates = opened(own)
        now = check(templates)
        text = templates.get(now).parts.text
        assert text == OTHER.text or (now, text) == ("fees", PARTS.text)
        found.append((now, text))
        templates.rename("fees", name, OTHER)  # once more, as a person does
        assert check(templates) == name
        assert templates.get(name).parts.text == OTHER.text
    assert len(set(found)) == 3
    assert found == sorted(found, key=lambda each: (each[0] == name, each[1] == OTHER.text))
    assert check(opened(own)) == name


def test_what_a_kill_has_begun_is_forgotten_by_the_next_write(tmp_path: Path) -> None:
    templates = filled(tmp_path / "own")
    templates.called.begin_rename("fees", "Fees 2026")
    templates.save_parts("Fees 2026", OTHER)
    assert own_names(templates) == ["fees", "Fees 2026"]
    assert templates.called.letter("Fees 2026") == "Fees 2026"
    assert templates.current("dues") == "fees"


def test_names_that_were_spoilt_by_hand_lead_nowhere(tmp_path: Path) -> None:
    templates = filled(tmp_path / "own")
    for moving in ('["fees"]', '["../own", "../other"]', "7", '{"a": "b", "c": "d"}'):
        text = f'{{"earlier": {{}}, "letters": {{}}, "moving": {moving}}}'
        (tmp_path / "own" / "names.json").write_text(text)
        templates = opened(tmp_path / "own")
        assert own_names(templates) == ["fees"]
        assert templates.called.moved() is None


def test_names_that_change_within_one_tick_of_the_clock_are_read(tmp_path: Path) -> None:
    names, other = FormerNames(FolderFiles(tmp_path)), FormerNames(FolderFiles(tmp_path))
    for before, now in (("a", "b"), ("b", "cc")):
        names.begin_rename(before, now)
        (tmp_path / f"{now}.jinja").touch()
        names.end_rename()
        os.utime(tmp_path / "names.json", (1, 1))
        assert [other.now("a"), names.now("a")] == [now, now]


def test_only_the_capitals_of_a_name_can_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    if blind:
        forget_capitals(tmp_path, monkeypatch)
    templates = filled(tmp_path / "own")
    for name in ("Fees", "FEES", "fees"):
        templates.rename(own_names(templates)[0], name, replace(PARTS, text=name))
        assert check(opened(tmp_path / "own")) == name
        for folder in ("attachments", "versions"):
            assert name in [path.name for path in (tmp_path / "own" / folder).iterdir()]


def test_names_in_other_capitals_are_no_other_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    if blind:
        forget_capitals(tmp_path, monkeypatch)
    templates = filled(tmp_path / "own")
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
    templates.save_parts("confirmation", PARTS)
    templates.save_parts("OLD", PARTS)  # the deleted one cannot come back beside it
    assert not templates.deleted()
    assert templates.attachments("OLD") == []


@pytest.fixture(params=[False, True], ids=["every disk", "no capitals"])
def blind(request: pytest.FixtureRequest) -> bool:
    """Whether the disk takes names that differ by capitals only for one."""
    return bool(request.param)
