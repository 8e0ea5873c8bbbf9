"""How long things are kept, as a person sets it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from desktop.gui.frame.retention import RetentionSheet

if TYPE_CHECKING:
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play


async def test_days_are_saved_and_what_contradicts_is_said_at_its_field(
    play: Play, data: DataFolder
) -> None:
    play.window.menu.retention_chosen.emit()
    (sheet,) = [each for each in play.window.sheets.made if each.isVisible()]
    assert isinstance(sheet, RetentionSheet)
    fields = sheet.fields
    await play.until(lambda: fields["tasks_days"].text() == "30")
    assert [each.text() for each in fields.values()] == ["30", "30", "365", "1095"]
    fields["tasks_days"].replace("0")
    sheet.save_button.click()
    assert fields["tasks_days"].error == "Enter a number of days from 1 to 36,500."
    fields["tasks_days"].replace("400")
    sheet.save_button.click()
    await play.until(lambda: "400 days or more" in fields["contents_days"].error)
    fields["contents_days"].replace("500")
    sheet.save_button.click()
    await play.until(lambda: not sheet.isVisible())
    kept = tomllib.loads(data.settings_file.read_text())["keep"]
    assert (kept["tasks_days"], kept["contents_days"]) == (400, 500)
