"""The file of a template: a head of ``key: value`` lines between ``---``, then its blocks.

::

    ---
    format: markdown
    sender: Box office <tickets@example.org>
    reply_to: office@example.org
    cc: desk@example.org, ada@example.org
    bcc: archive@example.org
    attachments: statutes.pdf | plan.pdf
    ---
    {% block subject %}Your membership {{ year }}{% endblock %}
    {% block text %}
    Dear {{ first_name }},
    …
    {% endblock %}

The head and the block ``html`` are optional. Other content of the file, such as comments, stays
when the parts are saved.

Fields are found by their own names: ``{{ First name }}``, as in mail merges. Jinja accepts names of
one word only, so a name of several words is replaced by one word. Names are compared without case;
an underscore or a hyphen counts as a space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self

from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.utils import missing

from desktop.contract.rules.addresses import Address, check_address, sentence
from desktop.contract.rules.letters import MARKDOWN
from desktop.contract.rules.mailbox import copies_problem, parse_mailbox
from desktop.contract.rules.templates import (
    ALL_FIELDS,
    FIELD,
    FIELD_NAME,
    STANDARD,
    field_key,
    heading,
    is_field_name,
    labels_in,
    nearest,
)
from desktop.mail.errors import BadTemplate
from desktop.mail.templates.values import FieldValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_KEYS: Final = ("format", "sender", "reply_to", "cc", "bcc", "attachments")
_OLD_KEYS: Final = {"copy_to": "bcc"}
BLOCKS: Final = ("subject", "text", "html")
SEPARATOR: Final = "|"
"""Separates the names of attachments; no file name contains it."""

_HEAD: Final = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_BLOCK: Final = re.compile(
    r"(\{%[-+]?\s*block\s+(subject|text|html)\s*[-+]?%\})(.*?)(\{%[-+]?\s*endblock\b[^%]*%\})",
    re.DOTALL,
)
_EMPTY: Final = "\n".join(f"{{% block {name} %}}{{% endblock %}}\n" for name in BLOCKS[:2])


class BadPart(BadTemplate):
    """One part of a template cannot be used; ``part`` is its name."""

    def __init__(self, part: str, reason: str, **about: Any) -> None:
        super().__init__(reason, **about)
        self.part = part


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """The parts of a template's file; ``html`` is ``None`` if it is made from the text.

    ``format`` is ``MARKDOWN`` for a letter, and else empty; ``None`` leaves it as it is in a save.
    """

    subject: str
    text: str
    html: str | None = None
    format: str | None = None
    sender: str = ""
    reply_to: str = ""
    cc: str = ""
    bcc: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """The place of a block's content in the source: ``start`` and ``end`` count characters."""

    name: str
    start: int
    end: int


def parts_of(source: str) -> TemplateParts:
    """Parse a template's file; raises ``BadPart`` for an invalid head."""
    head = _head(source)
    contents = {block.name: source[block.start : block.end] for block in blocks_of(source)}
    html = contents.get("html")
    if head.get("format", MARKDOWN) != MARKDOWN:
        raise BadPart("head", "format", format=MARKDOWN)
    if html is not None and "format" in head:
        raise BadPart("html", "no_html")
    return TemplateParts(
        subject=contents.get("subject", "").strip(),
        text=contents.get("text", "").strip("\n"),
        html=None if html is None else html.strip("\n"),
        format=head.get("format", ""),
        sender=_sender(head.get("sender", "")),
        reply_to=_address("reply_to", head.get("reply_to", "")),
        cc=_copies("cc", head.get("cc", "")),
        bcc=_copies("bcc", head.get("bcc", "")),
        attachments=tuple(
            name.strip() for name in head.get("attachments", "").split(SEPARATOR) if name.strip()
        ),
    )


