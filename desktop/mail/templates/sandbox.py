"""The sandbox of templates: a small part of Jinja2, with limits of time and size.

Jinja2's own sandbox protects Python's internals, but does not stop ``"a" * 10**9`` or three nested
loops. So a template may use text, ``if``, ``for``, ``set``, blocks and a list of filters. It may
call only ``range`` and the methods of dictionaries, and operations that multiply text are limited.
"""

from __future__ import annotations

import time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from jinja2 import (
    StrictUndefined,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    nodes,
    pass_context,
    pass_eval_context,
)
from jinja2.filters import FILTERS, do_join, do_replace
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from desktop.contract.rules.names import TitledName, WholeName
from desktop.mail.templates.letter import LINK_FILTER, link_target
from desktop.mail.templates.source import (
    EMPTY_CELLS,
    METHODS,
    AllFields,
    EmptyValue,
    ItemContext,
    written_name,
)
from desktop.mail.templates.values import (
    NUMBER_FILTERS,
    Amount,
    FieldValue,
    number_of,
    of_text,
    text_of,
)
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2.nodes import EvalContext
    from jinja2.runtime import Context


SPACED: Final = "spaced value"
"""The filter that is applied to a value; no template can write this name."""


class Spacing(NodeTransformer):
    """Moves the blank before a value into a filter of the value."""

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        """Apply the filter to each value after a blank or a line break."""
        parts = node.nodes
        for at, part in enumerate(parts[1:], 1):
            before, after = parts[at - 1], parts[at + 1] if at + 1 < len(parts) else None
            if isinstance(before, nodes.TemplateData) and not isinstance(part, nodes.TemplateData):
                is_first = at == 1
                blank = _blank_between(before.data, _data_of(after), is_first=is_first)
                before.data = before.data[: len(before.data) - len(blank)]
                if blank:
                    named = parts[at - 2] if at > 1 and not before.data else None
                    parts[at] = _tied(part, blank, named)
        return node


def _blank_between(before: str, after: str, *, is_first: bool) -> str:
    """Return the end of a text that is left out if the following value is empty."""
    words = before.rstrip("\n")
    if words != before:
        lines_after = len(after) - len(after.lstrip("\n"))
        return "\n" * min(len(before) - len(words), lines_after)
    words = before.removesuffix(" ")
    is_one = words != before and not words.endswith((" ", "\n"))
    return " " if is_one and (words or not is_first) else ""


def _data_of(node: nodes.Node | None) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else ""


def _tied(value: nodes.Node, blank: str, before: nodes.Node | None) -> nodes.Filter:
    while isinstance(before, nodes.Filter) and before.name == SPACED:
        before = before.node
    text: list[nodes.Expr] = [nodes.Const(blank, lineno=value.lineno)]
    text += [before] if isinstance(before, nodes.Name) else []
    return nodes.Filter(value, SPACED, text, [], None, None, lineno=value.lineno)


@pass_eval_context
def spaced(eval_ctx: EvalContext, value: Any, blank: str, before: Any = None) -> str:
    """Write a blank and a value, or nothing if the value is empty.

    A whole name goes too if the value ``before`` is that name: *{{ first_name }} {{ last_name }}*.
    So do the titles of a name if they are the value ``before``: *{{ Titel }} {{ name }}*.
    In a preview an empty value is its mark, unless the text is right without it.
    """
    if isinstance(value, WholeName) and isinstance(before, WholeName):
        return ""
    if isinstance(value, EmptyValue) and value.goes_with(blank):
        return ""
    if isinstance(value, TitledName) and isinstance(before, str) and value.is_behind(before):
        value = value.bare
    shown = eval_ctx.environment.finalize
    text = shown(value) if shown is not None else value
    if not isinstance(text, Undefined) and str(text) == "":
        return ""
    return Markup(blank) + escape(text) if eval_ctx.autoescape else f"{blank}{text}"  # noqa: S704


OUTPUT_LIMIT: Final = 1_000_000
"""Characters of one rendering, or of one value in it."""
ROUNDS_LIMIT: Final = 20_000
"""Rounds of all loops of one rendering together."""
SECONDS_LIMIT: Final = 2.0
"""Seconds that a core computes: while the machine does other things, none pass."""
NUMBER_LIMIT: Final = 10**18
BUDGET: Final = "loop budget"
"""The rendering's ``Budget`` in its context; no template can write this name."""

