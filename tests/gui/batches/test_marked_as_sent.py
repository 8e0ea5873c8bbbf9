"""What a person marked as sent of a batch is found from there, to be sent again after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from tests.gui.batches.test_batch_verbs import bring
from tests.gui.hands import press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

UNSURE = """
from desktop.engine import Uncertain, task

@task(title="Wire")
def wire(item_id: int) -> None:
    raise Uncertain("No answer came")
"""


def test_those_marked_as_sent_are_shown(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    (data.tasks / "own.py").write_text(UNSURE)

    async def find(play: Play) -> None:
        view = play.window.batches
        number = bring(play, tmp_path / "members.csv", 3, tasks=["wire"])
        play.api.batches.start(number, new_key())
        await play.until(lambda: play.api.batches.one(number)["counts"]["uncertain"] == 3)
        for task in (1, 3):
            play.api.resolve(task, "done")
        play.window.switch.choose("batches")
        await play.until(lambda: "marked" in view.card.numbers.links)
        press(view.card.numbers.links["marked"])
        await play.until(lambda: sorted(play.rows()) == [1, 3])
        assert play.window.views.row.narrowed_to == "Batch 1: members.csv · marked as sent"

    perform(find)
