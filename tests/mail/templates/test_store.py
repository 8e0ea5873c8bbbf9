"""Templates are kept, listed, copied and deleted; so are their versions and their files."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from desktop.mail.attached import ATTACHMENTS_LIMIT, check_file_name
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.templates.folder import MissingAttachment
from desktop.mail.templates.source import BadPart, TemplateParts, parts_of
from desktop.mail.templates.store import Templates, TooMuch
from desktop.mail.templates.versions import VERSIONS_KEPT, UnknownTemplate
from desktop.settings.paths import resources
from tests import WITHIN
from tests.mail.templates.test_template import ITEM, with_text

PARTS = TemplateParts("Hello {{ name }}", "Dear {{ First name }},\n\nbye", reply_to="a@example.org")


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "own").mkdir()
    return Templates(tmp_path / "own", [resources() / "templates" / "en"])


def put(templates: Templates, name: str, file: str, content: bytes = b"x") -> None:
    upload = templates.place_for(name, file).with_name(f".upload-{file}")
    upload.write_bytes(content)
    templates.attach(name, file, upload)


def parts(templates: Templates, name: str) -> Any:
    return parts_of(templates.source(name))


def test_a_persons_own_template_goes_before_the_built_in_one(templates: Templates) -> None:
    templates.save("confirmation", with_text("mine"))
    assert templates.get("confirmation").render(ITEM).text == "mine\n"
    assert templates.source("confirmation") == with_text("mine")


def test_a_new_template_is_there_at_once_and_a_path_is_no_name(templates: Templates) -> None:
    assert "confirmation" in templates
    assert "note" not in templates
    templates.save("note", with_text("new"))
    assert "note" in templates
    assert "../own/note" not in templates


def test_a_changed_template_counts_at_once(templates: Templates, tmp_path: Path) -> None:
    templates.save("note", with_text("old"))
    assert templates.get("note").render(ITEM).text == "old\n"
    file = tmp_path / "own" / "note.jinja"
    file.write_text(with_text("new"))
    os.utime(file, ns=(1, 1))
    assert templates.get("note").render(ITEM).text == "new\n"


def test_all_names_are_listed(templates: Templates, tmp_path: Path) -> None:
    templates.save("reminder-2", with_text("x"))
    (tmp_path / "own" / " no name.jinja").write_text("x")
    assert templates.names() == ["confirmation", "reminder-2"]


@pytest.mark.parametrize(
    "name",
    ["", "..", "../secret", "a/b", "a\\b", "/etc/passwd", "a.", " a", "a\n", "nul", "x" * 101],
)
def test_path_tricks_are_refused(templates: Templates, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jinja").write_text(with_text("secret"))
    with pytest.raises(UnknownTemplate):
        templates.get(name)
    with pytest.raises(UnknownTemplate):
        templates.source(name)
    with pytest.raises(BadTemplate, match="letters, digits"):
        templates.save(name, with_text("x"))
    assert [path.name for path in tmp_path.iterdir()] in (
        ["own", "secret.jinja"],
        ["secret.jinja", "own"],
    )


def test_an_unknown_template_is_named(templates: Templates) -> None:
    with pytest.raises(UnknownTemplate, match="There is no template “nothing”"):
        templates.get("nothing")


def test_a_bad_template_is_not_kept(templates: Templates) -> None:
    with pytest.raises(BadTemplate, match="line 1"):
        templates.save("mine", with_text("{{ "))
    assert templates.names() == ["confirmation"]


def test_no_two_names_differ_by_capitals_only(templates: Templates) -> None:
    templates.save_parts("renewal", PARTS)
    for name in ("Confirmation", "RENEWAL"):
        with pytest.raises(BadName, match="already"):
            templates.save(name, with_text("x"))
        with pytest.raises(BadName, match="already"):
            templates.save_parts(name, PARTS)
        with pytest.raises(BadName, match="already"):
            templates.save_parts(name, PARTS, copy_of="renewal")
    for name in ("renewal", "confirmation"):
        templates.save_parts(name, PARTS)


def test_a_file_that_is_no_text_is_named(templates: Templates, tmp_path: Path) -> None:
    (tmp_path / "own" / "mine.jinja").write_bytes(b"\xff\xfe")
    with pytest.raises(BadTemplate, match=r"mine\.jinja cannot be read"):
        templates.get("mine")


def test_parts_are_kept_as_they_are(templates: Templates) -> None:
    templates.save_parts("Membership renewal", PARTS)
    assert parts(templates, "Membership renewal") == PARTS
    assert templates.get("Membership renewal").fields == []


def test_the_last_saves_can_be_brought_back(templates: Templates) -> None:
    for number in range(VERSIONS_KEPT + 3):
        templates.save("note", with_text(str(number)))
    versions = templates.versions.of("note")
    assert len(versions) == VERSIONS_KEPT
    kept = [templates.versions.read("note", each.version) for each in versions]
    newest = VERSIONS_KEPT + 1
    assert kept == [with_text(str(n)) for n in range(newest, newest - VERSIONS_KEPT, -1)]
    for name, version in [("note", "../../own/note"), ("../note", "1"), ("note", "7")]:
        with pytest.raises(UnknownTemplate):
            templates.versions.read(name, version)


def test_a_deleted_one_gives_way_to_the_built_in_one(templates: Templates) -> None:
    built_in = templates.source("confirmation")
    templates.save("confirmation", with_text("mine"))
    templates.delete("confirmation")
    assert templates.source("confirmation") == built_in
    (kept,) = templates.versions.of("confirmation")
    assert templates.versions.read("confirmation", kept.version) == with_text("mine")
    with pytest.raises(UnknownTemplate):
        templates.delete("confirmation")


def test_files_go_along_until_they_are_taken_away(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "Größe.txt")
    assert [(a.file, a.size) for a in templates.attachments("note")] == [
        ("statutes.pdf", 3), ("Größe.txt", 1),
    ]  # fmt: skip
    assert templates.attachment("note", "statutes.pdf") == b"abc"
    templates.save_parts("note", PARTS)
    templates.detach("note", "Größe.txt")
    assert [a.file for a in templates.attachments("note")] == ["statutes.pdf"]


def test_files_and_a_text_that_come_at_once_are_all_kept(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    together = Barrier(4)
    names = [f"{number}.txt" for number in range(3)]

    def attach(name: str) -> None:
        together.wait(WITHIN)
        put(templates, "note", name)

    def save() -> None:
        together.wait(WITHIN)
        templates.save_parts("note", TemplateParts("Later", "words"))

    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(save), *(threads.submit(attach, name) for name in names)]
        for call in calls:
            call.result()
    assert sorted(each.file for each in templates.attachments("note")) == names
    assert parts(templates, "note").subject == "Later"


def test_what_came_meanwhile_leaves_no_room_and_the_old_file_stays(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "plan.pdf", b"old")
    put(templates, "note", "other.pdf", b"x" * (ATTACHMENTS_LIMIT - 10))
    with pytest.raises(TooMuch):
        put(templates, "note", "plan.pdf", b"x" * 11)
    assert templates.attachment("note", "plan.pdf") == b"old"
    put(templates, "note", "plan.pdf", b"x" * 10)


def test_a_copy_brings_the_files_along_that_are_to_stay(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "plan.pdf")
    templates.save_parts("note 2", PARTS, copy_of="note", staying=["statutes.pdf", "other"])
    templates.delete("note")
    assert [a.file for a in templates.attachments("note 2")] == ["statutes.pdf"]
    assert templates.attachment("note 2", "statutes.pdf") == b"abc"
    with pytest.raises(MissingAttachment):
        templates.attachment("note 2", "plan.pdf")


def test_files_that_do_not_stay_go_with_the_save(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "plan.pdf", b"x")
    templates.save_parts("note", PARTS, staying=["plan.pdf"])
    assert [a.file for a in templates.attachments("note")] == ["plan.pdf"]
    with pytest.raises(MissingAttachment):
        templates.attachment("note", "statutes.pdf")


def test_a_missing_file_is_named(templates: Templates, tmp_path: Path) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    (tmp_path / "own" / "attachments" / "note" / "statutes.pdf").unlink()
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
        "a.",
        " a",
        "a\u202eb",
        "ä" * 120,
    ],
)
def test_no_files_name_leads_elsewhere(file: str) -> None:
    with pytest.raises(BadName):
        check_file_name(file)


def test_a_text_with_tags_of_blocks_is_refused(templates: Templates) -> None:
    for text in ("a {% endblock %} b", "{% block html %}x{% endblock %}"):
        with pytest.raises(BadTemplate):
            templates.save_parts("note", TemplateParts("s", text))
    with pytest.raises(BadPart, match="address") as error:
        templates.save_parts("note", TemplateParts("s", "t", reply_to="nowhere"))
    assert error.value.part == "reply_to"
    assert templates.names() == ["confirmation"]


def test_what_killed_uploads_left_goes_and_is_never_copied(
    templates: Templates, tmp_path: Path
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    folder = tmp_path / "own" / "attachments" / "note"
    old, young = folder / ".upload-old", folder / ".upload-young"
    for path in (old, young):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    templates.save_parts("note 2", PARTS, copy_of="note")
    assert [path.name for path in (folder.parent / "note 2").iterdir()] == ["statutes.pdf"]
    templates.place_for("note", "other.pdf")
    assert (old.exists(), young.exists()) == (False, True)


def test_a_renamed_template_is_found_by_its_earlier_names(templates: Templates) -> None:
    templates.save_parts("fees", PARTS)
    put(templates, "fees", "statutes.pdf", b"1")
    templates.rename("fees", "Fees 2025", replace(PARTS, text="other"))
    templates.rename("Fees 2025", "Fees 2026", replace(PARTS, text="other"))
    assert templates.names() == ["confirmation", "Fees 2026"]
    assert not templates.deleted()
    for name in ("fees", "Fees 2025", "Fees 2026"):
        assert name in templates
        assert templates.current(name) == "Fees 2026"
        assert templates.get(name).parts.text == "other"
        assert templates.attachment(name, "statutes.pdf") == b"1"
        assert templates.called.letter(name) == "fees"
    first = templates.versions.of("Fees 2026")[-1].version
    assert parts_of(templates.versions.read("Fees 2026", first)).attachments == ()
    assert templates.called.before("Fees 2026") == ["Fees 2025", "fees"]


def test_a_file_that_is_attached_by_an_earlier_name_goes_to_the_renamed_one(
    templates: Templates,
) -> None:
    templates.save_parts("fees", PARTS)
    templates.rename("fees", "Fees 2025", PARTS)
    put(templates, "fees", "statutes.pdf")
    put(templates, "fees", "map.pdf")
    templates.detach("fees", "map.pdf")
    assert templates.names() == ["confirmation", "Fees 2025"]
    assert parts(templates, "Fees 2025").attachments == ("statutes.pdf",)
    assert templates.called.before("Fees 2025") == ["fees"]


def test_an_earlier_name_is_free_again_once_its_template_is_gone(templates: Templates) -> None:
    templates.save_parts("fees", PARTS)
    templates.rename("fees", "Fees 2025", PARTS)
    taken = pytest.raises(BadName, match="“Fees 2025” was called “fees” before")
    with taken:
        templates.save("fees", with_text("x"))
    with taken:
        templates.save_parts("fees", PARTS, copy_of="Fees 2025")
    for name in ("confirmation", "none"):
        with pytest.raises(UnknownTemplate):
            templates.rename(name, "other", PARTS)
    templates.delete("Fees 2025")
    templates.save_parts("fees", replace(PARTS, text="new"))
    assert templates.get("fees").parts.text == "new"
    assert templates.called.before("Fees 2025") == []
    templates.rename("fees", "Fees", PARTS)
    templates.rename("Fees", "fees", PARTS)
    assert templates.called.before("fees") == ["Fees"]


def test_a_rename_takes_no_other_template_s_place(templates: Templates) -> None:
    templates.save_parts("fees", PARTS)
    templates.save_parts("note", replace(PARTS, text="other"))
    for name in ("note", "confirmation"):
        with pytest.raises(BadName, match=f"There is a template “{name}” already"):
            templates.rename("fees", name, PARTS)
        assert templates.called.letter(name) == name
    assert templates.get("note").parts.text == "other"
    templates.save_parts("confirmation", PARTS)
    with pytest.raises(UnknownTemplate):  # messages without a template would go by the built-in
        templates.rename("confirmation", "welcome", PARTS)
