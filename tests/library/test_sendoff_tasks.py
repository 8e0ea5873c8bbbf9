"""The library's public name: what it holds, what it leaves out, and whose ``desktop`` it takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import sendoff_tasks

LIBRARY = Path(sendoff_tasks.__file__).parent


def python(code: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a fresh interpreter that finds these folders first."""
    path = f"import sys; sys.path[:0] = {[str(folder) for folder in folders]!r}\n"
    command = [sys.executable, "-c", path + code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_public_name_is_there_and_explained() -> None:
    for name in sendoff_tasks.__all__:
        assert getattr(sendoff_tasks, name).__doc__


def test_it_is_typed() -> None:
    assert (LIBRARY / "py.typed").exists()
    assert (LIBRARY.parents[1] / "py.typed").exists()


def test_importing_it_alone_brings_neither_fastapi_nor_sqlalchemy() -> None:
    done = python("import sendoff_tasks; print({'fastapi', 'sqlalchemy'} & {*sys.modules})")
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_public_names_are_those_that_type_checkers_see() -> None:
    assert dir(sendoff_tasks) == sorted(sendoff_tasks.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        sendoff_tasks.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_its_names_bring_no_qt_no_keyring_and_no_backend() -> None:
    done = python("from sendoff_tasks import *; print(*sys.modules)")
    assert done.returncode == 0, done.stderr
    modules = done.stdout.split()
    brought = {name.partition(".")[0] for name in modules}
    assert not brought & {"PySide6", "shiboken6", "qasync", "keyring"}
    assert "sendoff_tasks.fastapi" in modules
    assert not [name for name in modules if name.startswith("desktop.backend")]


def test_without_qt_the_window_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from desktop import cli

    monkeypatch.setattr(cli, "has_display", lambda: True)
    monkeypatch.setattr(cli, "find_spec", lambda _: None)
    assert cli.run([]) == 1
    assert "sendoff-desktop[window]" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["tasks", "show 1", "pause", "run work", "watch"])
def test_without_its_extra_a_command_says_what_to_install(tmp_path: Path, command: str) -> None:
    token = tmp_path / "token"
    token.write_text("t" * 40)
    token.chmod(0o600)
    asked = [*command.split(), "--url", "http://127.0.0.1:9", "--token-file", str(token)]
    done = python(
        f"sys.modules['httpx'] = None\nsys.argv[1:] = {asked!r}\n"
        "from sendoff_tasks.shell.commands import main\nsys.exit(main())"
    )
    said = "httpx is not installed, which this command needs: run `pip install"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{said} 'sendoff-tasks[command]'`.\n"


def test_its_command_names_itself_in_what_it_says(tmp_path: Path) -> None:
    def said(*arguments: str) -> str:
        command = [sys.executable, "-m", "sendoff_tasks", *arguments, "--data-dir", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert "`sendoff-tasks token add NAME` makes one" in said("token", "list")
    assert said("tasks") == "Nothing runs the tasks here: start the app that they belong to.\n"
