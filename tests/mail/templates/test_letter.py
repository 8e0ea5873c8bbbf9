"""A letter: Markdown with fields becomes one HTML page in the letterhead, and a true plain text."""

from __future__ import annotations

import contextlib
import re
import struct
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.mail.errors import BadTemplate
from desktop.mail.templates.letter import NO_LETTERHEAD, Letterhead, without_empty
from desktop.mail.templates.source import TemplateParts, parts_of, with_parts
from desktop.mail.templates.template import BlockFault, Rendering, Template, TemplateFault
from tests.property_based import examples

ITEM: dict[str, Any] = {
    "number": 1211,
    "title": "Concert",
    "name": "Ines Duarte",
    "first_name": "Ines",
    "note": "",
    "fields": {"Seats": "Row 7, seats 12 & 13", "Plan": "www.example.org/plan?a=1&b=2"},
}


def png(width: int = 80, height: int = 80, size: int = 100) -> bytes:
    """Give the beginning of a picture, which is all that is read of it."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)
    return head.ljust(size, b"\0")


CLUB = Letterhead("Tennis Club", "since 1952", "#0B6B57", "Marta Lindqvist\nOffice {1}", png())


def source_of(text: str) -> str:
    blocks = (
        f"{{% block subject %}}s{{% endblock %}}\n{{% block text %}}\n{text}\n{{% endblock %}}\n"
    )
    return f"---\nformat: markdown\n---\n{blocks}"


def letter(text: str, head: Letterhead = NO_LETTERHEAD, **fields: Any) -> Rendering:
    item = {**ITEM, "fields": {**ITEM["fields"], **fields}}
    return Template("letter", source_of(text), head).render(item)


def test_a_signature_has_links() -> None:
    made = letter("Hello", Letterhead(signature="{1} **https://a.example/?b=1&c=2**"))
    link = '<b><a class="link" href="https://a.example/?b=1&amp;c=2"'
    assert f"&#123;1}} {link}" in made.html
    assert made.text.endswith("-- \n{1} *https://a.example/?b=1&c=2*\n")


def test_a_signature_may_be_bold() -> None:
    made = letter("Hello", Letterhead(signature="**Marta:**<L>\n5 ** 6 (**) \\a_b_ [x](y)"))
    assert "<b>Marta:</b>&lt;L&gt;<br>" in made.html
    assert made.text.endswith("-- \n*Marta:*<L>\n5 ** 6 (**) \\a_b_ [x](y)\n")


class Elements(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [about for name, about in self.found if name == tag]


def body(page: str) -> str:
    """What stands in the page of a letter without a letterhead, without styles."""
    (inner,) = re.findall(r"color:#1A2230;\">(.*)</div></td></tr></tbody>", page, re.DOTALL)
    return re.sub(
        r" (?:style|dir|class)=\"[^\"]*\"", "", inner.split("</div></td></tr>")[0]
    ).strip()


def shown(made: Rendering) -> str:
    """What the page of a letter shows, with ``**`` around what is bold."""
    page = re.sub(r"</?(?:a|div)\b[^>]*>|<br>", "", body(made.html))
    return unescape(re.sub(r"</?b>", "**", page))


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("# Hello", "<h1>Hello</h1>", "Hello"),
        ("a **b** c", "<div>a <b>b</b> c</div>", "a *b* c"),
        ("- a\n- b", "<ul><li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        ("a\nb\n\nc", "<div>a<br>\nb</div>\n<div>c</div>", "a\nb\n\nc"),
        ("*a* _b_ `c` > d", "<div>*a* _b_ `c` &gt; d</div>", "*a* _b_ `c` > d"),
        ("1.", "<div>1.</div>", "1."),
        ("- 1. May", "<ul><li>1. May</li>\n</ul>", "- 1. May"),
        ("- * a\n- + 2", "<ul><li>* a</li>\n<li>+ 2</li>\n</ul>", "- * a\n- + 2"),
        ("1. May\n24. May", "<div>1. May<br>\n24. May</div>", "1. May\n24. May"),
        ("<b>x</b> &amp;", "<div>&lt;b&gt;x&lt;/b&gt; &amp;amp;</div>", "<b>x</b> &amp;"),
        (
            "See [the plan](https://example.org/p). Bye.",
            '<div>See <a href="https://example.org/p">the plan</a>. Bye.</div>',
            "See the plan:\nhttps://example.org/p\nBye.",
        ),
        (
            "[**Plan** here](https://example.org/p)",
            '<div><a href="https://example.org/p"><b>Plan</b> here</a></div>',
            "*Plan* here:\nhttps://example.org/p",
        ),
        (
            "[**https://example.org**](https://example.org)",
            '<div><a href="https://example.org"><b>https://example.org</b></a></div>',
            "https://example.org",
        ),
        (
            "**A [b](https://a.example).** [c](https://c.example)",
            '<div><b>A <a href="https://a.example">b</a>.</b> <a href="https://c.example">c</a></div>',
            "*A b*:\nhttps://a.example\nc:\nhttps://c.example",
        ),
    ],
)
def test_markdown_is_a_page_and_a_text(text: str, html: str, plain: str) -> None:
    made = letter(text)
    assert body(made.html) == html
    assert made.text == f"{plain}\n"


@pytest.mark.parametrize(
    "text",
    [
        "(____) yes (____) no, [__] tea, __x__, a_, _ _",
        '(**) a (**) b, [**], "**", „**“, «**», * a, 5 ** 6 ** 7, ***, ****',
        "Adults**, children** (until 6 **) and **, 2**3 is 8, x**2 + y**2.",
        "- - - - - Reply - - - - -\n- - -",
        "[ ] tea [x] coffee [a]: b, [ ](c), [a](https://example.org",
        r"\\server\team\_new\plan.pdf (\\nas\_a\#b) C:\_a\*.pdf, C:\, a\b",
    ],
)
def test_what_is_not_clearly_a_mark_is_text(text: str) -> None:
    made = letter(text)
    assert made.text == f"{text}\n"
    assert shown(made).split() == text.split()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**Fee:**{{ number }}", "<b>Fee:</b>1211"),
        ("**Fee: **{{ number }} or **Seat: **7", "<b>Fee:</b> 1211 or <b>Seat:</b> 7"),
        ("**Now!**Please", "<b>Now!</b>Please"),
        ("**a/_b_**c **{{ number }}**d", "<b>a/_b_</b>c <b>1211</b>d"),
        ("これは**「重要」**です", "これは<b>「重要」</b>です"),
        ("a**(b)**c **“d”**e", "a<b>(b)</b>c <b>“d”</b>e"),
        ("**a****{{ number }}** ****", "<b>a1211</b> ****"),
        ("***a*** **b **c** d**", "<b>a</b> <b>b c d</b>"),
        ("a**b**c, **d\ne**", "a<b>b</b>c, <b>d<br>\ne</b>"),
        ("2**3, **a** が**重要な 点**です", "2**3, <b>a</b> が<b>重要な 点</b>です"),
    ],
)
def test_bold_is_read_beside_any_sign(text: str, html: str) -> None:
    made = letter(text)
    assert body(made.html) == f"<div>{html}</div>"
    assert made.text.count("*") == 2 * html.count("<b>") + 2 * html.count("**")


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.example.org/d/1A-_bC_-d/edit",
        "https://example.org/wiki/_Plan_",
        "https://example.org/*init*/__x__/**y**/z?a=1&c=d",
        "HTTPS://EXAMPLE.ORG/_layouts/15/doc.aspx?id=7_",
    ],
)
def test_an_address_is_one_link_to_all_of_it(address: str) -> None:
    for text in (f"See {address} please", f"(**{address}**)", f"{address}: **{address}**."):
        made = letter(text)
        links = Elements(made.html).named("a")
        assert {about["href"] for about in links} == {address}
        assert (
            made.text
            == text.replace("(**", "(*")
            .replace("**)", "*)")
            .replace(f"**{address}**", f"*{address}*")
            + "\n"
        )


def test_fields_and_conditions_are_in_an_address() -> None:
    text = "https://example.org/{{ number }}/__x__/{% if number %}a{% else %}b{% endif %} c"
    whole = "https://example.org/1211/__x__/a"
    assert [about["href"] for about in Elements(letter(text).html).named("a")] == [whole]
    chosen = "{% if number %}https://example.org/a{% else %}https://example.org/b{% endif %} c"
    made = letter(chosen)
    assert Elements(made.html).named("a")[0]["href"] == "https://example.org/a"
    assert made.text == "https://example.org/a c\n"


@pytest.mark.parametrize(
    ("target", "href"),
    [
        ("www.example.org/plan_(1)", "https://www.example.org/plan_(1)"),
        ("info@example.org", "mailto:info@example.org"),
        ("{{ number }}@example.org", "mailto:1211@example.org"),
        ("www.example.org/{{ Seats }}", "https://www.example.org/7%20%26%208"),
        ("{% if number %}www.a.example{% else %}www.b.example{% endif %}", "https://www.a.example"),
        ("tel:+49 (0)30 12-34", "tel:+49301234"),
        ("tel:{{ Phone }}", "tel:030123"),
        ("<https://example.org/a>", "https://example.org/a"),
    ],
)
def test_a_target_may_lack_its_scheme(target: str, href: str) -> None:
    made = letter(f"a [plan]({target})!", Seats="7 & 8", Phone="030 / 123")
    assert [about["href"] for about in Elements(made.html).named("a")] == [href]
    assert made.text == f"a plan:\n{href}\n"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "plan.pdf",
        "javascript:alert(1)",
        "https://example.org/the plan",
        "see below",
        "3.5",
        "{{ Plan }}/a",
        "{% if a %}{% endif %}",
        "tel:Ada",
    ],
)
def test_a_target_that_is_no_address_is_refused_at_its_line(target: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        Template("letter", source_of(f"{{#\n#}}\n- a\n  b [x]({target}) [y](www.example.org)"))
    said = f"“{target}” is neither a web address nor an e-mail address."
    assert raised.value.fault == BlockFault("text", 4, said)


TYPED = [
    "**", "*", "_", "__", "(", ")", "[", "]", " ", " ", "a", "b", ":", ".", "!", "“", "”", "\n",
    "\"", "7", "{{ number }}", "https://example.org/", "h", "#", "🙂", "重要", "」", "****", "C:",
]  # fmt: skip


@settings(max_examples=examples(300))
@given(st.lists(st.sampled_from(TYPED), max_size=20).map("".join))
def test_no_character_is_lost_that_is_no_mark(text: str) -> None:
    text = re.sub(r"\]\(", "] (", re.sub("^(?= *[#*])", "a", f"x{text}", flags=re.MULTILINE))
    text = re.sub(r"\n\n+", "\n", text)
    text = re.sub(r"\*{3,}", "****", text)
    made = letter(text)
    wanted = "".join(text.replace("{{ number }}", "1211").replace("**", "").split())
    assert "".join(shown(made).replace("**", "").split()) == wanted
    assert re.sub(r"[*\s]", "", made.text) == wanted.replace("*", "")


@pytest.mark.parametrize("format_", ["", "markdown"])
def test_a_subject_may_end_with_a_brace(format_: str) -> None:
    source = with_parts("", TemplateParts("Boat {", "x", format=format_))
    assert Template("t", source).render(ITEM).subject == "Boat {"


@pytest.mark.parametrize(
    "value",
    ["[pay here](https://evil.example)", "1. May", "# x", "**b**", "- x", "<b>x</b>", "{{ 7*7 }}"],
)
def test_a_value_stays_text(value: str) -> None:
    made = letter("{{ Seats }}", Seats=value)
    page = Elements(made.html)
    assert value in page.text
    assert not {tag for tag, _ in page.found} & {"b", "h1", "li"}
    assert made.text == f"{value}\n"


def test_a_value_keeps_its_lines_and_web_addresses() -> None:
    made = letter("{{ Seats }}", Seats="a\nhttps://example.org/?a=1&b=2")
    assert body(made.html) == (
        '<div>a<br><a href="https://example.org/?a=1&amp;b=2">'
        "https://example.org/?a=1&amp;b=2</a></div>"
    )


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2"),
        ("www.example.org/plan", "https://www.example.org/plan"),
        ("ada@example.org", "mailto:ada@example.org"),
    ],
)
def test_a_field_can_be_the_target_of_a_link(value: str, target: str) -> None:
    made = letter("[Plan]({{ Plan }})", Plan=value)
    assert [about["href"] for about in Elements(made.html).named("a")] == [target]
    assert made.text == f"Plan:\n{target}\n"


@pytest.mark.parametrize(
    "value", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "", "x"]
)
def test_another_target_holds_the_letter(value: str) -> None:
    with pytest.raises(TemplateFault, match="neither a web address nor an e-mail address"):
        letter("[Plan]({{ Plan }})", Plan=value)


def test_a_field_within_a_target_is_encoded() -> None:
    made = letter("[Pay](https://example.org/{{ Seats }}?n={{ number }})", Seats='a b&"c')
    assert [about["href"] for about in Elements(made.html).named("a")] == [
        "https://example.org/a%20b%26%22c?n=1211"
    ]


def test_what_is_empty_leaves_no_hole() -> None:
    made = letter("a\n\n{{ note }}\n\n- {{ note }}\n\nb {{ note }}", note="")
    assert body(made.html) == "<div>a</div>\n<div>b</div>"
    made = letter("{{ note }}\na\n{{ note }}\n{{ note }}\nb\n{{ note }}", note="")
    assert (body(made.html), made.text) == ("<div>a<br>\nb</div>", "a\nb\n")


PIECES = ("<div>", '<div dir="auto">', "</div>", "<li>", "</li>", "<ul>", "</ul>", "<h1>", "</h1>")
BREAKS = ("<br>\n", "<br>", "\n", " ", "a", "<b>", "</b>", "<", ">", "<a href='/'>", "<divan>")


@given(st.lists(st.sampled_from(PIECES + BREAKS), max_size=30).map("".join))
@settings(max_examples=examples(300))
def test_holes_are_what_backtracking_finds(html: str) -> None:
    hole = re.compile(r"(<(?:div|li)\b[^<>]*>)(?:<br>\n)+|<br>\n(?=<br>\n|</(?:div|li)>)")
    empty = re.compile(r"<(div|li|ul|h1|h2)(?: [^<>]*)?>(?:\s|<br>)*</\1>\n?")
    before, wanted = "", hole.sub(r"\1", html)
    while before != wanted:
        before, wanted = wanted, empty.sub("", wanted)
    assert without_empty(html) == wanted


def test_bold_goes_by_what_conditions_leave() -> None:
    text = "{% if Paid %}**Paid: **{{ Paid }}{% else %}**Not** paid{% endif %}"
    text += ", **{% if 1 %}a{% endif %}**b"
    for paid, html in (("7", "<b>Paid:</b> 7, <b>a</b>b"), ("", "<b>Not</b> paid, <b>a</b>b")):
        assert body(letter(text, Paid=paid).html) == f"<div>{html}</div>"


def test_conditions_choose_blocks() -> None:
    text = "{% if Seats %}\n\nIn **{{ Seats }}**\n\n{% endif %}\n\nBye"
    assert body(letter(text).html).startswith("<div>In <b>Row 7, seats 12 &amp; 13</b></div>")
    assert letter(text, Seats="").text == "Bye\n"
    assert body(letter(text, Seats="").html) == "<div>Bye</div>"


def test_all_fields_are_a_table() -> None:
    made = letter("{{ all fields }}")
    page = Elements(made.html)
    assert "Row 7, seats 12 & 13" in page.text
    assert "&amp;amp;" not in made.html
    assert made.text.startswith("Seats: Row 7, seats 12 & 13\nPlan: ")


def test_the_letterhead_is_around_the_text() -> None:
    made = letter("Hello", CLUB)
    page = Elements(made.html)
    (logo,) = page.named("img")
    assert (logo["src"], logo["alt"], logo["width"]) == ("cid:logo@sendoff", "Tennis Club", "40")
    assert re.sub(r"\s+", " ", page.text.rpartition("}")[0]).endswith(
        "Tennis Clubsince 1952 Hello Marta Lindqvist Office {1"
    )
    assert made.text == "Hello\n\n-- \nMarta Lindqvist\nOffice {1}\n"


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = Elements(letter("Hello {{ first_name }}", CLUB).html)
    assert not [tag for tag, _ in page.found if tag in {"link", "script", "iframe"}]
    assert "@import" not in page.text
    assert "url(" not in page.text


@pytest.mark.parametrize("colour", ["#FFFF00", "#FFFFFF", "#0B6B57", "#000000"])
def test_links_are_readable_in_any_colour_of_the_letterhead(colour: str) -> None:
    page = Elements(letter("[x](https://example.org)", Letterhead(colour=colour)).html)
    (link,) = page.named("a")
    found = re.search("color:(#[0-9A-F]{6})", link["style"] or "")
    assert found is not None
    assert contrast_on_white(found[1]) >= 4.5


def contrast_on_white(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = sum(
        part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)
    )
    return 1.05 / (light + 0.05)


def test_a_preview_marks_what_is_missing() -> None:
    shown = Template("letter", source_of("{{ Hall }} [Plan]({{ Map }})")).show(ITEM)
    assert shown.marked == ["Hall"]
    assert ">Hall?<" in shown.html
    alone = Template("letter", source_of("a\n{{ note }}\n{{ Hall }}\n\n{{ note }}")).show(ITEM)
    assert (alone.marked, alone.text) == (["Hall"], "a\nHall?\n")


def test_a_letter_without_a_field_is_not_made() -> None:
    with pytest.raises(TemplateFault) as raised:
        letter("{{ Hall }}")
    assert raised.value.missing == "Hall"


@pytest.mark.parametrize("text", ["{{ a", "{% if x %}", "{{ x.y() }}"])
def test_an_error_is_told_at_its_line(text: str) -> None:
    with pytest.raises(TemplateFault) as raised:
        letter(f"one\n{text}")
    assert raised.value.fault is not None
    assert raised.value.fault.block == "text"


def test_a_value_that_is_no_number_is_named() -> None:
    with pytest.raises(TemplateFault, match=r"The template “letter” uses it\.$"):
        letter("{{ Seats|float }}")


def test_the_format_is_part_of_the_file() -> None:
    source = source_of("Hello")
    assert parts_of(source).format == "markdown"
    assert with_parts(source, parts_of(source)) == source


@pytest.mark.parametrize(
    "source",
    [
        "---\nformat: html\n---\n{% block subject %}{% endblock %}{% block text %}{% endblock %}",
        source_of("x") + "{% block html %}x{% endblock %}",
    ],
)
def test_another_format_or_own_html_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        Template("letter", source)


@settings(max_examples=examples(100))
@given(st.text(alphabet="*_[]()#-<>&{}%\n 1.ab:/", max_size=60))
def test_any_text_is_a_letter_or_an_error_of_the_template(text: str) -> None:
    with contextlib.suppress(BadTemplate):
        letter(text)


@settings(max_examples=examples(100))
@given(st.text(max_size=60))
def test_any_value_arrives_as_it_is(value: str) -> None:
    page = Elements(letter("<{{ Seats }}>", Seats=value).html)
    assert " ".join(f"<{value}>".split()) in " ".join(page.text.split())


_PIECES = (
    *("{{ a }}", "[{{ a }}]({{ b }})", "[{{ b }}]({{ b }})", "<{{ b }}>", "[x]({{ b }})"),
    *("[call](tel:{{ b }})", "https://x.example/{{ b }}?q={{ a }}", "**{{ a }}**"),
    *("[]({{ b }})", "- {{ a }}\n- {{ b }}", "www.{{ b }}.de", "{{ fields }}"),
    *("{% if b %}[x]({{ a }}){% else %}{{ a }}{% endif %}", "[**{{ b }}**]({{ b }})"),
    "[x](https://y.example/{% if b %}{{ b }}{% endif %})",
    *("{% for x in range(3) %}[y]({{ b }}){% endfor %}", "[{{ a }}{{ b }}]({{ b }})"),
)
_VALUES = ("", "x", "https://x.example", "no link", "javascript:alert(1)", "ada@x.de", "01 234")


@settings(max_examples=examples(200))
@given(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from("ab"), st.sampled_from(_VALUES)),
    st.booleans(),
)
def test_what_is_tried_out_fails_as_the_whole_letter_does(
    pieces: list[str], fields: dict[str, str], is_long: bool
) -> None:
    text = "\n\n".join([*pieces, "word " * 1000 * is_long])
    template, item = Template("letter", source_of(text)), {**ITEM, "fields": fields}
    said = [""]
    for attempt in (template.render, template.try_out):
        try:
            made = attempt(item)
        except TemplateFault as error:
            said.append(str(error))
        else:
            assert (made.subject, bool(made.text)) == ("s", True)
    assert len(said) in {1, 3}
    assert said[1:2] == said[2:]
