"""The source of a function: another process finds it by its module or file."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendoff_tasks.functions.source import FunctionSource, load_file, source_of

MODULE = "own_tasks_of_test_source"


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    sys.modules.pop(MODULE, None)


@pytest.mark.parametrize(
    "source",
    [
        FunctionSource("no.such.module", "f"),
        FunctionSource("os", "no_such_function"),
        FunctionSource("os", "path.no_such_function"),
        FunctionSource("os", "sep"),
    ],
)
def test_what_is_gone_is_an_import_error(source: FunctionSource) -> None:
    with pytest.raises(ImportError):
        source.find()


def test_a_function_of_a_file_is_found_by_the_file(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("class Box:\n    @staticmethod\n    def answer():\n        return 42\n")
    source = source_of(load_file(MODULE, file).Box.answer)
    assert (source.qualname, source.file) == ("Box.answer", str(file))
    del sys.modules[MODULE]
    assert source.find()() == 42


def test_a_file_that_does_not_import_leaves_the_older_module_in_place(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("1 / 0")
    with pytest.raises(ZeroDivisionError):
        load_file(MODULE, file)
    assert MODULE not in sys.modules
    file.write_text("answer = 42")
    module = load_file(MODULE, file)
    file.write_text("raise SystemExit")
    with pytest.raises(SystemExit):
        load_file(MODULE, file)
    assert sys.modules[MODULE] is module


def test_a_change_within_a_second_that_keeps_the_size_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    for answer in ("41", "42"):
        file.write_text(f"answer = {answer}")
        os.utime(file, (1, 1))
        assert load_file(MODULE, file).answer == int(answer)
    assert list(tmp_path.iterdir()) == [file]  # and nothing is put beside it


def test_a_module_of_a_file_knows_its_name_and_place(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    file.write_text("from __future__ import annotations\nhere = __file__, __name__")
    assert load_file(MODULE, file).here == (str(file), MODULE)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a package with a module; what is imported of them is forgotten at the end."""
    file = tmp_path / "shop" / "main.py"
    file.parent.mkdir()
    file.write_text("def work(): ...\n")
    names = ("main", "shop", "shop.main")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield file
    for name in names:
        sys.modules.pop(name, None)


@pytest.mark.parametrize(("stored", "now"), [("shop.main", "main"), ("main", "shop.main")])
def test_an_app_finds_its_functions_by_its_other_name(
    shop: Path, monkeypatch: pytest.MonkeyPatch, stored: str, now: str
) -> None:
    monkeypatch.syspath_prepend(shop.parent if now == "main" else shop.parents[1])
    module = importlib.import_module(now)
    assert FunctionSource(stored, "work").find() is module.work


def test_another_module_with_the_end_of_a_name_is_not_taken_for_it(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.rename(shop.parents[1] / "main.py")
    monkeypatch.syspath_prepend(shop.parents[1])
    with pytest.raises(ImportError):
        FunctionSource("shop.main", "work").find()
    with pytest.raises(ImportError):  # installed packages have such names, too
        FunctionSource("routing", "get_request_handler").find()
