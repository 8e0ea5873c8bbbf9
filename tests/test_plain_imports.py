"""Large packages leave no trace in imports that follow them."""

from __future__ import annotations

import subprocess
import sys


def test_no_source_is_kept_of_what_comes_later() -> None:
    code = """
from desktop.backend.services import IoThreads
IoThreads(1)
from desktop.qtpool import os
import linecache; print(*linecache.cache)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "qtpool.py" not in done.stdout


def test_what_fastapi_looks_for_is_there_after_it() -> None:
    code = """
import os, sys
from desktop.plain_imports import without_looking_for_more

before = dict(os.environ)
with without_looking_for_more():
    import fastapi
    fastapi.APIRouter().get("/")(lambda: 1)
print({"email_validator", "pydantic.v1"} & set(sys.modules), os.environ == before)
import email_validator, pydantic.v1
print(email_validator.__name__, pydantic.v1.__name__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set() True\nemail_validator pydantic.v1\n"
