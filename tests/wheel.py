"""Both projects as pip installs them from an index: ``python -m tests.wheel``.

Builds them from a clone of the last commit, at the tag of its version, and serves them as an index
of this machine. In a fresh environment with the library alone, beside another package ``desktop``,
it does what the tutorial does: types are checked, tests run, and an order is served and followed to
its end; then it tries each command against a small app. In another environment the program is
installed, and sends an item. Exit status 1 when it is not.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import httpx

import desktop
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.shell.commands import TASKS
from tests.environments import fresh_environment
from tests.looking import backend_of, eventually
from tests.test_docs_code import write_files
from tests.wheel_commands import APP, try_commands

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
OF_THE_WINDOW: Final = re.compile(r"pyside|shiboken|qasync|keyring|secretstorage", re.IGNORECASE)
RIGHT: Final = "add_task(send_invoice, order_id, pages)"
WRONG: Final = 'add_task(send_invoice, "seven", pages)'
WITHIN: Final = 60.0
SDIST: Final = 2 * 2**20
"""Bytes."""
MOST: Final = 20
"""Packages that come with the library, itself among them."""


def main() -> int:
    """Do it all; returns 0 when all of it holds."""
    with tempfile.TemporaryDirectory(prefix="sendoff-wheel-") as scratch:
        folder = Path(scratch)
        source = _at_its_tag(folder / "source")
        tools = fresh_environment(folder / "tools", "build", "twine")
        for project in (source / "desktop" / "library", source):
            _fits_an_index(project, folder / "index", tools)
        with _index(folder / "index") as index:
            programs = fresh_environment(folder / "alone", *index, "sendoff-tasks")
            _is_alone(programs)
            pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", *index]
            subprocess.run([*pip, "sendoff-tasks[command,server]", "mypy", "pytest"], check=True)
            together = fresh_environment(folder / "together", *index, "sendoff-desktop[window]")
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
        _is_together(together)
        _sends_an_item(together, folder / "office")
    return 0


def _at_its_tag(source: Path) -> Path:
    """Clone the last commit, and give it the tag of its version; returns the clone."""
    subprocess.run(["git", "clone", "--quiet", ROOT, source], check=True)
    tag = f"v{desktop.__version__}"
    subprocess.run(["git", "tag", "--force", tag], cwd=source, check=True)
    subprocess.run(["git", "checkout", "--quiet", tag], cwd=source, check=True)
    return source


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of a request."""


@contextmanager
def _index(folder: Path) -> Iterator[list[str]]:
    """Serve the files of a folder as an index; yields the options that let pip ask it, too."""
    for each in [*folder.iterdir()]:
        name = re.split(r"-\d", each.name)[0].replace("_", "-")
        (folder / "simple" / name).mkdir(parents=True, exist_ok=True)
        each.rename(folder / "simple" / name / each.name)
    handler = partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        try:
            yield ["--extra-index-url", f"http://127.0.0.1:{server.server_port}/simple/"]
        finally:
            server.shutdown()


def _fits_an_index(project: Path, folder: Path, tools: Path) -> None:
    """Build a project: its sdist is small and makes the wheel, and its page has its links."""
    before = {*folder.glob("*")}
    command = [str(tools / "python"), "-m", "build", "--outdir", str(folder), str(project)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wheel, sdist = sorted({*folder.glob("*")} - before, key=lambda each: each.suffix != ".whl")
    for each in (wheel, sdist):
        print(f"built: {each.name}, {each.stat().st_size / 1024:.0f} KiB", flush=True)
        assert f"-{desktop.__version__}" in each.name, each
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


def _sends_an_item(programs: Path, data: Path) -> None:
    """Open the window, submit an item by the shell, see its e-mail kept, and quit."""
    place = ["--data-dir", str(data)]
    shown = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen([programs / "sendoff", *place], env=shown)
    home = OfficeFolder(data)
    try:
        backend_of(home)
        person = ["--name", "Ada Lovelace", "--to", "ada@example.org"]
        subprocess.run([programs / "sendoff", "submit", *person, *place], check=True)
        eventually(lambda: [*home.outbox.glob("*.eml")])
        subprocess.run([programs / "sendoff", "quit", *place], check=True)
        assert window.wait(WITHIN) == 0
    finally:
        window.kill()
        window.wait()
    print("installed: an item was sent", flush=True)


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
    argparse.ArgumentParser(prog="python -m tests.wheel", description=__doc__).parse_args()
    sys.exit(main())
