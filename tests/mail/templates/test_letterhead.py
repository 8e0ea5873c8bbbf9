"""The letterhead is kept beside the templates, and an edition of a letter has it, too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.contract.items import NewItem
from desktop.contract.rules.letters import LOGO_LIMIT
from desktop.mail.errors import BadTemplate
from desktop.mail.templates.letter import NO_LETTERHEAD, Letterhead
from desktop.mail.templates.letterhead import PICTURE, WORDS, BadLetterhead
from desktop.mail.templates.store import Templates
from sendoff_tasks.folder import safe_files
from tests import WITHIN
from tests.mail.conftest import IN_EACH_STORE
from tests.mail.templates.test_letter import ITEM, png, source_of
from tests.mail.templates.test_template import with_text

CLUB = Letterhead("Tennis “Club”", "since 1952", "#0B6B57", "Marta\nOffice", png())


@IN_EACH_STORE
def test_it_is_read_as_it_was_written(templates: Templates) -> None:
    assert templates.letterhead() == NO_LETTERHEAD
    templates.save_letterhead(CLUB)
    assert templates.letterhead() == CLUB
    templates.save_letterhead(replace(CLUB, logo=b""))
    assert templates.letterhead() == replace(CLUB, logo=b"")


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("colour", replace(CLUB, colour="green")),
        ("name", replace(CLUB, name="a\nb")),
        ("signature", replace(CLUB, signature="x" * 2001)),
        ("logo", replace(CLUB, logo=b"GIF89a")),
        ("logo", replace(CLUB, logo=png(width=241))),
        ("logo", replace(CLUB, logo=png(height=0))),
        ("logo", replace(CLUB, logo=png(size=LOGO_LIMIT + 1))),
    ],
)
def test_a_part_that_letters_cannot_show_is_refused(
    templates: Templates, part: str, changed: Letterhead
) -> None:
    templates.save_letterhead(CLUB)
    with pytest.raises(BadLetterhead) as raised:
        templates.save_letterhead(changed)
    assert raised.value.part == part
    assert templates.letterhead() == CLUB


@pytest.mark.parametrize("content", [b"name = ", b"\xff", b'colour = "green"'])
def test_a_damaged_file_holds_letters_and_nothing_else(
    templates: Templates, content: bytes
) -> None:
    templates.save("letter", source_of("Hello"))
    templates.save("plain", with_text("Hello"))
    templates._own.write(WORDS, content)
    with pytest.raises(BadTemplate):
        templates.get("letter")
    assert templates.get("plain").files == ()


@IN_EACH_STORE
def test_a_changed_one_counts_at_once_but_not_for_what_is_planned(templates: Templates) -> None:
    templates.save_letterhead(CLUB)
    templates.save("letter", source_of("Hello"))
    edition = templates.edition("letter")
    assert edition is not None
    item: NewItem = {"template": "letter", "edition": edition}
    templates.save_letterhead(replace(CLUB, name="Chess Club", logo=png(width=40)))
    newest, planned = templates.get("letter"), templates.for_item(item).get("letter")
    assert "Chess Club" in newest.render(ITEM).html
    assert "Tennis “Club”" in planned.render(ITEM).html
    assert [each.content for each in newest.pictures] == [png(width=40)]
    assert [each.content for each in planned.pictures] == [png()]
    assert templates.edition("letter") != edition


def test_one_that_was_just_saved_is_whole(
    templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    templates.save("letter", source_of("Hello"))
    templates.save_letterhead(CLUB)
    edition = templates.edition("letter")
    templates.save_letterhead(replace(CLUB, name="Chess Club"))
    assert None not in {edition, templates.edition("letter")}
    assert templates.edition("letter") != edition


@IN_EACH_STORE
def test_only_letters_are_in_it(templates: Templates) -> None:
    templates.save("plain", with_text("Hello"))
    edition = templates.edition("plain")
    templates.save_letterhead(CLUB)
    templates.save("letter", source_of("Hello"))
    assert templates.letters() == ["confirmation", "letter"]
    assert templates.get("plain").pictures == []
    assert templates.edition("plain") == edition


def test_its_files_are_waited_for_like_those_of_a_letter(templates: Templates) -> None:
    templates.save_letterhead(CLUB)
    templates.save("letter", source_of("Hello"))
    assert {WORDS, PICTURE} <= {path for _, path in templates.made_of("letter")}
