"""A letter's Markdown, as lines and back: what is typed stays as typed."""

from __future__ import annotations

from string import punctuation

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.gui.templates.letter_lines import LetterLine, TextRun, lines_of, markdown_of, merged
from tests.property_based import examples

TYPED = [
    "# ", "- ", "+ ", "* ", "1. ", "1.", "**", "*", "__", "_", "\\", "[x](https://example.org)",
    "[", "](", ")", "`", "> ", "---", "===", "&amp;", "<b>", "{{ name }}", "{{ Seat row }}", "Ä",
    "a", "b c", " ", "(7)", "!", "“", "https://example.org/a_b", "|", "~", "#", "😀",
    "(", "(**)", "\"", "***", ": ", "http", "://", "C:", "C:\\", "\\\\nas\\_a", "https://a.example/**x**/(y",
]  # fmt: skip
texts = st.lists(st.sampled_from(TYPED), min_size=1, max_size=5).map("".join)
links = st.sampled_from(
    [
        *("", "", "https://example.org/a_(b)?c=1&amp;d=ä", "mailto:a@example.org", "{{ Plan }}"),
        *("https://a.example/(b", "www.a.example/__b__", "no address (at all"),
    ]
)
runs = st.builds(TextRun, texts, st.booleans(), links)
lines = st.builds(
    LetterLine,
    st.lists(runs, max_size=3).map(merged),
    st.sampled_from([0, 0, 0, 1, 2]),
    st.sampled_from([0, 0, 1, 2]),
)


@settings(max_examples=examples(300))
@given(st.lists(lines, max_size=5))
def test_what_is_written_is_read_as_the_same_text(made: list[LetterLine]) -> None:
    markdown = markdown_of(made)
    read = lines_of(markdown)
    assert said(read) == said(made)
    assert lines_of(markdown_of(read)) == read


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from([*TYPED, "\n", "\n\n", "\n- ", "\n  ", "**a**"]), max_size=12))
def test_a_letter_that_was_edited_elsewhere_is_read_whole(pieces: list[str]) -> None:
    read = lines_of("".join(pieces))
    again = lines_of(markdown_of(read))
    assert said(again) == said(read)
    assert bold(again) == bold(read)


def bold(lines: list[LetterLine]) -> list[str]:
    """The bold texts, without signs at their ends, beside which Markdown ends no bold."""
    texts = [run.text.split("\n") for each in lines for run in each.runs if run.is_bold]
    return [
        text for text in (part.strip(punctuation + " ") for row in texts for part in row) if text
    ]


def said(lines: list[LetterLine]) -> list[str]:
    """The texts, without empty ones and blanks: Markdown drops those at the ends of lines."""
    return [text for each in lines if (text := "".join(each.text.split()))]


@pytest.mark.parametrize(
    "markdown",
    [
        "# Your seats\n\nDear {{ first_name }},\nwelcome.\n\n\n**Row {{ Row }}**, [the plan](https://a.example/p).",
        "- one\n- **two**\n  and more\n\nAfter the list.\n\n## Then\n- three\n  - four\n- five",
        "- one\n\n- two\n\n  and its end\n\n\nAfter an empty line.",
        "1. May at 5 * 3, C:\\Users, \\\\nas\\_a, a\\b, [Plan]({{ Plan }}), a_b_c, __d__",
        '(____) yes [__] no (**) "**", {{ Fee }} ** 5, ***',
        "https://a.example/**b**/__c__ [x](https://a.example/(b)_**c**) [Call](tel:+49 30 12)",
        "**[The plan](www.a.example)** and **see [it](www.a.example) there**",
        "**Fee:**{{ Fee }} and **Now!**Please, **「重要」**です, **see https://a.example/b**",
        "",
        "\n\nText\n",
    ],
)
def test_markdown_as_it_is_written_stays_exactly_so(markdown: str) -> None:
    assert markdown_of(lines_of(markdown)) == markdown


def test_bold_ends_where_markdown_can_end_it() -> None:
    made = [
        LetterLine((TextRun("no"), TextRun(" (7) ", is_bold=True), TextRun("x"))),
        LetterLine((TextRun("(7)", True), TextRun("x"))),
    ]
    assert markdown_of(made) == "no **(7)** x\n**(7)**x"
