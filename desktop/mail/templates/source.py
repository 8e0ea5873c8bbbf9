"""The file of a template: a head of ``key: value`` lines between ``---``, then its blocks.

::

    ---
    reply_to: office@example.org
    attachments: statutes.pdf | plan.pdf
    ---
    {% block subject %}Your membership {{ year }}{% endblock %}
    {% block text %}
    Dear {{ first_name }},
    …
    {% endblock %}

The head and the block ``html`` are optional. Other content of the file, such as comments, stays
when the parts are saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from desktop.contract.rules.addresses import Address, check_address, sentence
from desktop.mail.errors import BadTemplate

_KEYS: Final = frozenset({"reply_to", "copy_to", "attachments"})
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

    def __init__(self, part: str, text: str) -> None:
        super().__init__(text)
        self.part = part


@dataclass(frozen=True, slots=True)
class TemplateParts:
    """The parts of a template's file; ``html`` is ``None`` if it is made from the text."""

    subject: str
    text: str
    html: str | None = None
    reply_to: str = ""
    copy_to: str = ""
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
    return TemplateParts(
        subject=contents.get("subject", "").strip(),
        text=contents.get("text", "").strip("\n"),
        html=None if html is None else html.strip("\n"),
        reply_to=_address("reply_to", head.get("reply_to", "")),
        copy_to=_address("copy_to", head.get("copy_to", "")),
        attachments=tuple(
            name.strip() for name in head.get("attachments", "").split(SEPARATOR) if name.strip()
        ),
    )


def with_parts(source: str, parts: TemplateParts) -> str:
    """Write parts into the source of a template, which is empty for a new one.

    Raises:
        BadPart: if a text contains block tags, or a value cannot be written into the head.
    """
    body = _HEAD.sub("", source) or _EMPTY
    wanted = {
        "subject": " ".join(parts.subject.split()),
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
        raise BadPart("text", "A text cannot have the tags “block” and “endblock”.")
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
        key, colon, value = line.partition(":")
        if line.strip() and not (colon and key.strip() in _KEYS):
            raise BadPart(
                "head",
                f"Line {number} of the head is not understood. It can have reply_to, copy_to and "
                "attachments.",
            )
        if line.strip() and key.strip() in head:
            raise BadPart("head", f"Line {number} of the head gives {key.strip()} a second time.")
        head[key.strip()] = value.strip()
    return head


def _written_head(parts: TemplateParts) -> str:
    values = {
        "reply_to": parts.reply_to.strip(),
        "copy_to": parts.copy_to.strip(),
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


def _same(parts: TemplateParts) -> tuple[object, ...]:
    html = None if parts.html is None else parts.html.strip("\n")
    return (" ".join(parts.subject.split()), parts.text.strip("\n"), html, *_rest(parts))


def _rest(parts: TemplateParts) -> tuple[object, ...]:
    return parts.reply_to.strip(), parts.copy_to.strip(), parts.attachments
