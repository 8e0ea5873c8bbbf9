"""A template makes a message of an item, or says in a sentence why it cannot."""

from __future__ import annotations

import re
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.contract.rules.templates import nearest
from desktop.mail.errors import BadName, BadTemplate
from desktop.mail.files import FolderFiles
from desktop.mail.templates import sandbox
from desktop.mail.templates.plain_html import html_of
from desktop.mail.templates.sandbox import shown
from desktop.mail.templates.source import (
    FieldUse,
    TemplateParts,
    is_known,
    parts_of,
    with_parts,
)
from desktop.mail.templates.store import Templates, UnknownTemplate
from desktop.mail.templates.template import Template, TemplateFault
from desktop.settings.resources import resources
from tests.mail.templates.conftest import put
from tests.mail.templates.disks import forget_capitals
from tests.property_based import examples

ITEM: dict[str, Any] = {
    "number": 1204,
    "title": "Opera night",
    "name": "Zoë <Å>",
    "email": "zoe@example.org",
    "note": "",
    "fields": {"Seats": ["A1", "A2"], "Price": 12.5, "Paid": True, "Note": None},
}


def with_text(text: str) -> str:
    return (
        "{% block subject %}s{% endblock %}"
        f"{{% block text %}}{text}{{% endblock %}}"
        "{% block html %}h{% endblock %}"
    )


def rendered(text: str) -> str:
    return Template("mine", with_text(text)).render(ITEM).text


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "own").mkdir()
    return Templates(FolderFiles(tmp_path / "own"), [resources() / "templates" / "en"])


def test_the_default_shows_title_number_name_and_fields(templates: Templates) -> None:
    mail = templates.get("confirmation").render(ITEM)
    assert mail.subject == "Opera night: confirmed (no. 1204)"
    for said in ("Hello Zoë <Å>,", "Opera night", "No. 1204", "Seats: A1, A2", "Paid: yes"):
        assert said in mail.text
    for said in ("Hello Zoë &lt;Å&gt;", "Opera night", "No. 1204", "Seats</td>", "A1, A2"):
        assert said in mail.html
    assert "None" not in mail.text + mail.html


def test_the_default_does_with_a_number_alone(templates: Templates) -> None:
    empty = {"number": 7, "title": "", "name": "", "email": "you@example.org", "note": ""}
    mail = templates.get("confirmation").render(empty)
    assert mail.subject == "Your booking: confirmed (no. 7)"
    begin = "Hello,\n\nthank you. This is confirmed:\n\nYour booking\nNo. 7\n\nPlease"
    assert mail.text.startswith(begin)


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_person_who_edits_the_default_sees_fields_and_no_commands(language: str) -> None:
    source = (resources() / "templates" / language / "confirmation.jinja").read_text("utf-8")
    parts = parts_of(source)
    chip = r'\{\{ [a-z_ ]+( or "[^"]+")? \}\}'
    assert not re.search("[{}]", re.sub(chip, "", parts.subject + parts.text))


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


@settings(max_examples=examples(40))
@given(
    title=st.text(max_size=30),
    name=st.text(max_size=30),
    fields=st.dictionaries(st.text(max_size=10), json, max_size=5),
)
def test_the_default_renders_any_item_and_lets_no_markup_through(
    title: str, name: str, fields: dict[str, Any]
) -> None:
    templates = Templates(FolderFiles(Path("nowhere")), [resources() / "templates" / "en"])
    item = {"number": 1, "title": title, "name": name, "email": "a@example.org", "fields": fields}
    item["note"] = ""
    filled = [name for name, value in fields.items() if str(shown(value)).strip()]
    plain = {**item, "title": "x", "fields": dict.fromkeys(filled, "x")}
    template = templates.get("confirmation")

    def tags(values: dict[str, Any]) -> int:
        html = template.render(values).html
        return html.count("<") - html.count("<br>")  # a value keeps its lines

    assert tags(item) == tags({**plain, "name": "x" if name else ""})


