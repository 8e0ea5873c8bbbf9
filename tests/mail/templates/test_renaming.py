"""A renamed template is found by its earlier names too; no name leads to two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desktop.mail.errors import BadName
from desktop.mail.templates.folder import UnknownTemplate
from desktop.mail.templates.source import parts_of
from tests.mail.templates.conftest import PARTS, parts, put
from tests.mail.templates.test_template import with_text

if TYPE_CHECKING:
    from desktop.mail.templates.store import Templates


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
