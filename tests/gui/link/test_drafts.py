"""What is typed is kept as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThreadPool

from desktop.client.drafts import DraftBox, Typed
from desktop.gui.link.drafts import TypedDrafts
from desktop.gui.link.jobs import Jobs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def box_jobs(qapp: object) -> Iterator[Jobs]:
    """Jobs on one thread, as those of the drafts are."""
    unhandled: list[Exception] = []
    pool = QThreadPool(maxThreadCount=1)
    jobs = Jobs(pool, unhandled.append)
    yield jobs
    jobs.cancel_all()
    pool.waitForDone()
    assert not unhandled


def test_what_is_kept_before_the_first_look_leaves_the_rest_there(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    box, parent = DraftBox(tmp_path), QObject()
    box.save_typed(Typed.TEMPLATES, {"1": {"text": "a"}, "2": {"text": "b"}})
    drafts = TypedDrafts(Typed.TEMPLATES, box, box_jobs, parent)
    for text in ("c", "cd", "cde"):
        drafts.keep("1", {"text": text})
    drafts.keep("3", None)
    drafts.read(lambda: None)
    qtbot.waitUntil(lambda: box.load_typed(Typed.TEMPLATES).get("1") == {"text": "cde"})
    assert box.load_typed(Typed.TEMPLATES) == {"2": {"text": "b"}, "1": {"text": "cde"}}
    assert drafts.names() == ["2", "1"]
    for name in drafts.names():
        drafts.keep(name, None)
    qtbot.waitUntil(lambda: not (tmp_path / Typed.TEMPLATES).exists())


def test_a_file_that_cannot_be_read_is_put_aside(
    qtbot: QtBot, tmp_path: Path, box_jobs: Jobs
) -> None:
    (tmp_path / Typed.IMPORTS).write_text("{half")
    parent = QObject()
    drafts = TypedDrafts(Typed.IMPORTS, DraftBox(tmp_path), box_jobs, parent)
    drafts.keep("7", {})
    broken = tmp_path / f"{Typed.IMPORTS}.broken"
    qtbot.waitUntil(lambda: broken.exists() and (tmp_path / Typed.IMPORTS).exists())
    assert broken.read_text() == "{half"
    assert not DraftBox(tmp_path).load().broken
