"""The library's tests on the oldest and the newest Python at hand: ``python -m tests.pythons``.

Those are on the ``PATH`` or in pyenv's folder. Exit status 1 if a test fails.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.environments import fresh_environment

ROOT: Final = Path(__file__).resolve().parents[1]
OLDEST: Final = 11
"""Of Python 3, by ``requires-python``."""
NEWEST: Final = 20
PYENV: Final = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
SUITE: Final = ("tests/engine", "tests/library")


def main() -> int:
    """Run the tests on both; returns how many of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.pythons", description=__doc__)
    _, for_pytest = parser.parse_known_args()
    found = pythons()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="sendoff-pythons-") as scratch:
        for minor in sorted({min(found), max(found)}):
            print(f"Python 3.{minor}: {found[minor]}", flush=True)
            lock = ("-r", ROOT / "requirements-dev.lock")
            programs = fresh_environment(Path(scratch, str(minor)), *lock, python=found[minor])
            test = [str(programs / "python"), "-P", "-m", "pytest", "-q", *SUITE, *for_pytest]
            places = os.pathsep.join(map(str, (ROOT, ROOT / "desktop" / "library")))
            run = subprocess.run(test, cwd=ROOT, env={**os.environ, "PYTHONPATH": places})
            failed += bool(run.returncode)
    return failed


def pythons() -> dict[int, Path]:
    """Return the interpreters that the library supports, by the minor version."""
    found: dict[int, Path] = {}
    for place in PYENV.glob("3.*/bin/python3"):
        if match := re.match(r"3\.(\d+)\.", place.parents[1].name):
            found[int(match[1])] = place
    for minor in range(OLDEST, NEWEST):
        named = shutil.which(f"python3.{minor}")
        if named is not None and minor not in found:
            found[minor] = Path(named)
    return {minor: place for minor, place in found.items() if minor >= OLDEST}


if __name__ == "__main__":
    sys.exit(main())
