"""The lines of a letter, read from its Markdown and written back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.letters import JinjaMarks, read_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text of one kind, with its fields as ``{{ name }}``; ``link`` is where it leads, or empty."""

    text: str
    is_bold: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A line of a letter.

    ``heading`` is its level, ``depth`` that of a list's item; 0 if it is neither. Only an item has
    line breaks in its runs.
    """

    runs: tuple[TextRun, ...] = ()
    heading: int = 0
    depth: int = 0

    @property
    def text(self) -> str:
        """The text without bold and links."""
        return "".join(run.text for run in self.runs)


def lines_of(markdown: str) -> list[LetterLine]:
    """Read a letter's Markdown; each line of it is one, but an item has all lines of its own."""
    marks, lines = JinjaMarks(), list[LetterLine]()
    depth = heading = at = 0
    is_item = is_new = False  # an item is open; it has no text yet
    for token in read_letter(markdown, marks):
        match token.type:
            case "bullet_list_open" | "bullet_list_close":
                depth += token.nesting
            case "list_item_open":
                start = (token.map or [at])[0]
                lines += [LetterLine()] * (start - at)
                lines.append(LetterLine(depth=depth))
                at, is_item, is_new = start + 1, True, True
            case "list_item_close":
                is_item = depth > 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "inline":
                start, end = token.map or (at, at)
                runs = _runs(token.children or (), marks)
                if is_item:
                    breaks = TextRun("" if is_new else "\n" * (start - at + 1))
                    lines[-1] = LetterLine(merged([*lines[-1].runs, breaks, *runs]), heading, depth)
                else:
                    lines += [LetterLine()] * (start - at)
                    lines += [LetterLine(each, heading) for each in rows_of(runs)]
                at, heading, is_new = end, 0, False
    return lines + [LetterLine()] * (markdown.count("\n") + 1 - at)


def _runs(tokens: Sequence[Token], marks: JinjaMarks) -> list[TextRun]:
    bold, link, runs = 0, "", []
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "link_open" | "link_close":
                link = marks.put_back(str(token.attrs.get("href", "")))
            case "softbreak" | "hardbreak":
                runs.append(TextRun("\n", bold > 0, link))
            case _:  # one sign of emphasis is text
                runs.append(TextRun(marks.put_back(token.content or token.markup), bold > 0, link))
    return runs


def merged(runs: Iterable[TextRun]) -> tuple[TextRun, ...]:
    """Put neighbours of one kind together."""
    kinds = groupby((run for run in runs if run.text), lambda run: (run.is_bold, run.link))
    return tuple(TextRun("".join(run.text for run in same), *kind) for kind, same in kinds)


def rows_of(runs: Iterable[TextRun]) -> list[tuple[TextRun, ...]]:
    """Split runs at their line breaks."""
    rows: list[list[TextRun]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        rows[-1].append(replace(run, text=first))
        rows += [[replace(run, text=other)] for other in others]
    return [merged(row) for row in rows]


def markdown_of(lines: Iterable[LetterLine]) -> str:
    """Write lines as Markdown; what Markdown would read in their text is escaped."""
    written = list[str]()
    depth = 0  # of the last item, while its list goes on
    is_text = False  # the line before is plain text
    for line in lines:
        rows = [_row(row) for row in rows_of(line.runs)]
        if line.heading:
            title = _HASHES.sub(r"\\\g<0>", " ".join(rows).strip())
            rows = [f"{'#' * line.heading} {title}".rstrip()]
        else:
            rows = [_BEGINNING.sub(r"\1\\\2", row) for row in rows]
        is_empty = not "".join(rows).strip()
        if line.depth and not (is_empty and is_text):
            depth = min(line.depth, depth + (not is_empty or not depth))
            first, *others = "\n".join(rows).strip().split("\n")
            indent = "  " * depth
            written.append(f"{indent[2:]}- {first}".rstrip())
            written += [f"{indent}{other.lstrip()}".rstrip() for other in others]
            is_text = False
        else:
            if depth and not is_empty and not line.heading and written[-1]:
                written.append("")  # else it would go on with the item
            depth = depth if is_empty else 0
            is_text = not is_empty and not line.heading
            written += rows
    return "\n".join(written)


_HASHES: Final = re.compile(r"#+\Z")
_BEGINNING: Final = re.compile(r"^([ \t]*)(#{1,6}|[-+])(?=[ \t]|$)")
_SIGNS: Final = re.compile(r"[\\*]|(?<![^\W_])_|_(?![^\W_])|\](?=\()")
_IN_LABEL: Final = re.compile(r"[\\*\[\]]|(?<![^\W_])_|_(?![^\W_])")
_IN_TARGET: Final = re.compile(r"[\\()]|&(?=#?\w+;)")


def _row(runs: Sequence[TextRun]) -> str:
    """Write the runs of one line of the source."""
    marks = JinjaMarks()
    runs = [replace(run, text=marks.mark(run.text)) for run in runs]
    written = ""
    for at, run in enumerate(runs):
        before = runs[at - 1].link == run.link and runs[at - 1].text[-1] if at else " "
        after = runs[at + 1].link == run.link and runs[at + 1].text[0] if runs[at + 1 :] else " "
        signs = _IN_LABEL if run.link else _SIGNS
        parts = _around_bold(run.text, before or "[", after or "]") if run.is_bold else [run.text]
        parts = [signs.sub(r"\\\g<0>", part) for part in parts]
        if run.is_bold and parts[1]:
            parts[1] = f"**{parts[1]}**"
        if run.link and (not at or runs[at - 1].link != run.link):
            written += "["
        written += "".join(parts)
        if run.link and (not runs[at + 1 :] or runs[at + 1].link != run.link):
            target = _IN_TARGET.sub(r"\\\g<0>", marks.mark(run.link))
            written += f"]({target})"
    return marks.put_back(written)


def _around_bold(text: str, before: str, after: str) -> list[str]:
    """Split a text: what Markdown takes as bold is in the middle.

    Blanks at an end are not bold, nor is a sign beside a letter: the ``(`` in ``no**(7)**``.
    """
    from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace

    def is_sign(sign: str) -> bool:
        return isMdAsciiPunct(ord(sign)) or isPunctChar(sign)

    def is_loose(edge: str, beside: str) -> bool:
        is_between = isWhiteSpace(ord(beside)) or is_sign(beside)
        return isWhiteSpace(ord(edge)) or (is_sign(edge) and not is_between)

    first, last = 0, len(text)
    while first < last and is_loose(text[first], text[first - 1] if first else before):
        first += 1
    while first < last and is_loose(text[last - 1], text[last] if text[last:] else after):
        last -= 1
    return [text[:first], text[first:last], text[last:]]
