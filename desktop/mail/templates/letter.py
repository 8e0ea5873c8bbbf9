"""A letter: a text in Markdown becomes one HTML page in the letterhead, and a plain text.

A letter knows headings, bold, lists, links and fields. Its Markdown is read first, with a mark in
the place of each ``{{ field }}`` and ``{% tag %}``; then Jinja puts the values in as escaped text.
So nothing that a value contains is read as Markdown or HTML.

MJML makes the page: tables and inline styles, for Outlook's Word engine, Gmail and Apple Mail
alike. Dark colours, ``dir`` and the width on a phone are for programs that know more.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import chain
from string import Template
from typing import TYPE_CHECKING, Any, Final

import markupsafe
from jinja2 import pass_eval_context

from desktop.contract.rules.letters import LOGO_HEIGHT, MARK, JinjaMarks
from desktop.contract.rules.links import link_to, linked
from desktop.mail.templates.source import AllFields
from desktop.settings.resources import resources
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jinja2.nodes import EvalContext
    from markdown_it.token import Token

    from desktop.mail.templates.source import TemplateParts

LOGO: Final = "logo@sendoff"
"""The Content-ID of the letterhead's logo."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all letters share; an empty part is left out.

    ``colour`` is ``#RRGGBB``; ``signature`` has a line break between its lines, and bold as
    ``**text**``; ``logo`` is a PNG.
    """

    name: str = ""
    line: str = ""
    colour: str = ""
    signature: str = ""
    logo: bytes = field(default=b"", repr=False)

    @property
    def logo_width(self) -> int:
        """The width in which the logo is shown, px."""
        width, height = png_size(self.logo)
        return min(width, max(1, round(width * LOGO_HEIGHT / height)))


def png_size(content: bytes) -> tuple[int, int]:
    """Return the width and height of a PNG in px; raises ``ValueError`` for anything else."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 24:
        raise ValueError("This is no PNG.")
    width, height = struct.unpack(">II", content[16:24])
    if not width or not height:
        raise ValueError("This PNG has no size.")
    return width, height


NO_LETTERHEAD: Final = Letterhead()


@lru_cache(maxsize=64)
def letter_source(parts: TemplateParts, head: Letterhead) -> str:
    """Return the source for Jinja of a letter whose text is Markdown with fields and tags.

    Raises:
        BadLink: with its line, for a link that leads nowhere.
    """
    from desktop.contract.rules.letter_syntax import read_letter

    marks = JinjaMarks()
    tokens = read_letter(parts.text, marks)
    _check_links(tokens, marks, parts.text)
    page = _in_page("".join(_html(tokens, marks, _colour(head))), head)
    blocks = {"text": "".join(_plain(tokens, marks)).strip("\n"), "html": page}
    sides = [f"{{% block {name} %}}\n{made}\n{{% endblock %}}\n" for name, made in blocks.items()]
    subject = f"{{% block subject %}}{parts.subject}\n{{% endblock %}}\n"
    return subject + marks.put_back("".join(sides))


_END: Final = re.compile(r"\s*[-+]?\}\}\Z")
_FIELD_ALONE: Final = re.compile(rf"(tel:)?{MARK.pattern}", re.IGNORECASE)


def _target(marks: JinjaMarks, link: str) -> str:
    """Return a link's target in which fields are encoded, or checked if one is all of it.

    Raises:
        BadLink: it cannot lead anywhere, whatever the fields are.
    """
    from markdown_it.common.normalize_url import normalizeLink

    def encoded(mark: re.Match[str], name: str = "urlencode") -> str:
        return marks.of(_END.sub(f"|{name} }}}}", marks.kept_at(mark)))

    plain = MARK.sub(lambda mark: mark[0] if marks.is_field(mark) else "", link)
    if (alone := _FIELD_ALONE.fullmatch(link)) is not None and plain == link:
        name = f'{LINK_FILTER}("{alone[1]}")' if alone[1] else LINK_FILTER
        return MARK.sub(lambda mark: encoded(mark, name), link[-1])
    target = link_to(plain)
    if target is None:
        raise BadLink(ENGLISH.say("template_fault", "link", link=marks.put_back(link)))
    if plain != link:  # tags choose between its parts
        target = f"{target.removesuffix(plain)}{link}" if target.endswith(plain) else link
    return MARK.sub(encoded, target) if MARK.search(link) else normalizeLink(target)


