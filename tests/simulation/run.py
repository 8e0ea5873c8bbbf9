"""Many histories, on as many processes as are wanted."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from tests.simulation.draw import draw
from tests.simulation.judging.broken import JUDGED, Broken

CHUNK: Final = 50
"""Histories a process plays before it tells what came of them."""


class Playable(Protocol):
    """A history, or a conversation with a mail server."""

    def play(self, happened: Counter[str]) -> Broken | None:
        """Play it to its end, and count what happened; returns what promise was broken."""


class Chunk(NamedTuple):
    """Histories by their seeds; none is begun after ``until`` (monotonic s)."""

    draw: Callable[[int], Playable]
    first: int
    histories: int
    until: float


@dataclass
class Result:
    """What came of histories: what happened in them, which promises were judged and broken."""

    histories: int = 0
    seconds: float = 0.0
    happened: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, Broken]] = field(default_factory=list)

    def add(self, other: Result) -> None:
        self.histories += other.histories
        self.happened += other.happened
        self.judged += other.judged
        self.broken += other.broken

    def first_of_each(self) -> list[tuple[int, Broken]]:
        """Return the first history that broke each promise."""
        return [*{broken.promise: (seed, broken) for seed, broken in self.broken[::-1]}.values()]


def play(chunk: Chunk) -> Result:
    """Play histories one after the other."""
    gc.collect()
    gc.freeze()  # the modules stay, so they need not be looked through again and again
    result = Result()
    before = JUDGED.copy()
    for seed in range(chunk.first, chunk.first + chunk.histories):
        if time.monotonic() > chunk.until:
            break
        broken = chunk.draw(seed).play(result.happened)
        result.histories += 1
        if broken is not None:
            result.broken.append((seed, broken))
    result.judged = JUDGED - before
    return result


def run(
    first: int,
    histories: int,
    jobs: int = 1,
    seconds: float = float("inf"),
    draw: Callable[[int], Playable] = draw,
) -> Result:
    """Play ``histories`` from seed ``first`` on, and begin none after ``seconds``."""
    began = time.monotonic()
    result = Result()
    for part in _parts(list(_chunks(draw, first, histories, began + seconds)), jobs):
        result.add(part)
    result.seconds = time.monotonic() - began
    return result


def _chunks(
    draw: Callable[[int], Playable], first: int, histories: int, until: float
) -> Iterator[Chunk]:
    for begin in range(first, first + histories, CHUNK):
        yield Chunk(draw, begin, min(CHUNK, first + histories - begin), until)


def _parts(chunks: list[Chunk], jobs: int) -> Iterator[Result]:
    if jobs == 1:
        yield from map(play, chunks)
        return
    with multiprocessing.get_context("spawn").Pool(min(jobs, len(chunks))) as pool:
        yield from pool.imap(play, chunks)