_ALLOWED: Final = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Block, nodes.If, nodes.For,
    nodes.Assign, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Keyword, nodes.Concat, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.List, nodes.Tuple,
})  # fmt: skip
_PLAIN_FILTERS: Final = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "items",
    "last", "length", "list", "lower", "reverse", "string", "title", "truncate", "unique", "upper",
    "urlencode",
)  # fmt: skip
_COUNTED: Final = "counted rounds"
"""The filter that is applied to the iterable of a loop; no template can write this name."""
_BOUNDED: Final = "bounded value"
"""The filter that is applied to the result of every filter: some make a text five times as long,
and they can be chained."""


class TemplateLimitError(Exception):
    """The template exceeds a limit, which the text names."""


_words: Final = partial(ENGLISH.say, "template_code")


class Budget:
    """The rounds, characters and seconds that one rendering has left."""

    def __init__(self) -> None:
        self._rounds = ROUNDS_LIMIT
        self._size = 0
        self._end = time.thread_time() + SECONDS_LIMIT
        self._wall = time.monotonic() + SECONDS_LIMIT

    def spend_round(self) -> None:
        """Count one round of a loop; may raise ``TemplateLimitError``."""
        self._rounds -= 1
        if self._rounds < 0:
            raise TemplateLimitError(_words("rounds", n=ROUNDS_LIMIT))
        self.check_time()

    def spend_output(self, size: int) -> None:
        """Count characters of the message; may raise ``TemplateLimitError``."""
        self._size += size
        _check_size(self._size)
        self.check_time()

    def check_time(self) -> None:
        """Raise ``TemplateLimitError`` once the rendering takes too long."""
        # A thread's own time is a system call; it is never ahead of the clock on the wall.
        if time.monotonic() > self._wall and time.thread_time() > self._end:
            raise TemplateLimitError(_words("seconds", n=int(SECONDS_LIMIT)))


class MissingValue(UndefinedError):
    """A template uses a name without a value; ``name`` is as the template writes it."""

    def __init__(self, name: str, text: str | None) -> None:
        super().__init__(text)
        self.name = name


class MissingField(StrictUndefined):
    """The value of a name that has none: using it raises ``MissingValue``."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: Any = UndefinedError,
    ) -> None:
        del exc
        written = written_name(str(name or ""))
        super().__init__(hint, obj, name, partial(MissingValue, written))  # type: ignore[arg-type]

    @property
    def _undefined_message(self) -> str:
        return _words("no_name", name=written_name(str(self._undefined_name)))

    def __bool__(self) -> bool:  # type: ignore[override]  # Jinja's never returns
        """Tell that an empty cell is not filled in; raise for any other name."""
        return bool(self._undefined_hint != EMPTY_CELLS and super().__bool__())


class TemplateEnvironment(SandboxedEnvironment):
    """Jinja2 within the limits of this module; with ``html``, values are escaped."""

    intercepted_binops = frozenset({"+", "*", "%"})
    context_class = ItemContext

    def __init__(self, *, html: bool) -> None:
        super().__init__(
            autoescape=html,
            undefined=MissingField,
            finalize=shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.globals = {"range": _range}
        self.filters = {name: of_text(FILTERS[name]) for name in _PLAIN_FILTERS}
        self.filters |= {"join": _join, "replace": of_text(_replace), **NUMBER_FILTERS}
        self.filters |= {_COUNTED: _counted, _BOUNDED: _bounded, SPACED: spaced}
        self.filters[LINK_FILTER] = link_target

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            _check(node)
        bounded: nodes.Template = Spacing().visit(_LimitRewriter().visit(tree))
        return bounded

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers of limited size; ``+`` also joins texts."""
        if operator == "+" and all(isinstance(each, str | Amount) for each in (left, right)):
            _check_size(sum(len(each) for each in (left, right) if isinstance(each, str)))
        elif not isinstance(left, Undefined) and not isinstance(right, Undefined):
            _check_number(operator, left)
            _check_number(operator, right)
        return super().call_binop(context, operator, left, right)


