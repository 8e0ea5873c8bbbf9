"""The detail of a task in the running program: its values, its own lines, and where it leads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from desktop.gui.tasks.detail.facts import LETTER
from desktop.gui.tasks.room import LinkFollowing
from sendoff_tasks.client.calls import SortedFilter

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.kit.widgets.buttons import Link
    from desktop.gui.link.jobs import Jobs
    from tests.gui.play import Play

TASKS = """
import json, time
from pathlib import Path
from sendoff_tasks import TaskContext, task

@task
def slow(gate: str, ctx: TaskContext) -> None:
    ctx.log("before")
    while not Path(gate).exists():
        ctx.check_cancelled()
        time.sleep(0.01)
    ctx.log("after")

@task(retry=1)
def broken(item_id: int = 0, text: str = "{x") -> None:
    json.loads(text)

@task
def written(path: str) -> str:
    return path
"""


class Opened(QObject):
    """Takes the addresses that the system would be handed."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.urls.append(url.toString())


def press(link: Link) -> None:
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)


@pytest.mark.own_tasks(TASKS)
async def test_a_task_leads_to_its_item_its_cause_and_its_result(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = tmp_path / "report of may.pdf"
    result.write_text("")
    detail, table = play.window.page.detail, play.window.page.table
    links = detail.history.links.values
    play.window.enter_desk(detail)
    api = play.api
    api.items.submit(7, {"tasks": ["broken"], "recipient": {"email": "ada@example.org"}}, "one")
    api.functions.run("broken", {"text": "[x"}, "two")
    api.functions.run("written", {"path": str(result)}, "three")
    await play.until(lambda: sorted(play.states()) == ["failed", "failed", "succeeded"])
    table.selectRow(0)
    await play.until(links["result"].isVisible)
    assert links["result"].text() == "report of may.pdf"
    assert not links["item"].isVisible()
    assert not links["cause"].isVisible()
    opened = Opened()
    QDesktopServices.setUrlHandler("file", opened, "take")  # type: ignore[arg-type]
    try:
        press(links["result"])
        await play.until(lambda: opened.urls == [QUrl.fromLocalFile(str(result)).toString()])
        assert detail.paper.values.arguments.toPlainText() == f'path: "{result}"'
        assert detail.paper.values.result.toPlainText() == str(result)
        result.unlink()
        press(links["result"])
        await play.note("no longer exists")
        assert len(opened.urls) == 1
    finally:
        QDesktopServices.unsetUrlHandler("file")
    table.selectRow(2)
    await play.until(links["item"].isVisible)
    assert links["item"].text() == "7"
    press(links["item"])
    assert play.model.query.parameters() == {"item_id": 7}
    assert play.window.page.narrowed.text() == "Item 7"
    await play.until(lambda: play.states() == ["failed"])
    table.selectRow(0)
    await play.until(links["cause"].isVisible)
    (entry,) = detail.history.attempts.entries
    entry.toggle.click()
    assert "json.loads(text)" in entry.trace.toPlainText()
    assert "raw_decode" in entry.trace.toPlainText()
    press(links["cause"])
    assert play.window.page.narrowed.text().startswith("Reason: ")
    await play.until(lambda: play.states() == ["failed", "failed"])
    play.window.page.widen.click()
    await play.until(lambda: len(play.states()) > 2)
    table.selectRow(play.states().index("failed"))
    menu = table.menu()
    assert menu is not None
    next(each for each in menu.actions() if each.text() == "All with this reason").trigger()
    await play.until(lambda: play.states() == ["failed", "failed"])
    assert play.window.page.narrowed.text().startswith("Reason: JSONDecodeError: ")

    gate = tmp_path / "gate"
    play.window.page.show_all()
    api.functions.run("slow", {"gate": str(gate)}, "four")
    await play.until(lambda: "running" in play.states())
    table.selectRow(0)
    log = detail.history.log
    await play.until(lambda: log.toPlainText().endswith("before"))
    pages: list[QUrl] = []
    with monkeypatch.context() as patch:
        patch.setattr(QDesktopServices, "openUrl", pages.append)  # which is no success
        detail.history.log_link.click()
        await play.until(lambda: bool(pages))
    assert f"/monitor/?task={detail.task}#once=" in pages[0].toString()
    gate.touch()
    await play.until(lambda: log.toPlainText().endswith("after"))

    sent = api.items.submit(8, {"recipient": {"email": "ada@example.org"}}, "five").task_ids
    await play.until(lambda: play.states().count("succeeded") == 3)
    again = api.actions.act("resend", sent, key="again")["ids"][0]
    await play.until(lambda: play.states().count("succeeded") == 4)
    table.selectRow(0)
    await play.until(lambda: detail.task == again and detail.read is not None)
    detail.lead.history.click()
    assert links["repeated"].text() == f"Task {sent[0]}"
    api.actions.act("remove", sent, key="remove")
    await play.until(lambda: not api.page(SortedFilter(ids=tuple(sent)))["tasks"])
    press(links["repeated"])
    await play.until(lambda: "no longer exists" in detail.paper.words.text())


def test_a_message_that_no_program_opens_is_told_as_a_failure(
    qtbot: QtBot, window: AppWindow, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = list[str]()
    monkeypatch.setattr(window.notes, "warn", told.append)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    links = LinkFollowing(window, window.page, jobs, lambda _: None)
    links.follow(LETTER, "Subject: Opera\n\nDear Ada")
    qtbot.waitUntil(lambda: bool(told))
    (said,) = told
    assert said.startswith("No program opens e-mails here. The file is ")
    assert Path(said.rpartition(" is ")[2]).read_text() == "Subject: Opera\n\nDear Ada"
