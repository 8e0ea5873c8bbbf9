"""Both wheels as they are installed, together and the library alone: ``python -m tests.wheel``.

Builds them. In a fresh environment with the library alone, beside another package ``desktop``, it
does what the tutorial does: types are checked, tests run, and an order is served and followed to
its end; then it tries each command against a small app. In another environment the program is there
too; a third is made as `docs/servers.md` says. Exit status 1 when it is not.
"""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from sendoff_tasks.shell.commands import TASKS
from tests.environments import fresh_environment
from tests.test_docs_code import write_files
from tests.wheel_commands import APP, try_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
OF_THE_WINDOW: Final = re.compile(r"pyside|shiboken|qasync|keyring|secretstorage", re.IGNORECASE)
RIGHT: Final = "add_task(send_invoice, order_id, pages)"
WRONG: Final = 'add_task(send_invoice, "seven", pages)'
WITHIN: Final = 60.0
LIBRARY: Final = ROOT / "desktop" / "library"
SDIST: Final = 2 * 2**20
"""Bytes."""
MOST: Final = 20
"""Packages that come with the library, itself among them."""


def main() -> int:
    """Do it all; returns 0 when all of it holds."""
    with tempfile.TemporaryDirectory(prefix="sendoff-wheel-") as scratch:
        folder = Path(scratch)
        library, program = build(LIBRARY, folder / "library"), build(ROOT, folder / "program")
        tools = fresh_environment(folder / "tools", "build", "twine")
        for project in (LIBRARY, ROOT):
            _fits_an_index(project, folder / f"index-{project.name}", tools)
        programs = fresh_environment(folder / "alone", library)
        _is_alone(programs)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, f"{library}[command,server]", "mypy", "pytest"], check=True)
        shop = folder / "shop"
        (shop / "desktop").mkdir(parents=True)
        (shop / "desktop" / "__init__.py").write_text("raise RuntimeError")
        write_files("tutorial.md", shop)
        _serve(programs, shop)
        _types(programs, shop)
        subprocess.run([programs / "python", "-m", "pytest", "-q", "."], cwd=shop, check=True)
        desk = folder / "desk"
        desk.mkdir()
        (desk / "desk.py").write_text(APP)
        with _served(programs, desk, "desk:app") as client:
            client.get("/docs")  # once it is up
            try_commands(programs, desk, {*TASKS.names})
        _is_together(fresh_environment(folder / "together", library, program))
        _on_a_server(folder / "server")
    return 0


def build(project: Path, folder: Path) -> Path:
    """Build the wheel of a project into the folder; returns it."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w"]
    subprocess.run([*command, str(folder), str(project)], check=True)
    (wheel,) = folder.glob("*.whl")
    print(f"built: {wheel.name}, {wheel.stat().st_size / 1024:.0f} KiB", flush=True)
    return wheel


def _fits_an_index(project: Path, folder: Path, tools: Path) -> None:
    """See that a project's sdist is small and makes the wheel, and that its page has its links."""
    command = [str(tools / "python"), "-m", "build", "--outdir", str(folder), str(project)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    print(f"built: {sdist.name}, {sdist.stat().st_size / 1024:.0f} KiB", flush=True)
    assert sdist.stat().st_size <= SDIST, sdist
    subprocess.run([tools / "twine", "check", "--strict", sdist, wheel], check=True)
    with zipfile.ZipFile(wheel) as files:
        (about,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        links = re.findall(r"\]\(([^)\s]+)\)", files.read(about).decode())
    assert not [each for each in links if not each.startswith(("https://", "#"))], links


def _is_alone(programs: Path) -> None:
    """See that the library brings little, and nothing of the program."""
    command = [str(programs / "python"), "-m", "pip", "list", "--format", "freeze"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    brought = [each for each in listed if not each.startswith(("pip=", "setuptools="))]
    assert len(brought) <= MOST, brought
    assert not [each for each in brought if OF_THE_WINDOW.match(each)], brought
    there = "from importlib.util import find_spec; print(find_spec('desktop'))"
    found = subprocess.run([programs / "python", "-P", "-c", there], capture_output=True, text=True)
    assert found.stdout == "None\n", found
    print(f"the library: {len(brought)} packages, none of the program's", flush=True)


def _is_together(programs: Path) -> None:
    """See that the program has the library's commands, and does not contain the library."""
    for name in ("sendoff", "sendoff-tasks"):
        helped = subprocess.run(
            [programs / name, "tasks", "--help"], check=True, capture_output=True
        )
        assert b"list tasks" in helped.stdout.lower(), helped
    where = "import desktop, sendoff_tasks; print(desktop.__path__[0], sendoff_tasks.__path__[0])"
    told = subprocess.run([programs / "python", "-P", "-c", where], check=True, capture_output=True)
    program, library = map(Path, told.stdout.decode().split())
    assert library == program.parent / "sendoff_tasks"
    assert not (program / "library").exists()
    assert (program / "resources" / "help").is_dir()
    print("together: both commands are there", flush=True)


def _on_a_server(folder: Path) -> None:
    """Install as the page says, with the driver for PostgreSQL."""
    page = (ROOT / "docs" / "servers.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(?:/usr/bin/python3|/opt/sendoff/bin/pip) .*", page, re.MULTILINE)
    assert len(lines) == 3, lines
    for line in lines:
        there = line.replace("/usr/bin/python3", sys.executable)
        command = shlex.split(there.replace("/opt/sendoff", str(folder)), comments=True)
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    asked = [
        str(folder / "bin" / "sendoff"),
        "migrate",
        "--database",
        "postgresql://127.0.0.1:1/items",
    ]
    refused = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert "127.0.0.1" in refused.stderr, refused  # its driver looked for the server
    print("on a server: it is installed as the page says", flush=True)


def _serve(programs: Path, shop: Path) -> None:
    """Order something of the tutorial's app, and follow the job."""
    with _served(programs, shop) as client:
        answer = client.post("/orders/7", params={"pages": 2})
        assert answer.status_code == 202, answer.text
        job = _ended(client, answer.json()["job"])
    assert (job["state"], job["result"]) == ("succeeded", "invoice-7.pdf"), job
    command = [str(programs / "sendoff-tasks"), "tasks", "--data-dir", "data"]
    away = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
    assert "The app that these tasks belong to is not running" in away.stderr, away
    print("served: an order was placed, and its job followed to its end", flush=True)


@contextmanager
def _served(programs: Path, folder: Path, app: str = "shop:app") -> Iterator[httpx.Client]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PYTHONPATH": ""}
    command = [str(programs / "uvicorn"), app, "--port", str(port)]
    server = subprocess.Popen([*command, "--log-level", "warning"], cwd=folder, env=environment)
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
    *errors, _ = refused.stdout.splitlines()
    assert all(each.startswith(f"wrong.py:{line}: error: ") for each in errors), refused
    assert 'Argument 1 to "add_task"' in refused.stdout, refused
    print("mypy --strict: the app is clean, and a wrong argument is refused", flush=True)


def _mypy(programs: Path, file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(programs / "python"), "-m", "mypy", "--strict", file.name]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
