"""The pages for Python users: their code is written to files as it stands, and is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
FILE: Final = re.compile(r"# ([a-z_]+\.py)\n")
"""The first line of a block that begins a file; the next blocks belong to it."""

PAGES: Final = {"testing.md": ""}
"""What more is asserted of a page's code, in a file of tests beside it."""


def write_files(page: str, folder: Path) -> None:
    """Write the page's Python blocks to the files they name, else to ``page.py``."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    name = "page.py"
    for tongue, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if tongue != "python":
            continue
        begins = FILE.match(block)
        name = begins[1] if begins else name
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{block}")


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_does_what_it_says(page: str, tmp_path: Path) -> None:
    write_files(page, tmp_path)
    (tmp_path / "test_more.py").write_text(PAGES[page] or "def test_nothing(): pass\n")
    plugin = ("-p", "sendoff_tasks.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:randomly")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "desktop" / "library", tmp_path)))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", *plugin, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_ADDOPTS": ""},
    )
    assert done.returncode == 0, done.stdout + done.stderr