class _LimitRewriter(NodeTransformer):
    """Rewrites loops, filters and concatenations, so they are limited."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _COUNTED)
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(node, _BOUNDED)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), "join")


def shown(value: Any) -> Any:
    """Return a value as readers want to see it, without ``None`` and brackets."""
    if value is None:
        return ""
    if callable(value) and not isinstance(value, Undefined):
        raise TemplateLimitError(_words("program"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, FieldValue):
        return value.text
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items())
    if isinstance(value, AllFields):
        return str(value)
    if isinstance(value, list | tuple):
        return ", ".join(str(shown(inner)) for inner in value)
    return value


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _check(node: nodes.Node) -> None:
    """Refuse a node that is not allowed."""
    refused = None
    if type(node) not in _ALLOWED:
        refused = type(node).__name__.lower()
    elif isinstance(node, nodes.For) and node.recursive:
        refused = "recursive"
    elif isinstance(node, nodes.Name) and node.name in {"self", "super"}:
        refused = node.name
    elif isinstance(node, nodes.Call) and not _may_be_called(node.node):
        refused = f"{getattr(node.node, 'attr', getattr(node.node, 'name', 'this'))}()"
    elif isinstance(node, nodes.Output):
        _check_numbers(node.nodes)
    elif isinstance(node, nodes.If):
        _check_numbers([node.test])
    elif isinstance(node, nodes.List | nodes.Tuple) and not _is_constant(node):
        refused = "a list of variables"  # nested lists could double in size without end
    if refused:
        raise TemplateSyntaxError(_words("not_allowed", what=refused), node.lineno or 1)


def _check_numbers(expressions: Iterable[nodes.Node]) -> None:
    """Refuse an expression of numbers alone, such as 2026 or 2024/25: a heading is meant."""
    for each in expressions:
        whole = nodes.Template([each])  # ``find`` looks below a node only
        values = [one.value for one in whole.find_all(nodes.Const)]
        is_number = values and all(type(value) in {int, float} for value in values)
        if is_number and values not in ([0], [1]) and whole.find(nodes.Name) is None:
            values += [one.attr for one in whole.find_all(nodes.Getattr)]  # {{ 3. Rate }}
            field = f"{{{{ column {' '.join(map(str, values))} }}}}"
            raise TemplateSyntaxError(_words("number_heading", field=field), each.lineno or 1)


def _may_be_called(target: nodes.Node) -> bool:
    if isinstance(target, nodes.Getattr):
        return target.attr in METHODS
    return isinstance(target, nodes.Name) and target.name == "range"


def _is_constant(node: nodes.List | nodes.Tuple) -> bool:
    is_target = isinstance(node, nodes.Tuple) and node.ctx == "store"
    return is_target or all(isinstance(item, nodes.Const) for item in node.items)


def _check_size(size: int) -> None:
    if size > OUTPUT_LIMIT:
        raise TemplateLimitError(_words("output", n=OUTPUT_LIMIT))


def _check_number(operator: str, operand: Any) -> None:
    is_number = isinstance(operand, int | float | Decimal | FieldValue)
    if not is_number or abs(number_of(operand)) > NUMBER_LIMIT:
        raise TemplateLimitError(_words("big_number", operator=operator))


@pass_context
def _counted(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    budget: Budget = context[BUDGET]
    for value in values:
        budget.spend_round()
        yield value


@pass_context
def _bounded(context: Context, value: Any) -> Any:
    if isinstance(value, str | list):
        _check_size(len(value))
    budget: Budget = context[BUDGET]
    budget.check_time()
    return value


def _range(*bounds: Any) -> range:
    for bound in bounds:
        _check_number("range", bound)
    found = range(*(int(number_of(bound)) for bound in bounds))
    if len(found) > ROUNDS_LIMIT:
        raise TemplateLimitError(_words("range", n=ROUNDS_LIMIT))
    return found


@pass_eval_context
def _join(eval_ctx: EvalContext, values: Iterable[Any], between: str = "") -> str:
    values = [*values]
    texts = [value if isinstance(value, Markup) else text_of(shown(value)) for value in values]
    _check_size(sum(map(len, texts)) + len(between) * len(texts))
    joined: str = do_join(eval_ctx, texts, between)
    source = next((each for each in values if isinstance(each, FieldValue)), None)
    return source.made(joined) if source is not None and type(joined) is str else joined


@pass_eval_context
def _replace(eval_ctx: EvalContext, text: str, old: str, new: str) -> str:
    text = text if isinstance(text, Markup) else str(shown(text))
    _check_size(len(text) + text.count(old) * len(new))
    return do_replace(eval_ctx, text, old, new)
