"""Each text with ``%n`` has an English singular, and the file that is read is the one written."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6

from desktop.gui import plurals
from desktop.settings.paths import resources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

GUI = Path(plurals.__file__).parent
ONE_FORM = {"ages"}
"""Contexts whose texts are units: *1 min*, *2 min*."""


def texts() -> Iterator[tuple[str, str]]:
    """Find context and source of each text with a number in it."""
    for file in sorted(GUI.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for parent in ast.walk(tree):
            name = parent.name if isinstance(parent, ast.ClassDef) else ""
            within = ast.walk(parent) if name or isinstance(parent, ast.Module) else ()
            for node in within:
                if isinstance(node, ast.Call) and (found := text_of(node, name)):
                    yield found


def text_of(call: ast.Call, class_name: str) -> tuple[str, str] | None:
    verb = ast.unparse(call.func).rpartition(".")[2]
    words = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
    if verb == "tr" and class_name:
        return class_name, words[0]
    if verb == "translate" and not class_name and len(words) > 1:
        return words[0], words[1]
    return None


def test_each_text_with_a_number_has_a_singular_of_its_own(qapp: QApplication) -> None:
    found = {each for each in texts() if "%n" in each[1] or "%Ln" in each[1]}
    found = {each for each in found if each[0] not in ONE_FORM}
    assert len(found) > 5
    for context, source in sorted(found):
        one, many = (qapp.translate(context, source, None, n) for n in (1, 2))
        assert one != many.replace("2", "1"), (context, source)
        assert many == source.replace("%Ln", "2").replace("%n", "2")


def test_the_file_that_is_read_is_made_from_the_one_that_is_written(tmp_path: Path) -> None:
    source = resources() / "translations" / "sendoff_en.ts"
    made = tmp_path / "sendoff_en.qm"
    lrelease = Path(PySide6.__file__).with_name("lrelease")
    subprocess.run([lrelease, "-silent", source, "-qm", made], check=True)
    assert made.read_bytes() == source.with_suffix(".qm").read_bytes()
