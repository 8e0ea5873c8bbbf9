"""Leaves out the space before an empty value, and a line that holds nothing else.

``Hello {{ name }},`` becomes ``Hello,`` if there is no name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import Undefined, nodes, pass_eval_context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from jinja2.nodes import EvalContext

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
                    parts[at] = _tied(part, blank)
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


def _tied(value: nodes.Node, blank: str) -> nodes.Filter:
    text = nodes.Const(blank, lineno=value.lineno)
    return nodes.Filter(value, SPACED, [text], [], None, None, lineno=value.lineno)


@pass_eval_context
def spaced(eval_ctx: EvalContext, value: Any, blank: str) -> str:
    """Write a blank and a value, or nothing if the value is empty."""
    shown = eval_ctx.environment.finalize
    text = shown(value) if shown is not None else value
    if not isinstance(text, Undefined) and str(text) == "":
        return ""
    return Markup(blank) + escape(text) if eval_ctx.autoescape else f"{blank}{text}"  # noqa: S704
