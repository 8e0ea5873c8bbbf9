"""A message where there is room: it opens in the mail program, from a private file, and prints."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from desktop.gui.kit.widgets.message_view import MessageSheet

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs

MESSAGE = {
    "from": "Box office <box@example.org>",
    "to": "Ada <ada@example.org>",
    "subject": "Your seats",
    "text": "Dear Ada",
    "html": "<p>Dear Ada</p>",
    "source": "Subject: Your seats\r\n\r\nDear Ada\r\n",
}


@pytest.fixture
def sheet(host: QWidget, jobs: Jobs, themes: ThemeSource) -> MessageSheet:
    made = MessageSheet(jobs, host)
    made.show_message(MESSAGE)
    return made


def test_it_opens_in_the_mail_program(
    qtbot: QtBot, sheet: MessageSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    with qtbot.waitSignal(sheet.failed) as failed:
        sheet.open_button.click()
    (path,) = opened
    assert failed.args == [f"No program opens e-mails here. The file is {path}"]
    assert path.read_bytes().decode() == MESSAGE["source"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()


def test_it_is_printed(sheet: MessageSheet, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "message.pdf"))
    for side in ("html", "source"):
        sheet.message.choice.set_value(side)
        sheet.message.print_shown(printer)
        assert (tmp_path / "message.pdf").read_bytes().startswith(b"%PDF")


def test_print_asks_for_a_printer_without_a_loop_of_its_own(
    sheet: MessageSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QDialog] = []
    monkeypatch.setattr(QDialog, "open", opened.append)
    sheet.print_button.click()
    (dialog,) = opened
    assert isinstance(dialog, QPrintDialog)
    assert dialog.parent() is sheet.window()
    dialog.reject()
