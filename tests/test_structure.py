"""What keeps the tree readable: a file's length, imports, a class's name, texts to translate."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
LINES: Final = 600
"""A file holds one idea whole; a longer one holds two."""
CLASS: Final = re.compile(r"^ *class ([A-Za-z]\w*)", re.MULTILINE)
ALIAS: Final = re.compile(r"^ *([A-Z]\w*[a-z]\w*)(?:: TypeAlias)? = ", re.MULTILINE)
FOR_TYPES: Final = re.compile(r"^( *)if TYPE_CHECKING:\n(?:\1 +.*\n|\n)+", re.MULTILINE)
IMPORT: Final = re.compile(r"^ *(?:from ([\w.]+) )?import (\([^)]*\)|.*)", re.MULTILINE)
NAME: Final = re.compile(r"[\w.]+")

TRANSLATED: Final = frozenset({"tr", "translate", "QT_TRANSLATE_NOOP", "cast"})
"""What is called with a text to translate, or with the name of a type."""
UNTRANSLATED: Final = frozenset(
    {
        *("Sendoff", "Sendoff – ", "Python", "Lucide", "Unlicense", "Apache-2.0", "Fusion"),
        *("Esc", "Tab", "Return", "Enter"),
        *("System", "Display", "Look", "Language", "Libraries", "Backend", "Tasks", "Data folder"),
        *("Unhandled error", "Traceback (most recent call last):"),
        "Box office <tickets@example.org>",
    }
)
"""Names, keys, an example, and what a bug report and a log say: these are read by maintainers."""


def sources(folder: str) -> list[Path]:
    return sorted(each.relative_to(ROOT) for each in (ROOT / folder).rglob("*.py"))


def imported(text: str) -> Iterator[str]:
    """Yield what a module imports when it runs: also in functions, but not for types only."""
    code = re.sub(r" *#.*", "", text)
    for package, names in IMPORT.findall(FOR_TYPES.sub("", code)):
        yield package
        yield from (f"{package}.{name}" if package else name for name in NAME.findall(names))


def untranslated(code: ast.AST) -> Iterator[str]:
    """Yield the texts of a module that do not go through Qt; docstrings and errors are none."""
    match code:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in TRANSLATED:
            return
        case ast.Raise() | ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(text)):
            yield text
    for part in ast.iter_child_nodes(code):
        yield from untranslated(part)


def test_no_file_holds_more_than_one_idea() -> None:
    files = [*sources("desktop"), *sources("tests")]
    lengths = {each: len((ROOT / each).read_text("utf-8").splitlines()) for each in files}
    assert {each: n for each, n in lengths.items() if n > LINES} == {}


def test_no_module_imports_itself_by_others() -> None:
    files = [*sources("desktop"), *sources("tests")]
    names = {".".join(each.with_suffix("").parts): each for each in files}
    modules = {name.removeprefix("desktop.library."): each for name, each in names.items()}
    imports = {
        module: {
            name
            for name in imported((ROOT / path).read_text("utf-8"))
            if name in modules and name != module
        }
        for module, path in modules.items()
    }
    assert sum(map(len, imports.values())) > 1000  # it sees them
    TopologicalSorter(imports).prepare()


def test_a_class_has_a_name_of_its_own() -> None:
    """A reader who looks for a name finds one class; private ones are seen in their file alone."""
    texts = [(ROOT / each).read_text("utf-8") for each in sources("desktop")]
    names = Counter(name for text in texts for name in CLASS.findall(text))
    aliases = {name for text in texts for name in ALIAS.findall(text)}
    assert len(names) > 400  # it sees them
    assert len(aliases) > 40
    assert [name for name, n in names.items() if n > 1 or name in aliases] == []


def test_a_token_is_never_handed_over_as_a_word_of_its_own() -> None:
    """One in 64 begins with a dash, and would be taken for an option."""
    apart = re.compile(r"""["']--token["'], (?!metavar|help|type|required|default)""")
    files = [*sources("desktop"), *sources("tests")]
    found = [each for each in files if apart.search((ROOT / each).read_text("utf-8"))]
    assert found == []


def test_what_a_person_reads_in_the_window_can_be_translated() -> None:
    """Such a text begins with a capital; so do the names of classes, and keys."""
    files = sources("desktop/gui")
    modules = [ast.parse((ROOT / each).read_text("utf-8")) for each in files]
    said = re.compile(r"(?!Ctrl\+|Shift\+|Alt\+)[A-Z][a-z]{2}")
    texts = {text for module in modules for text in untranslated(module) if said.match(text)}
    assert texts >= UNTRANSLATED  # it sees them
    code = "\n".join((ROOT / each).read_text("utf-8") for each in sources("desktop"))
    classes = {*CLASS.findall(code), *ALIAS.findall(code)}
    assert texts - UNTRANSLATED - classes == set()
