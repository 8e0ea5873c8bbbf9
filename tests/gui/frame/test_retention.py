"""How long things are kept, as a person sets it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from desktop.gui.frame.retention import RetentionSheet
from tests.gui.mail.conftest import settings_with

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play


async def test_days_are_saved_and_what_contradicts_is_said_at_its_field(
    play: Play, data: OfficeFolder
) -> None:
    play.window.menu.retention_chosen.emit()
    (sheet,) = [each for each in play.window.sheets.made if each.isVisible()]
    assert isinstance(sheet, RetentionSheet)
    fields = sheet.fields
    await play.until(lambda: fields["tasks_days"].text() == "30")
    assert [each.text() for each in fields.values()] == ["30", "30", "365", "1095"]
    fields["tasks_days"].replace("0")
    sheet.save_button.click()
    assert fields["tasks_days"].error == "This must be a number of days from 1 to 36,500."
    fields["tasks_days"].replace("400")
    sheet.save_button.click()
    await play.until(lambda: "400 days" in fields["contents_days"].error)
    fields["contents_days"].replace("500")
    sheet.save_button.click()
    await play.until(lambda: not sheet.isVisible())
    kept = tomllib.loads(data.settings_file.read_text())["keep"]
    assert (kept["tasks_days"], kept["contents_days"]) == (400, 500)


def test_what_is_typed_stays_when_settings_come_and_closing_asks_about_it(
    host: QWidget, themes: ThemeSource, qtbot: QtBot
) -> None:
    sheet = RetentionSheet(host)
    sheet.open()
    tasks, contents = sheet.fields["tasks_days"], sheet.fields["contents_days"]
    qtbot.keyClicks(tasks.editor, "60")
    sheet.show_settings(settings_with())
    assert (tasks.text(), contents.text()) == ("60", "365")
    assert not sheet.close()
    with qtbot.waitSignal(sheet.save_requested) as saved:
        sheet.question.buttons[-1].click()
    assert saved.args[0]["keep"]["tasks_days"] == 60
    qtbot.keyClicks(contents.editor, "0")
    kept = settings_with()
    kept["keep"]["tasks_days"] = 60
    sheet.show_settings(kept)  # the answer to the save
    assert (tasks.text(), contents.text(), sheet.has_changes()) == ("60", "3650", True)
    assert not sheet.close()
    sheet.question.buttons[1].click()
    assert sheet.isHidden()
    assert contents.text() == "365"