def with_parts(source: str, parts: TemplateParts) -> str:
    """Write parts into the source of a template, which is empty for a new one.

    Raises:
        BadPart: if a text contains block tags, or a value cannot be written into the head.
    """
    if parts.format is None:
        parts = replace(parts, format=parts_of(source).format)
    body = _HEAD.sub("", source) or _EMPTY
    wanted = {
        "subject": re.sub(r"\{\Z", "{ ", " ".join(parts.subject.split())),
        "text": f"\n{parts.text.strip(chr(10))}\n",
        "html": None if parts.html is None else f"\n{parts.html.strip(chr(10))}\n",
    }
    there = {block.name for block in blocks_of(body)}
    for name, content in wanted.items():
        if name not in there and content is not None:
            body = f"{body.rstrip()}\n\n{{% block {name} %}}{content}{{% endblock %}}\n"
    body = _BLOCK.sub(lambda found: _written(found, wanted[found[2]]), body)
    made = _written_head(parts) + body.lstrip("\n")
    if _same(parts_of(made)) != _same(parts):
        raise BadPart("text", "block_tags")
    return made


def blocks_of(source: str) -> list[Block]:
    """Find the contents of the blocks, in order."""
    return [Block(found[2], found.start(3), found.end(3)) for found in _BLOCK.finditer(source)]


def place_in(source: str, name: str, line: int) -> int:
    """Return the line within a block's text of a line of the source; 0 if it is outside."""
    for block in blocks_of(source):
        content = source[block.start : block.end]
        blank = len(content) - len(content.lstrip("\n"))
        first = source.count("\n", 0, block.start + blank) + 1
        if block.name == name and first <= line <= first + content.strip("\n").count("\n"):
            return line - first + 1
    return 0


def without_head(source: str) -> str:
    """Return the source with empty lines in place of the head, so line numbers stay."""
    return _HEAD.sub(lambda found: "\n" * found[0].count("\n"), source)


def _head(source: str) -> dict[str, str]:
    found = _HEAD.match(source)
    head: dict[str, str] = {}
    for number, line in enumerate(found[1].splitlines() if found else (), 2):
        written, colon, value = line.partition(":")
        key = _OLD_KEYS.get(written.strip(), written.strip())
        if line.strip() and not (colon and key in _KEYS):
            known = f"{', '.join(_KEYS[:-1])} and {_KEYS[-1]}"
            raise BadPart("head", "head_line", line=number, known=known)
        if line.strip() and key in head:
            raise BadPart("head", "head_twice", line=number, key=key)
        head[key] = value.strip()
    return head


def _written_head(parts: TemplateParts) -> str:
    values = {
        "format": parts.format or "",
        "sender": parts.sender.strip(),
        "reply_to": parts.reply_to.strip(),
        "cc": parts.cc.strip(),
        "bcc": parts.bcc.strip(),
        "attachments": f" {SEPARATOR} ".join(parts.attachments),
    }
    lines = [f"{key}: {value}" for key, value in values.items() if value]
    return "\n".join(["---", *lines, "---", ""]) if lines else ""


def _written(found: re.Match[str], content: str | None) -> str:
    return "" if content is None else f"{found[1]}{content}{found[4]}"


def _address(part: str, text: str) -> str:
    problem = check_address(text) if text else None
    if problem is not None and not isinstance(problem, Address):
        raise BadPart(part, sentence(problem))
    return text


def _copies(part: str, line: str) -> str:
    problem = copies_problem(line)
    if problem is not None:
        raise BadPart(part, problem)
    return line


def _sender(text: str) -> str:
    try:
        return str(parse_mailbox(text)) if text else ""
    except ValueError as error:
        raise BadPart("sender", str(error)) from error


def _same(parts: TemplateParts) -> tuple[object, ...]:
    html = None if parts.html is None else parts.html.strip("\n")
    return (" ".join(parts.subject.split()), parts.text.strip("\n"), html, *_rest(parts))


def _rest(parts: TemplateParts) -> tuple[object, ...]:
    to = (parts.sender, parts.reply_to, parts.cc, parts.bcc)
    return parts.format, *map(str.strip, to), parts.attachments


