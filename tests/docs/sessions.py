"""The commands of the pages, typed one after the other where their page can be true.

A session has processes and a network of its own: ports and numbers are those of the page.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.docs.shown import DOCS, Command, commands
from tests.looking import eventually
from tests.sheets.files import HEADER, write_xlsx
from tests.test_docs_code import readme_app, write_files

STAYS: Final = re.compile(r"uvicorn |sendoff$|sendoff serve|sendoff-tasks worker|sendoff watch")
"""What runs until it is ended."""
READY: Final = re.compile(r"Uvicorn running|ready at|This worker has started|Watching")
"""What that says when it is ready."""
OFFICE: Final = """
from sendoff_tasks import Uncertain, task

@task
def digest(year: int) -> int:
    return year

@task(retry=1)
def fails() -> None:
    raise ValueError("no paper")

@task(retry=1)
def doubtful() -> None:
    raise Uncertain("no answer")
"""
"""Tasks of an office, for the numbers on the page of the shell."""
APP: Final = """
from fastapi import FastAPI
import reports
from sendoff_tasks import install

app = FastAPI()
install(app, data_dir="data")
"""


RETURNED: Final = """\
From MAILER-DAEMON Mon Nov 30 00:00:00 2026
From: MAILER-DAEMON@example.org
To: office@example.org
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="end"

--end
Content-Type: message/delivery-status

Reporting-MTA: dns; example.org

Final-Recipient: rfc822; ada@example.org
Action: failed
Status: 5.1.1

--end--
"""
RENEWAL: Final = """\
{% block subject %}Renewal{% endblock %}
{% block text %}Your number is {{ number }}.{% endblock %}
"""
CHECKED: Final = {
    1: "from typing import Any",
    2: "from fastapi import FastAPI",
    3: "from sqlalchemy.orm import Session",
    4: "from sendoff_tasks import DurableTasks as BackgroundTasks, install",
    8: "app = FastAPI()",
    9: "install(app, data_dir='data')",
    5: "def tell(name: str, politely: bool) -> None: ...",
    6: "def send(session: Session) -> None: ...",
    7: "def audit(user: Any) -> None: ...",
    30: "def one(name: str, background_tasks: BackgroundTasks) -> None:",
    31: "    background_tasks.add_task(tell, name, politely=True)",
    37: "def two(session: Session, background_tasks: BackgroundTasks) -> None:",
    38: "    background_tasks.add_task(send, session)",
    43: "def three(user, background_tasks: BackgroundTasks) -> None:",
    44: "    background_tasks.add_task(audit, user)",
}
"""The app that is checked: line → text."""


@dataclass(frozen=True)
class Session:
    """Pages whose commands are typed in one folder.

    Args:
        pages: their names
        before: commands that make what the pages speak of
        files: what else is in the folder
        code: where the pages' files of Python are
    """

    pages: tuple[str, ...]
    before: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    code: str = "."


SESSIONS: Final = (
    Session(("../README.md",), files={"main.py": readme_app("+")}),
    Session(("office.md",), ("sendoff",)),
    Session(("tutorial.md",)),
    Session(("fastapi.md",), ("uvicorn shop:app",)),
    Session(
        ("from-background-tasks.md",),
        files={"shop.py": "\n".join(CHECKED.get(line, "") for line in range(1, 45))},
    ),
    Session(("schedules.md",), ("uvicorn app:app",), {"app.py": APP}),
    Session(("deployment.md",)),
    Session(
        ("own-tasks.md", "shell.md", "spreadsheets.md", "servers.md", "http.md"),
        (
            "sendoff serve",
            *["sendoff run digest --arg year=2026"] * 16,
            *["sendoff run fails"] * 2,
            "sendoff submit --name Bo --to bo@example.org --delay 3600",
            "sendoff run doubtful",
            "sendoff submit --id 1204 --name Cleo --to cleo@example.org",
            "sendoff import others.xlsx",
        ),
        {
            "shop.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
            "returned.mbox": RETURNED,
            "data/templates/renewal.jinja": RENEWAL,
            "data/tasks/office.py": OFFICE,
        },
        "data/tasks",
    ),
)
ELSEWHERE: Final = {
    "python3 launch.py": "tests/test_launch.py",
    "python -m tests": "its options, by python -m tests.docs",
    "pip install": "tests/docs/__main__.py makes its environment of the same",
    "python3 -m venv": "tests/docs/__main__.py makes its environment so",
    "sendoff": "the window: tests/journeys, and the session of office.md",
    "sendoff --": "a window: tests/journeys",
    "sendoff quit": "tests/wheel.py",
    "sendoff sign-in": "tests/frozen.py",
    "sendoff undo": "tests/wheel_commands.py, while something can be undone",
    "sendoff serve --data-dir": "tests/backend/test_moving.py, on PostgreSQL",
    "sendoff move": "tests/backend/test_moving.py, on PostgreSQL",
    "sendoff-tasks migrate": "tests/wheel_commands.py, on PostgreSQL",
    "sendoff-tasks worker --database": "tests/wheel_commands.py, on PostgreSQL",
    "uv pip compile": "it asks a registry for newer versions",
    "echo pip | uv": "it asks a registry for newer versions",
}
"""How commands begin that no session types → where they are run."""


FINDS: Final = {"sendoff doctor", "sendoff-tasks check shop:app"}
"""What ends with 1: it finds what its session is made for."""


def is_elsewhere(line: str) -> bool:
    """Tell whether a command is run in another place."""
    return any(
        line == start or (line.startswith(start) and start != "sendoff") for start in ELSEWHERE
    )


def typed(session: Session) -> list[Command]:
    """Return the commands of a session's pages that it types."""
    pages = [(DOCS / name).resolve() for name in session.pages]
    whole = [each for page in pages for each in commands(page) if each.is_whole]
    return [each for each in whole if not each.by_root and not is_elsewhere(each.line)]


