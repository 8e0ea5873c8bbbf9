"""Templates: one file has the blocks ``subject``, ``text`` and ``html`` of a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

import jinja2

from desktop.mail.errors import BadTemplate
from desktop.mail.sandbox import BUDGET, Budget, TemplateEnvironment
from desktop.settings.atomic import write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT: Final = "confirmation"
"""The template of an item that names none."""
SOURCE_LIMIT: Final = 64 * 1024
"""Characters of a template."""
SUFFIX: Final = ".jinja"

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")
_BLOCKS: Final = ("subject", "text", "html")


class UnknownTemplate(BadTemplate):
    """There is no template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template “{name}”.")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template made of an item."""

    subject: str
    text: str
    html: str


class Template:
    """A template ready to render; in ``html`` every value is escaped."""

    def __init__(self, name: str, source: str) -> None:
        """Compile the source.

        Raises:
            BadTemplate: with the line, when it is no template or lacks a block.
        """
        self._name = name
        if len(source) > SOURCE_LIMIT:
            raise BadTemplate(f"The template “{name}” is longer than {SOURCE_LIMIT} characters.")
        self._plain = self._compiled(source, html=False)
        self._html = self._compiled(source, html=True)
        missing = [block for block in _BLOCKS if block not in self._plain.blocks]
        if missing:
            raise BadTemplate(f"The template “{name}” has no block “{missing[0]}”.")

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """Render the blocks.

        Raises:
            BadTemplate: with the line, when a value is missing or the template goes too far.
        """
        budget = Budget()
        return Rendered(
            subject=" ".join(self._block(self._plain, "subject", values, budget).split()),
            text=self._block(self._plain, "text", values, budget).strip() + "\n",
            html=self._block(self._html, "html", values, budget).strip() + "\n",
        )

    def _compiled(self, source: str, *, html: bool) -> jinja2.Template:
        try:
            return TemplateEnvironment(html=html).from_string(source)
        except jinja2.TemplateSyntaxError as error:
            self._fail(error, error.lineno)
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise BadTemplate(f"The template “{self._name}” is nested too deeply.") from error

    def _block(
        self, template: jinja2.Template, block: str, values: Mapping[str, Any], budget: Budget
    ) -> str:
        chunks: list[str] = []
        try:
            for chunk in template.blocks[block](template.new_context({**values, BUDGET: budget})):
                budget.spend_output(len(chunk))
                chunks.append(chunk)
        except Exception as error:  # noqa: BLE001 - a template is somebody's program
            self._fail(error, _line(template, error))
        return "".join(chunks)

    def _fail(self, error: Exception, line: int | None) -> NoReturn:
        where = f", line {line}" if line else ""
        said = str(error) or type(error).__name__
        raise BadTemplate(f"The template “{self._name}” does not render{where}: {said}") from error


class Templates:
    """The templates there are: the person's own go before the built-in ones of the same name."""

    def __init__(self, own: Path, built_in: Path) -> None:
        self._own = own
        self._built_in = built_in
        self._ready: dict[Path, tuple[int, Template]] = {}

    def names(self) -> list[str]:
        """List all names, sorted."""
        found = {
            path.stem
            for folder in (self._own, self._built_in)
            for path in folder.glob(f"*{SUFFIX}")
            if _NAME.fullmatch(path.stem)
        }
        return sorted(found)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is one of this name, without a look at the others."""
        return _NAME.fullmatch(name) is not None and self._path(name).exists()

    def source(self, name: str) -> str:
        """Read a template's source; raises ``BadTemplate`` when there is none."""
        return self._read(self._path(name))

    def save(self, name: str, source: str) -> None:
        """Keep a template of the person's own, if it is one.

        Raises:
            BadTemplate: when it does not compile or its name cannot be used; nothing is written.
            OSError: when it cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise BadTemplate("A template's name has letters, digits, - and _ only.")
        Template(name, source)
        write_atomic(self._own / f"{name}{SUFFIX}", source.encode())

    def get(self, name: str) -> Template:
        """Give a template ready to render; a changed file counts at once.

        Raises:
            BadTemplate: when there is none or it does not compile.
        """
        path = self._path(name)
        try:
            changed = path.stat().st_mtime_ns
        except FileNotFoundError as error:
            raise UnknownTemplate(name) from error
        ready = self._ready.get(path)
        if ready is None or ready[0] != changed:
            ready = self._ready[path] = (changed, Template(name, self._read(path)))
        return ready[1]

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UnknownTemplate(name)
        own = self._own / f"{name}{SUFFIX}"
        return own if own.exists() else self._built_in / own.name

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise UnknownTemplate(path.stem) from error
        except (OSError, UnicodeDecodeError) as error:
            raise BadTemplate(f"{path} cannot be read: {error}.") from error


def _line(template: jinja2.Template, error: BaseException) -> int | None:
    """Find the line of the template an error came from, by the innermost of its frames."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__jinja_template__") is template:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