HEADINGS: Final = "_headings"
"""The key, among the values of an item, of the headings that its spreadsheet has for fields."""
EMPTY_CELLS: Final = "_empty_cells"
"""The key of the keys of fields whose cells are empty; it is also the hint of such a value, which
is not filled in but cannot be shown either."""
_MARK: Final = "_field_"
_NAMED: Final = re.compile(
    rf"(\{{\{{[-+]?\s*)({FIELD_NAME.pattern}?)(\s*(?:\|[^{{}}\n]*)?[-+]?\}}\}})"
)
METHODS: Final = frozenset({"items", "keys", "values", "get"})
"""The only methods that a template may call, those of a mapping; no field is asked for by them."""
_BUILT_IN: Final = frozenset({"fields", "loop", "range"})
_STANDARD: Final = {field_key(name): name for name in STANDARD}
_APART: Final = frozenset({"note"})
"""Fields that ``all fields`` leaves out: a template uses them by name."""
_OPTIONAL: Final = _APART | {field_key(ALL_FIELDS)}
"""Fields that many items do without: they have a line of their own, which goes with them."""
_NAMES: Final = frozenset(map(field_key, ("name", "first_name")))
"""Fields that a greeting does without: *Hello,* is right if nobody is named."""


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
        return "\n".join(
            f"{label} {value}" if label.endswith(("?", "!")) else f"{label}: {value}"
            for label, value in self
        )


class EmptyValue(FieldValue):
    """The empty value of the field ``name``: a preview marks it where it is shown."""

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        """Make the value."""
        return super().__new__(cls, "", name)

    def goes_with(self, blank: str) -> bool:
        """Tell whether the text is right without it and the blank before it."""
        key = field_key(self.name)
        return key in _NAMES or (key in _OPTIONAL and blank.startswith("\n"))


class ItemContext(Context):
    """Resolves the names of a template.

    It looks among the template's own variables, the headings of the item's spreadsheet that are
    written exactly so, the standard fields, the item's fields, and the headings that the
    spreadsheet has for standard fields, in this order.
    """

    def resolve_or_missing(self, key: str) -> Any:
        """Return a value by its name, or Jinja's ``missing``."""
        found = missing if key.startswith(_MARK) else super().resolve_or_missing(key)
        if found is not missing:
            return found
        written = written_name(key)
        wanted, became = field_key(written), self._headings().get(written, "")
        if wanted == field_key(ALL_FIELDS):
            return self._all_fields()
        if became.startswith(FIELD):
            wanted = field_key(became.removeprefix(FIELD))
        elif wanted in _STANDARD:
            return super().resolve_or_missing(became or _STANDARD[wanted])
        fields = super().resolve_or_missing("fields")
        if isinstance(fields, dict):
            for name, value in fields.items():
                if field_key(str(name)) == wanted:
                    return value
        for name, became in self._headings().items():
            if field_key(name) == wanted and became in STANDARD:
                return super().resolve_or_missing(became)
        cells = super().resolve_or_missing(EMPTY_CELLS)
        if cells is not missing and wanted in cells:
            return self.environment.undefined(hint=EMPTY_CELLS, name=key)
        return missing

    def _headings(self) -> dict[str, str]:
        headings = super().resolve_or_missing(HEADINGS)
        return headings if isinstance(headings, dict) else {}

    def _all_fields(self) -> AllFields:
        """Return each field of the item that is not empty, with its heading."""
        fields, labels = super().resolve_or_missing("fields"), labels_in(self._headings())
        shown = self.environment.finalize or str
        named = fields.items() if isinstance(fields, dict) else ()
        written = [(str(name), shown(value)) for name, value in named]
        texts = [(name, text if isinstance(text, str) else str(text)) for name, text in written]
        return AllFields(
            (heading(labels.get(name, name)).rstrip(": ") or name, text)
            for name, text in texts
            if text.strip() and field_key(name) not in _APART
        )


class PreviewContext(ItemContext):
    """Resolves names as ``ItemContext`` does, with an ``EmptyValue`` for each that is empty."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return a value by its name, or Jinja's ``missing``."""
        found = super().resolve_or_missing(key)
        return EmptyValue(written_name(key)) if found in (None, "", []) else found


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
        case nodes.Getattr(node=nodes.Name(name="fields"), attr=name) if name not in METHODS:
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
