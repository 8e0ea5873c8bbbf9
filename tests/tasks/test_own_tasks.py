"""The person's own task files while the backend runs: new, changed, broken, deleted."""

from __future__ import annotations

import errno
import importlib
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from sendoff_tasks.folder import safe_files
from sendoff_tasks.functions import plugins as importing
from sendoff_tasks.functions import source
from sendoff_tasks.functions.plugins import OwnTasks
from sendoff_tasks.functions.registry import Registry
from tests import WITHIN
from tests.engine.functions.test_plugins import GREET, write


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def own(tmp_path: Path, registry: Registry) -> OwnTasks:
    return OwnTasks(tmp_path, registry)


def result(registry: Registry, name: str) -> object:
    """Call the task of this name, or say why there is none."""
    spec = registry.get(name)
    return registry.why_unknown(name) if spec is None else spec.function(7)


def test_a_changed_file_has_its_new_code_and_the_old_goes_on_where_it_runs(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a="WORD = 'hello'\n" + GREET.replace('f"hello {', 'f"{WORD} {'))
    own.look()
    before = registry.get("greet")
    assert before is not None
    write(tmp_path, a=GREET.replace("hello", "good morning"))
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "good morning 7"
    assert before.function(7) == "hello 7"


def test_a_changed_file_is_never_without_its_tasks(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    seen: list[bool] = []
    registry.on_change = lambda: seen.append(registry.get("greet") is not None)
    write(tmp_path, a=GREET + "# changed")
    own.look()
    assert seen == [True]


def test_a_file_that_does_not_import_any_more_takes_its_tasks_along_until_it_is_fixed(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    write(tmp_path, a=GREET + "def broken(:\n")
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence == "The tasks in a.py cannot be used: line 9: invalid syntax."
    assert result(registry, "greet") == error.sentence
    write(tmp_path, a=GREET)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (GREET.replace("greet", "wave"), "There is no task named “greet” in a.py any more."),
        (None, "There is no task named “greet” any more: a.py is gone."),
    ],
    ids=["renamed", "deleted"],
)
def test_a_function_that_is_gone_is_named(
    own: OwnTasks, registry: Registry, tmp_path: Path, changed: str | None, why: str
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    if changed is None:
        (tmp_path / "a.py").unlink()
    else:
        write(tmp_path, a=changed)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == why


def test_a_name_that_becomes_free_goes_to_the_file_that_waits_for_it(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET, b=GREET.replace("hello", "hi"))
    told = own.look()
    assert told["a.py"] is None
    assert told["b.py"] is not None
    (tmp_path / "a.py").unlink()
    assert own.look() == {"a.py": None, "b.py": None}
    assert result(registry, "greet") == "hi 7"


def test_a_task_that_a_second_file_describes_waits_until_one_of_them_is_gone(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, m=GREET)
    own.look()
    for copy in ("a", "z"):
        write(tmp_path, **{copy: GREET.replace("hello", "old")})
        (error,) = filter(None, own.look().values())
        assert result(registry, "greet") == error.sentence
        assert f"{copy}.py" in error.sentence
        assert "m.py" in error.sentence
        assert not any(own.look().values())
    for copy in ("a", "z"):
        assert "waits until" in str(result(registry, "greet"))
        (tmp_path / f"{copy}.py").unlink()
        told = own.look()
    assert not any(told.values())
    assert result(registry, "greet") == "hello 7"


def test_a_file_with_an_error_is_tried_again_once_any_file_has_changed(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    write(tmp_path, a="import _word_of_mine\n" + GREET)
    assert own.look()["a.py"] is not None
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "other.py").write_text("a = 1")
    (tmp_path / "nowhere.py").symlink_to(tmp_path / "gone")
    assert own.look() == {}
    write(tmp_path, _word_of_mine="WORD = 'hello'\n")
    importlib.invalidate_caches()
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


def test_who_misses_a_task_after_a_restart_is_told_of_the_files_that_cannot_be_used(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a="import nothing_like_this\n" + GREET)
    own.look()
    why = (
        "There is no task named “greet”. The tasks in a.py cannot be used: "
        "line 1: ModuleNotFoundError: No module named 'nothing_like_this'."
    )
    assert result(registry, "greet") == why
    write(tmp_path, a="corrected = True\n")
    own.look()
    assert result(registry, "greet") == "There is no task named “greet”."


ENDLESS = "import threading\nthreading.Event().wait()\n"


def test_a_file_that_never_finishes_importing_is_told_and_left_alone_until_it_changes(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, a=GREET)
    own.look()
    monkeypatch.setattr(importing, "IMPORT_WITHIN", 0.05)
    write(tmp_path, a=ENDLESS + GREET)
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence == (
        "a.py has not finished importing after 0.05 s; its tasks wait until it is corrected."
    )
    assert result(registry, "greet") == error.sentence
    assert own.look() == {}
    monkeypatch.undo()
    write(tmp_path, a=GREET)
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


def test_an_import_that_ends_too_late_changes_nothing_any_more(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    monkeypatch.setattr(sys, "go_on", go, raising=False)
    monkeypatch.setattr(importing, "IMPORT_WITHIN", 0.05)
    write(tmp_path, a="import sys\nsys.go_on.wait()\n1 / 0\n")
    threads = set(threading.enumerate())
    own.look()
    (late,) = set(threading.enumerate()) - threads
    monkeypatch.setattr(importing, "IMPORT_WITHIN", WITHIN)
    write(tmp_path, a=GREET)
    own.look()
    corrected = sys.modules["own_tasks.a"]
    go.set()
    late.join(WITHIN)
    assert sys.modules["own_tasks.a"] is corrected
    assert result(registry, "greet") == "hello 7"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among its files")
def test_what_is_no_regular_file_is_not_looked_at(own: OwnTasks, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    write(tmp_path, z=GREET)
    assert own.look() == {"z.py": None}


posix = pytest.mark.skipif(os.name != "posix", reason="there are no such rights")


@posix
@pytest.mark.parametrize("way", ["everybody", "link"])
def test_a_file_that_others_can_change_is_not_imported_until_its_owner_closes_it(
    own: OwnTasks, registry: Registry, tmp_path: Path, way: str
) -> None:
    """The folder may have been open to others before Sendoff closed it."""
    write(tmp_path, a="import sys\nsys.ran = True\n" + GREET, b=GREET.replace("greet", "wave"))
    file = tmp_path / "a.py"
    if way == "link":
        file = file.rename(tmp_path / "elsewhere")
        (tmp_path / "a.py").symlink_to(file)
    file.chmod(0o666)
    told = own.look()
    assert not hasattr(sys, "ran")
    assert told["b.py"] is None
    assert told["a.py"] is not None
    command = f"chmod go-w {tmp_path / 'a.py'}"
    why = f"other users can change it. If you trust it, run `{command}`."
    said = f"The tasks in a.py cannot be used: {why}"
    assert told["a.py"].sentence == said
    assert said in str(result(registry, "greet"))
    os.system(command)  # noqa: S605 - as it is told
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"
    del sys.ran  # type: ignore[attr-defined]


@posix
def test_of_a_folder_that_others_can_change_no_file_is_used_and_one_sentence_says_why(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    write(tmp_path, a=GREET, b=GREET.replace("greet", "wave"))
    own.look()
    tmp_path.chmod(0o777)
    told = dict(own.look())
    refused = told.pop(tmp_path.name)
    assert refused is not None
    assert refused.sentence == (
        f"No file in {tmp_path.name} is used: other users can change it. If you trust it, run "
        f"`chmod go-w {tmp_path}`."
    )
    assert told == {"a.py": None, "b.py": None}
    assert refused.sentence in str(result(registry, "greet"))
    assert own.look() == {}
    tmp_path.chmod(0o700)
    assert own.look() == {"a.py": None, "b.py": None, tmp_path.name: None}
    assert result(registry, "greet") == "hello 7"


def test_half_of_a_file_is_not_run(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half is valid Python, without what makes it safe."""
    now, rest = [time.time()], "\n    if item_id:\n        return 'whole'\n"
    text = GREET.replace('    return f"hello {item_id}"\n', "    item_id += 1\n")
    first, second = text.split("item_id += 1\n")
    pieces = [first, "item_id += 1\n", rest, second]

    def copy(_: float) -> None:
        now[0] += 0.4
        if pieces:
            with (tmp_path / "a.py").open("a") as file:
                file.write(pieces.pop(0))
            os.utime(tmp_path / "a.py", (now[0], now[0]))

    copy(0.0)
    clock = SimpleNamespace(time=lambda: now[0], monotonic=lambda: now[0], sleep=copy)
    monkeypatch.setattr(safe_files, "QUIET", 0.5)
    monkeypatch.setattr(safe_files, "time", clock)
    assert own.look() == {"a.py": None}
    assert not pieces
    assert result(registry, "greet") == "whole"


def test_a_file_that_cannot_be_opened_now_is_imported_at_a_later_look(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    write(tmp_path, a=GREET)
    with monkeypatch.context() as full:
        full.setattr(source, "read_own", refuse)
        (error,) = own.look().values()
    assert error is not None
    assert error.sentence == (
        "The tasks in a.py cannot be used: it cannot be read (Too many open files)."
    )
    assert own.look() == {"a.py": None}
    assert own.look() == {}
    assert result(registry, "greet") == "hello 7"


@posix
@pytest.mark.parametrize("is_one_file", [False, True], ids=["the folder", "one file"])
def test_what_cannot_be_read_now_is_told_and_keeps_its_tasks(
    own: OwnTasks,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_one_file: bool,
) -> None:
    write(tmp_path, a=GREET, b=GREET.replace("greet", "wave"))
    own.look()
    before = registry.get("greet")
    what = tmp_path / "a.py" if is_one_file else tmp_path
    with monkeypatch.context() as full:
        full.setattr(Path, "stat" if is_one_file else "iterdir", failing_at(what, errno.EMFILE))
        if is_one_file:
            (tmp_path / "b.py").unlink()
        told = dict(own.look())
        assert told.pop("b.py", None) is None
        (error,) = told.values()
        assert error is not None
        assert error.file == what.name
        assert error.sentence == (
            f"{what} cannot be read ({os.strerror(errno.EMFILE)}). Its tasks stay as they were, "
            "and it is read again from time to time. If this lasts, check who may read it."
        )
        assert own.look() == {}
        assert registry.get("greet") is before
        assert error.sentence in str(result(registry, "nothing"))
    assert own.look() == {what.name: None}
    assert registry.get("greet") is before


def failing_at(place: Path, number: int) -> Callable[..., object]:
    """Give a method of paths that the system refuses for one of them."""
    stat = Path.stat

    def method(path: Path, **how: bool) -> object:
        if path == place:
            raise OSError(number, os.strerror(number))
        return stat(path, **how)

    return method


@posix
def test_a_new_file_that_cannot_be_looked_at_is_told_until_it_is_gone(
    own: OwnTasks, tmp_path: Path
) -> None:
    (tmp_path / "a.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "_a.py").symlink_to(tmp_path / "_a.py")
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence.startswith(f"{tmp_path / 'a.py'} cannot be read (")
    (tmp_path / "a.py").unlink()
    assert own.look() == {"a.py": None}


def test_a_file_that_does_not_rest_is_told_and_used_when_it_does(
    own: OwnTasks, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    monkeypatch.setattr(source, "await_quiet", partial(safe_files.await_quiet, within=0.05))
    write(tmp_path, a=GREET)
    (error,) = own.look().values()
    assert error is not None
    assert error.sentence.endswith("a.py is still being written.")
    monkeypatch.setattr(safe_files, "QUIET", 0.0)
    write(tmp_path, a=GREET + "# written to its end")
    assert own.look() == {"a.py": None}
    assert result(registry, "greet") == "hello 7"


def test_a_file_with_the_name_of_a_module_of_the_library_takes_nothing_from_it(
    own: OwnTasks, registry: Registry, tmp_path: Path
) -> None:
    before = importlib.import_module("sendoff_tasks.schedules")
    write(tmp_path, schedules=GREET)
    own.look()
    assert result(registry, "greet") == "hello 7"
    assert sys.modules["sendoff_tasks.schedules"] is before