def _without_odd_tag(marks: JinjaMarks, address: str) -> str:
    """Cut an address where a tag ends what has not begun in it, or begins what does not end."""
    begun: list[int] = []
    for mark in MARK.finditer(address):
        tag = marks.tag_at(mark[0])
        if tag in {"else", "end"} and not begun:
            return address[: mark.start()]
        if tag == "end":
            begun.pop()
        elif tag == "begin":
            begun.append(mark.start())
    return address[: begun[0]] if begun else address


def _check_links(tokens: Sequence[Token], marks: JinjaMarks, text: str) -> None:
    """Raise ``BadLink``, with its line, for the first link of a text that leads nowhere."""
    for token in chain.from_iterable(each.children or () for each in tokens):
        if token.type == "link_open":
            try:
                _target(marks, str(token.attrs["href"]))
            except BadLink as error:
                before = text.partition(marks.put_back(token.markup))[0]
                error.line = before.count("\n") + 1
                raise


def _are_tags(marks: JinjaMarks, text: str) -> bool:
    """Tell whether a text has tags such as ``{% if … %}``, and nothing else."""
    kept = [marks.kept_at(mark) for mark in MARK.finditer(text)]
    is_all = bool(kept) and not MARK.sub("", text).strip()
    return is_all and not any(part.startswith("{{") for part in kept)


LINK_FILTER: Final = "link_target"
"""The filter of a field that is all of a link's target."""


class BadLink(ValueError):
    """A text, or the value of a field, cannot be the target of a link.

    ``line`` is that of the letter's text, from 1; 0 for a value.
    """

    line = 0


@pass_eval_context
def link_target(context: EvalContext, value: Any, before: str = "") -> str:
    """Return the target of a link that a field gives, with the scheme ``before`` it.

    Raises:
        BadLink: it is none.
    """
    target = link_to(f"{before}{value}")
    if target is None:
        raise BadLink(ENGLISH.say("template_fault", "link", link=str(value).strip()))
    return markupsafe.Markup(escape(target)) if context.autoescape else target  # noqa: S704


_BLOCKS: Final = {
    "div": "margin:0 0 16px;text-align:start;",
    "ul": "margin:0 0 16px;padding-left:20px;text-align:start;",
    "li": "margin:0 0 4px;",
    "h1": "margin:0 0 14px;font-size:22px;line-height:30px;font-weight:600;text-align:start;",
    "h2": "margin:0 0 10px;font-size:17px;line-height:26px;font-weight:600;text-align:start;",
}
"""Inline styles. ``start`` is the side on which the text of the block begins."""
_TAGS: Final = {"p": "div", "h3": "h2", "h4": "h2", "h5": "h2", "h6": "h2"}
"""Other elements for those of Markdown: a paragraph may hold a table."""
_HOLE: Final = re.compile(r"<(?:((?:div|li)\b[^<>]*+>)(?:<br>\n)++|br>\n(?=<br>\n|</(?:div|li)>))")
"""A line break of the source at the beginning or end of a paragraph, or before another one."""
_EMPTY: Final = re.compile(r"<(div|li|ul|h1|h2)(?: [^<>]*+)?+>(?:\s|<br>)*+</\1>\n?")


def _blocks(tokens: Sequence[Token], marks: JinjaMarks) -> Iterator[Token]:
    """Yield the tokens without the paragraphs around tags that stand alone."""
    for at, token in enumerate(tokens):
        inner = {"paragraph_open": at + 1, "paragraph_close": at - 1}.get(token.type)
        is_bare = inner is not None and _are_tags(marks, tokens[inner].content)
        if not token.hidden and not is_bare:
            yield token


def _html(tokens: Sequence[Token], marks: JinjaMarks, colour: str) -> Iterator[str]:
    for token in _blocks(tokens, marks):
        tag = _TAGS.get(token.tag, token.tag)
        if token.type == "inline":
            yield from _inline_html(token.children or (), marks, colour)
        elif token.nesting == 1:
            yield f'<{tag} dir="auto" style="{_BLOCKS[tag]}">'
        else:
            yield f"</{tag}>\n"