def test_values_are_escaped_in_html_and_nowhere_else() -> None:
    source = (
        "{% block subject %}{{ name }}{% endblock %}{% block text %}{{ name }}{% endblock %}"
        "{% block html %}<b>{{ name }}</b>{{ 'for ' ~ name }}{{ [1]|join(name) }}{% endblock %}"
    )
    mail = Template("mine", source).render(ITEM)
    assert (mail.subject, mail.text) == ("Zoë <Å>", "Zoë <Å>\n")
    assert mail.html == "<b>Zoë &lt;Å&gt;</b>for Zoë &lt;Å&gt;1\n"


def test_a_subject_is_one_line() -> None:
    source = with_text("t").replace("%}s{%", "%}\n  {{ title }}\n  today\n{%")
    assert Template("mine", source).render(ITEM).subject == "Opera night today"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ fields.Seats|join(' and ') }}", "A1 and A2\n"),
        ("{{ fields['Price'] * 2 }}", "25.0\n"),
        ("{{ (fields.Price * 1.19)|round(2) }}", "14.88\n"),
        ("{% set who = name|upper %}{{ who }}", "ZOË <Å>\n"),
        ("{% for k, v in fields.items() %}{{ loop.index }}/{{ loop.length }} {% endfor %}",
         "1/4 2/4 3/4 4/4\n"),
        ("{% for i in range(3) %}{{ i }}{% endfor %}", "012\n"),
        ("{{ fields.get('Row', 'none') }}", "none\n"),
        ("{{ title|replace('Opera', 'Film')|truncate(4, true, '…', 0) }}", "Fil…\n"),
        ("{% if fields.Paid and number in [1, 1204] %}paid{% endif %}", "paid\n"),
        ("{{ fields }}", "Seats: A1, A2, Price: 12.5, Paid: yes, Note:\n"),
    ],
)  # fmt: skip
def test_what_a_template_needs_works(text: str, expected: str) -> None:
    assert rendered(text) == expected


def test_only_the_time_in_which_a_template_computes_is_limited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stalls = count(step=100)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(stalls)))
    assert rendered("{% for n in range(9) %}{{ n }}{% endfor %}") == "012345678\n"
    monkeypatch.setattr(sandbox, "SECONDS_LIMIT", 0.0)
    with pytest.raises(TemplateFault, match="It takes longer than 0 s"):
        rendered("{% for n in range(9) %}{{ n }}{% endfor %}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ nmae }}", "needs “nmae”, which is missing."),
        ("\n\n{{ fields.Row }}", "needs “Row”, which is missing."),
        ("\nx\n{% if %}", "does not render, line 2 of the text: Expected an expression"),
        ("x\n{% for x in y %}", "does not render, line 2 of the text: "),
        ("{{ title|shout }}", "does not render, line 1 of the text: No filter named 'shout'."),
        ("x\n{{ (number) / 0 }}", "does not render, line 2 of the text: division by zero"),
        ("\n{{ fields.Seats + 1 }}", "does not render, line 1 of the text: “\\+” is for numbers"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, sentence: str) -> None:
    for head in ("", "---\nreply_to: a@example.org\n---\n"):  # the editor shows no head
        with pytest.raises(BadTemplate, match=f"The template “mine” {sentence}"):
            Template("mine", head + with_text(text)).render(ITEM)


