"""A window in another language says why the backend refused, and why an e-mail waits, in its own.

Its translation is marked: « » stand around each text of the tables.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QTranslator

from desktop.gui.frame.retention import RetentionDialog
from desktop.gui.kit.words.reasons import brief_cause_words
from desktop.gui.sentence.cases import said
from desktop.gui.sentence.facts import Facts
from sendoff_tasks.client.health import GaveUp
from sendoff_tasks.words.table import ENGLISH
from tests.gui.play import post
from tests.gui.templates.conftest import opened, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play


class Marking(QTranslator):
    """Marks each row of the tables; a label of a widget stays English."""

    def __init__(self) -> None:
        super().__init__()
        self._subjects = {subject for subject, _ in ENGLISH.rows}

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """Tell Qt to ask it."""
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the marked text."""
        return f"«{source}»" if context in self._subjects else None


@pytest.fixture
def translated(qapp: QApplication) -> Iterator[None]:
    translator = Marking()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


async def test_field_of_a_template_and_of_a_setting_is_refused_in_the_language_of_the_window(
    play: Play, translated: None
) -> None:
    sheet = await opened(play, "confirmation")
    write(sheet, "Dear {{ name")
    said = "«Line 1: «“{{” is not closed by “}}”.»»"
    await play.until(lambda: sheet.form.error.text() == said)
    sheet.discard()
    sheet.close()
    play.window.menu.retention_chosen.emit()
    (keep,) = play.window.findChildren(RetentionDialog)
    fields = keep.fields
    await play.until(lambda: fields["tasks_days"].text() == "30")
    fields["tasks_days"].replace("400")
    keep.save_button.click()
    await play.until(lambda: "400" in fields["contents_days"].error)
    assert fields["contents_days"].error.startswith("«")


async def test_mail_that_cannot_be_made_waits_in_the_language_of_the_window(
    play: Play, data: OfficeFolder, translated: None
) -> None:
    data.templates.mkdir(parents=True, exist_ok=True)
    (data.templates / "Fees.jinja").write_text(
        "{% block subject %}Fees{% endblock %}{% block text %}{{ Fee }}{% endblock %}"
    )
    body: dict[str, Any] = {"recipient": {"email": "ada@example.org"}, "template": "Fees"}
    post(play.api, "/items", body)
    await play.until(lambda: play.states() == ["waiting"])
    (row,) = play.model.rows_between(0, 0)
    assert row.error == "«The template “Fees” needs “Fee”, which is missing.»"
    (cause,) = await asyncio.to_thread(play.api.causes)
    assert cause["title"] == "The template “Fees” needs “Fee”, which is missing."
    assert brief_cause_words(cause["about"]) == row.error


def test_backend_that_does_not_start_says_why_in_the_language_of_the_window(
    translated: None,
) -> None:
    gave_up = GaveUp(ENGLISH.say("background", "killed", signal=9), damaged=False)
    found = next(iter(said(Facts(now=0.0, state=gave_up, away_s=5.0))))
    assert "«The background process was ended from outside (signal 9).»" in found.soft
