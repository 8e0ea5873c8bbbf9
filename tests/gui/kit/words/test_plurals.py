"""Each text with ``%n`` has an English singular, and the file that is read is the one written."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from PySide6.QtCore import QLocale

from desktop.gui.kit.words import plurals
from tests.gui.locales import in_locale
from tests.translations import SOURCE, compile_to, rows, source_of, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

GUI = Path(plurals.__file__).parents[2]
ROWS = {(row.subject, source_of(row)) for row in rows()}
ONE_FORM = {"ages"}
"""Contexts whose texts are units: *1 min*, *2 min*."""


@cache
def texts() -> frozenset[tuple[str, str]]:
    """Find context and source of each text, with a number in it or without."""
    return frozenset(_texts())


def _texts() -> Iterator[tuple[str, str]]:
    for file in sorted(GUI.rglob("*.py")):
        nodes: list[tuple[ast.AST, str]] = [(ast.parse(file.read_text(encoding="utf-8")), "")]
        while nodes:
            node, within = nodes.pop()
            if isinstance(node, ast.Call) and (found := text_of(node, within)):
                yield found
            name = node.name if isinstance(node, ast.ClassDef) else within
            nodes += ((each, name) for each in ast.iter_child_nodes(node))


def text_of(call: ast.Call, class_name: str) -> tuple[str, str] | None:
    """Give the text that a call translates; ``tr`` of an object does so for its class."""
    verb = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if verb not in {"tr", "translate"}:
        return None
    words = [str(each.value) for each in call.args if isinstance(each, ast.Constant)]
    if verb == "tr" and class_name:
        return class_name, words[0]
    if verb == "translate" and len(words) > 1:
        return words[0], words[1]
    return None


def translated() -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Read the forms of each text that is translated."""
    for context in ElementTree.parse(SOURCE).iter("context"):  # noqa: S314 - our own file
        for message in context.iter("message"):
            key = context.findtext("name", ""), message.findtext("source", "")
            forms = [form.text or "" for form in message.iter("numerusform")]
            if forms and key not in ROWS:
                yield key, forms


def test_each_text_with_a_number_has_a_singular_and_a_plural(qapp: QApplication) -> None:
    found = {each for each in texts() if "%n" in each[1] or "%Ln" in each[1]}
    found = {each for each in found if each[0] not in ONE_FORM}
    forms = dict(translated())
    assert found == set(forms)
    two = QLocale().toString(2000)
    for (context, source), (one, many) in forms.items():
        assert many == source
        assert qapp.translate(context, source, None, 1) == one.replace("%Ln", "1")
        assert qapp.translate(context, source, None, 2000) == many.replace("%Ln", two)


def test_a_class_with_a_subclass_counts_by_translate() -> None:
    """In an object of the subclass, ``tr`` would not find the plurals of its base class."""
    modules = [ast.parse(file.read_text(encoding="utf-8")) for file in GUI.rglob("*.py")]
    classes = [
        node for each in modules for node in ast.walk(each) if isinstance(node, ast.ClassDef)
    ]
    bases = {base.id for each in classes for base in each.bases if isinstance(base, ast.Name)}
    assert "EmptyState" in bases  # it sees them
    counts = re.compile(r"self\.tr\(\s*['\"][^'\"]*%L?n")
    assert [
        each.name for each in classes if each.name in bases and counts.search(ast.unparse(each))
    ] == []


def test_what_is_counted_is_never_a_number_beside_a_fixed_plural() -> None:
    counted = re.compile(
        r"\{\w*\} (automatic )?(tasks|items|rows|messages|e-mails|files|times|reasons|batches|"
        r"attempts|retries|tries)\b"
    )
    found = {each for each in texts() if counted.search(each[1])}
    assert found == set()


def test_numbers_have_separators_where_the_system_has_no_language(qapp: QApplication) -> None:
    with in_locale("C"):
        assert QLocale().toString(3822) == "3822"
        qapp.removeTranslator(plurals.install(qapp))
        assert QLocale().toString(3822) == "3,822"
        german = QLocale(QLocale.Language.German, QLocale.Country.Germany)
        QLocale.setDefault(german)
        qapp.removeTranslator(plurals.install(qapp))
        assert QLocale() == german


def test_the_file_that_is_read_is_made_from_the_one_that_is_written(tmp_path: Path) -> None:
    compile_to(made := tmp_path / "sendoff_en.qm")
    assert made.read_bytes() == SOURCE.with_suffix(".qm").read_bytes()


def test_translators_file_has_each_row_of_the_tables() -> None:
    assert written() == SOURCE.read_text(encoding="utf-8"), "python -m tests.translations"
