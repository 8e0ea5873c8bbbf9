"""Two builds of the program in real processes: they notice and replace each other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import pytest

from desktop import builds
from desktop.builds import REPLACED_WORDS, is_newer
from desktop.client.api import Api
from desktop.gui.one_window import OneWindow
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.client.health import Away, Ready, ServerFault, running_backend
from sendoff_tasks.folder.backend_addresses import PROGRAM_REPLACED, Backend
from sendoff_tasks.folder.safe_files import write_atomic
from sendoff_tasks.model.problems import CONTRACT
from tests import WITHIN
from tests.client.supervision import supervised
from tests.looking import eventually
from tests.shell.conftest import sendoff
from tests.windows import await_calls, path_of, window

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND = "0.1.0+100", "0.1.0+200"
OWN = """
import time
from pathlib import Path
from sendoff_tasks import TaskContext, task
HERE = Path(__file__).parent

@task
def note(ctx: TaskContext, n: int) -> None:
    while not (HERE / "gate").exists():
        ctx.check_cancelled()
        time.sleep(0.02)
    with (HERE / "noted").open("a") as noted:
        noted.write(f"{n}\\n")
"""
TASKS = 30


def lay_out(folder: Path, build: str) -> Path:
    """Copy the program into a folder, as a package has it."""
    leave = shutil.ignore_patterns("__pycache__", "screenshots", "packaging")
    shutil.copytree(ROOT / "desktop", folder / "desktop", ignore=leave)
    shutil.copytree(ROOT / "resources", folder / "desktop" / "resources", ignore=leave)
    update(folder, build)
    return folder


def update(folder: Path, build: str) -> None:
    """Replace the files of a program by those of another build."""
    write_atomic(folder / "desktop" / "resources" / "build", build.encode())


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("older"), FIRST)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("newer"), SECOND)


@pytest.fixture
def data(tmp_path: Path) -> OfficeFolder:
    folder = OfficeFolder(tmp_path / "data")
    folder.create()
    return folder


def with_contract(program: Path, contract: int) -> Path:
    """Give the API of a program another number."""
    problems = program / "desktop" / "library" / "sendoff_tasks" / "model" / "problems.py"
    line = re.compile(r"^CONTRACT: Final = \d+", re.MULTILINE)
    problems.write_text(line.sub(f"CONTRACT: Final = {contract}", problems.read_text()))
    return program


@contextmanager
def served(data: OfficeFolder, program: Path) -> Iterator[None]:
    """Run the backend of a program, without a window."""
    command = [sys.executable, "-P", "-m", "desktop", "serve", "--data-dir", str(data.root)]
    environment = {**os.environ, **path_of(program)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("build", "than"),
    [("0.2.0+1", "0.1.9+5"), ("0.10.0", "0.9.0"), (SECOND, FIRST), ("0.1.0+1", "0.1.0")],
)
def test_a_build_is_newer_by_its_version_then_by_its_commit(build: str, than: str) -> None:
    assert is_newer(build, than)
    assert not is_newer(than, build)
    assert not is_newer(build, build)
    assert not is_newer(build, "")


def test_a_newer_window_takes_the_place_of_an_older_one_and_an_older_one_does_not(
    data: OfficeFolder, older: Path, newer: Path
) -> None:
    typed = {"number": "", "values": {"recipient.name": "Ada"}, "tasks": []}
    (data.drafts / "form.json").write_text(json.dumps(typed))
    with window(data, older) as first:
        await_calls(data)
        eventually(lambda: running_backend(data))
        with window(data, newer) as second:
            assert first.wait(WITHIN) == 0
            eventually(lambda: OneWindow(data.window_lock).build_of_first() == SECOND)
            found = eventually(lambda: running_backend(data))
            assert found.build == SECOND
            with window(data, older) as third:
                assert third.wait(WITHIN) == 0
            assert second.poll() is None
            assert sendoff(data.root, "quit").returncode == 0
    kept = json.loads((data.drafts / "form.json").read_text())
    assert kept["values"]["recipient.name"] == "Ada"


def test_files_replaced_under_a_window_renew_its_backend_and_each_task_runs_once(
    data: OfficeFolder, tmp_path: Path
) -> None:
    program = lay_out(tmp_path / "program", FIRST)
    (data.tasks / "own.py").write_text(OWN)
    with window(data, program):
        first = eventually(lambda: running_backend(data))
        assert first.build == FIRST
        api = Api(first)
        for number in range(TASKS):
            api.functions.run("note", {"n": number}, key=str(number))
        eventually(lambda: api.page(SortedFilter(states=("running",)))["tasks"])
        update(program, SECOND)
        api.close()
        found = eventually(partial(another_backend, data, first.pid))
        assert found.build == SECOND
        (data.tasks / "gate").touch()
        api = Api(found)
        eventually(lambda: all_done(api))
        api.close()
        assert sendoff(data.root, "quit").returncode == 0
    assert sorted(map(int, (data.tasks / "noted").read_text().split())) == [*range(TASKS)]


def another_backend(data: OfficeFolder, pid: int) -> Backend | None:
    found = running_backend(data)
    return found if found is not None and found.pid != pid else None


def all_done(api: Api) -> bool:
    return api.stats()["counts"].get("succeeded", 0) == TASKS


@pytest.mark.anyio
async def test_a_window_notices_the_other_build_of_a_local_backend(
    data: OfficeFolder, newer: Path
) -> None:
    with served(data, newer):
        async with supervised(data) as reports:
            ready = await reports.until(Ready)
    assert (ready.own, ready.backend.build) == (False, SECOND)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("contract", "own", "on_disk", "fault"),
    [
        (CONTRACT + 1, False, FIRST, ServerFault.NEWER),
        (CONTRACT - 1, False, FIRST, ServerFault.OLDER),
        (CONTRACT + 1, False, SECOND, ServerFault.REPLACED),
        (CONTRACT - 1, False, SECOND, ServerFault.REPLACED),
        (CONTRACT + 1, True, SECOND, ServerFault.REPLACED),
    ],
)
async def test_a_local_backend_with_another_contract_is_not_used(
    data: OfficeFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    contract: int,
    own: bool,
    on_disk: str,
    fault: ServerFault,
) -> None:
    """``own`` was started here; ``on_disk`` is the build whose files are there by now."""
    program = with_contract(lay_out(tmp_path / "program", SECOND), contract)
    monkeypatch.setattr(builds, "BUILD", FIRST)
    monkeypatch.setattr(builds, "BUILD_FILE", tmp_path / "build")
    (tmp_path / "build").write_text(on_disk)
    if own:
        monkeypatch.setenv("PYTHONPATH", path_of(program)["PYTHONPATH"])
    with nullcontext() if own else served(data, program):
        async with supervised(data) as reports:
            away = await reports.until(Away)
    assert away.missing is fault
    assert not any(isinstance(state, Ready) for state in reports.seen)


@pytest.mark.parametrize("child", ["sheet-reader", "bounce-reader"])
def test_a_child_of_another_build_ends_at_once_and_says_what_helps(newer: Path, child: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "desktop", child],
        env={**os.environ, **path_of(newer), "SENDOFF_BUILD": FIRST},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (PROGRAM_REPLACED, "")
    assert done.stderr.strip() == REPLACED_WORDS
