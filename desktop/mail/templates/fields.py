"""Finds the fields of a template by their own names: ``{{ First name }}``, as in mail merges.

Jinja accepts names of one word only, so a name of several words is replaced by one word. Names are
compared without case; an underscore or a hyphen counts as a space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.utils import missing

from desktop.contract.rules.templates import (
    ALL_FIELDS,
    FIELD_NAME,
    STANDARD,
    field_key,
    heading,
    is_field_name,
    labels_in,
    nearest,
)
from desktop.mail.templates.source import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEADINGS: Final = "_headings"
"""The key, among the values of an item, of the headings that its spreadsheet has for fields."""
_MARK: Final = "_field_"
_NAMED: Final = re.compile(
    rf"(\{{\{{[-+]?\s*)({FIELD_NAME.pattern}?)(\s*(?:\|[^{{}}\n]*)?[-+]?\}}\}})"
)
_METHODS: Final = frozenset({"items", "keys", "values", "get"})
_BUILT_IN: Final = frozenset({"fields", "loop", "range"})
_STANDARD: Final = {field_key(name): name for name in STANDARD}
_APART: Final = frozenset({"note"})
"""Fields that ``all fields`` leaves out: a template uses them by name."""


@dataclass(frozen=True, slots=True)
class FieldUse:
    """A use of a field in a template; ``line`` and ``column`` count from 1 in the block."""

    field: str
    block: str
    line: int
    column: int


class AllFields(list[tuple[str, str]]):
    """The fields that are not empty, with their headings; as text, one per line."""

    def __str__(self) -> str:
        """Write the lines."""
        return "\n".join(f"{label}: {value}" for label, value in self)


class ItemContext(Context):
    """Resolves the names of a template.

    It looks among the template's own variables, the standard fields, the item's fields, and the
    headings that the item's spreadsheet has for standard fields, in this order.
    """

    def resolve_or_missing(self, key: str) -> Any:
        """Return a value by its name, or Jinja's ``missing``."""
        found = missing if key.startswith(_MARK) else super().resolve_or_missing(key)
        if found is not missing:
            return found
        wanted = field_key(written_name(key))
        if wanted == field_key(ALL_FIELDS):
            return self._all_fields()
        if wanted in _STANDARD:
            return super().resolve_or_missing(_STANDARD[wanted])
        fields = super().resolve_or_missing("fields")
        if isinstance(fields, dict):
            for name, value in fields.items():
                if field_key(str(name)) == wanted:
                    return value
        for name, became in self._headings().items():
            if field_key(name) == wanted and became in STANDARD:
                return super().resolve_or_missing(became)
        return missing

    def _headings(self) -> dict[str, str]:
        headings = super().resolve_or_missing(HEADINGS)
        return headings if isinstance(headings, dict) else {}

    def _all_fields(self) -> AllFields:
        """Return each field of the item that is not empty, with its heading."""
        fields, labels = super().resolve_or_missing("fields"), labels_in(self._headings())
        shown = self.environment.finalize or str
        named = fields.items() if isinstance(fields, dict) else ()
        texts = [(str(name), str(shown(value))) for name, value in named]
        return AllFields(
            (heading(labels.get(name, name)), text)
            for name, text in texts
            if text.strip() and field_key(name) not in _APART
        )


def one_word_names(source: str) -> str:
    """Replace names of several words by names that Jinja accepts; line numbers stay."""
    return _NAMED.sub(_as_one_word, source)


def written_name(name: str) -> str:
    """Return a name as it is written in the template's file."""
    if not name.startswith(_MARK):
        return name
    return bytes.fromhex(name.removeprefix(_MARK)).decode()


def uses_of(tree: nodes.Template, source: str) -> list[FieldUse]:
    """Find the uses of fields in a template, without its own variables, in order."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    found = [
        (node.lineno, written_name(node.name))
        for node in tree.find_all(nodes.Name)
        if node.ctx == "load" and node.name not in own | _BUILT_IN
    ]
    found += [
        (node.lineno, name)
        for node in tree.find_all((nodes.Getattr, nodes.Getitem))
        if (name := _asked_of_fields(node)) is not None
    ]
    placed = {use for line, name in found for use in _places(source, line, name)}
    return sorted(placed, key=lambda use: (use.block, use.line, use.column))


def own_fields(uses: Iterable[FieldUse]) -> list[str]:
    """Return the names of fields beyond the standard ones, each once.

    A name that is nearly a standard one is left out, because it is probably misspelt.
    """
    names: dict[str, str] = {}
    for use in uses:
        if field_key(use.field) not in _STANDARD and nearest(use.field, ()) is None:
            names.setdefault(field_key(use.field), use.field)
    return list(names.values())


def is_known(name: str, fields: Iterable[str]) -> bool:
    """Tell whether an item with these fields has a value for a name."""
    key = field_key(name)
    return key in _STANDARD or any(field_key(str(each)) == key for each in fields)


def _asked_of_fields(node: nodes.Expr) -> str | None:
    """Return the name in ``fields.name`` or ``fields["name"]``."""
    match node:
        case nodes.Getattr(node=nodes.Name(name="fields"), attr=name) if name not in _METHODS:
            return str(name)
        case nodes.Getitem(node=nodes.Name(name="fields"), arg=nodes.Const(value=str(name))):
            return name
    return None


def _as_one_word(found: re.Match[str]) -> str:
    name = found[2].strip()
    if name.isidentifier() or not is_field_name(name):
        return found[0]
    return f"{found[1]}{_MARK}{name.encode().hex()}{found[3]}"


def _places(source: str, line: int, name: str) -> Iterator[FieldUse]:
    """Yield the places of a name in one line of the source (from 1), by block."""
    lines = source.splitlines(keepends=True)
    begin = sum(map(len, lines[: line - 1]))
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
    for found in re.finditer(pattern, lines[line - 1] if line <= len(lines) else ""):
        at = begin + found.start()
        for block in blocks_of(source):
            if block.start <= at < block.end:
                start = block.start + (source[block.start : block.end][:1] == "\n")
                before = source[start:at]
                column = at - (start + before.rfind("\n") + 1) + 1
                yield FieldUse(name, block.name, before.count("\n") + 1, column)
