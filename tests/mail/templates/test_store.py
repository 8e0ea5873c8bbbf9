"""Templates are kept, listed and deleted, and so are their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.mail.errors import BadTemplate
from desktop.mail.templates.folder import VERSIONS_KEPT, UnknownTemplate
from desktop.mail.templates.source import BadPart, TemplateParts
from tests.mail.templates.conftest import PARTS, parts
from tests.mail.templates.test_template import ITEM, with_text

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.mail.files import Files
    from desktop.mail.templates.store import Templates


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


def test_a_changed_template_counts_at_once(templates: Templates, files: Files) -> None:
    templates.save("note", with_text("old"))
    assert templates.get("note").render(ITEM).text == "old\n"
    files.write("note.jinja", with_text("new").encode())
    assert templates.get("note").render(ITEM).text == "new\n"


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


def test_an_unknown_template_is_named(templates: Templates) -> None:
    with pytest.raises(UnknownTemplate, match="There is no template “nothing”"):
        templates.get("nothing")


def test_a_bad_template_is_not_kept(templates: Templates) -> None:
    with pytest.raises(BadTemplate, match="line 1"):
        templates.save("mine", with_text("{{ "))
    assert templates.names() == ["confirmation"]


def test_a_file_that_is_no_text_is_named(templates: Templates, files: Files) -> None:
    files.write("mine.jinja", b"\xff\xfe")
    with pytest.raises(BadTemplate, match=r"mine\.jinja .*cannot be read"):
        templates.get("mine")


def test_parts_are_kept_as_they_are(templates: Templates) -> None:
    templates.save_parts("Membership renewal", PARTS)
    assert parts(templates, "Membership renewal") == PARTS
    assert templates.get("Membership renewal").fields == []


def test_line_ends_of_windows_count_as_others_do(templates: Templates, files: Files) -> None:
    files.write("note.jinja", with_text("one\r\ntwo").encode())
    assert templates.source("note") == with_text("one\ntwo")


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


def test_a_text_with_tags_of_blocks_is_refused(templates: Templates) -> None:
    for text in ("a {% endblock %} b", "{% block html %}x{% endblock %}"):
        with pytest.raises(BadTemplate):
            templates.save_parts("note", TemplateParts("s", text))
    with pytest.raises(BadPart, match="address") as error:
        templates.save_parts("note", TemplateParts("s", "t", reply_to="nowhere"))
    assert error.value.part == "reply_to"
    assert templates.names() == ["confirmation"]
