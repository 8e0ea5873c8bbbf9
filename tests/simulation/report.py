"""What came of histories, for a person."""

from __future__ import annotations

from tests.simulation.draw import draw
from tests.simulation.judging.broken import Broken
from tests.simulation.run import Result
from tests.simulation.shrink import shrink


def table(result: Result) -> str:
    """Write what happened and what was judged as tables."""
    pace = result.histories / result.seconds if result.seconds else 0
    broken = [each.promise for _, each in result.broken]
    lines = [
        f"{result.histories:,} histories in {result.seconds:,.0f} s ({pace:.0f} a second)",
        "",
        "| what happened | times |",
        "| --- | ---: |",
        *(f"| {what} | {times:,} |" for what, times in sorted(result.happened.items())),
        "",
        "| promise | judged | broken |",
        "| --- | ---: | ---: |",
    ]
    for promise, times in sorted(result.judged.items()):
        lines.append(f"| {promise} | {times:,} | {broken.count(promise)} |")
    lines += ["", *(f"seed {seed}: {each}" for seed, each in result.broken)]
    lines += ["", f"{len(broken)} promises broken"]
    return "\n".join(lines)


def explain(seed: int, broken: Broken | None) -> str:
    """Tell how a history broke its promise, in as few calls as do."""
    if broken is None:
        return f"seed {seed}: every promise was kept"
    history = draw(seed)
    small = shrink(history, broken)
    count = f"{len(history.calls)} calls, shrunk to {len(small.calls)}"
    return f"seed {seed} broke a promise ({count})\n{small}\n→ {small.play()}"
