"""What keeps the tree readable and safe: lengths, imports, names, texts to translate."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
LINES: Final = 600
"""A file holds one idea whole; a longer one holds two."""
CLASS: Final = re.compile(r"^ *class ([A-Za-z]\w*)", re.MULTILINE)
ALIAS: Final = re.compile(r"^ *([A-Z]\w*[a-z]\w*)(?:: TypeAlias)? = ", re.MULTILINE)
FOR_TYPES: Final = re.compile(r"^( *)if TYPE_CHECKING:\n(?:\1 +.*\n|\n)+", re.MULTILINE)
IMPORT: Final = re.compile(r"^ *(?:from ([\w.]+) )?import (\([^)]*\)|.*)", re.MULTILINE)
NAME: Final = re.compile(r"[\w.]+")

OWN_SIZES: Final = re.compile(
    r"def (?:paintEvent|resizeEvent|eventFilter|sizeHint|minimumSizeHint)\("
)
OVERRIDES: Final = 20
"""Of Qt's sizes, painting and events; where Qt has nothing for it."""
SIGNS: Final = re.compile(
    r"\b(?:import|from) +hmac\b|\bhmac\.|compare_digest|pbkdf2_hmac|\bblake2[bs]\([^)]*\bkey="
)

TRANSLATED: Final = frozenset({"tr", "translate", "QT_TRANSLATE_NOOP", "cast"})
"""What is called with a text to translate, or with the name of a type."""
UNTRANSLATED: Final = frozenset(
    {
        *("Sendoff", "Sendoff – ", "Python", "Lucide", "Fusion", "Inter"),
        *("Esc", "Tab", "Return", "Enter"),
        *("System", "Display", "Look", "Language", "Libraries", "Tasks", "Data folder"),
        "Unhandled error",
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


def test_one_file_makes_every_key_and_compares_each_secret() -> None:
    """A second file that signs could sign a text that opens another door."""
    files = [
        Path("launch.py"),
        *(each for top in ("desktop", "resources") for each in sources(top)),
    ]
    files += [each for each in sources("tests") if each.name != Path(__file__).name]
    found = [each.as_posix() for each in files if SIGNS.search((ROOT / each).read_text("utf-8"))]
    assert found == ["desktop/library/sendoff_tasks/folder/keys.py"]


def test_a_temporary_file_gets_its_name_in_one_place() -> None:
    """By that name the one process that writes in a folder sweeps what a killed one left."""
    made = re.compile(r"\.tmp\b|NamedTemporaryFile")
    found = [e for e in sources("desktop") if made.search((ROOT / e).read_text("utf-8"))]
    assert [each.name for each in found] == ["safe_files.py"]


def test_the_window_leaves_sizes_painting_and_focus_to_qt() -> None:
    code = [(ROOT / each).read_text() for each in sources("desktop/gui")]
    assert sum(len(OWN_SIZES.findall(each)) for each in code) <= OVERRIDES
    assert not [each for each in code if "setFocusProxy" in each]


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


STRANGER: Final = re.compile(
    r"""\bsendoff\[[a-z]|(?:project|pypi)/sendoff(?![-\w])|^name = "sendoff"(?!-)"""
    r"""|\b(?:pip3?|pipx|uvx?)\b[^`\n]*?[\s"'=]sendoff(?![-\w/.])""",
    re.MULTILINE,
)
"""The distribution ``sendoff`` on an index, or that name for ours."""
BINARY: Final = frozenset(
    {*(".gz", ".icns", ".ico", ".ods", ".png", ".pyc", ".qm", ".store", ".ttf", ".xls", ".xlsx")}
)


@pytest.mark.parametrize(
    "advice",
    [
        *('pip install "{}[window]"', "pip install --upgrade {}", "uvx {}"),
        *("https://pypi.org/project/{}/", "pkg:pypi/{}@1.1.0", '[project]\nname = "{}"\n'),
        "dependencies = ['{}[server]>=0.1']",
    ],
)
def test_a_name_of_a_stranger_is_seen(advice: str) -> None:
    assert STRANGER.search(advice.format("sendoff"))
    assert not STRANGER.search(advice.format("sendoff-desktop"))


def test_nothing_advises_to_install_what_a_stranger_has_published() -> None:
    """On PyPI, ``sendoff`` is another project; ours are ``sendoff-desktop``, ``sendoff-tasks``."""
    folders = (".github", "desktop", "docs", "resources", "tests")
    files = [each for folder in folders for each in (ROOT / folder).rglob("*") if each.is_file()]
    files = [each for each in (*files, *ROOT.glob("*.*")) if each.suffix not in BINARY]
    texts = {each: each.read_text("utf-8", "replace") for each in files if each.is_file()}
    assert {ROOT / "pyproject.toml", ROOT / "desktop" / "cli.py"} <= texts.keys()
    found = {each: said[0] for each, text in texts.items() if (said := STRANGER.search(text))}
    assert found == {}


LIBRARY: Final = ROOT / "desktop" / "library" / "sendoff_tasks"
OFFICE: Final = frozenset(
    {
        *("item", "items", "mail", "mails", "mailer", "mailbox", "email", "letter", "letters"),
        *("template", "templates", "spreadsheet", "spreadsheets", "sheet", "sheets", "office"),
        *("addressee", "addressees", "recipient", "recipients", "bounce", "bounces", "outbox"),
    }
)
"""Words of the office: the library knows tasks, and batches of them."""
COLUMNS: Final = frozenset({"item_id", "recipient", "addressee"})
"""Columns of ``tasks``, which are stored data, and what the engine's inner rooms read them into."""
INNER: Final = frozenset({"store", "transaction", "verbs"})
EXCUSED: Final = {
    "model/filters.py TaskFilter.item_id": "a condition on a column of stored tasks",
}


def spoken(code: ast.AST, owner: str = "") -> Iterator[str]:
    """Yield the public names of a module: with arguments, fields, columns, words of literals."""
    for node in ast.iter_child_nodes(code):
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_"):
                yield f"{owner}{name}"
                yield from spoken(node, f"{owner}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not name.startswith("_") or name == "__init__":
                    yield f"{owner}{name}"
                    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                    yield from (f"{owner}{name}.{each.arg}" for each in given)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                if not name.startswith("_"):
                    yield f"{owner}{name}"
                yield from (f"{owner}{name}.{each}" for each in written(node))


def written(code: ast.AST) -> Iterator[str]:
    """Yield the names of tables and columns, and the words of literal types."""
    for node in ast.walk(code):
        match node:
            case ast.Call(func=ast.Name(id="Table" | "Column"), args=[ast.Constant(str(name)), *_]):
                yield name
            case ast.Subscript(value=ast.Name(id="Literal"), slice=some):
                yield from (str(e.value) for e in ast.walk(some) if isinstance(e, ast.Constant))


def words_in(name: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()))


def test_the_library_has_no_word_of_the_office() -> None:
    found = set[str]()
    for file in sorted(LIBRARY.rglob("*.py")):
        place = file.relative_to(LIBRARY).as_posix()
        names = spoken(ast.parse(file.read_text("utf-8")))
        is_inner = place.partition("/")[0] in INNER
        found |= {
            f"{place} {name}"
            for name in (*names, file.stem)
            if words_in(name) & OFFICE and not (is_inner and name.rpartition(".")[2] in COLUMNS)
        }
    assert found - EXCUSED.keys() == set()
    assert found >= EXCUSED.keys()  # no excuse is left of what is gone
