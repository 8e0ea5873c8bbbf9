"""How large a file may be, and how full a folder: a stranger finds the way by the tree."""

from __future__ import annotations

import re
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LINES: Final = 300
FILES: Final = 14
"""Beside a package's ``__init__``, which tells in which order to read them."""
MIGRATIONS: Final = Path("desktop/engine/store/migrations/versions")
"""It has a file for each change of the schema, and grows with them."""
IMPORT: Final = re.compile(r"^ *from ([\w.]+) import (\([^)]+\)|.+)", re.MULTILINE)
CLASS: Final = re.compile(r"^ *class ([A-Za-z]\w*)", re.MULTILINE)


def sources(folder: str) -> list[Path]:
    return sorted(each.relative_to(ROOT) for each in (ROOT / folder).rglob("*.py"))


def test_no_file_is_too_long_to_read_in_one_go() -> None:
    files = [*sources("desktop"), *sources("tests")]
    lengths = {each: len((ROOT / each).read_text("utf-8").splitlines()) for each in files}
    assert {each: n for each, n in lengths.items() if n > LINES} == {}


def test_no_folder_has_too_many_files_to_overlook() -> None:
    files = [each for each in sources("desktop") if each.name != "__init__.py"]
    sizes = Counter(each.parent for each in files if each.parent != MIGRATIONS)
    assert {folder: n for folder, n in sizes.items() if n > FILES} == {}


def test_no_module_imports_itself_by_others() -> None:
    """Nor for types only: who reads one of a circle has to read them all."""
    files = [*sources("desktop"), *sources("tests")]
    modules = {".".join(each.with_suffix("").parts): each for each in files}
    imports = {
        module: {
            name
            for package, names in IMPORT.findall((ROOT / path).read_text("utf-8"))
            for name in (package, *(f"{package}.{n}" for n in re.findall(r"\w+", names)))
            if name in modules and name != module
        }
        for module, path in modules.items()
    }
    assert sum(map(len, imports.values())) > 5000  # it sees them
    TopologicalSorter(imports).prepare()


def test_a_class_has_a_name_of_its_own() -> None:
    """A reader who looks for a name finds one class; private ones are seen in their file alone."""
    names = Counter(
        name
        for each in sources("desktop")
        for name in CLASS.findall((ROOT / each).read_text("utf-8"))
    )
    assert len(names) > 400  # it sees them
    assert [name for name, n in names.items() if n > 1] == []


def test_a_token_is_never_handed_over_as_a_word_of_its_own() -> None:
    """One in 64 begins with a dash, and was taken for an option."""
    apart = re.compile(r"""["']--token["'], (?!metavar|help|type|required|default)""")
    files = [*sources("desktop"), *sources("tests")]
    found = [each for each in files if apart.search((ROOT / each).read_text("utf-8"))]
    assert found == []
