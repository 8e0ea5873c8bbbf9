"""The lines of a letter, read from its Markdown and written back to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, groupby, takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop.contract.rules.letters import JinjaMarks, closes_bold, is_in_word, opens_bold
from desktop.contract.rules.links import ADDRESS, without_end

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
    from desktop.contract.rules.letter_syntax import read_letter

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
            case _:
                runs.append(TextRun(marks.put_back(token.content), bold > 0, link))
    return runs


def signature_runs(text: str) -> tuple[TextRun, ...]:
    """Read a letterhead's signature, which knows bold and web addresses."""
    from desktop.contract.rules.letter_syntax import read_signature

    return merged(_runs(read_signature(text), JinjaMarks()))


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
            if depth and not is_empty and not line.heading:  # else it would go on with the item
                written += [""] if written[-1] else []
                rows = [row.lstrip(" \t") for row in rows]
            depth = depth if is_empty else 0
            is_text = not is_empty and not line.heading
            written += rows
    return "\n".join(written)


_HASHES: Final = re.compile(r"(?:(?<=[ \t])|\A)#+\Z")
_BEGINNING: Final = re.compile(r"^([ \t]*)(#{1,6}|[-+*])(?=[ \t]|$)")
_SIGNS: Final = re.compile(
    r"(?<![\w\\])\\[_.$-][\w.$-]*\\"  # else the path of a server
    r"|\\(?=[!-/:-@\[-`{-~]|\Z)|\](?=\()|\*+"
    r"|(?:(?<=http)|(?<=https)):(?=//\Z)|(?<=[A-Za-z]):(?=[\\*\[\]])"
)
_IN_LABEL: Final = re.compile(rf"[\[\]]|{_SIGNS.pattern}")
_IN_ADDRESS: Final = re.compile(r"[:\\\[\]]|\*+")
_SCHEME: Final = re.compile(r"https?:", re.IGNORECASE)
_BOLD: Final = "**"


class _Text(NamedTuple):
    """A text between two marks of a row: in a link's label, or behind ``**``, or both."""

    text: str
    is_label: bool
    is_bold: bool = False


def _row(runs: Sequence[TextRun]) -> str:
    """Write the runs of one line of the source."""
    marks = JinjaMarks()
    runs = [replace(run, text=marks.mark(run.text)) for run in runs]
    labels = _labels(each for label in _labels(runs) for each in _without_blank_link(label))
    pieces: list[str | _Text] = [""]
    for at, label in enumerate(labels):
        before, after = labels[at - 1] if at else [], labels[at + 1] if labels[at + 1 :] else []
        further = takewhile(lambda run: run.is_bold, chain.from_iterable(labels[at + 1 :]))
        link = label[0].link
        edges = ("[", " ") if link else (_edge(before, ")"), _edge(after, "["))
        target = f"]({_target(marks.mark(link))})"
        made = _bold_parts(label, *edges, "".join(run.text for run in further))
        if _is_bold_link(label):
            made = [_BOLD, "[", _Text(label[0].text, is_label=True), target, _BOLD]
        elif link:
            made = ["[", *made, target]
        for piece in made:
            last = pieces[-1]
            if piece == last == _BOLD:
                pieces.pop()  # bold goes on
            elif isinstance(piece, _Text) and isinstance(last, _Text):
                pieces[-1] = last._replace(text=last.text + piece.text)
            else:
                pieces.append(piece)
    texts = [each if isinstance(each, str) else each.text for each in pieces]
    written = (
        each
        if isinstance(each, str)
        else _escaped(each, texts[at - 1], "".join(texts[at + 1 : at + 3]))
        for at, each in enumerate(pieces)
    )
    return marks.put_back("".join(written))


def _labels(runs: Iterable[TextRun]) -> list[list[TextRun]]:
    """Group runs by where they lead."""
    return [[*same] for _, same in groupby(merged(runs), lambda run: run.link)]


def _without_blank_link(label: Sequence[TextRun]) -> Sequence[TextRun]:
    """Return the runs of a label, which is no link if it is blank."""
    is_blank = not "".join(run.text for run in label).strip()
    return [replace(run, link="") for run in label] if is_blank else label


def _is_bold_link(label: Sequence[TextRun]) -> bool:
    """Tell whether a link is bold as a whole: bold goes through it."""
    return bool(label and label[0].link) and all(run.is_bold for run in label)


