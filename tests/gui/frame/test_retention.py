"""How long things are kept, as a person sets it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from desktop.gui.frame.retention import RetentionDialog
from desktop.gui.kit.words.table import say
from tests.gui.hands import answer, asks
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
    (dialog,) = [each for each in play.window.dialogs.made if each.isVisible()]
    assert isinstance(dialog, RetentionDialog)
    fields = dialog.fields
    await play.until(lambda: fields["tasks_days"].text() == "30")
    assert [each.text() for each in fields.values()] == ["30", "30", "365", "1095"]
    fields["tasks_days"].replace("0")
    dialog.save_button.click()
    assert fields["tasks_days"].error == "This must be a number of days from 1 to 36,500."
    fields["tasks_days"].replace("400")
    dialog.save_button.click()
    await play.until(lambda: "400 days" in fields["contents_days"].error)
    fields["contents_days"].replace("500")
    dialog.save_button.click()
    await play.until(lambda: not dialog.isVisible())
    kept = tomllib.loads(data.settings_file.read_text())["keep"]
    assert (kept["tasks_days"], kept["contents_days"]) == (400, 500)


def test_what_is_typed_stays_when_settings_come_and_closing_asks_about_it(
    host: QWidget, themes: ThemeSource, qtbot: QtBot
) -> None:
    dialog = RetentionDialog(host)
    dialog.open()
    tasks, contents = dialog.fields["tasks_days"], dialog.fields["contents_days"]
    qtbot.keyClicks(tasks.editor, "60")
    dialog.show_settings(settings_with())
    assert (tasks.text(), contents.text()) == ("60", "365")
    assert not dialog.close()
    with qtbot.waitSignal(dialog.save_requested) as saved:
        answer("Save")
    assert saved.args[0]["keep"]["tasks_days"] == 60
    qtbot.keyClicks(contents.editor, "0")
    kept = settings_with()
    kept["keep"]["tasks_days"] = 60
    dialog.show_settings(kept)  # the answer to the save
    assert (tasks.text(), contents.text(), dialog.has_changes()) == ("60", "3650", True)
    assert not dialog.close()
    answer("Discard")
    assert dialog.isHidden()
    assert contents.text() == "365"


def test_a_shorter_time_is_asked_about_first(
    host: QWidget, themes: ThemeSource, qtbot: QtBot
) -> None:
    dialog, saved = RetentionDialog(host), list[dict[str, dict[str, int]]]()
    dialog.save_requested.connect(saved.append)
    dialog.show_settings(settings_with())
    dialog.open()
    days = {name: int(field.text()) for name, field in dialog.fields.items()}
    dialog.fields["tasks_days"].set_text(str(days["tasks_days"] + 1))
    dialog.save_button.click()
    assert saved.pop() == {"keep": {**days, "tasks_days": days["tasks_days"] + 1}}
    dialog.fields["messages_days"].set_text(str(days["messages_days"] - 1))
    dialog.save_button.click()
    assert asks(say("keep", "shorter"))
    answer("Keep it")
    assert saved == []
    dialog.save_button.click()
    answer("Delete what is older")
    assert len(saved) == 1