def test_a_missing_block_is_named() -> None:
    with pytest.raises(BadTemplate, match="“mine” has no block “text”"):
        Template("mine", "{% block subject %}{% endblock %}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title['__class__'] }}",
        "{{ title|attr('__class__') }}",
        "{{ fields.items.__func__ }}",
        "{{ fields.get.__self__ }}",
        "{{ range.__globals__ }}",
        "{{ title.upper }}",
        "{{ title.format(1) }}",
        "{{ '{0.__class__}'.format(title) }}",
        "{{ fields.update({'a': 1}) }}",
        "{{ fields.pop('Seats') }}",
        "{{ self }}",
        "{{ self.text() }}",
        "{{ super() }}",
        "{{ lipsum(100) }}",
        "{{ namespace() }}",
        "{{ cycler }}",
        "{{ joiner }}",
        "{{ loop }}",
        "{% include '/etc/passwd' %}",
        "{% import 'confirmation' as c %}",
        "{% extends 'confirmation' %}",
        "{% macro f() %}{% endmacro %}",
        "{% call f() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% set x %}x{% endset %}",
        "{% autoescape false %}{{ name }}{% endautoescape %}",
        "{{ name|safe }}",
        "{{ 'a'|counted }}",
        "{% for x in fields recursive %}{{ loop(x) }}{% endfor %}",
    ],
)
def test_the_way_out_of_the_sandbox_is_shut(text: str) -> None:
    with pytest.raises(
        BadTemplate, match=r"^The template “mine” (needs “|does not render, line 1 of the text: )"
    ):
        rendered(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ range(10**9)|list }}",
        "{{ range(1000000000)|list }}",
        "{{ range(99999999999999999999999)|list }}",
        "{{ 'a' * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 999999999999999999999999 * 99999999999999999999 }}",
        "{{ '%0999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ title|center(999999999) }}",
        "{{ title|indent(999999999) }}",
        "{{ title|wordwrap(1) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in title %}{% endfor %}{% endfor %}",
        "{% set x = 'ab' %}" + "{% set x = x ~ x %}" * 40 + "{{ x }}",
        "{% set x = 'ab' %}" + "{% set x = x + x %}" * 40 + "{{ x }}",
        "{% set x = 'ab' %}" + "{% set x = x|replace('', x) %}" * 40 + "{{ x }}",
        "{% set x = 'ab' %}" + "{% set x = [1, 2, 3]|join(x)|list|join(x) %}" * 40 + "{{ x }}",
        "{% set x = [title, title] %}",
        "{{ (title" + "|list|string" * 40 + ")|length }}",
        "{{ (title" + "|urlencode" * 5000 + ")|length }}",
        "{{ ('" + "é" * 30000 + "'" + "|urlencode|upper|lower" * 1200 + ")|length }}",
        "{% for i in range(10000) %}" + "x" * 1000 + "{% endfor %}",
        "{{" + "(" * 3000 + "1" + ")" * 3000 + "}}",
        "{% if 1 %}" * 500 + "{% endif %}" * 500,
        "{% for a in title %}" * 30 + "{% endfor %}" * 30,
        "x" * 70_000,
    ],
)
def test_a_template_cannot_eat_time_or_memory(text: str) -> None:
    with pytest.raises(BadTemplate, match=r"^The template “mine” "):
        rendered(text)


def test_without_html_it_is_made_from_the_text() -> None:
    source = (
        "{% block subject %}s{% endblock %}{% block text %}Dear {{ name }},\n\n"
        "see https://example.org/a?b=1&c=2.\n  Bye{% endblock %}"
    )
    html = Template("mine", source).render(ITEM).html
    assert '<p dir="auto" style="margin:0 0 16px;text-align:start;">Dear Zoë &lt;Å&gt;,</p>' in html
    link = "https://example.org/a?b=1&amp;c=2"
    assert f'<a href="{link}">{link}</a>.<br>&nbsp; Bye</p>' in html


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://a.org/wiki/Rust_(band) for more", "https://a.org/wiki/Rust_(band)"),
        ("(see https://a.org/a_(b)).", "https://a.org/a_(b)"),
        ("«https://a.org/plan»", "https://a.org/plan"),
        ("‘https://a.org/plan’, 'https://a.org/plan'", "https://a.org/plan"),
        ("https://a.org/plan… and", "https://a.org/plan"),
        ("**https://a.org/plan**", "https://a.org/plan"),
        ("{https://a.org/plan}", "https://a.org/plan"),
        ("[https://a.org/plan?q[]=1]!", "https://a.org/plan?q[]=1"),
        ("見る：https://a.org/plan。", "https://a.org/plan"),
        ("https://a.org/plan\u200b more", "https://a.org/plan"),
        ("https://a.org/wiki/C++", "https://a.org/wiki/C++"),
        ("https://a.org/wiki/Größe?", "https://a.org/wiki/Größe"),
        ("https://a.org/~ada/", "https://a.org/~ada/"),
    ],
)
def test_a_link_leads_where_the_text_says(text: str, link: str) -> None:
    assert set(re.findall('href="([^"]*)"', html_of(text))) == {link}


def test_words_in_its_place_hide_nothing_that_keeps_a_message_from_leaving() -> None:
    template = Template(
        "mine", with_text('Row {{ seat or "any" }}{% if seat %}, {{ seat }}{% endif %}')
    )
    assert template.show(ITEM).text == "Row seat?, seat?\n"
    with pytest.raises(BadTemplate, match="needs “seat”, which is missing"):
        template.render(ITEM)


