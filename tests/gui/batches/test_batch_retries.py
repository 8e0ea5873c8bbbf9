"""The failed messages of a batch are sent again, and it is told how many, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from desktop.client.errors import BackendGone
from tests.gui.batches.test_batch_verbs import bring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

HALF = """
import pathlib
from desktop.engine import Retry, task

@task(title="Half", retry=Retry(1))
def half(item_id: int) -> None:
    if item_id != 2 or not pathlib.Path({cured!r}).exists():
        raise OSError("no paper")
"""


def test_what_failed_is_sent_again_but_for_what_was_seen_and_it_is_told_what_came(
    perform: Callable[[Scene], None],
    data: DataFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing was said of it afterwards, and those marked as seen were sent again, too."""
    cured = data.root / "cured"
    (data.tasks / "own.py").write_text(HALF.format(cured=str(cured)))

    async def retry(play: Play) -> None:
        row = play.window.batches.card.row
        play.program.rooms.services.grace.seconds = 0.0
        number = bring(play, tmp_path / "members.csv", 4, tasks=["half"])
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.states() == ["failed"] * 4)
        seen = min(play.rows())
        play.api.change_task(seen, {"seen": True})
        play.window.switch.choose("batches")
        await play.until(lambda: "retry" in row.buttons)
        await play.until(lambda: row.buttons["retry"].text() == "Send the 3 that failed")
        cured.touch()
        asked, call = [], play.api.batches.retry

        def unanswered(*given: object, delay: float) -> None:
            asked.append(given)
            call(*given, delay=delay)  # type: ignore[arg-type]
            if len(asked) == 1:
                raise BackendGone

        monkeypatch.setattr(play.api.batches, "retry", unanswered)
        said = play.note_toasts()
        row.buttons["retry"].click()
        await play.until(lambda: asked)

        def is_asked_again() -> bool:
            play.program.source.go_on()
            return len(asked) > 1

        await play.until(is_asked_again)
        queued = "members.csv · 3 messages were queued again"
        await play.until(lambda: queued in said)
        told = play.window.notices
        words = "members.csv · Tried again: 1 done · 2 failed again"
        await play.until(lambda: words in [told.text(name) for name in told.names()])
        assert queued not in play.toasts()  # they are no more
        assert asked[0] == asked[1]
        assert (play.api.task(seen)["attempt"], play.api.task(seen)["seen"]) == (1, True)

    perform(retry)
