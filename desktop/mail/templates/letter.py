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
from string import Template
from typing import TYPE_CHECKING, Any, Final

import markupsafe
from jinja2 import pass_eval_context

from desktop.contract.rules.letters import LOGO_HEIGHT, MARK, JinjaMarks, read_letter
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
    """Return the source for Jinja of a letter whose text is Markdown with fields and tags."""
    marks = JinjaMarks()
    tokens = read_letter(parts.text, marks)
    page = _in_page("".join(_html(tokens, marks, _colour(head))), head)
    blocks = {"text": "".join(_plain(tokens, marks)).strip("\n"), "html": page}
    sides = [f"{{% block {name} %}}\n{made}\n{{% endblock %}}\n" for name, made in blocks.items()]
    subject = f"{{% block subject %}}{parts.subject}\n{{% endblock %}}\n"
    return subject + marks.put_back("".join(sides))


_END: Final = re.compile(r"\s*[-+]?\}\}\Z")


def _target(marks: JinjaMarks, link: str) -> str:
    """Return a link's target in which fields are encoded, or checked if one is all of it."""
    from markdown_it.common.normalize_url import normalizeLink

    name = LINK_FILTER if MARK.fullmatch(link) else "urlencode"
    return MARK.sub(
        lambda mark: marks.of(_END.sub(f"|{name} }}}}", marks.kept_at(mark))),
        link if MARK.search(link) else normalizeLink(link),
    )


def _are_tags(marks: JinjaMarks, text: str) -> bool:
    """Tell whether a text has tags such as ``{% if … %}``, and nothing else."""
    kept = [marks.kept_at(mark) for mark in MARK.finditer(text)]
    is_all = bool(kept) and not MARK.sub("", text).strip()
    return is_all and not any(part.startswith("{{") for part in kept)


LINK_FILTER: Final = "link_target"
"""The filter of a field that is all of a link's target."""


class BadLink(ValueError):
    """The value of a field cannot be the target of a link."""


@pass_eval_context
def link_target(context: EvalContext, value: Any) -> str:
    """Return the target of a link that a field gives: an address of the web or of a person.

    Raises:
        BadLink: it is neither.
    """
    target = link_to(str(value))
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
            case "text" if is_linked:
                yield escape(token.content)
            case "text":
                for piece, is_link in linked(token.content):
                    target = _target(marks, piece) if is_link else ""
                    yield _link(target, piece, colour) if is_link else escape(piece)
            case "softbreak" | "hardbreak":
                yield "<br>\n"
            case "strong_open" | "strong_close":
                yield "<b>" if token.nesting == 1 else "</b>"
            case "link_open" | "link_close":
                is_linked = token.nesting == 1
                target = _target(marks, str(token.attrs.get("href", "")))
                yield _link(target, "", colour).removesuffix("</a>") if is_linked else "</a>"
            case _:
                yield token.markup  # one sign of emphasis, which letters do not have


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
    target, label, is_after = "", "", False
    for token in tokens:
        match token.type:
            case "link_open":
                target, label = _target(marks, str(token.attrs["href"])), ""
            case "link_close":
                is_after = label.strip("*") != target
                yield f"{label}:\n{target}" if is_after else target
                target = ""
            case "text" | "strong_open" | "strong_close" if target:
                label += token.content if token.type == "text" else "*"
            case "text":
                rest = token.content.lstrip(".,;:!? ") if is_after else token.content
                yield f"\n{rest}" if is_after and rest else rest
                is_after = False
            case "softbreak" | "hardbreak":
                yield "\n"
                is_after = False
            case "strong_open" | "strong_close":
                yield "*"
            case _:
                yield token.markup


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
_BOLD: Final = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


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
    rows = head.signature.strip().splitlines()
    lines = "<br>\n".join(_linked(each, _colour(head)) for each in rows)
    lines = _BOLD.sub(r"<b>\1</b>", lines).replace("{", "&#123;")
    style = (  # Outlook knows borders and padding of cells only
        f"border-top:1px solid {_RULE};padding:16px 0 0;"
        "font-size:14px;line-height:21px;text-align:start;"
    )
    return (
        '<table role="presentation" cellspacing="0" width="100%" style="margin:4px 0 0;"><tr>'
        f'<td class="rule" dir="auto" style="{style}">{lines}</td></tr></table>\n'
    )


def _literal(text: str) -> str:
    """Escape a text that Jinja reads, too."""
    return escape(text).replace("{", "&#123;")


def finished(text: str, head: Letterhead) -> str:
    """Return a letter's plain text with the signature below it (RFC 3676, 4.3)."""
    text = re.sub(r"\n{3,}", "\n\n", text)
    signature = _BOLD.sub(r"*\1*", head.signature.strip())
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
