"""Qt for Python leaves no trace in imports that follow it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "importing",
    [
        "from desktop.plain_imports import import_shiboken; import_shiboken()",
        "from desktop.backend.shared.io_threads import IoThreads; IoThreads(1)",
    ],
)
def test_no_source_is_kept_of_what_comes_later(importing: str) -> None:
    code = f"{importing}\nfrom desktop.qtpool import os; import linecache; print(*linecache.cache)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "qtpool.py" not in done.stdout