def _inline_html(tokens: Sequence[Token], marks: JinjaMarks, colour: str) -> Iterator[str]:
    is_linked = False
    for token in tokens:
        match token.type:
            case "address" if not is_linked:
                address = _without_odd_tag(marks, token.content)
                yield _link(_target(marks, address), address, colour)
                yield escape(token.content[len(address) :])
            case "text" | "address":
                yield escape(token.content)
            case "softbreak" | "hardbreak":
                yield "<br>\n"
            case "strong_open" | "strong_close":
                yield "<b>" if token.nesting == 1 else "</b>"
            case "link_open":
                is_linked = True
                target = _target(marks, str(token.attrs["href"]))
                yield _link(target, "", colour).removesuffix("</a>")
            case "link_close":
                is_linked = False
                yield "</a>"


def _link(target: str, label: str, colour: str) -> str:
    style = f"color:{colour};text-decoration:underline;"
    return f'<a class="link" href="{escape(target)}" style="{style}">{escape(label)}</a>'


def _linked(line: str, colour: str) -> str:
    """Escape a line; its web addresses become links."""
    pieces = linked(line)
    return "".join(
        _link(each, each, colour) if is_link else escape(each) for each, is_link in pieces
    )


def _plain(tokens: Sequence[Token], marks: JinjaMarks) -> Iterator[str]:
    """Write the plain text of a letter: bold as ``*…*``, items after ``- ``, links in lines."""
    depth = 0
    for token in _blocks(tokens, marks):
        match token.type:
            case "inline":
                text = "".join(_inline_plain(token.children or (), marks))
                indent = "  " * depth
                yield text.replace("\n", f"\n{indent}")
                yield "\n" if depth else "\n\n"
            case "bullet_list_open" | "bullet_list_close":
                depth += token.nesting
                yield "" if depth else "\n"
            case "list_item_open":
                yield "  " * (depth - 1) + "- "


def _inline_plain(tokens: Sequence[Token], marks: JinjaMarks) -> Iterator[str]:
    target = label = ""
    is_after = False  # behind a target, which has its line to itself
    is_bold = is_marked = False  # marked by a ``*`` that is not closed yet
    for token in tokens:
        gap = "\n" if is_after else ""
        match token.type:
            case "link_open":
                target, label = _target(marks, str(token.attrs["href"])), ""
            case "strong_open" | "strong_close" if target:
                label += "*"
            case "text" | "address" if target:
                label += token.content
            case "link_close":
                said = label.strip("*")
                is_after = link_to(said) != target
                before = "*" if is_bold and not is_marked else ""
                after = "*" if is_bold else ""
                yield gap + (f"{before}{label}{after}:\n{target}" if is_after else said)
                is_marked = is_marked and not is_after
                target = ""
            case "strong_open":
                is_bold = True
            case "strong_close":
                yield "*" if is_marked else ""
                is_bold = is_marked = False
            case "text" | "address":
                if rest := token.content.lstrip(".,;:!? ") if is_after else token.content:
                    yield gap + ("*" if is_bold and not is_marked else "") + rest
                    is_marked, is_after = is_bold, False
            case "softbreak" | "hardbreak":
                yield "\n"
                is_after = False


INK: Final = "#1A2230"
_SOFT, _RULE = "#5A6675", "#E2E6EB"


@lru_cache(maxsize=8)
def _page(colour: str, top: str) -> tuple[str, str]:
    """Return what stands before and after the content of a letter."""
    from mjml import mjml2html

    told = {"link": _light_on_dark(colour), "top": top, "ink": INK, "content": _CONTENT}
    page = Template((resources() / "letter.mjml").read_text(encoding="utf-8")).substitute(told)
    before, _, after = str(mjml2html(page)).partition(_CONTENT)
    return before, after


_CONTENT: Final = "CONTENT-OF-THE-LETTER"


def _in_page(body: str, head: Letterhead) -> str:
    colour = _colour(head)
    before, after = _page(colour, f'border-top="4px solid {colour}"' if head.colour else "")
    return "".join([before, _heading(head), body, _signature(head), after])


def _heading(head: Letterhead) -> str:
    if not (head.name or head.line or head.logo):
        return ""
    name, logo, line = _literal(head.name), "", ""
    if head.logo:
        logo = (
            f'<td width="{head.logo_width}" style="padding:0 12px 0 0;"><img src="cid:{LOGO}"'
            f' alt="{name}" width="{head.logo_width}" style="display:block;border:0;"></td>'
        )
    if head.line:
        style = f"color:{_SOFT};font-size:13px;"
        line = f'<br><span class="soft" style="{style}">{_literal(head.line)}</span>'
    return (
        '<table role="presentation" cellspacing="0" style="margin:0 0 20px;"><tr>'
        f'{logo}<td dir="auto" style="padding:0;line-height:20px;"><b>{name}</b>{line}</td>'
        "</tr></table>\n"
    )