def test_what_is_missing_is_shown_at_its_place_and_never_sent() -> None:
    source = with_text("Dear {{ titel }}, {{ First seat }}")
    template = Template("mine", source.replace("h{", "<b>{{ titel }}</b>{"))
    shown = template.show(ITEM)
    assert shown.text == "Dear titel?, First seat?\n"
    assert shown.html.startswith("<b><span")
    assert "titel?</span></b>" in shown.html
    in_subject = Template("mine", source.replace("subject %}", "subject %}<{{ titel }} "))
    marked = in_subject.show(ITEM)
    assert marked.subject.startswith("<titel? ")
    assert re.match("&lt;<span [^<]*>titel[?]</span> ", marked.subject_html)
    with pytest.raises(BadTemplate, match="needs “titel”, which is missing"):
        template.render(ITEM)


EMPTY: dict[str, Any] = {
    "number": 7, "title": "", "name": "", "first_name": "", "email": "bo@example.org", "note": "",
    "fields": {"Row": "", "Seat": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "previewed", "sent", "marked"),
    [
        ("Thanks for “{{ title }}”.", "Thanks for “title?”.", "Thanks for “”.", ["title"]),
        ("Hello {{ first_name }},", "Hello,", "Hello,", []),
        ("{{ first_name }}, hello", "first name?, hello", ", hello", ["first name"]),
        ("{{ Row }}, {{ Seat }}", "Row?, Seat?", ",", ["Row", "Seat"]),
        ("a\n{{ title }}\nb", "a\ntitle?\nb", "a\nb", ["title"]),
        ("a\n{{ note }}\n{{ all fields }}\nb", "a\nb", "a\nb", []),
        ("PS: {{ note }}", "PS: note?", "PS:", ["note"]),
        ('{{ title or "Your booking" }}', "Your booking", "Your booking", []),
        ("{% if title %}a{% else %}b{% endif %}", "b", "b", []),
    ],
)
def test_an_empty_field_is_marked_in_a_preview_and_changes_nothing_that_is_sent(
    text: str, previewed: str, sent: str, marked: list[str]
) -> None:
    template = Template("mine", with_text(text).replace("%}h{%", f"%}}<p>{text}</p>{{%"))
    shown = template.show(EMPTY)
    assert (shown.text, shown.marked) == (previewed + "\n", marked)
    assert re.findall(r"<span [^>]*>([^<]*)[?]</span>", shown.html) == marked
    assert template.render(EMPTY).text == sent + "\n"


BO: dict[str, Any] = {
    "number": 7, "title": "Opera", "name": "Bo Chen", "first_name": "Bo", "email": "bo@example.org",
    "note": "",
    "fields": {"Seat": "A1", "Größe der Karte": "L", "price-2": 3, "title": "no", "x1": 2},
}  # fmt: skip


def template(text: str) -> Template:
    blocks = "{% block subject %}s{% endblock %}{% block text %}" + text + "{% endblock %}"
    return Template("t", blocks)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{{ seat }} {{SEAT}} {{ Seat }}", "A1 A1 A1"),
        ("{{ Größe der Karte }}/{{ größe_der_karte|lower }}", "L/l"),
        ("{{ First Name }} {{ E-Mail }} {{ title }}", "Bo bo@example.org Opera"),
        ("{{ Price 2 }} {{ price-2 }}", "3 3"),
        ("{{ Mitgliedsnr. }} {{ Tel. privat }}", "Mitgliedsnr.? Tel. privat?"),
        ("{{ 'yes' if seat else 'no' }} {{ number + 1 }} {{ fields.Seat }}", "yes 8 A1"),
        ("{% set seat = 'own' %}{{ seat }}", "own"),
        ("{% for row in fields.items() %}{{ loop.index }}{% endfor %}", "12345"),
        ("{{ loop budget }}", "loop budget?"),
        ("Hello {{ missing }},", "Hello missing?,"),
    ],
)
def test_a_field_is_found_by_its_name(text: str, made: str) -> None:
    assert template(text).show(BO).text == made + "\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Hello {{ note }},", "Hello,"),
        ("Hello {{ name }},", "Hello Bo Chen,"),
        ("{{ first_name }} {{ note }} {{ Seat }}!", "Bo A1!"),
        ("Seats:  {{ note }}|", "Seats:  |"),
        ("a\n\n{{ note }}\n\nb\n{{ note }}\nc", "a\n\nb\nc"),
        ("{{ all fields }}", "Seat: A1\nGröße der Karte: L\nPrice-2: 3\nTitle: no\nX1: 2"),
    ],
)
def test_an_empty_field_takes_the_blank_before_it_along(text: str, made: str) -> None:
    assert template(text).render(BO).text == made + "\n"
    html = "{% block html %}<p>A {{ title }} {{ note }}</p>{% endblock %}"
    source = "{% block subject %}s{% endblock %}{% block text %}t{% endblock %}" + html
    sent = Template("t", source).render({**BO, "title": "<b>"})
    assert sent.html == "<p>A &lt;b&gt;</p>\n"


