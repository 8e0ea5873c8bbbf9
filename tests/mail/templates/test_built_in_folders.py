"""The built-in texts are those of the system's language, English where it has none."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from desktop.mail.files import FolderFiles
from desktop.mail.templates.folder import FALLBACK, built_in_templates, system_language
from desktop.mail.templates.store import Templates
from desktop.settings.paths import resources
from tests.mail.templates.test_template import ITEM

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
    """*Here is what we confirm:* stood in the one, *This is confirmed.* in the other."""
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    item = {**ITEM, "title": "", "note": "", "fields": fields}
    mail = Templates(FolderFiles(tmp_path), built_in_templates()).get("confirmation").render(item)
    shown = " ".join(
        unescape(re.sub(r"<style>.*?</style>|<[^>]*>", " ", mail.html, flags=re.S)).split()
    )
    for line in filter(None, (part.strip() for part in re.split(r"[\n:]", mail.text))):
        assert line.removesuffix(",") in shown