def _edge(beside: Sequence[TextRun], sign: str) -> str:
    """Return what stands beside a text: the sign of a link, a blank at an end of the row.

    It is empty if bold goes on there.
    """
    return "" if _is_bold_link(beside) else sign if beside else " "


def _bold_parts(
    label: Sequence[TextRun], before: str, after: str, further: str
) -> list[str | _Text]:
    """Write runs of one kind between two signs; what Markdown takes as bold is between ``**``.

    Blanks at an end are not bold, nor is a sign beside which ``**`` is text. Without a sign after
    them, bold goes on in a ``further`` text.
    """
    parts: list[str | _Text] = []
    for at, run in enumerate(label):
        left = label[at - 1].text[-1] if at else before
        right = label[at + 1].text[0] if label[at + 1 :] else after
        text, is_label = run.text, bool(run.link)
        first, last = 0, len(text) if run.is_bold else 0
        more = "" if right else further
        while first < last and not _opens(left, text[first:last], more):
            left = text[first]
            first += 1
        while first < last and not _closes(text[last - 1], text[last] if text[last:] else right):
            last -= 1
        if first:
            parts.append(_Text(text[:first], is_label))
        if first < last:
            parts += [_BOLD, _Text(text[first:last], is_label, is_bold=True), _BOLD]
        if text[last:]:
            parts.append(_Text(text[last:], is_label))
    return parts


def _opens(before: str, text: str, further: str) -> bool:
    """Tell whether bold may begin before a text; within a word only for a part of the word."""
    if not before:
        return True
    after = "\\" if text[0] == "*" else text[0]  # it is escaped
    bold = f"{text}{further}" if further else text.strip()
    is_torn = is_in_word(before, after) and any(map(str.isspace, bold))
    return opens_bold(before, after) and not is_torn


def _closes(before: str, after: str) -> bool:
    return not after or closes_bold(before, after)


def _escaped(piece: _Text, before: str, after: str) -> str:
    """Escape what Markdown would read in a text behind a mark; addresses stay as they are.

    ``after`` is what follows: a mark, and the text behind that.
    """
    signs, text = _IN_LABEL if piece.is_label else _SIGNS, piece.text

    def escaped(found: re.Match[str]) -> str:
        start, end = found.span()
        if not found[0].startswith("*"):
            return found[0].replace("\\", r"\\") if "\\" in found[0] else f"\\{found[0]}"
        left = text[start - 1] if start else before[-1:] or " "
        right = text[end] if text[end:] else after[:1] or " "
        right = "\\" if signs.match(text, end) else right
        may_mark = len(found[0]) in ({2, 3, 4} if piece.is_bold else {2, 3})
        is_mark = may_mark and (opens_bold(left, right) or closes_bold(left, right))
        return r"\*" * len(found[0]) if is_mark or "*" in {left, right} else found[0]

    def written(signs: re.Pattern[str], start: int, end: int) -> str:
        made = ""
        for found in signs.finditer(text, start, end):
            made += text[start : found.start()] + escaped(found)
            start = found.end()
        return made + text[start:end]

    made, done = "", 0
    for found in ADDRESS.finditer(text):
        address = without_end(found[0]) if found["web"] else found[0]
        end = found.start() + len(address)
        is_read = not (piece.is_bold and _BOLD in address)
        if piece.is_label:
            is_read = is_read and _IN_ADDRESS.search(_SCHEME.sub("", address, 1)) is None
        if found.end() == len(text):
            is_read = is_read and (
                not after or after[0] == "]" or (piece.is_bold and after == _BOLD)
            )
        elif not found["web"]:
            is_read = is_read and text[end] not in "*]"
        made += written(signs, done, found.start())
        made += address if is_read else written(_IN_ADDRESS, found.start(), end)
        done = end
    return made + written(signs, done, len(text))


def _target(link: str) -> str:
    """Write a link's target; brackets are escaped unless each has its other one."""
    link = re.sub(r"\\|&(?=#?\w+;)", r"\\\g<0>", link)
    depth, lowest = 0, 0
    for sign in link:
        depth += (sign == "(") - (sign == ")")
        lowest = min(lowest, depth)
    return link if depth == lowest == 0 else re.sub(r"[()]", r"\\\g<0>", link)
