"""The time that an app's import of the library takes: ``python -m tests.benchmarks.importing``.

By turns, each in a fresh process: what every such app imports, the package, and the names of the
README. Prints medians, and each beside the first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from statistics import median
from typing import Final

ROUNDS: Final = 7
IMPORTS: Final = {
    "FastAPI and SQLAlchemy": "import fastapi, sqlalchemy",
    "the package, too": "import fastapi, sqlalchemy, sendoff_tasks",
    "install and DurableTasks, too": "import fastapi, sqlalchemy\n"
    "from sendoff_tasks import DurableTasks, install",
}


def main() -> int:
    """Measure and print; returns 0."""
    times: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for _ in range(ROUNDS):
        for name, code in IMPORTS.items():
            times[name].append(_seconds(code))
    first, *_ = map(median, times.values())
    for name, each in times.items():
        print(f"{name}: {median(each):.3f} s, {median(each) / first:.2f}")
    return 0


def _seconds(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    argparse.ArgumentParser(
        prog="python -m tests.benchmarks.importing", description=__doc__
    ).parse_args()
    sys.exit(main())
