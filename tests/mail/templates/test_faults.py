"""What is wrong with a template is said plainly, at the line of the text that a person sees."""

from __future__ import annotations

import pytest

from desktop.mail.templates.source import TemplateParts, with_parts
from desktop.mail.templates.template import Template, TemplateFault


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Dear {{ name }},\n\nfor {{ seat\nBye", 3, "“{{” is not closed by “}}”."),
        ("a {{ b {{ c }}", 1, "“{{” is not closed by “}}”."),
        ("a\n{% if note %}b", 2, "“if” is not ended: “{% endif %}” is missing."),
        ("a\n{% endif %}", 2, "“endif” has no “if” before it."),
        ("{% foo %}", 1, "There is no command “foo”."),
        ("\n{{ note | nofilter }}", 1, "There is no filter “nofilter”."),
        ("a\n{{ (a }}", 2, "“{{ (a }}” is not the name of a field."),
    ],
)
def test_a_fault_is_told_by_its_line_in_plain_words(text: str, line: int, words: str) -> None:
    parts = TemplateParts(subject="{{ title }}", text=text, html="<p>h</p>", reply_to="a@b.example")
    with pytest.raises(TemplateFault) as raised:
        Template("confirmation", with_parts("", parts))
    fault = raised.value.fault
    assert fault is not None
    assert (fault.block, fault.line, fault.words) == ("text", line, words)
