"""What the window says of the backend, and of changes that wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop import builds
from desktop.gui.frame.room import OTHER_BUILD, BackendNews, WaitingChanges
from desktop.gui.link.connection import BackendLink, Live
from desktop.gui.link.drafts import DraftBox, DraftItem
from desktop.gui.link.jobs import ApiSource
from desktop.gui.link.outbox import Outbox, Wish
from sendoff_tasks.client.health import Ready
from sendoff_tasks.folder.backend_addresses import NO_PID, Backend

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs


def test_waiting_changes_are_told_in_one_note(
    window: AppWindow, jobs: Jobs, qtbot: QtBot, tmp_path: Path
) -> None:
    outbox = Outbox(ApiSource(jobs), DraftBox(tmp_path), jobs, window.notes.warn, window)
    WaitingChanges(window, outbox)

    def told() -> list[str]:
        return [each.text() for each in window.notes.shown]

    outbox.put(Wish(lambda *_: None, kept=DraftItem(None, {}, {})), away=lambda _: None)
    saved = "Saved. 1 item or correction will be submitted when Sendoff responds again."
    qtbot.waitUntil(lambda: told() == [saved])
    outbox.put(Wish(lambda *_: None))
    assert told() == [f"{saved}\nWaiting for Sendoff: 1 change"]


@pytest.mark.parametrize(("on_disk", "is_strange"), [(b"0.1.0+100", True), (b"0.1.0+200", False)])
def test_a_backend_of_another_build_is_told_unless_an_update_brought_it(
    window: AppWindow,
    jobs: Jobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    on_disk: bytes,
    is_strange: bool,
) -> None:
    monkeypatch.setattr(builds, "BUILD_FILE", tmp_path / "build")
    (tmp_path / "build").write_bytes(on_disk)
    link = BackendLink(ApiSource(jobs), lambda *_: None, window)
    BackendNews(window, Live(window), link)
    backend = Backend("http://127.0.0.1:9108", "t" * 32, NO_PID, "0.1.0+200")
    link.state_changed.emit(Ready(backend, own=False))
    assert any(each.name == OTHER_BUILD for each in window.cases.facts) is is_strange
