"""The launcher: prepares once, repairs an interrupted start, and says what it lacks."""

from __future__ import annotations

import ast
import ctypes
import glob
import importlib.util
import os
import runpy
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from desktop import __version__
from desktop.child_process import program
from tests import WITHIN
from tests.looking import eventually

SOURCE = Path(__file__).resolve().parents[1] / "launch.py"
PREPARING = "Preparing Sendoff; this happens once and takes a minute …"


class Became(Exception):
    """What ``exec`` would have turned the process into."""


@pytest.fixture
def launch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The launcher in a folder of its own, with only its process edge replaced."""
    spec = importlib.util.spec_from_file_location("launch", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", str(tmp_path))
    monkeypatch.setattr(module, "VENV", str(tmp_path / ".venv"))
    (tmp_path / "requirements.lock").write_text("six==1.16.0\n")
    (tmp_path / "requirements-dev.lock").write_text("six==1.16.0\npytest==9.0\n")

    def become(program: str, arguments: list[str]) -> None:
        raise Became(program, arguments)

    monkeypatch.setattr(os, "execv", become)
    return module


@pytest.fixture
def prepared(launch: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locks that were prepared from; each makes the folder and nothing else."""
    prepared: list[str] = []

    def environment(lock: str) -> None:
        prepared.append(Path(lock).name)
        Path(launch.VENV).mkdir(exist_ok=True)

    monkeypatch.setattr(launch, "_system_packages", lambda *_: None)
    monkeypatch.setattr(launch, "_environment", environment)
    return prepared


def become(launch: ModuleType, *arguments: str) -> list[str]:
    """Tell with which arguments the launcher becomes another program."""
    with pytest.raises(Became) as became:
        launch.main([*arguments])
    told: list[str] = became.value.args[1]
    return told[1:]


@pytest.mark.parametrize(
    ("command", "told", "lock"),
    [
        (["submit", "--to", "a@x"], ["desktop", "submit", "--to", "a@x"], "requirements.lock"),
        (["test", "-k", "form"], ["tests", "-k", "form"], "requirements-dev.lock"),
    ],
)
def test_it_becomes_sendoff_or_the_tests_with_the_arguments_it_got(
    launch: ModuleType,
    prepared: list[str],
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    told: list[str],
    lock: str,
) -> None:
    assert become(launch, *command) == ["-P", "-m", *told]
    assert prepared == [lock]
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("prepared")
def test_what_it_becomes_and_starts_is_not_that_of_the_folder_it_is_called_in(
    launch: ModuleType, tmp_path: Path
) -> None:
    for package in ("desktop", "tests"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("raise SystemExit(9)\n")
    for command in (["--version"], ["test", "--version"]):
        *flags, package, asked = become(launch, *command)
        other = f"import {package}; print({package}.__file__)"
        assert flags[-1] == "-m"
        found = run(tmp_path, *flags[:-1], "-c", other)
        assert (found, asked) == (str(SOURCE.parent / package / "__init__.py"), "--version")
    assert run(tmp_path, *program()[1:], "--version") == f"Sendoff {__version__}"


@pytest.mark.parametrize(
    ("said", "code", "shown"),
    [
        ([PREPARING, "pip failed."], 1, ["pip failed."]),
        ([PREPARING], 3, []),  # the window ended with it, hours later
        ([], 0, []),
    ],
)
def test_a_double_click_on_windows_shows_only_what_kept_it_from_opening(
    launch: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    said: list[str],
    code: int,
    shown: list[str],
) -> None:
    boxes = list[str]()

    def main(_: list[str]) -> int:
        for line in said:
            print(line, file=sys.stderr)
        return code

    user32 = SimpleNamespace(MessageBoxW=lambda _, text, *__: boxes.append(text))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    monkeypatch.setattr(launch, "main", main)
    monkeypatch.setitem(sys.modules, "launch", launch)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SOURCE.parent / "Sendoff.pyw"))
    assert (ended.value.code, boxes) == (code, shown)


