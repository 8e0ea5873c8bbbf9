"""How much a benchmark measures, and where its files go."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_numbers = count(1)


@dataclass(frozen=True)
class Plan:
    """One run: the same for every benchmark.

    ``reps`` repetitions are taken turn by turn with the peer's; one measured stretch lasts
    ``seconds``; the table of the window holds ``rows``. Files go below ``folder``, which must be on
    the kind of disk that is meant: on a tmpfs nothing is durable and syncing costs nothing.
    """

    folder: Path
    reps: int = 3
    seconds: float = 4.0
    rows: int = 100_000

    @property
    def patience(self) -> float:
        """Seconds without one more task after which the rest is taken for lost."""
        return min(8.0, 1.0 + 10 * self.seconds)

    def place(self, name: str) -> Path:
        """Make an empty folder for one use."""
        folder = self.folder / f"{name}-{next(_numbers)}"
        folder.mkdir(parents=True)
        return folder

    def times(self, a_second: int) -> int:
        """Tell how often to repeat something short, from how many would fit into a second."""
        return max(2, int(self.seconds * a_second))
