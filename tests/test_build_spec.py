"""The frozen program has what is imported by a name in a string, and what own tasks may import."""

from __future__ import annotations

import re
import runpy
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PyInstaller.utils.hooks.qt import pyside6_library_info

from desktop import __version__
from desktop.gui.frame.about import library_lines

ROOT = Path(__file__).resolve().parents[1]
NAMED = re.compile(r'"((?:desktop|sendoff_tasks)(?:\.\w+)+)(?::\w+)?"')
TK_AND_INTERPRETERS = {
    *("distutils", "ensurepip", "idlelib", "lib2to3", "nis", "tkinter", "turtle", "turtledemo"),
    "venv",
}


@pytest.fixture(params=["with git", "without"])
def asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> dict[str, Any]:
    """What ``build.spec`` asks of PyInstaller's ``Analysis``."""
    asked: dict[str, Any] = {}
    if request.param == "without":
        monkeypatch.setenv("PATH", str(tmp_path))

    def analysis(_scripts: list[str], **options: Any) -> SimpleNamespace:
        asked.update(options)
        return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    steps = dict.fromkeys(("PYZ", "EXE", "COLLECT", "BUNDLE"), lambda *_, **__: None)
    name = "collect_plugins"  # what the recipe sets is set back
    monkeypatch.setattr(pyside6_library_info, name, getattr(pyside6_library_info, name))
    given = {"SPECPATH": str(ROOT), "workpath": str(tmp_path), "Analysis": analysis, **steps}
    runpy.run_path(str(ROOT / "build.spec"), given)
    return asked


def named_modules() -> set[str]:
    """Find the modules of the program whose names are strings in it."""
    files = (each for kind in ("*.py", "*.toml") for each in (ROOT / "desktop").rglob(kind))
    texts = [file.read_text(encoding="utf-8") for file in files]
    names = {name for text in texts for name in NAMED.findall(text)}
    roots = (ROOT, ROOT / "desktop" / "library")
    return {n for n in names if any((r / f"{n.replace('.', '/')}.py").exists() for r in roots)}


def test_each_module_that_is_named_in_a_string_is_in_the_program(asked: dict[str, Any]) -> None:
    named = named_modules()
    assert {"desktop.server_commands", "sendoff_tasks.http.monitor"} <= named
    assert named <= {*asked["hiddenimports"]}


def test_own_tasks_can_import_the_standard_library_and_what_they_are_made_with(
    asked: dict[str, Any],
) -> None:
    public = {name for name in sys.stdlib_module_names if name[0] != "_" and find_spec(name)}
    assert public - {*asked["hiddenimports"]} <= TK_AND_INTERPRETERS
    inner = {"unittest.mock", "xml.etree.ElementTree", "email.mime.text", "sendoff_tasks"}
    assert inner <= {*asked["hiddenimports"]}
    assert {Path(each) for each in asked["pathex"]} >= {ROOT / "desktop" / "library"}
    assert not {*asked["excludes"]} & {*asked["hiddenimports"], "dns"}


def test_packages_of_the_tests_stay_out(asked: dict[str, Any]) -> None:
    assert {"hypothesis", "numpy", "opentelemetry.sdk.trace", "psycopg"} <= {*asked["excludes"]}
    assert not {"backports", "fastapi", "opentelemetry", "PySide6"} & {*asked["excludes"]}


def test_what_about_reads_comes_along_and_the_screenshots_do_not(asked: dict[str, Any]) -> None:
    folders = [to for _, to in asked["datas"]]
    packages = {folder.partition("-")[0] for folder in folders if folder.endswith(".dist-info")}
    lacking = {re.sub(r"\W", "_", name) for name, _, _ in library_lines()} - packages
    assert not lacking
    assert "desktop/resources/help" in folders
    assert not [folder for folder in folders if "screenshots" in folder]


def test_the_tables_beside_modules_are_in_the_program(asked: dict[str, Any]) -> None:
    beside = {path for path, _ in asked["datas"] if path.endswith(".toml")}
    tables = {"file_types.toml", "headings.toml", "languages.toml"}
    assert {Path(each).name for each in beside} >= tables
    places = {folder for path, folder in asked["datas"] if path in beside}
    assert "desktop/sheets/reader" in places


def test_a_build_is_named_by_its_version_and_commit(asked: dict[str, Any]) -> None:
    files = {Path(source).name: source for source, folder in asked["datas"] if "resou" in folder}
    assert re.fullmatch(rf"{re.escape(__version__)}\+\d{{10}}", Path(files["build"]).read_text())
