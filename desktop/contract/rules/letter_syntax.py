"""The Markdown of letters: headings, lists, and within a line addresses first, then links and bold.

It is read around fields and tags, by rules of markdown-it. What is not clearly a mark is text:
``_`` and a single ``*`` always, ``**`` in ``(**)``, and brackets without a target. The import takes
20 ms, which a start can save.
"""

from __future__ import annotations

import re
from functools import lru_cache
from string import punctuation
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.rules_inline import escape
from markdown_it.rules_inline.state_inline import Delimiter

from desktop.contract.rules.letters import MARK, closes_bold, is_in_word, opens_bold
from desktop.contract.rules.links import ADDRESS, without_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it.rules_inline.state_inline import StateInline
    from markdown_it.token import Token

    from desktop.contract.rules.letters import JinjaMarks

_NESTING: Final = 100
"""Levels that are read; a list takes two."""
_STARS: Final = re.compile(r"\*+")
_BLANK: Final = re.compile(r"\s")
_TWO: Final = re.compile(r"(?<![*\\])\*\*(?!\*)")
_BOLD: Final = frozenset({"**", "***"})
"""Marks of bold; the longer one is Markdown's of bold italics."""
_NUMBERED: Final = re.compile(r"^((?:[ \t]*[-+*][ \t])*[ \t]*\d+)([.)])(?=[ \t]|$)", re.MULTILINE)
"""The beginning of a numbered list: in letters mostly a date, *1. May*, so it stays text."""
_DASHES: Final = re.compile(r"^([ \t]*)([-+*])(?=[ \t]+\2(?:[ \t]|$))", re.MULTILINE)
"""The beginning of a line such as *- - - - -*, which is no list in a list."""
_SECOND: Final = re.compile(r"^([ \t]*[-+*][ \t]+)([-+*])(?=[ \t]|$)", re.MULTILINE)
"""A second sign in an item such as *- + 2*, which is no list in a list either."""


def read_letter(text: str, marks: JinjaMarks) -> list[Token]:
    """Read a letter's Markdown; ``marks`` stand for what Jinja reads."""
    text = marks.mark(text)
    for sign in (_NUMBERED, _DASHES, _SECOND):
        text = sign.sub(r"\1\\\2", text)
    parser = _parser("heading", "list", "link", "newline", "escape")
    return parser.parse(text, {"tag_at": marks.tag_at})


def read_signature(text: str) -> list[Token]:
    """Read lines that know bold and web addresses only."""
    env = {"tag_at": lambda _: ""}
    return _parser("newline").parseInline(MARK.sub("", text).strip(), env)[0].children or []


@lru_cache(maxsize=2)
def _parser(*rules: str) -> MarkdownIt:
    """Return a parser that knows addresses and bold, and the named rules besides."""
    made = MarkdownIt("zero", {"breaks": True, "maxNesting": _NESTING})
    made.enable(rules).disable("balance_pairs")
    made.inline.add_terminator_char("h")
    made.inline.add_terminator_char("H")
    made.inline.ruler.before("escape", "address", _address)
    made.inline.ruler.at("escape", _escape)
    made.inline.ruler.before("emphasis", "bold", _bold)
    made.inline.ruler.at("link", _link)
    return made


def _address(state: StateInline, _silent: bool) -> bool:
    """Read an address as it is; ``**`` within it ends bold if the next mark does not."""
    found = ADDRESS.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    address = found[0] if found["web"] is None else without_end(found[0])
    if "**" in address and _opener(state, 2):
        is_ended = _next_closes(state, state.pos + len(address))
        address = address if is_ended else address.partition("**")[0]
    if found["web"] is None:
        state.append_pending(address)
    else:
        state.push("address", "", 0).content = address
    state.pos += len(address)
    return True


def _escape(state: StateInline, silent: bool) -> bool:
    """Read a sign behind a backslash as text; any other backslash is text itself."""
    is_sign = state.src[state.pos + 1 : state.pos + 2] in {*punctuation}
    return is_sign and escape(state, silent)


def _link(state: StateInline, _silent: bool) -> bool:
    """Read ``[label](target)``, whatever the target is."""
    start = state.pos
    label_end = _matched(state.src, "[]").get(start, state.posMax)
    end = _matched(state.src, "()").get(label_end + 1, state.posMax)
    target = state.src[label_end + 2 : end].strip()
    is_empty = not state.src[start + 1 : label_end].strip()
    if end >= state.posMax or is_empty or "\n" in target or state.linkLevel:
        return False
    if target.startswith("<") and target.endswith(">"):
        target = target[1:-1]
    link = state.push("link_open", "a", 1)
    link.attrs, link.markup = {"href": unescapeAll(target)}, state.src[label_end : end + 1]
    whole, state.linkLevel = state.posMax, 1
    state.pos, state.posMax = start + 1, label_end
    state.md.inline.tokenize(state)
    state.pos, state.posMax, state.linkLevel = end + 1, whole, 0
    state.push("link_close", "a", -1)
    return True


