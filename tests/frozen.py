"""Build the frozen program and do the main job with it: ``python -m tests.frozen [FOLDER]``.

A FOLDER that is named has it already. Under Xvfb the window comes, an item is typed and its message
read; own tasks run in a thread and in a process; a workbook is sent, and its report written, by
shell commands; an account signs in at nanoidp, and its e-mail reaches a Graph of ours. On Windows
and macOS nobody types, and the window is only opened.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop.cli import COMMAND_LINE
from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter
from tests import WITHIN
from tests.dns_server import dns_server
from tests.identity_provider import CLIENT, OFFICE, IdentityProvider, identity_provider
from tests.journeys.following import present_backend, until
from tests.journeys.screen import Screen
from tests.journeys.test_main_job import type_item
from tests.looking import eventually
from tests.mail.web_services import WebService, serving
from tests.sheets.files import write_xlsx
from tests.sheets.measured import description_of, measured

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "sendoff.exe" if sys.platform == "win32" else "sendoff"
OWN_TASKS = """
import imaplib, mailbox, os, unittest.mock, zoneinfo

import dns.resolver
from desktop.mail.providers import provider_of_record
from sendoff_tasks import task

zoneinfo.ZoneInfo("Europe/Vienna")

@task
def in_thread() -> int:
    return os.getpid()

@task(lane="cpu")
def in_process() -> int:
    return os.getpid()

@task
def hosted_by(port: int) -> str:
    ours = dns.resolver.Resolver(configure=False)
    ours.nameservers, ours.port = ["127.0.0.1"], port
    with unittest.mock.patch("dns.resolver.Resolver", lambda: ours):
        return provider_of_record("office@own.example").name
"""


def main() -> int:
    """Build, then type an item into the built window and read its mail; returns 0 when it was."""
    parser = argparse.ArgumentParser(prog="python -m tests.frozen", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where the program is")
    built: Path | None = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as folder:
        program = built / PROGRAM if built else build(Path(folder))
        files = [file for file in program.parent.rglob("*") if not file.is_symlink()]
        size = sum(file.stat().st_size for file in files if file.is_file())
        print(f"built: {size / 2**20:.0f} MiB", flush=True)
        of_gtk = [file.name for file in files if re.match(r"libq?(g[td]k|pango|cairo)", file.name)]
        assert not of_gtk, of_gtk
        named = map(COMMAND_LINE.command, COMMAND_LINE.names)
        for command in {each.runs.partition(":")[0]: each.name for each in named}.values():
            subprocess.run([program, command, "--help"], check=True, stdout=subprocess.DEVNULL)
        read_a_sheet(program)
        (there := Path(folder) / "provider").mkdir()
        with identity_provider(there) as provider, serving("microsoft") as graph:
            main_job(program, Path(folder) / "data", Account(provider, graph))
    return 0


def build(folder: Path) -> Path:
    """Run PyInstaller into the folder; returns the program."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(folder / "dist"), "--workpath", str(folder / "work")]
    subprocess.run([*command, "build.spec"], cwd=ROOT, check=True)
    return folder / "dist" / "Sendoff" / PROGRAM


def read_a_sheet(program: Path) -> None:
    """Have the built program read a workbook and a text that is not UTF-8."""
    for name in ("mitglieder.xlsx", "mitglieder.csv"):
        request = description_of(ROOT / "tests" / "sheets" / "corpus" / name)
        frames, fault, taken = measured(request, program=[str(program)])
        assert fault is None, fault
        found = json.loads(frames[-1][1])
        assert found["rows"] == 3000
        print(f"read {name}: {found['encoding']}, {taken / 2**20:.0f} MiB", flush=True)