def run(folder: Path, *arguments: str) -> str:
    """Run this interpreter in a folder; gives what it prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_second_start_prepares_nothing(
    launch: ModuleType, prepared: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        become(launch)
    assert prepared == ["requirements.lock"]
    assert capsys.readouterr().err.count("Preparing") == 1


def test_an_environment_made_for_testing_serves_the_window_too(
    launch: ModuleType, prepared: list[str]
) -> None:
    become(launch, "test")
    become(launch)
    assert prepared == ["requirements-dev.lock"]


def test_an_interrupted_start_is_repaired_by_the_next(
    launch: ModuleType, prepared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(lock: str) -> None:
        Path(launch.VENV).mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(launch, "_environment", interrupted)
        with pytest.raises(KeyboardInterrupt):
            launch.main([])
    become(launch)
    assert prepared == ["requirements.lock"]


def test_changed_locked_versions_are_installed_at_the_next_start(
    launch: ModuleType, prepared: list[str]
) -> None:
    become(launch)
    Path(launch.ROOT, "requirements.lock").write_text("six==1.17.0\n")
    become(launch)
    assert prepared == ["requirements.lock"] * 2


@pytest.mark.usefixtures("prepared")
def test_a_first_start_by_double_click_is_seen_until_it_is_prepared(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = tmp_path / "opened"
    window = f"open({str(opened)!r}, 'w').close(); input()"
    command = [sys.executable, "-c", window]
    monkeypatch.setattr(launch, "_small_window_command", lambda: command)
    environment = launch._environment

    def seen(lock: str) -> None:
        eventually(opened.exists)
        environment(lock)

    with monkeypatch.context() as patch:
        patch.setattr(launch, "_environment", seen)
        for _ in range(2):
            become(launch)
    opened.unlink()
    Path(launch.VENV, "requirements.lock.stamp").unlink()
    become(launch, "serve")
    assert not opened.exists()


def test_without_a_screen_there_is_no_small_window(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert launch._small_window_command() is None
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setenv("PATH", "")
    command = launch._small_window_command()
    assert command is None or command[-1] == launch.PREPARING
    compile(launch.SMALL_WINDOW, "window", "exec")


def test_two_double_clicks_prepare_once(launch: ModuleType, prepared: list[str]) -> None:
    both_ready = threading.Barrier(2)
    lock = str(Path(launch.ROOT, "requirements.lock"))

    def start() -> None:
        both_ready.wait(WITHIN)
        launch._prepare(lock, False, {})

    starts = [threading.Thread(target=start) for _ in range(2)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join(WITHIN)
    assert prepared == ["requirements.lock"]


@pytest.mark.parametrize(
    ("command", "libraries", "there", "wanted"),
    [
        ([], {"libnot-there.so.7": "libnot-there7"}, "", "libnot-there7"),
        (["test"], {}, "", "xvfb xauth xdotool postgresql binutils"),
        (["test"], {}, "postgres", "xvfb xauth xdotool binutils"),
    ],
)
def test_without_root_it_names_the_one_command_and_stops(
    launch: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    libraries: dict[str, str],
    there: str,
    wanted: str,
) -> None:
    """Debian keeps the server's program out of the PATH."""
    debians = f"/usr/lib/postgresql/*/bin/{there}"
    monkeypatch.setattr(launch, "QT_LIBRARIES", libraries)
    monkeypatch.setattr(launch, "_has_font", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os.path, "exists", lambda path: path == "/etc/debian_version")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(glob, "glob", lambda pattern: [there] if pattern == debians else [])
    assert launch.main(command) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    said = f"sudo apt-get install -y --no-install-recommends {wanted}"
    assert captured.err.splitlines()[-1].endswith(said)


def test_what_the_tests_start_is_asked_for_in_an_environment_that_a_build_made_too(
    launch: ModuleType, prepared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[dict[str, str]]()
    there = ["chrpath"]
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(launch, "_finds", lambda program: program in there)
    monkeypatch.setattr(launch, "_system_packages", lambda _, programs: asked.append(programs))
    launch.environment(testing=True, shown=False, programs={"chrpath": "chrpath"})
    assert prepared == ["requirements-dev.lock"]
    become(launch, "test")
    assert asked[1:] == [launch.TEST_PROGRAMS]
    there.extend(launch.TEST_PROGRAMS)
    become(launch, "test")
    become(launch)
    assert len(asked) == 2
    assert prepared == ["requirements-dev.lock"]


def test_a_folder_with_an_umlaut_starts_whatever_the_locale_s_encoding(tmp_path: Path) -> None:
    """Python reads the environment's list of folders in that encoding, cp1252 on Windows."""
    folder = tmp_path / "größe und maß"
    (folder / "desktop" / "library").mkdir(parents=True)
    shutil.copy(SOURCE, folder)
    for lock in ("requirements.lock", "requirements-pip.lock"):
        (folder / lock).write_text("# nothing to install\n")
    (folder / "desktop" / "__main__.py").write_text("import library, sys; print(sys.argv[1:])")
    (folder / "desktop" / "library" / "library.py").touch()
    plain = {name: value for name, value in os.environ.items() if name[:3] != "LC_"}
    for coded in ({}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        done = subprocess.run(
            [sys.executable, folder / "launch.py", "--version"],
            env={**plain, "LC_ALL": "C", **coded},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "['--version']\n"), done.stderr
    (listed,) = (folder / ".venv").rglob("sendoff.pth")
    assert listed.read_bytes().isascii()


def test_an_old_python_is_told_so_in_one_sentence(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "OLDEST", (9, 0))
    assert launch.main([]) == 1
    assert "needs Python 9.0 or newer" in capsys.readouterr().err


def test_a_pip_that_fails_ends_in_its_last_line(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "_system_packages", lambda *_: None)
    monkeypatch.setattr(launch, "_works", lambda python: True)
    monkeypatch.setattr(launch, "_venv_python", lambda: sys.executable)
    Path(launch.ROOT, "requirements-pip.lock").write_text("this is no requirement\n")
    assert launch.main([]) == 1
    error = capsys.readouterr().err
    assert "packages could not be installed (" in error
    assert not Path(launch.VENV, "requirements.lock.stamp").exists()


def test_a_pip_of_which_a_part_is_left_is_made_anew(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package, about = tmp_path / "pip", tmp_path / "pip-1.dist-info"
    for folder in (package, about):
        folder.mkdir()
    (package / "__init__.py").touch()
    (about / "METADATA").write_text("Name: pip\nVersion: 1\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert not launch._works(sys.executable)  # pip writes its record last
    (about / "RECORD").write_text("pip/__init__.py,,\npip/__main__.py,,\n")
    assert not launch._works(sys.executable)
    (package / "__main__.py").touch()
    assert launch._works(sys.executable)


def test_an_older_python_can_read_the_launcher() -> None:
    ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_offline_the_launcher_says_that_there_is_no_connection(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "_system_packages", lambda *_: None)
    monkeypatch.setattr(launch, "_works", lambda python: True)
    monkeypatch.setattr(launch, "_venv_python", lambda: sys.executable)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://unplugged.invalid/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_NO_INPUT", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    digest = "0" * 64
    Path(launch.ROOT, "requirements-pip.lock").write_text(f"six==1.0 --hash=sha256:{digest}\n")
    assert launch.main([]) == 1
    assert "there is no connection to the internet" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_to_be_copied(
    launch: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(launch, "_system_packages", refuse)
    assert launch.main([]) == 1
    assert "Copy the folder to a place of your own" in capsys.readouterr().err