def test_what_a_template_asks_for_is_known_with_its_place() -> None:
    uses = template(
        "a {{ titel }}\n{% if Row %}{{ First seat }}{% endif %}{{ fields['Key'] }}"
    ).uses
    assert uses == [
        FieldUse("titel", "text", 1, 6),
        FieldUse("Row", "text", 2, 7),
        FieldUse("First seat", "text", 2, 16),
        FieldUse("Key", "text", 2, 51),
    ]
    assert template("{{ title }} {{ b }} {{ B }} {{ a b }}").fields == ["b", "a b"]


def test_the_nearest_name_is_offered() -> None:
    assert nearest("titel", []) == "title"
    assert nearest("frist name", []) == "first_name"
    assert nearest("saet", ["Seat"]) == "Seat"
    assert nearest("membership", ["Seat"]) is None
    assert is_known("E-Mail", [])
    assert is_known("seat", {"Seat": 1})
    assert not is_known("row", ["Seat"])


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


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("{{ 2026 }}", "column 2026"),
        ("{{ 2024/25 }}", "column 2024 25"),
        ("{{2026|float + 5}}", "column 2026 5"),
        ("{{ -2026 }}", "column 2026"),
        ("{% if 2026 > 5 %}a{% endif %}", "column 2026 5"),
        ("{{ 3. Rate }}", "column 3 Rate"),
        ("{{ 2026 Beitrag (€) }}", "column 2026 Beitrag"),
    ],
)
def test_a_heading_that_is_a_number_is_refused_with_the_name_of_its_field(
    written: str, field: str
) -> None:
    with pytest.raises(TemplateFault) as raised:
        Template("fees", with_parts("", TemplateParts("Fees", f"a\n{written}")))
    fault = raised.value.fault
    assert fault is not None
    assert (fault.line, fault.words.partition("”")[0]) == (2, f"“{{{{ {field} }}}}")


PARTS = TemplateParts("Fees", "Dear {{ name }}", reply_to="a@example.org")


@pytest.mark.parametrize("blind", [False, True], ids=["every disk", "no capitals"])
def test_names_in_other_capitals_are_no_other_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    if blind:
        forget_capitals(tmp_path, monkeypatch)
    (tmp_path / "own").mkdir()
    templates = Templates(FolderFiles(tmp_path / "own"), [resources() / "templates" / "en"])
    for name in ("fees", "Old"):
        templates.save_parts(name, PARTS)
    put(templates, "Old", "a.txt")
    templates.delete("Old")
    assert list(templates.deleted()) == ["Old"]
    for name in ("FEES", "Confirmation"):
        assert name not in templates
        for read in (templates.source, templates.get, templates.delete):
            with pytest.raises(UnknownTemplate):
                read(name)
        for copy_of in (None, "fees", "confirmation"):
            with pytest.raises(BadName, match="already"):
                templates.save_parts(name, PARTS, copy_of)
        with pytest.raises(BadName, match="already"):
            templates.save(name, templates.source("fees"))
    for name in ("fees", "confirmation"):
        templates.save_parts(name, PARTS)
    templates.save_parts("OLD", PARTS)  # the deleted one cannot come back beside it
    assert not templates.deleted()
    assert templates.attachments("OLD") == []