@lru_cache(maxsize=2)
def _matched(text: str, brackets: str) -> Mapping[int, int]:
    """Return where each bracket of a text is closed; one behind a backslash is text."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for each in re.finditer(rf"\\.|[{re.escape(brackets)}]", text, re.DOTALL):
        if each[0] == brackets[0]:
            opened.append(each.start())
        elif each[0] == brackets[1] and opened:
            found[opened.pop()] = each.start()
    return found


def _bold(state: StateInline, _silent: bool) -> bool:
    """Read a run of asterisks: as text, until another one makes both the marks of bold."""
    run = _STARS.match(state.src, state.pos, state.posMax)
    if run is None:
        return False
    token = state.push("text", "", 0)
    token.content, state.pos = run[0], run.end()
    before, after = _beside(state, run)
    if run[0] == "****" and _opener(state, 2):  # bold ends, and begins again
        is_between = closes_bold(before, after) and opens_bold(before, after)
        token.content = "" if is_between else run[0]
    elif run[0] in _BOLD:
        opener = _opener(state, len(run[0]))
        if opener and closes_bold(before, after):
            _make_bold(state, opener)
        elif opener and _closes_late(state, opener, after):
            said = state.tokens[-2].content
            state.tokens[-2].content = said.rstrip()
            _make_bold(state, opener)
            state.append_pending(said[len(said.rstrip()) :])
        elif opens_bold(before, after):
            at = len(state.tokens) - 1
            is_in = is_in_word(before, after)  # it has to be closed in that word
            state.delimiters.append(Delimiter(ord("*"), len(run[0]), at, -1, True, is_in))
    return True


def _beside(state: StateInline, run: re.Match[str]) -> tuple[str, str]:
    """Return the characters before and after a run, a blank for an end of the text.

    What a tag ends goes on behind it, and what it begins is before it; else it is such an end.
    """
    tag_at, before, after = state.env["tag_at"], run.start() - 1, run.end()
    while before >= 0 and tag_at(state.src[before]) == "end":
        before -= 1
    while after < state.posMax and tag_at(state.src[after]) == "begin":
        after += 1
    signs = state.src[before] if before >= 0 else " ", state.src[after : state.posMax][:1] or " "
    return " " if tag_at(signs[0]) else signs[0], " " if tag_at(signs[1]) else signs[1]


def _opener(state: StateInline, length: int) -> Delimiter | None:
    """Return the last mark that may begin bold; one within a word does so in that word only."""
    for each in reversed(state.delimiters):
        if each.end < 0 and each.length == length:
            since = state.tokens[each.token + 1 :] if each.close else ()
            if not any(token.tag == "br" or _BLANK.search(token.content) for token in since):
                return each
            state.delimiters.remove(each)
    return None


def _next_closes(state: StateInline, start: int) -> bool:
    """Tell whether the next ``**`` of the line that may be a mark ends bold."""
    end = state.src.find("\n", start, state.posMax)
    runs = _TWO.finditer(state.src, start, end if end >= 0 else state.posMax)
    found = (_beside(state, run) for run in runs)
    mark = next((each for each in found if opens_bold(*each) or closes_bold(*each)), None)
    return mark is not None and closes_bold(*mark)


def _closes_late(state: StateInline, opener: Delimiter, after: str) -> bool:
    """Tell whether the bold of ``**Fee: **12`` ends here, behind a blank.

    It does if it began on this line, unless the next mark ends what begins here.
    """
    is_word = after.isalnum() or after >= "\U000f0000"  # a field
    is_same_line = all(each.tag != "br" for each in state.tokens[opener.token :])
    return is_word and is_same_line and not _next_closes(state, state.pos)


def _make_bold(state: StateInline, opener: Delimiter) -> None:
    """Make bold of what stands between an opener and the last token."""
    opener.end = len(state.tokens) - 1
    place = state.delimiters.index(opener)
    for inner in state.delimiters[place + 1 :]:
        for at in (inner.token, inner.end) if inner.end >= 0 else ():
            state.tokens[at].type, state.tokens[at].nesting = "text", 0  # bold within bold
    del state.delimiters[place + 1 if place else 0 :]
    begin, end = state.tokens[opener.token], state.tokens[opener.end]
    begin.type, begin.content, begin.nesting = "strong_open", "", 1
    end.type, end.content, end.nesting = "strong_close", "", -1
