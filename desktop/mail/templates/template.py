"""A compiled template: renders the message of an item, and lists the fields that it uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final, NoReturn

import jinja2
from jinja2 import (
    ChainableUndefined,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
    pass_eval_context,
)

from desktop.contract.rules.letters import MARKDOWN
from desktop.contract.rules.templates import STANDARD, field_key, field_name, if_calculated
from desktop.mail.errors import BadTemplate
from desktop.mail.message import AttachedContent
from desktop.mail.templates import letter
from desktop.mail.templates.plain_html import html_of
from desktop.mail.templates.sandbox import (
    BUDGET,
    Budget,
    MissingValue,
    TemplateEnvironment,
    shown,
)
from desktop.mail.templates.source import (
    EMPTY_CELLS,
    EmptyValue,
    FieldUse,
    PreviewContext,
    blocks_of,
    one_word_names,
    own_fields,
    parts_of,
    place_in,
    uses_of,
    without_head,
    written_name,
)
from desktop.mail.templates.values import NoValue
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType

    from jinja2 import Environment
    from jinja2.nodes import EvalContext


_PAIRS: Final = (("{{", "}}"), ("{%", "%}"), ("{#", "#}"))
_UNKNOWN: Final = re.compile(r"Encountered unknown tag '(\w+)'")
_UNENDED: Final = re.compile(r"The innermost block that needs to be closed is '(\w+)'")
_FILTER: Final = re.compile(r"No filter named '(\w+)'")
_FIELD: Final = re.compile(r"\{\{[^{}]*\}\}")
_ENDS: Final = {"endif": "if", "endfor": "for", "else": "if", "elif": "if", "endblock": "block"}


_code_words: Final = partial(ENGLISH.say, "template_code")


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
            return line, _code_words("unclosed", open=found[0], close=close)
        at = end + len(close)
    return None


def _words(said: str) -> str:
    """Translate Jinja's message to plain words; empty if it is not a known one."""
    unknown, unended, filtered = (pattern.search(said) for pattern in (_UNKNOWN, _UNENDED, _FILTER))
    if unknown is not None and unknown[1] in _ENDS:
        return _code_words("no_begin", tag=unknown[1], begin=_ENDS[unknown[1]])
    if unknown is not None:
        return _code_words("no_command", tag=unknown[1])
    if unended is not None:
        return _code_words("no_end", tag=unended[1])
    if filtered is not None:
        return _code_words("no_filter", filter=filtered[1])
    if said.startswith("“"):
        return said  # the sandbox's own words
    return ""


def _no_field(text: str, line: int, environment: Environment) -> str:
    """Name the first braces of a line that do not hold a field."""
    for found in _FIELD.finditer(text.splitlines()[line - 1] if text else ""):
        try:
            environment.from_string(one_word_names(found[0]))
        except TemplateSyntaxError:
            name = found[0].strip("{} ")
            if name[:1].isdigit():
                field = f"{{{{ {field_name(name).replace('_', ' ')} }}}}"
                return _code_words("number_first", field=field)
            return _code_words("no_field", text=found[0])
    return _code_words("no_field_here")


SOURCE_LIMIT: Final = 64 * 1024
"""Characters of a template."""

_NEEDED: Final = ("subject", "text")
_SURELY_SHORT: Final = 4_000
"""Characters of a letter's text whose HTML cannot be as long as a rendering may be."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK: Final = re.compile(f"{_OPEN}([^{_CLOSE}]*)[?]{_CLOSE}")
_ALONE: Final = re.compile(
    rf"(<(?:div|li)\b[^<>]*>|<br>\n){_OPEN}([^{_CLOSE}]*)[?]{_CLOSE}(?=<br>|</(?:div|li)>)"
)
"""The mark of a value that has a letter's line to itself."""
_MARKED: Final = '<span style="background:#fde2e1;color:#1f2937;border-radius:3px;padding:0 3px;">'


class TemplateFault(BadTemplate):
    """A template does not compile or does not render; ``line`` is that of the file, from 1.

    ``missing`` is the name of a value that the item lacks, if that is the reason, and ``unread``
    that of a field whose text does not have the needed value. ``fault`` is a syntax error in plain
    words, with its block and line.
    """

    def __init__(
        self,
        text: str,
        line: int | None,
        missing: str | None,
        fault: BlockFault | None,
        unread: str = "",
    ) -> None:
        super().__init__(text)
        self.line = line
        self.missing = missing
        self.fault = fault
        self.unread = unread


