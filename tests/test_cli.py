"""The command line explains itself, and wrong usage is refused before anything is asked."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from desktop import cli
from desktop.backend import process
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.resources import resources
from sendoff_tasks.http import worker
from sendoff_tasks.model.states import State
from sendoff_tasks.shell.commands import NOT_YOURS
from sendoff_tasks.words.table import ENGLISH


def usage(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    """Run up to where argparse ends it: status, stdout, stderr."""
    with pytest.raises(SystemExit) as ended:
        cli.run(arguments)
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_each_command_says_what_it_does_and_what_each_option_means(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    status, out, _ = usage(capsys, "--help")
    assert status == 0
    told = re.findall(r"^    ([a-z-]+)  +(\w.*)", out, re.MULTILINE)
    assert len(told) > 20
    for command, does in told:
        status, out, _ = usage(capsys, command, "--help")
        assert status == 0
        _, sentence, rest = out.split("\n\n", 2)
        assert sentence[0].isupper()
        assert sentence.rstrip().endswith(".")
        assert len(does.split()) > 1, command
        options = re.split(r"\n  (?=\S)", f"\n{rest.rstrip()}")[1:]
        assert len(options) >= 2, command
        for option in options:
            assert re.search(r"\s{2,}\w", option), f"{command}: {option!r} is not explained"


def test_the_help_of_tasks_names_every_state(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = usage(capsys, "tasks", "--help")
    assert all(state in out for state in State)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("submit", "--name", "Ada"), "--name needs --to"),
        (("submit", "--delay", "nan"), "'nan' is not a number of seconds"),
        (("submit", "--delay", "-1"), "'-1' is not a number of seconds"),
        (("submit", "--delay", "soon"), "'soon' is not a number of seconds"),
        (("submit", "--title", "caf\udce9"), "is not valid UTF-8"),
        (("submit", "--field", "a=caf\udce9"), "is not valid UTF-8"),
        (("submit", "--field", "row"), "not of the form key=value"),
        (("submit", "--id", "0"), "'0' is not a number from 1"),
        (("serve", "--port", "70000"), "'70000' is not a port"),
        (("retry",), "required: ID"),
        (("resolve", "7", "--outcome", "yes"), "invalid choice: 'yes'"),
        (("import",), "required: FILE"),
        (("import", "a.csv", "--map", "A=odd"), "'odd' is not a field: use number, name"),
        (
            ("import", "a.csv", "--key", "title"),
            "'title' is not number, email,title or email,",
        ),
        (("import", "a.csv", "--rate", "many"), "A rate is written as in 30/min"),
        (
            ("import", "a.csv", "--encoding", "klingon"),
            "'klingon' is not an encoding such as cp1252",
        ),
        (("import", "a.csv", "--encoding", "base64"), "'base64' is not an encoding such as cp1252"),
        (("import", "a.csv", "--at", "soon"), "'soon' is not a time such as 2030-03-01 08:00"),
        (("report", "x"), "'x' is not a number from 1"),
        (("run", "digest", "--arg", "x"), "not of the form key=value"),
        (("tasks", "--url", "http://example.org", "--token-file", "t"), "unencrypted: use https"),
        (("tasks", "--url", "example.org"), "is not an address such as https://host:port"),
        (("tasks", "--url", "https://example.org"), "--url and --token-file need each other"),
        (("doctor", "--token-file", "t"), "unrecognized arguments: --token-file t"),
        (("migrate", "--database", "x"), "must begin with postgresql://"),
        (("move", "--to", "x"), "must begin with postgresql://"),
        (("worker", "--database", "x"), "must begin with postgresql://"),
        (("doctor", "--database", "x"), "must begin with postgresql://"),
        (("frobnicate",), "invalid choice: 'frobnicate'"),
    ],
)
def test_wrong_usage_is_status_2_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    status, out, err = usage(capsys, "--data-dir", str(tmp_path), *arguments)
    assert (status, out) == (2, "")
    assert sentence in err.splitlines()[-1]


def test_the_commands_to_choose_from_are_those_of_a_person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _status, _out, err = usage(capsys, "--data-dir", str(tmp_path), "serv")
    assert "serve" in err
    assert cli.READER not in err


def test_the_units_of_systemd_start_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []

    def serve(options: process.ServeOptions) -> int:
        started.append(options.data_dir)
        return 0

    def work(_database: str, _modules: object, _queues: object, folder: OfficeFolder) -> int:
        started.append(str(folder.root))
        return 0

    monkeypatch.setattr(process, "serve", serve)
    monkeypatch.setattr(worker, "run", work)
    for unit in sorted((resources() / "deploy").glob("sendoff*")):
        (line,) = re.findall(r"^ExecStart=\S+/sendoff (.+)$", unit.read_text(), re.MULTILINE)
        assert cli.run(line.split()) == 0
    assert started == ["/var/lib/sendoff-worker", "/var/lib/sendoff"]


@pytest.mark.parametrize(
    "command", ["tasks", "move --to postgresql://x", "worker --database postgresql://x"]
)
def test_a_folder_of_another_user_is_one_sentence(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:

    def refuse(path: Path, *_: object) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(worker, "run", lambda *given: refuse(given[-1].tasks))
    arguments = [*command.split(), "--data-dir", str(tmp_path)]
    assert cli.run(arguments) == 1
    assert capsys.readouterr().err == f"{NOT_YOURS.format(tmp_path)}\n"


def test_another_file_that_cannot_be_read_is_not_taken_for_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = PermissionError(errno.EACCES, "Permission denied", "/elsewhere")

    def refuse(*_: object) -> int:
        raise refusal

    monkeypatch.setattr(worker, "run", refuse)
    with pytest.raises(PermissionError):
        cli.run(["worker", "--database", "postgresql://x", "--data-dir", str(tmp_path)])


@pytest.mark.parametrize(("frozen", "kind"), [("", ""), ("sys.frozen = True", "frozen")])
@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "doctor"])
def test_without_a_driver_a_package_says_what_a_person_can_do_and_no_name_of_an_extra(
    tmp_path: Path, command: str, frozen: str, kind: str
) -> None:
    code = f"""if True:
        import sys
        {frozen}
        sys.modules["psycopg"] = None
        from desktop.__main__ import main
        sys.exit(main())
    """
    database = "postgresql://ada@127.0.0.1:1/items"
    done = subprocess.run(
        [sys.executable, "-c", code, command, "--database", database],
        env={**os.environ, "SENDOFF_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = (done.stdout + done.stderr).strip().rpartition("Store: ")[2]
    assert said == ENGLISH.say("database", "no_driver", *filter(None, [kind]))
