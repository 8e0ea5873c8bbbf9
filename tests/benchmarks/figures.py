"""What a benchmark hands back: figures beside a peer or a limit, and their table."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = ("what", "ours", "beside it", "ratio", "target", "met")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    ``ours`` and ``peer`` are medians in ``unit``; ``ratio`` is the median of the ratios of single
    repetitions, so noise which hits both sides of one repetition cancels out. ``target`` and
    ``met`` are empty where a figure is only shown, ``unit`` where there is none. ``margin`` is how
    far from the target the figure is, as a part of it, more than 0 on the good side.
    """

    what: str
    unit: str
    ours: float
    beside: str = ""
    peer: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    margin: float = 0.0

    def cells(self) -> tuple[str, ...]:
        """Give the line as text, one cell for each of ``HEADINGS``."""
        beside = self.beside if self.peer is None else f"{self.beside}: {amount(self.peer)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        met = {None: "", True: "yes", False: "NO"}[self.met]
        if self.margin:
            met += f", {self.margin:+.0%}"
        ours = f"{amount(self.ours)} {self.unit}" if self.unit else ""
        return self.what, ours, beside, ratio, self.target, met


def against(
    what: str,
    unit: str,
    ours: Sequence[float],
    peer: Sequence[float],
    *,
    beside: str,
    at_least: float | None = None,
    at_most: float | None = None,
    limit: float | None = None,
) -> Figure:
    """Compare repetitions with those of a peer, pair by pair.

    The target is one of the ratio, or with ``limit`` an upper bound in ``unit``.
    """
    ratio = median(mine / theirs for mine, theirs in zip(ours, peer, strict=True))
    if limit is None:
        judged = _judge(ratio, at_least, at_most, "×")
    else:
        judged = _judge(median(ours), None, limit, unit)
    return Figure(what, unit, median(ours), beside, median(peer), ratio, *judged)


def alone(
    what: str,
    unit: str,
    ours: Sequence[float],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Figure:
    """Show repetitions, with an absolute target or none."""
    target, met, margin = _judge(median(ours), at_least, at_most, unit)
    return Figure(what, unit, median(ours), target=target, met=met, margin=margin)


def quantile(values: Sequence[float], part: float) -> float:
    """Give the value below which ``part`` (0 … 1) of all values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def table(figures: Sequence[Figure]) -> str:
    """Draw the figures as a Markdown table, with columns that line up."""
    lines = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    drawn = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
    drawn.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(drawn)


def amount(value: float) -> str:
    """Write a number with the digits that mean something."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def _judge(
    value: float, at_least: float | None, at_most: float | None, unit: str
) -> tuple[str, bool | None, float]:
    if at_least is not None:
        return f"≥ {amount(at_least)} {unit}", value >= at_least, value / at_least - 1
    if at_most is not None:
        return f"≤ {amount(at_most)} {unit}", value <= at_most, 1 - value / at_most
    return "", None, 0.0
