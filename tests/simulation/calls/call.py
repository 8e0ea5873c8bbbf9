"""What a history is made of: calls, each of which can be played in any scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tests.simulation.stage.scene import Scene

_PLAYS: Final[dict[str, Callable[..., None]]] = {}


def call(play: Callable[..., None]) -> Callable[..., None]:
    """Let histories call it by its name."""
    _PLAYS[play.__name__] = play
    return play


@dataclass(frozen=True)
class Call:
    """One call; without ``then`` the engine takes no step before the next one."""

    name: str
    given: dict[str, Any] = field(default_factory=dict)
    then: bool = True

    def play(self, scene: Scene) -> None:
        """Do it; where there is nothing to do it to, nothing is done."""
        scene.happened["calls"] += 1
        _PLAYS[self.name](scene, **self.given)
        if self.then:
            scene.settle()

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.given.items())
        return f"{self.name}({given})" + ("" if self.then else "  # and at once")