@dataclass(frozen=True, slots=True)
class Rendering:
    """A rendered message."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class MarkedMessage(Rendering):
    """A message rendered for a preview; ``html`` and ``subject_html`` mark missing values.

    ``marked`` are their names, each once: an item lacks the field, or it is empty.
    """

    subject_html: str
    marked: list[str]


class Template:
    """A template ready to render; in ``html`` every value is escaped."""

    def __init__(
        self, name: str, source: str, letterhead: letter.Letterhead = letter.NO_LETTERHEAD
    ) -> None:
        """Compile the source; a letter is written in the letterhead.

        Raises:
            BadTemplate: with the line, if it does not compile or lacks a block.
        """
        self._name = name
        if len(source) > SOURCE_LIMIT:
            raise BadTemplate("too_long", name=name, n=SOURCE_LIMIT)
        self.parts = parts_of(source)
        self._written = without_head(source)
        self._letterhead = letterhead
        self._source = one_word_names(self._written)
        self._plain = self._compiled(html=False)
        missing = [block for block in _NEEDED if block not in self._plain.blocks]
        if missing:
            raise BadTemplate("no_block", name=name, block=missing[0])
        environment = TemplateEnvironment(html=False)
        self.uses: list[FieldUse] = uses_of(environment.parse(self._source), self._written)
        if self.is_letter:
            try:
                self._source = one_word_names(letter.letter_source(self.parts, letterhead))
            except letter.BadLink as error:
                self._fail(error, None, "text")
            self._plain = self._compiled(html=False)
        self._html = self._compiled(html=True) if "html" in self._plain.blocks else None

    @property
    def is_letter(self) -> bool:
        """Whether its text is Markdown, for an HTML page in the letterhead."""
        return self.parts.format == MARKDOWN

    @property
    def pictures(self) -> list[AttachedContent]:
        """The pictures that its HTML shows."""
        logo = self._letterhead.logo if self.is_letter else b""
        return [AttachedContent(letter.LOGO, logo, "image/png")] if logo else []

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the attachments."""
        return self.parts.attachments

    @property
    def fields(self) -> list[str]:
        """The names of the fields that it uses beyond the standard ones."""
        return own_fields(self.uses)

    @property
    def standard_fields(self) -> list[str]:
        """The names of the standard fields that it uses."""
        used = {field_key(use.field) for use in self.uses}
        return [name for name in STANDARD if field_key(name) in used]

    def render(self, values: Mapping[str, Any]) -> Rendering:
        """Render the blocks.

        Raises:
            BadTemplate: with the line, if a value is missing or a limit is exceeded.
        """
        return self._rendered(self._plain, self._html, values)

    def try_out(self, values: Mapping[str, Any]) -> Rendering:
        """Render as much as tells whether :meth:`render` works, and which values it uses.

        The HTML of a letter, or of a text alone, has the values of the text: it is left out, unless
        it may become too long. Raises as above.
        """
        budget = Budget()
        subject, text = self._words(self._plain, values, budget)
        if self._html is None or (self.is_letter and len(text) <= _SURELY_SHORT):
            return Rendering(subject, text, "")
        return Rendering(subject, text, self._block(self._html, "html", values, budget))

    def show(self, values: Mapping[str, Any]) -> MarkedMessage:
        """Render the blocks with ``name?`` for each missing or empty value; raises as above."""
        plain = self._compiled(html=False, marks=True)
        html = self._compiled(html=True, marks=True) if self._html is not None else None
        made = self._rendered(plain, html, values)
        said = "".join((made.subject, made.text, unescape(made.html)))
        return MarkedMessage(
            subject=_unmarked(made.subject),
            text=_unmarked(made.text),
            html=_marked(made.html),
            subject_html=_marked(escape(made.subject)),
            marked=list(dict.fromkeys(_MARK.findall(said))),
        )

    def _rendered(
        self, plain: jinja2.Template, html: jinja2.Template | None, values: Mapping[str, Any]
    ) -> Rendering:
        budget = Budget()
        subject, text = self._words(plain, values, budget)
        side = html_of(text) if html is None else self._block(html, "html", values, budget)
        if self.is_letter:
            side = letter.without_empty(_ALONE.sub(_without_optional, side))
            text = letter.finished(text, self._letterhead)
        return Rendering(subject, text, side.strip() + "\n")

    def _words(
        self, plain: jinja2.Template, values: Mapping[str, Any], budget: Budget
    ) -> tuple[str, str]:
        """Render the subject and the text."""
        subject = " ".join(self._block(plain, "subject", values, budget).split())
        return subject, self._block(plain, "text", values, budget).strip() + "\n"

    def _compiled(self, *, html: bool, marks: bool = False) -> jinja2.Template:
        environment = TemplateEnvironment(html=html)
        if marks:
            environment.undefined = _MissingValue
            environment.context_class = PreviewContext
            environment.finalize = _shown_or_marked
            environment.filters[letter.LINK_FILTER] = _shown_link
        if html and self.is_letter:
            environment.finalize = letter.ValueHtml(self._letterhead, environment.finalize or shown)
        try:
            code = _code(self._source, html=html)
            return jinja2.Template.from_code(environment, code, environment.make_globals(None))
        except jinja2.TemplateSyntaxError as error:
            self._fail(error, error.lineno)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise BadTemplate("nested", name=self._name) from error

    def _block(
        self, template: jinja2.Template, block: str, values: Mapping[str, Any], budget: Budget
    ) -> str:
        chunks: list[str] = []
        try:
            for chunk in template.blocks[block](template.new_context({**values, BUDGET: budget})):
                budget.spend_output(len(chunk))
                chunks.append(chunk)
        except Exception as error:  # noqa: BLE001 - a template is a program of its own
            line = None if self.is_letter else _line(template, error)
            self._fail(error, line, block)
        return "".join(chunks)

    def _fail(self, error: Exception, line: int | None, block: str = "") -> NoReturn:
        missing = error.name if isinstance(error, MissingValue) else None
        fault = None
        if isinstance(error, jinja2.TemplateSyntaxError):
            fault = first_fault(self._written, TemplateEnvironment(html=False))
        elif isinstance(error, letter.BadLink) and error.line:
            fault = BlockFault(block, error.line, f"{error}.")
        if missing is not None:
            text = lacking(self._name, missing)
        else:
            place = place_in(self._written, block, line or 0)
            part, number = (fault.block, fault.line) if fault else (block, place)
            at = ("part",) if number else ("line",) if line else ()
            about: dict[str, Any] = {"name": self._name, "line": number or line, "part": part}
            said = str(error) or type(error).__name__
            if isinstance(error, NoValue):
                text = ENGLISH.say("template_fault", "unusable_value", *at, why=said, **about)
            else:
                said = said if said.endswith(".") else f"{said}."
                text = ENGLISH.say("template_fault", "fails", *at, why=said, **about)
        unread = error.field if isinstance(error, NoValue) else ""
        raise TemplateFault(text, line, missing, fault, unread) from error