@dataclass(frozen=True)
class Account:
    """Where the program signs in and sends, in place of Microsoft 365."""

    provider: IdentityProvider
    graph: WebService

    def plant(self, tasks: Path) -> None:
        """Have a backend with this folder of tasks talk to them."""
        self.graph.account, self.graph.tokens = OFFICE, None
        graph = (
            "from desktop.mail.http.services import SERVICES as served\n"
            f"served['microsoft'] = replace(served['microsoft'], base={self.graph.service.base!r})"
        )
        (tasks / "provider.py").write_text(f"{self.provider.code}{graph}\n", encoding="utf-8")

    def send(self, program: Path, data: Path, api: Api) -> None:
        """Sign in by a command of the program, and send an e-mail."""
        mail = {"transport": "smtp", "sign_in": "microsoft", "client_id": CLIENT, "sender": OFFICE}
        api.save_settings({"mail": mail})
        command = [str(program), "sign-in", "--data-dir", str(data)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as shell:
            self.provider.follow(eventually(lambda: api.sign_in.read()["under_way"])["page"])
            said, _ = shell.communicate()
        assert f"Signed in as {OFFICE}" in said, said
        submit = [str(program), "submit", "--name", "Cleo", "--to", "cleo@example.org"]
        subprocess.run([*submit, "--data-dir", str(data)], check=True, stdout=subprocess.PIPE)
        eventually(lambda: self.graph.mails)
        print("signed in by the browser, and sent over HTTPS", flush=True)


def main_job(program: Path, data: Path, account: Account) -> None:
    """Type an item by hand, see it succeed, read the mail; use the shell; close the window."""
    (data / "tasks").mkdir(parents=True)
    (data / "tasks" / "mine.py").write_text(OWN_TASKS, encoding="utf-8")
    account.plant(data / "tasks")
    command = [str(program), "--data-dir", str(data)]
    if sys.platform != "linux":
        with subprocess.Popen(command) as window_process:
            with contextlib.closing(Api(present_backend(data))) as api:
                use_the_shell(program, data, api)
                account.send(program, data, api)
            window_process.kill()
        return
    with Screen() as screen:
        began = time.monotonic()
        window_process = subprocess.Popen(command, env=screen.environment())
        try:
            window = screen.window("^Sendoff")
            print(f"window shown after {time.monotonic() - began:.2f} s", flush=True)
            backend = present_backend(data)
            type_item(screen, window, "Ada Lovelace", "ada@example.org")
            with contextlib.closing(Api(backend)) as api:
                until(backend, lambda: bool(api.page(SortedFilter(states=("succeeded",)))["tasks"]))
                (mail,) = OfficeFolder(data).outbox.glob("*.eml")
                print(f"mail kept: {mail.stat().st_size} bytes", flush=True)
                use_the_shell(program, data, api)
                account.send(program, data, api)
            close(screen, window, window_process)
        finally:
            window_process.kill()
            window_process.wait()
    print("the frozen program does the main job", flush=True)


def use_the_shell(program: Path, data: Path, api: Api) -> None:
    """Submit an item, run the own tasks, and send a workbook, by commands of the program."""

    def sendoff(*arguments: str) -> str:
        command = [str(program), *arguments, "--data-dir", str(data)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout

    def result(task: int) -> Any:
        row = eventually(lambda: row if (row := api.task(task))["finished_at"] else None)
        assert row["state"] == "succeeded", row
        return row["result"]

    sendoff("submit", "--name", "Bo Chen", "--to", "bo@example.org", "--title", "Renewal")
    pids = {result(int(sendoff("run", name).split()[1])) for name in ("in_thread", "in_process")}
    assert len(pids) == 2
    assert api.backend.pid in pids
    print("own tasks: one ran in a thread, one in a process", flush=True)
    with dns_server(own=["5 smtpin.rzone.de."]) as server:
        known = result(int(sendoff("run", "hosted_by", "--arg", f"port={server.port}").split()[1]))
    print(f"an own domain is known by its mail record: {known}", flush=True)
    sheet = write_xlsx(data / "members.xlsx")
    batch = json.loads(sendoff("import", str(sheet), "--json"))["batch_id"]
    eventually(lambda: api.batches.one(batch)["state"] == "done")
    report = data / "report.xlsx"
    sendoff("report", str(batch), "-o", str(report))
    print(f"sent a workbook; its report: {report.stat().st_size} bytes", flush=True)


def close(screen: Screen, window: str, process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl+Q until it ends: while a task counts as open, the first one only asks."""
    for _ in range(int(WITHIN / 5)):
        with contextlib.suppress(subprocess.SubprocessError):  # it may just have gone
            screen.keys(window, "ctrl+q")
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert process.wait(5) == 0
            return
    raise AssertionError("the window does not close")


if __name__ == "__main__":
    sys.exit(main())
