"""Typing items beside 2,000 changes a second: keys, the letter that follows them, and the form."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.benchmarks.backend.servers import sendoff
from tests.benchmarks.figures import Figure, alone
from tests.benchmarks.window.rows import fill
from tests.benchmarks.window.window import OFFSCREEN, changes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.plan import Plan

ITEMS_A_SECOND = 12.5
"""For each second of a stretch: 50 in one of four."""
PARAGRAPHS = 25
LIMITS = {
    "keys lost": ("keys", None),
    "key to painted character, p99": ("ms", 16.0),
    "letter behind the last key, p95": ("ms", 150.0),
    "Ctrl+Enter to the empty form": ("ms", 30.0),
    "gap, max": ("ms", 50.0),
}


def run(plan: Plan) -> list[Figure]:
    """Measure offscreen, without changes and beside them."""
    data_dir = plan.place("typing")
    with sendoff(data_dir) as server:
        fill(server, plan.rows)
        text = "\n\n".join(["Dear {{ name }}, this is a paragraph of the letter."] * PARAGRAPHS)
        server.call("PUT", "/templates/Long", {"parts": {"subject": "{{ title }}", "text": text}})
        idle = _probe(data_dir, plan)
        with changes(server):
            busy = _probe(data_dir, plan)
    return [
        alone(f"{name}: {what}", unit, [found[what]], at_most=most)
        for name, found in (("idle", idle), ("2,000 changes a second", busy))
        for what, (unit, most) in LIMITS.items()
    ]


def _probe(data_dir: Path, plan: Plan) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.window.typing_probe", str(data_dir)]
    command += ["--items", str(max(2, int(plan.seconds * ITEMS_A_SECOND)))]
    done = subprocess.run(command, env=OFFSCREEN, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)
