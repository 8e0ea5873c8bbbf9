"""The wheel as it is installed, with FastAPI alone: ``python -m tests.wheel``.

Builds it, installs it into a fresh environment, and does there what the tutorial does: types are
checked, tests run, and an order is served and followed to its end. Exit status 1 when it is not.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from tests.environments import fresh_environment
from tests.test_docs_code import write_files

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
OF_THE_WINDOW: Final = re.compile(r"pyside|shiboken|qasync|keyring|secretstorage", re.IGNORECASE)
RIGHT: Final = "add_task(send_invoice, order_id, pages)"
WRONG: Final = 'add_task(send_invoice, "seven", pages)'
WITHIN: Final = 60.0


def main() -> int:
    """Do it all; returns 0 when all of it holds."""
    with tempfile.TemporaryDirectory(prefix="sendoff-wheel-") as scratch:
        folder = Path(scratch)
        programs = fresh_environment(folder / "environment", build(folder / "wheel"))
        _no_window(programs)
        shop = folder / "shop"
        shop.mkdir()
        write_files("tutorial.md", shop)
        _serve(programs, shop)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "mypy", "pytest"]
        subprocess.run(pip, check=True)
        _types(programs, shop)
        subprocess.run([programs / "python", "-m", "pytest", "-q", "."], cwd=shop, check=True)
    return 0


def build(folder: Path) -> Path:
    """Build the wheel into the folder; returns it."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w"]
    subprocess.run([*command, str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    print(f"built: {wheel.name}, {wheel.stat().st_size / 1024:.0f} KiB", flush=True)
    return wheel


def _no_window(programs: Path) -> None:
    """Read what came along: nothing of the window."""
    command = [str(programs / "python"), "-m", "pip", "list", "--format", "freeze"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    found = [each for each in listed if OF_THE_WINDOW.match(each)]
    assert not found, found
    print(f"installed with {len(listed)} packages, none of the window's", flush=True)


def _serve(programs: Path, shop: Path) -> None:
    """Order something of the tutorial's app, and follow the job."""
    with _served(programs, shop) as client:
        answer = client.post("/orders/7", params={"pages": 2})
        assert answer.status_code == 202, answer.text
        job = _ended(client, answer.json()["job"])
    assert (job["state"], job["result"]) == ("succeeded", "invoice-7.pdf"), job
    command = [str(programs / "sendoff"), "tasks", "--data-dir", "data"]
    away = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
    assert "The app that these tasks belong to is not running" in away.stderr, away
    print("served: an order was placed, and its job followed to its end", flush=True)


@contextmanager
def _served(programs: Path, shop: Path) -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": ""}
    command = [str(programs / "uvicorn"), "shop:app", "--port", str(port)]
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=shop, env=environment)
    retries = httpx.HTTPTransport(retries=8)  # until it listens
    try:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, transport=retries, timeout=WITHIN) as client:
            yield client
    finally:
        server.terminate()
        server.wait(WITHIN)


def _ended(client: httpx.Client, job: str) -> dict[str, Any]:
    latest = time.monotonic() + WITHIN
    while True:
        found: dict[str, Any] = client.get(job).json()
        if found["finished_at"] is not None or time.monotonic() > latest:
            return found
        time.sleep(0.1)


def _types(programs: Path, shop: Path) -> None:
    """Check the app strictly, and see that a wrong argument is refused."""
    app = shop / "shop.py"
    right = _mypy(programs, app)
    assert right.returncode == 0, right.stdout
    wrong = shop / "wrong.py"
    text = app.read_text(encoding="utf-8")
    assert RIGHT in text
    wrong.write_text(text.replace(RIGHT, WRONG), encoding="utf-8")
    refused = _mypy(programs, wrong)
    wrong.unlink()
    line = next(n for n, each in enumerate(text.splitlines(), 1) if RIGHT in each)
    assert refused.stdout.startswith(f'wrong.py:{line}: error: Argument 1 to "add_task"'), refused
    assert "Found 1 error" in refused.stdout, refused.stdout
    print("mypy --strict: the app is clean, and a wrong argument is refused", flush=True)


def _mypy(programs: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(programs / "python"), "-m", "mypy", "--strict", file.name]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
