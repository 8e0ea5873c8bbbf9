"""Templates are kept with their versions and files; built-in ones stay."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from desktop.contract.rules.templates import ATTACHMENTS_LIMIT
from desktop.mail.errors import BadName, BadTemplate, MissingAttachment, Unread
from desktop.mail.files import Files, FolderFiles, check_file_name
from desktop.mail.templates.office import FALLBACK, system_language
from desktop.mail.templates.source import BadPart, TemplateParts
from desktop.mail.templates.store import (
    VERSIONS_RETAINED,
    Templates,
    UnknownTemplate,
    built_in_templates,
)
from desktop.settings.resources import resources
from tests.left_over import left_over
from tests.mail.conftest import IN_EACH_STORE
from tests.mail.templates.conftest import PARTS, put, store
from tests.mail.templates.test_template import ITEM, with_text


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


@pytest.mark.parametrize("name", ["con", "Aux", "lpt1"])
def test_a_name_that_windows_reserves_is_refused_with_that_reason(
    templates: Templates, name: str
) -> None:
    with pytest.raises(BadTemplate, match="Windows reserves"):
        templates.save(name, with_text("x"))


@pytest.mark.parametrize(
    "name",
    ["", "..", "../secret", "a/b", "a\\b", "/etc/passwd", "a.", " a", "a\n", "nul", "x" * 101],
)
def test_path_tricks_are_refused(templates: Templates, tmp_path: Path, name: str) -> None:
    before, secret = sorted(tmp_path.iterdir()), tmp_path / "secret.jinja"
    secret.write_text(with_text("secret"))
    assert name not in templates
    with pytest.raises(UnknownTemplate):
        templates.get(name)
    with pytest.raises(UnknownTemplate):
        templates.source(name)
    with pytest.raises(BadName):
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


def test_a_template_that_does_not_compile_or_has_tags_of_blocks_is_not_kept(
    templates: Templates,
) -> None:
    with pytest.raises(BadTemplate, match="line 1"):
        templates.save("mine", with_text("{{ "))
    for text in ("a {% endblock %} b", "{% block html %}x{% endblock %}"):
        with pytest.raises(BadTemplate):
            templates.save_parts("note", TemplateParts("s", text))
    with pytest.raises(BadPart, match="address") as error:
        templates.save_parts("note", TemplateParts("s", "t", reply_to="nowhere"))
    assert error.value.part == "reply_to"
    assert templates.names() == ["confirmation"]


def as_bytes(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")


def as_link_to_itself(file: Path) -> None:
    file.symlink_to(file)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (as_bytes, r"confirmation\.jinja is not UTF-8"),
        (as_link_to_itself, r"confirmation\.jinja cannot be read: "),
        (Path.mkdir, r"confirmation\.jinja cannot be read: "),
    ],
)
def test_what_cannot_be_read_is_named_and_no_built_in_one_takes_its_place(
    templates: Templates, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    templates.save("confirmation", with_text("mine"))
    file = next(tmp_path.rglob("confirmation.jinja"))
    file.unlink()
    make(file)
    with pytest.raises(BadTemplate, match=said) as caught:
        templates.get("confirmation")
    assert not isinstance(caught.value, Unread)  # no reason to wait


@IN_EACH_STORE
def test_the_last_saves_can_be_brought_back(templates: Templates) -> None:
    for number in range(VERSIONS_RETAINED + 3):
        templates.save("note", with_text(str(number)))
    versions = templates.versions.of("note")
    assert len(versions) == VERSIONS_RETAINED
    kept = [templates.versions.read("note", each.version) for each in versions]
    newest = VERSIONS_RETAINED + 1
    assert kept == [with_text(str(n)) for n in range(newest, newest - VERSIONS_RETAINED, -1)]
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
    with pytest.raises(BadTemplate, match="is gone, and the built-in one does not replace it"):
        list(templates.made_of("confirmation"))


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


def test_a_save_that_cannot_have_all_of_them_changes_nothing(templates: Templates) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf", b"x" * (ATTACHMENTS_LIMIT - 10))
    store(templates, "note", "plan.pdf", b"x" * 11)
    with pytest.raises(BadPart, match="more than the 25 MiB") as refused:
        templates.save_parts("note", PARTS, None, ["map.pdf", "plan.pdf"])
    assert refused.value.part == "attachments"
    for gone in ("gone.pdf", "../../note.jinja", ".upload-1"):
        with pytest.raises(BadPart, match="is missing"):
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


@IN_EACH_STORE
def test_a_copy_brings_the_files_along_that_are_to_stay_also_when_it_is_saved_twice(
    templates: Templates,
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf", b"abc")
    put(templates, "note", "plan.pdf")
    for _ in range(2):
        templates.save_parts("note 2", PARTS, copy_of="note", attached=["statutes.pdf"])
        assert attached(templates, "note 2") == {"statutes.pdf": 3}
        store(templates, "note 2", "own.pdf")
    templates.save_parts("note 2", PARTS, None, ["statutes.pdf", "own.pdf"])
    assert attached(templates, "note") == {"statutes.pdf": 3, "plan.pdf": 1}
    templates.delete("note")
    assert attached(templates, "note 2") == {"statutes.pdf": 3, "own.pdf": 3}
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
    for number in range(VERSIONS_RETAINED + 1):
        text = TemplateParts(f"Note {number}", "words")
        templates.save_parts("note", text)
    with pytest.raises(MissingAttachment):
        templates.attachment("note", "statutes.pdf")


@IN_EACH_STORE
def test_a_missing_file_is_named(templates: Templates, files: Files) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    said = r"“statutes\.pdf” of .* “note” is missing or empty"
    files.write("attachments/note/statutes.pdf", b"")
    with pytest.raises(MissingAttachment, match=said):
        templates.attachment("note", "statutes.pdf")
    files.remove("attachments/note/statutes.pdf")
    assert templates.attachments("note")[0].size is None
    with pytest.raises(MissingAttachment, match=said):
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


def test_what_a_killed_upload_left_is_never_copied(templates: Templates, tmp_path: Path) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "statutes.pdf")
    folder = tmp_path / "own" / "attachments" / "note"
    left_over(folder / "upload")
    templates.save_parts("note 2", PARTS, copy_of="note")
    assert [path.name for path in (folder.parent / "note 2").iterdir()] == ["statutes.pdf"]


@IN_EACH_STORE
def test_the_files_of_a_deleted_one_stay_for_its_versions_beside_a_new_one_of_its_name(
    templates: Templates,
) -> None:
    templates.save_parts("note", PARTS)
    put(templates, "note", "map.pdf")
    templates.delete("note")
    with pytest.raises(BadTemplate):
        templates.save_parts("note", TemplateParts("s", "{{ name"))
    templates.save_parts("note", PARTS)
    assert attached(templates, "note") == {}
    last = templates.versions.of("note")[0]
    templates.save("note", templates.versions.read("note", last.version))
    assert attached(templates, "note") == {"map.pdf": 1}


@IN_EACH_STORE
def test_a_new_one_of_a_deleted_ones_name_has_those_of_its_files_that_are_named(
    templates: Templates,
) -> None:
    for name, file in (("note", "map.pdf"), ("confirmation", "terms.pdf")):
        templates.save_parts(name, PARTS)
        put(templates, name, file)
    templates.delete("note")
    with pytest.raises(BadPart):
        templates.save_parts("note", PARTS, attached=["terms.pdf"])  # another one's
    templates.save_parts("note", PARTS, attached=["map.pdf"])
    assert attached(templates, "note") == {"map.pdf": 1}
