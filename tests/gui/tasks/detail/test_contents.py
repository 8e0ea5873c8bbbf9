"""The message of a task is read when it is looked at; only pages and files open, programs never."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QLabel

from desktop.gui.tasks.detail.contents import LinkTarget, Opens, target_of
from desktop.gui.tasks.detail.task_detail import ATTEMPTS, MESSAGE, SUMMARY, DetailPane
from tests.gui.tasks.detail.conftest import show
from tests.gui.tasks.table.task_source import TaskSource

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_message_is_read_when_it_is_looked_at_and_only_for_mail(
    qtbot: QtBot, detail: DetailPane
) -> None:
    detail.tabs.setCurrentIndex(SUMMARY)
    show(qtbot, detail, 5)
    assert not detail.tabs.isTabVisible(MESSAGE)
    show(qtbot, detail, 13)
    qtbot.waitUntil(lambda: detail.tabs.isTabVisible(MESSAGE))  # once it has its room
    assert not detail.message.mail.isVisible()
    detail.tabs.setCurrentIndex(MESSAGE)
    qtbot.waitUntil(detail.message.mail.isVisible)
    detail.resize(900, 120)  # what has no room scrolls
    lines = [each for each in detail.message.mail.findChildren(QLabel) if each.isVisible()]
    qtbot.waitUntil(lambda: all(each.height() >= each.fontMetrics().height() for each in lines))


def test_an_e_mail_that_went_well_begins_with_its_message(
    qtbot: QtBot, detail: DetailPane, source: TaskSource
) -> None:
    source.change(13, "succeeded", attempt=1)
    show(qtbot, detail, 13)
    assert detail.tabs.currentIndex() == MESSAGE
    qtbot.waitUntil(detail.message.mail.isVisible)
    assert not detail.tabs.isTabVisible(ATTEMPTS)
    show(qtbot, detail, 5)
    assert detail.tabs.currentIndex() == SUMMARY
    source.change(13, "failed")
    show(qtbot, detail, 13)
    assert detail.tabs.currentIndex() == SUMMARY
    source.change(13, "succeeded")
    detail.tabs.setCurrentIndex(ATTEMPTS)  # the person's choice holds from now on
    for number in (5, 13):
        show(qtbot, detail, number)
        assert detail.tabs.currentIndex() == ATTEMPTS


def test_a_message_that_is_not_the_one_that_left_says_so_until_it_is(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message
    with monkeypatch.context() as patch:
        patch.setattr(source, "message", lambda n, **_: {**message(n), "remade": True})
        show(qtbot, detail, 13)
        detail.tabs.setCurrentIndex(MESSAGE)
        qtbot.waitUntil(lambda: detail.message.mail.note.isVisible())
        assert detail.message.mail.isVisible()
    detail.apply(source.change(13, "uncertain"))
    qtbot.waitUntil(lambda: not detail.message.mail.note.isVisible())
    assert detail.message.mail.isVisible()


@pytest.mark.parametrize("state", ["scheduled", "failed"])
def test_above_a_message_that_was_not_sent_stands_its_state(
    qtbot: QtBot,
    detail: DetailPane,
    source: TaskSource,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
) -> None:
    message = source.message
    monkeypatch.setattr(source, "message", lambda n, **_: {**message(n), "remade": True})
    show(qtbot, detail, 13)
    detail.tabs.setCurrentIndex(MESSAGE)
    detail.apply(source.change(13, state))
    note, headline = detail.message.mail.note, detail.summary.headline
    qtbot.waitUntil(lambda: note.text() == f"{headline.text()}. This is a preview.")
    assert headline.token == state


def test_a_replaced_task_shows_no_preview_of_what_another_sends(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message
    monkeypatch.setattr(source, "message", lambda n, **_: {**message(n), "remade": True})
    source.change(13, "failed", reason_data={"task_id": 14})
    show(qtbot, detail, 13)
    detail.tabs.setCurrentIndex(MESSAGE)
    qtbot.waitUntil(lambda: detail.message.words.text().startswith("Replaced: nothing more"))
    assert detail.message.words.isVisible()
    assert not detail.message.mail.isVisible()


def test_a_message_that_cannot_be_read_says_why(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> dict[str, Any]:
        raise RuntimeError("The template does not render.")

    monkeypatch.setattr(source, "message", refuse)
    show(qtbot, detail, 13)
    detail.tabs.setCurrentIndex(MESSAGE)
    qtbot.waitUntil(lambda: detail.message.words.text() == "The template does not render.")


def test_a_page_a_file_and_the_folder_of_a_program_can_be_opened(tmp_path: Path) -> None:
    report, program, script = (tmp_path / name for name in ("a b.pdf", "run", "x.DESKTOP"))
    for file in (report, program, script):
        file.write_text("")
    program.chmod(0o755)
    page = "https://example.org/a?b=1"
    assert target_of(page) == LinkTarget(Opens.PAGE, page)
    assert target_of(str(report)) == LinkTarget(Opens.FILE, str(report))
    assert target_of(str(tmp_path)) == LinkTarget(Opens.FILE, str(tmp_path))
    for runs in (program, script):
        assert target_of(str(runs)) == LinkTarget(Opens.FOLDER, str(tmp_path))


@pytest.mark.parametrize(
    "result",
    [
        *(
            None,
            3,
            "",
            "done",
            "example.org",
            "report.pdf",
            "/not/there.pdf",
            "https://",
            "x" * 9999,
        ),
        *("javascript:alert(1)", "file:///etc/hostname", "ftp://example.org", "https://a b", "\n/"),
        "x" * 9999,
        *("//server/share/a.pdf", "\\\\server\\share\\a.pdf", "http://[", "/etc/host\0name"),
    ],
)
def test_nothing_else_can(result: object) -> None:
    assert target_of(result) is None


def test_of_an_older_text_that_is_shown_which_sending_again_would_send(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = source.message

    def told(number: int, *, again: bool = False) -> dict[str, Any]:
        return {**message(number), "text": "new" if again else "old"}

    monkeypatch.setattr(source, "message", told)
    source.details[13] = {"is_older": True, "state": "succeeded", "reason": None}
    show(qtbot, detail, 13)
    detail.tabs.setCurrentIndex(MESSAGE)
    other, text = detail.message.other, detail.message.mail.text
    for shown, words in (("old", "Show what “Send again” sends"), ("new", "Show the earlier text")):
        qtbot.waitUntil(lambda shown=shown: text.toPlainText() == shown)  # type: ignore[misc]
        assert (other.isVisible(), other.text()) == (True, words)
        other.click()


@pytest.mark.parametrize("changes", [{"state": "failed"}, {"reason": "kept"}])
def test_no_newer_text_is_offered_beside_a_button_that_sends_the_old_one(
    qtbot: QtBot, detail: DetailPane, source: TaskSource, changes: dict[str, Any]
) -> None:
    source.details[13] = {"is_older": True, "state": "succeeded", **changes}
    show(qtbot, detail, 13)
    detail.tabs.setCurrentIndex(MESSAGE)
    qtbot.waitUntil(lambda: detail.message.mail.isVisible())
    assert not detail.message.other.isVisible()
