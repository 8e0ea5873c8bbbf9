"""Explains the errors of a template in plain words, at the line that the person sees."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jinja2 import TemplateError, TemplateSyntaxError

from desktop.mail.templates.fields import one_word_names
from desktop.mail.templates.source import blocks_of

if TYPE_CHECKING:
    from jinja2 import Environment

_PAIRS: Final = (("{{", "}}"), ("{%", "%}"), ("{#", "#}"))
_UNKNOWN: Final = re.compile(r"Encountered unknown tag '(\w+)'")
_UNENDED: Final = re.compile(r"The innermost block that needs to be closed is '(\w+)'")
_FILTER: Final = re.compile(r"No filter named '(\w+)'")
_FIELD: Final = re.compile(r"\{\{[^{}]*\}\}")
_ENDS: Final = {"endif": "if", "endfor": "for", "else": "if", "elif": "if", "endblock": "block"}


@dataclass(frozen=True, slots=True)
class BlockFault:
    """An error in a block; ``line`` counts from 1 at the beginning of the block's text."""

    block: str
    line: int
    words: str


def first_fault(source: str, environment: Environment) -> BlockFault | None:
    """Find the first block with an error."""
    for block in blocks_of(source):
        text = source[block.start : block.end].strip("\n")
        unclosed = _unclosed(text)
        if unclosed is not None:
            return BlockFault(block.name, *unclosed)
        try:
            environment.from_string(one_word_names(text))
        except TemplateSyntaxError as error:
            words = _words(error.message or "") or _no_field(text, error.lineno, environment)
            return BlockFault(block.name, error.lineno, words)
        except (TemplateError, SyntaxError, RecursionError, MemoryError):
            return None
    return None


def _unclosed(text: str) -> tuple[int, str] | None:
    """Find the first braces that are not closed before the next ones open."""
    at = 0
    while (found := re.compile(r"\{[{%#]").search(text, at)) is not None:
        close = next(close for opening, close in _PAIRS if opening == found[0])
        end = text.find(close, found.end())
        following = text.find(found[0], found.end())
        if end < 0 or 0 <= following < end:
            line = text.count("\n", 0, found.start()) + 1
            return line, f"“{found[0]}” is not closed by “{close}”."
        at = end + len(close)
    return None


def _words(said: str) -> str:
    """Translate Jinja's message to plain words; empty if it is not a known one."""
    unknown, unended, filtered = (pattern.search(said) for pattern in (_UNKNOWN, _UNENDED, _FILTER))
    if unknown is not None and unknown[1] in _ENDS:
        return f"“{unknown[1]}” has no “{_ENDS[unknown[1]]}” before it."
    if unknown is not None:
        return f"There is no command “{unknown[1]}”."
    if unended is not None:
        return f"“{unended[1]}” is not ended: “{{% end{unended[1]} %}}” is missing."
    if filtered is not None:
        return f"There is no filter “{filtered[1]}”."
    if said.startswith("“"):
        return said  # the sandbox's own words
    return ""


def _no_field(text: str, line: int, environment: Environment) -> str:
    """Name the first braces of a line that do not hold a field."""
    for found in _FIELD.finditer(text.splitlines()[line - 1] if text else ""):
        try:
            environment.from_string(one_word_names(found[0]))
        except TemplateSyntaxError:
            return f"“{found[0]}” is not the name of a field."
    return "What stands between the braces is not the name of a field."