@lru_cache(maxsize=16)
def _code(source: str, *, html: bool) -> CodeType:
    """Compile a source; cached, because it is previewed, checked and rendered."""
    return TemplateEnvironment(html=html).compile(source)


def lacking(template: str, value: str) -> str:
    """Return the sentence for a value that a template needs and an item lacks."""
    more = if_calculated(value)
    variants = ("calculated",) if more else ()
    return ENGLISH.say("template_fault", "lacks", *variants, name=template, field=value, more=more)


class _MissingValue(ChainableUndefined):
    """A missing value, which a preview shows as its name with a question mark."""

    __slots__ = ()

    def __str__(self) -> str:
        return _mark(written_name(str(self._undefined_name or "")))

    def __html__(self) -> str:
        return escape(str(self))

    def __bool__(self) -> bool:
        """Count as true, so a preview shows the name rather than a template's ``else``."""
        return bool(self._undefined_hint != EMPTY_CELLS)


def _shown_or_marked(value: Any) -> Any:
    return _mark(value.name) if isinstance(value, EmptyValue) else shown(value)


@pass_eval_context
def _shown_link(context: EvalContext, value: Any, before: str = "") -> str:
    """Return a link's target for a preview, in which the value may be missing."""
    if isinstance(value, Undefined | EmptyValue):
        return "#"
    return letter.link_target(context, value, before)


def _mark(name: str) -> str:
    return f"{_OPEN}{name.replace('_', ' ')}?{_CLOSE}"


def _without_optional(found: re.Match[str]) -> str:
    return found[1] if EmptyValue(found[2]).goes_with("\n") else found[0]


def _marked(html: str) -> str:
    return html.replace(_OPEN, _MARKED).replace(_CLOSE, "</span>")


def _unmarked(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _line(template: jinja2.Template, error: BaseException) -> int | None:
    """Find the template line of an error, by the innermost frame of the template."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