def _signature(head: Letterhead) -> str:
    if not head.signature.strip():
        return ""
    made = _inline_html(_signature_tokens(head), JinjaMarks(), _colour(head))
    lines = "".join(made).replace("{", "&#123;")
    style = (  # Outlook knows borders and padding of cells only
        f"border-top:1px solid {_RULE};padding:16px 0 0;"
        "font-size:14px;line-height:21px;text-align:start;"
    )
    return (
        '<table role="presentation" cellspacing="0" width="100%" style="margin:4px 0 0;"><tr>'
        f'<td class="rule" dir="auto" style="{style}">{lines}</td></tr></table>\n'
    )


def _signature_tokens(head: Letterhead) -> list[Token]:
    from desktop.contract.rules.letter_syntax import read_signature

    return read_signature(head.signature)


def _literal(text: str) -> str:
    """Escape a text that Jinja reads, too."""
    return escape(text).replace("{", "&#123;")


def finished(text: str, head: Letterhead) -> str:
    """Return a letter's plain text with the signature below it (RFC 3676, 4.3)."""
    text = re.sub(r"\n{3,}", "\n\n", text)
    signature = "".join(_inline_plain(_signature_tokens(head), JinjaMarks()))
    return f"{text}\n-- \n{signature}\n" if signature else text


class ValueHtml:
    """Writes values as escaped text with line breaks and links, and all fields as a table."""

    def __init__(self, head: Letterhead, shown: Callable[[Any], Any]) -> None:
        self._colour = _colour(head)
        self._shown = shown

    def __call__(self, value: Any) -> Any:
        """Write one value."""
        if isinstance(value, AllFields):
            return markupsafe.Markup(self._table(value)) if value else ""  # noqa: S704 - all is escaped
        text = self._shown(value)
        if not isinstance(text, str) or isinstance(text, markupsafe.Markup):
            return text
        lines = "<br>".join(_linked(line, self._colour) for line in text.split("\n"))
        return markupsafe.Markup(lines)  # noqa: S704 - all is escaped

    def _table(self, fields: AllFields) -> str:
        cell = f"padding:9px 16px 9px 0;border-top:1px solid {_RULE};vertical-align:top;"
        rows = [
            f'<tr><td class="rule soft" dir="auto" style="{cell}color:{_SOFT};">'
            f'{escape(label)}</td><td class="rule" dir="auto" style="{cell}font-weight:600;">'
            f"{markupsafe.escape(text)}</td></tr>\n"
            for label, text in fields
        ]
        return (
            '<table class="rule" role="presentation" cellspacing="0" width="100%"'
            f' style="border-bottom:1px solid {_RULE};">{"".join(rows)}</table>'
        )


def without_empty(html: str) -> str:
    """Leave out lines, paragraphs, items and lists whose fields are all empty."""
    before, html = "", _HOLE.sub(lambda hole: f"<{hole[1]}" if hole[1] else "", html)
    while before != html:
        before, html = html, _EMPTY.sub("", html)
    return html


_ACCENT: Final = "#2461E6"
_READABLE: Final = 4.5
"""The least contrast of text and paper (WCAG 2.2, 1.4.3)."""


def _colour(head: Letterhead) -> str:
    """Return the letterhead's colour, so dark that links in it can be read on white."""
    return _moved(head.colour or _ACCENT, 0, "#FFFFFF")


def _light_on_dark(colour: str) -> str:
    """Return a colour, so light that links in it can be read on dark paper."""
    return _moved(colour, 255, "#1B1F26")


def _moved(colour: str, end: int, paper: str) -> str:
    """Move a colour in steps of a twentieth towards black (0) or white (255), till it is read."""
    channels = _channels(colour)
    for step in range(21):
        moved = [round(each + (end - each) * step / 20) for each in channels]
        found = "#" + "".join(f"{each:02X}" for each in moved)
        if _contrast(found, paper) >= _READABLE:
            return found
    return colour


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [each / 255 for each in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
