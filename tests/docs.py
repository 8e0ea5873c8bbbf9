"""The pages for users as Sphinx builds them: ``python -m tests.docs [FOLDER]``.

Every warning is an error. The reference has everything that ``sendoff_tasks`` exports. The pages
stay in the folder that is named.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from tests.environments import fresh_environment

ROOT: Final = Path(__file__).resolve().parents[1]
LIBRARY: Final = ROOT / "desktop" / "library"


def main() -> int:
    """Build the pages; returns 0 when nothing is wrong with them and nothing is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where the pages are kept")
    folder: Path | None = parser.parse_args().folder
    with tempfile.TemporaryDirectory(prefix="sendoff-docs-") as scratch:
        programs = fresh_environment(Path(scratch) / "environment", ROOT, LIBRARY, *_group("docs"))
        pages = folder or Path(scratch) / "pages"
        strict = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env"]
        command = [programs / "sphinx-build", *strict, ROOT / "docs", pages]
        if subprocess.run([*map(str, command)], check=False).returncode:
            return 1
        names = "import sendoff_tasks; print(*sendoff_tasks.__all__)"
        command = [programs / "python", "-c", names]
        exported = subprocess.run(
            [*map(str, command)], cwd=scratch, capture_output=True, text=True, check=True
        )
        found = set(
            re.findall(r'id="sendoff_tasks\.(\w+)"', (pages / "reference.html").read_text())
        )
        built = len(list(pages.rglob("*.html")))
    missing = {*exported.stdout.split()} - found
    print(f"{built} pages; missing in the reference: {', '.join(sorted(missing)) or 'nothing'}")
    return 1 if missing else 0


def _group(name: str) -> list[str]:
    """Return the packages of a dependency group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = project["dependency-groups"][name]
    return found


if __name__ == "__main__":
    sys.exit(main())
