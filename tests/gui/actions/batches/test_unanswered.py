"""What is asked of a batch while the backend is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.errors import BackendGone
from desktop.gui.actions.batches import acting_on_batches
from tests.gui.actions.batches.test_batch_verbs import bring

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.gui.play import Play, Scene


def test_what_had_no_answer_is_no_longer_said_once_it_is_done(
    perform: Callable[[Scene], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def delete(play: Play) -> None:
        model = play.parts.batches.model
        play.program.actions.grace.seconds = 0.0
        bring(play, tmp_path / "members.csv", 1)
        play.window.switch.choose("batches")
        await play.until(lambda: "delete" in play.parts.batches.card.row.buttons)
        with monkeypatch.context() as away:
            away.setattr(acting_on_batches, "act_on_batch", gone)
            play.parts.batches.card.row.buttons["delete"].click()
            await play.toast("Sendoff does not answer right now")
        play.program.source.go_on()
        await play.until(lambda: model.rowCount() == 0)
        await play.until(lambda: play.toasts() == [])

    def gone(*_: object) -> None:
        raise BackendGone

    perform(delete)