def alone(number: int, programs: Path) -> list[str]:
    """Return the command that types a session where no other process and no network is."""
    space = ["unshare", "--map-root-user", "--net", "--pid", "--fork", "--mount-proc"]
    return [*space, sys.executable, "-P", "-m", "tests.docs.sessions", str(number), str(programs)]


def main(which: int, programs: Path) -> None:
    """Type the commands of a session; the first that does not succeed raises an error."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    session = SESSIONS[which]
    with tempfile.TemporaryDirectory() as scratch, Typist(Path(scratch), programs) as typist:
        (typist.folder / session.code).mkdir(parents=True, exist_ok=True)
        for name in session.pages:
            write_files(name, typist.folder / session.code)
        for name, text in session.files.items():
            (typist.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (typist.folder / name).write_text(text, encoding="utf-8")
        write_xlsx(typist.folder / "members.xlsx")
        others = [HEADER, ["101", "Di", "di@example.org", "Concert"]]
        write_xlsx(typist.folder / "others.xlsx", others)
        for line in session.before:
            typist.type(Command(Path("before"), line))
        for command in typed(session):
            typist.type(command)


class Typist(contextlib.ExitStack):
    """Types commands in a folder.

    Args:
        folder: the folder
        programs: the folder of the programs that are installed
    """

    def __init__(self, folder: Path, programs: Path) -> None:
        super().__init__()
        self.folder = folder
        home = {"HOME": str(folder / "home"), "SENDOFF_DATA_DIR": str(folder / "data")}
        home |= {"QT_QPA_PLATFORM": "offscreen", "PATH": f"{programs}:{os.environ['PATH']}"}
        self.environment = {**os.environ, **home}
        self.begun: dict[str, subprocess.Popen[bytes]] = {}
        self.known = {"/var/lib/sendoff": str(folder / "data")}
        """What pages leave open → what it is here."""

    def type(self, command: Command) -> None:
        """Type a command: it succeeds, and answers as the page says."""
        line = command.line
        for shown, meant in self.known.items():
            line = line.replace(shown, meant)
        print(f"{command.page.name}: {line}", flush=True)
        if STAYS.match(line):
            self._begin(line)
        elif command.says.startswith("{"):
            eventually(lambda: self._answers(line, command.says))
        else:
            before = self._backend()
            said = self._run(line)
            if line.startswith("kill"):
                eventually(lambda: self._has_ended(before))
            if command.answer:
                assert all(map(re.fullmatch, map(_pattern, command.answer), said.splitlines())), (
                    said
                )

    def _backend(self) -> dict[str, Any]:
        """Return what the backend says of itself; nothing without one."""
        for file in self.folder.rglob("backend.json"):
            told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return told
        return {}

    def _has_ended(self, before: dict[str, Any]) -> bool:
        """Tell whether a program has ended, or its backend is another one."""
        is_another = bool(now := self._backend()) and now["pid"] != before.get("pid")
        return is_another or any(each.poll() for each in self.begun.values())

    def _run(self, line: str) -> str:
        # By stdin: pgrep would find it among the arguments.
        done = subprocess.run(
            ["bash"],
            input=line,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == (line in FINDS), done
        return done.stdout

    def _answers(self, line: str, says: str) -> bool:
        """Tell whether it answers so; keep what the page leaves open with three dots."""
        said = self._run(line)
        found = re.match(_pattern(says), said)
        if found:
            self.known |= dict(zip(re.findall(r"\w+…", says), found.groups(), strict=True))
        return found is not None

    def _begin(self, line: str) -> None:
        """Start what stays, unless it runs; wait until it is ready. It ends with the session."""
        if line in self.begun and self.begun[line].poll() is None:
            return
        log = self.folder / f"log of {line.replace('/', ' ')}"
        command = ["bash", "-c", f"exec {line}"]
        with log.open("w") as out:
            process = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=out, stderr=out
            )
        self.begun[line] = process
        self.callback(process.kill)
        is_window = line == "sendoff"
        eventually(lambda: process.poll() is not None or is_window or READY.search(log.read_text()))
        assert process.poll() is None, log.read_text()
        if "worker" not in line:
            told = eventually(self._backend)
            self.environment |= {"URL": told["url"], "TOKEN": told["token"]}
        if line.startswith("sendoff watch"):
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0


def _pattern(shown: str) -> str:
    """Return what matches an answer whose open ends are written as three dots."""
    exact = re.sub(r"[^\w…]", lambda sign: f"\\{sign[0]}", shown)
    return re.sub(r"(\w+)?…", lambda dots: r"([\w-]+)" if dots[1] else ".*", exact)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
