"""Editions: a planned message is made of its template as it was, by content."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.contract.items import NewItem
from desktop.mail.errors import BadTemplate
from desktop.mail.files import Files, FolderFiles
from desktop.mail.templates.store import Templates
from sendoff_tasks.folder import safe_files
from tests import WITHIN
from tests.mail.conftest import IN_EACH_STORE
from tests.mail.templates.conftest import put, store
from tests.mail.templates.test_template import ITEM, with_text


def edition_of(templates: Templates, name: str = "note") -> str:
    edition = templates.edition(name)
    assert edition is not None
    return edition


def text_of(templates: Templates, edition: str, name: str = "note") -> str:
    item: NewItem = {"template": name, "edition": edition}
    return templates.for_item(item).get(name).render(ITEM).text


@IN_EACH_STORE
def test_one_has_the_text_and_the_files_as_they_were(templates: Templates) -> None:
    templates.save("note", with_text("old"))
    put(templates, "note", "terms.pdf", b"old terms")
    edition = edition_of(templates)
    store(templates, "note", "terms.pdf", b"new terms")
    templates.save("note", templates.source("note").replace("old", "new"))
    item: NewItem = {"template": "note", "edition": edition}
    assert text_of(templates, edition) == "old\n"
    assert templates.for_item(item).attachment("note", "terms.pdf") == b"old terms"
    assert text_of(templates, edition_of(templates)) == "new\n"
    assert templates.attachment("note", "terms.pdf") == b"new terms"


@IN_EACH_STORE
def test_equal_content_is_one_edition_and_other_content_of_a_file_another(
    templates: Templates,
) -> None:
    templates.save("note", with_text("old"))
    first = edition_of(templates)
    templates.save("note", with_text("new"))
    templates.save("note", with_text("old"))
    assert edition_of(templates) == first
    put(templates, "note", "terms.pdf", b"one")
    with_file = edition_of(templates)
    store(templates, "note", "terms.pdf", b"two")
    assert len({first, with_file, edition_of(templates)}) == 3


def test_a_built_in_one_and_one_that_was_deleted_stay(templates: Templates) -> None:
    built_in = edition_of(templates, "confirmation")
    templates.save("note", with_text("old"))
    own = edition_of(templates)
    templates.delete("note")
    templates.save("confirmation", with_text("mine"))
    assert text_of(templates, own) == "old\n"
    assert text_of(templates, built_in, "confirmation") != "mine\n"


def test_there_is_none_of_what_another_program_may_still_be_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    files = FolderFiles(tmp_path)
    templates = Templates(files, [])
    files.write("note.jinja", with_text("half").encode())
    assert templates.edition("note") is None
    assert templates.edition("nothing") is None
    templates.save("note", with_text("whole"))
    put(templates, "note", "terms.pdf")
    assert templates.edition("note") is not None


@IN_EACH_STORE
def test_one_that_nothing_needs_goes_but_not_the_current(
    templates: Templates, files: Files
) -> None:
    editions = []
    for text in ("one", "two", "three"):
        templates.save("note", with_text(text))
        editions.append(edition_of(templates))
    templates.forget_editions([])
    assert len(files.folders("editions")) == 3  # a message may name them in a moment
    templates.forget_editions([editions[1]])
    assert sorted(files.folders("editions")) == sorted(editions[1:])
    with pytest.raises(BadTemplate, match="no longer stored"):
        text_of(templates, editions[0])


def test_an_item_with_another_template_by_now_takes_the_current(templates: Templates) -> None:
    templates.save("note", with_text("old"))
    templates.save("other", with_text("other"))
    item: NewItem = {"template": "other", "edition": edition_of(templates)}
    assert templates.for_item(item) is templates
