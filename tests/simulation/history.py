"""A history: a setting and calls, drawn from a seed, and what came of playing them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from unittest.mock import patch

from desktop.items import accepting, feature
from sendoff_tasks.duties import pruner
from sendoff_tasks.store import mark
from sendoff_tasks.verbs import pending
from tests.simulation.calls import Call
from tests.simulation.computer.folder import on_disk
from tests.simulation.finale import conclude
from tests.simulation.judging.alarm import Alarm
from tests.simulation.judging.broken import Broken
from tests.simulation.stage.functions import FUNCTIONS_OF, LETTER
from tests.simulation.stage.props import Setting
from tests.simulation.stage.scene import Scene


@dataclass(frozen=True)
class History:
    """What happens; the same history always comes to the same end."""

    seed: int
    setting: Setting
    calls: tuple[Call, ...]

    def play(self, happened: Counter[str] | None = None) -> Broken | None:
        """Play it to its end, and count what ``happened``; returns what promise was broken."""
        scene = Scene(self.setting, self.seed)
        broken = self.play_on(scene)
        if happened is not None:
            happened += scene.happened + scene.disk.struck + scene.outside.happened
        return broken

    def play_on(self, scene: Scene) -> Broken | None:
        """Do as :meth:`play` on a scene that can be looked at afterwards."""
        ours = FUNCTIONS_OF if self.setting.is_ours else feature.OURS
        with (
            patch.object(pruner, "MOST", self.setting.most),
            patch.object(pending, "BULK_LIMIT", self.setting.few),
            patch.object(feature, "OURS", ours),
            patch.object(accepting, "CONFIRMATION", LETTER),
            patch.object(mark, "_keeps_inodes", lambda _: True),
            patch.object(mark, "_disk", lambda _: 1 << 32),
            on_disk(scene.disk.random, lambda: scene.disk, scene.time),
            Alarm(scene),
        ):
            try:
                scene.boot()
                for call in self.calls:
                    call.play(scene)
                conclude(scene)
            except Broken as broken:
                return broken
            finally:
                scene.leave()
        return None

    def __str__(self) -> str:
        return "\n".join([str(self.setting), *map(str, self.calls)])
