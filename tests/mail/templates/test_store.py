"""Templates are kept with their versions and files; built-in ones stay."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.mail.errors import BadName, BadTemplate, MissingAttachment, Unread
from desktop.mail.files import FolderFiles, check_file_name
from desktop.mail.templates.source import BadPart, TemplateParts
from desktop.mail.templates.store import (
    FALLBACK,
    VERSIONS_KEPT,
    Templates,
    UnknownTemplate,
    built_in_templates,
    system_language,
)
from desktop.settings.paths import resources
from tests.mail.conftest import IN_EACH_STORE
from tests.mail.templates.conftest import PARTS, parts, put, store
from tests.mail.templates.test_template import ITEM, with_text

if TYPE_CHECKING:
    from desktop.mail.files import Files


def test_a_persons_own_template_goes_before_the_built_in_one(templates: Templates) -> None:
    assert "confirmation" in templates
    assert "note" not in templates
    assert "../own/note" not in templates
    templates.save("confirmation", with_text("mine"))
    assert templates.get("confirmation").render(ITEM).text == "mine\n"
    assert templates.source("confirmation") == with_text("mine")


@IN_EACH_STORE
def test_a_changed_template_counts_at_once(templates: Templates, files: Files) -> None:
    templates.save("note", with_text("old"))
    assert templates.get("note").render(ITEM).text == "old\n"
    files.write("note.jinja", with_text("new").encode())
    assert templates.get("note").render(ITEM).text == "new\n"


@IN_EACH_STORE
def test_all_names_are_listed(templates: Templates, files: Files) -> None:
    templates.save("reminder-2", with_text("x"))
    files.write(" no name.jinja", b"x")
    assert templates.names() == ["confirmation", "reminder-2"]


@pytest.mark.parametrize(
    "name",
    ["", "..", "../secret", "a/b", "a\\b", "/etc/passwd", "a.", " a", "a\n", "nul", "x" * 101],
)
def test_path_tricks_are_refused(templates: Templates, tmp_path: Path, name: str) -> None:
    before, secret = sorted(tmp_path.iterdir()), tmp_path / "secret.jinja"
    secret.write_text(with_text("secret"))
    with pytest.raises(UnknownTemplate):
        templates.get(name)
    with pytest.raises(UnknownTemplate):
        templates.source(name)
    with pytest.raises(BadTemplate, match="letters, digits"):
        templates.save(name, with_text("x"))
    assert sorted(tmp_path.iterdir()) == sorted([*before, secret])


@pytest.mark.parametrize(
    "written",
    [with_text("one\ntwo").encode("utf-8-sig"), with_text("one\r\ntwo").encode()],
    ids=["a mark of the encoding", "line ends of Windows"],
)
def test_what_editors_add_is_no_part_of_a_template(
    templates: Templates, files: Files, written: bytes
) -> None:
    files.write("note.jinja", written)
    assert templates.source("note") == with_text("one\ntwo")
    with pytest.raises(UnknownTemplate, match="There is no template “nothing”"):
        templates.get("nothing")


def test_no_built_in_one_takes_the_place_of_one_that_cannot_be_read(
    templates: Templates, tmp_path: Path
) -> None:
    templates.save("confirmation", with_text("mine"))
    file = next(tmp_path.rglob("confirmation.jinja"))
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(BadTemplate, match=r"confirmation\.jinja cannot be read: "):
        templates.get("confirmation")


def test_a_bad_template_is_not_kept(templates: Templates) -> None:
    with pytest.raises(BadTemplate, match="line 1"):
        templates.save("mine", with_text("{{ "))
    assert templates.names() == ["confirmation"]


def test_a_file_that_is_no_text_is_named(templates: Templates, files: Files) -> None:
    files.write("mine.jinja", b"\xff\xfe")
    with pytest.raises(BadTemplate, match=r"mine\.jinja is not UTF-8"):
        templates.get("mine")


@IN_EACH_STORE
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


@IN_EACH_STORE
def test_a_deleted_one_gives_way_to_the_built_in_one(templates: Templates) -> None:
    built_in = templates.source("confirmation")
    templates.save("confirmation", with_text("mine"))
    templates.delete("confirmation")
    assert templates.source("confirmation") == built_in
    (kept,) = templates.versions.of("confirmation")
    assert templates.versions.read("confirmation", kept.version) == with_text("mine")
    with pytest.raises(UnknownTemplate):
        templates.delete("confirmation")


@IN_EACH_STORE
def test_a_lost_one_gives_way_to_none_though_it_was_never_sent(
    templates: Templates, files: Files
) -> None:
    templates.save("confirmation", with_text("mine"))
    files.remove("confirmation.jinja")
    assert templates.is_lost("confirmation")
    with pytest.raises(BadTemplate, match="is gone, and the built-in one does not take its place"):
        list(templates.made_of("confirmation"))


def test_a_text_with_tags_of_blocks_is_refused(templates: Templates) -> None:
    for text in ("a {% endblock %} b", "{% block html %}x{% endblock %}"):
        with pytest.raises(BadTemplate):
            templates.save_parts("note", TemplateParts("s", text))
    with pytest.raises(BadPart, match="address") as error:
        templates.save_parts("note", TemplateParts("s", "t", reply_to="nowhere"))
    assert error.value.part == "reply_to"
    assert templates.names() == ["confirmation"]


def attached(templates: Templates, name: str) -> dict[str, int | None]:
    return {each.file: each.size for each in templates.attachments(name)}


@IN_EACH_STORE
def test_a_stored_file_goes_along_from_the_save_on_that_names_it(
    templates: Templates, files: Files
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf")
    for file in ("terms.pdf", "left out.pdf"):
        store(templates, "note", file)
    assert attached(templates, "note") == {"map.pdf": 1}
    for _ in range(2):
        templates.save_parts("note", PARTS, None, ["terms.pdf"])
        assert attached(templates, "note") == {"terms.pdf": 3}
    kept = ["map.pdf", "terms.pdf"]  # a version names the first
    assert sorted(files.names("attachments/note")) == kept


def test_a_copy_has_those_of_its_model_also_when_it_is_saved_twice(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf")
    for _ in range(2):
        templates.save_parts("note 2", PARTS, "note", ["map.pdf"])
        assert attached(templates, "note 2") == {"map.pdf": 1}
        store(templates, "note 2", "plan.pdf")
    templates.save_parts("note 2", PARTS, None, ["map.pdf", "plan.pdf"])
    assert attached(templates, "note 2") == {"map.pdf": 1, "plan.pdf": 3}
    assert attached(templates, "note") == {"map.pdf": 1}


def test_a_save_that_cannot_have_all_of_them_changes_nothing(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf", b"x" * (ATTACHMENTS_LIMIT - 10))
    store(templates, "note", "plan.pdf", b"x" * 11)
    with pytest.raises(BadPart, match="more than the 25 MiB") as refused:
        templates.save_parts("note", PARTS, None, ["map.pdf", "plan.pdf"])
    assert refused.value.part == "attachments"
    for gone in ("gone.pdf", "../../note.jinja", ".upload-1"):
        with pytest.raises(BadPart, match="is not there any more"):
            templates.save_parts("note", PARTS, None, ["plan.pdf", gone])
    assert list(attached(templates, "note")) == ["map.pdf"]
    templates.save_parts("note", PARTS, None, ["plan.pdf"])
    assert attached(templates, "note") == {"plan.pdf": 11}


VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
LANGUAGES = sorted(each.name for each in (resources() / "templates").iterdir())


def mail_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str) -> tuple[str, str]:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", language)
    own = tmp_path / "own"
    own.mkdir(exist_ok=True)
    mail = Templates(FolderFiles(own), built_in_templates()).get("confirmation").render(ITEM)
    return mail.subject, mail.text


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de_DE.UTF-8", "Opera night: bestätigt (Nr. 1204)"),
        ("en_GB.UTF-8", "Opera night: confirmed (no. 1204)"),
        ("fi_FI.UTF-8", "Opera night: confirmed (no. 1204)"),
        ("C.UTF-8", "Opera night: confirmed (no. 1204)"),
    ],
)
def test_they_are_in_the_language_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, subject: str
) -> None:
    assert mail_in(monkeypatch, tmp_path, language)[0] == subject


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_tells_all_of_an_item(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
) -> None:
    _, text = mail_in(monkeypatch, tmp_path, language)
    assert all(said in text for said in ("Zoë <Å>", "Opera night", "1204", "A1, A2"))
    names = {
        each: {file.name for file in (resources() / "templates" / each).iterdir()}
        for each in LANGUAGES
    }
    assert names[language] == names[FALLBACK]


def test_what_is_set_for_all_goes_before_what_is_set_for_messages() -> None:
    told = {"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_AT.UTF-8"}
    assert system_language(told) == "de"
    assert system_language({**told, "LC_ALL": "en_GB"}) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fields", [{}, {"Seat": "A1"}])
def test_both_versions_of_the_confirmation_say_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str, fields: dict[str, str]
) -> None:
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    item = {**ITEM, "title": "", "note": "", "fields": fields}
    mail = Templates(FolderFiles(tmp_path), built_in_templates()).get("confirmation").render(item)
    shown = " ".join(
        unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", mail.html, flags=re.S)).split()
    )
    for line in filter(None, (part.strip() for part in re.split(r"[\n:]", mail.text))):
        assert line.removesuffix(",") in shown


def test_files_go_along_until_they_are_taken_away(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    assert parts(templates, "note") == PARTS
    assert templates.get("note").fields == []
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "Größe.txt")
    assert [(a.file, a.size) for a in templates.attachments("note")] == [
        ("statutes.pdf", 3), ("Größe.txt", 1),
    ]  # fmt: skip
    assert templates.attachment("note", "statutes.pdf") == b"abc"
    templates.save_parts("note", PARTS)
    templates.save_parts("note", PARTS, attached=["statutes.pdf"])
    assert [a.file for a in templates.attachments("note")] == ["statutes.pdf"]


@IN_EACH_STORE
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


@IN_EACH_STORE
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


@IN_EACH_STORE
def test_a_missing_file_is_named(templates: Templates, files: Files) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    files.write("attachments/note/statutes.pdf", b"")
    with pytest.raises(
        MissingAttachment, match=r"“statutes\.pdf” of .* “note” is missing or empty"
    ):
        templates.attachment("note", "statutes.pdf")
    files.remove("attachments/note/statutes.pdf")
    assert templates.attachments("note")[0].size is None
    with pytest.raises(MissingAttachment, match=r"“statutes\.pdf” of .* “note” is missing"):
        templates.attachment("note", "statutes.pdf")


def test_why_an_attachment_cannot_be_read_is_told_in_the_systems_words(
    templates: Templates, tmp_path: Path
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    file = next(tmp_path.rglob("statutes.pdf"))
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(MissingAttachment, match=r"“statutes\.pdf” of .* “note” cannot be read: "):
        templates.attachment("note", "statutes.pdf")


def test_a_folder_in_place_of_a_template_is_no_reason_to_wait(
    templates: Templates, tmp_path: Path
) -> None:
    templates.save("note", with_text("old"))
    file = next(tmp_path.rglob("note.jinja"))
    file.unlink()
    file.mkdir()
    with pytest.raises(BadTemplate, match="cannot be read: ") as caught:
        templates.get("note")
    assert not isinstance(caught.value, Unread)


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


def test_what_a_killed_upload_left_is_never_copied(templates: Templates, tmp_path: Path) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    folder = tmp_path / "own" / "attachments" / "note"
    (folder / ".upload-1").write_bytes(b"x")
    templates.save_parts("note 2", PARTS, copy_of="note")
    assert [path.name for path in (folder.parent / "note 2").iterdir()] == ["statutes.pdf"]
