"""A template's file is taken apart and put together without a loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.mail.errors import BadTemplate
from desktop.mail.templates.source import BadPart, TemplateParts, blocks_of, parts_of, with_parts

texts = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
files = st.lists(st.sampled_from(["a.pdf", "Größe 2.txt", "b, c.pdf"]), unique=True)
made = st.builds(
    TemplateParts,
    subject=texts,
    text=st.lists(texts, max_size=4).map("\n".join),
    html=st.none() | texts,
    reply_to=st.sampled_from(["", "office@example.org"]),
    sender=st.sampled_from(["", "Box office <tickets@example.org>"]),
    cc=st.sampled_from(["", "desk@example.org", "ada@example.org, zoë@bücher.example"]),
    bcc=st.sampled_from(["", "archive@example.org"]),
    attachments=files.map(tuple),
)


def same(parts: TemplateParts) -> object:
    html = None if parts.html is None else parts.html.strip("\n")
    head = (parts.sender, parts.reply_to, parts.cc, parts.bcc, parts.attachments)
    return (" ".join(parts.subject.split()), parts.text.strip("\n"), html, head)


def has_tags(*all_parts: TemplateParts) -> bool:
    return any("{%" in part.subject + part.text + (part.html or "") for part in all_parts)


@given(parts=made, like=made)
def test_what_is_written_reads_back_equal(parts: TemplateParts, like: TemplateParts) -> None:
    try:
        source = with_parts(with_parts("", like), parts)
    except BadTemplate:
        assert has_tags(parts, like)
        return
    assert same(parts_of(source)) == same(parts)


def test_what_a_person_wrote_beside_the_blocks_stays() -> None:
    source = (
        "{# mine #}\n{% set x = 1 %}\n{% block text %}old{% endblock %}\n"
        "{%- block subject -%}s{%- endblock subject -%}\n"
    )
    parts = TemplateParts("new {{ x }}", "text", format="", attachments=("a.pdf",))
    changed = with_parts(source, parts)
    assert changed.startswith("---\nattachments: a.pdf\n---\n{# mine #}\n{% set x = 1 %}\n")
    assert parts_of(changed) == parts


def test_a_head_that_is_none_is_told_by_its_line() -> None:
    with pytest.raises(BadPart, match="Line 3 of the head"):
        parts_of("---\nreply_to: a@example.org\nbbc: b@example.org\n---\n")


@pytest.mark.parametrize("key", ["bcc", "reply_to", "attachments"])
def test_a_head_that_says_a_thing_twice_is_refused(key: str) -> None:
    with pytest.raises(BadPart, match=f"Line 4 of the head gives {key} a second time"):
        parts_of(f"---\n{key}: a@example.org\n\n{key} : b@example.org\n---\n")


def test_the_earlier_word_for_a_blind_copy_is_understood_and_replaced() -> None:
    old = parts_of("---\ncopy_to: archive@example.org\n---\n")
    assert old.bcc == "archive@example.org"
    assert with_parts("", old).startswith("---\nbcc: archive@example.org\n---\n")
    with pytest.raises(BadPart, match="gives bcc a second time"):
        parts_of("---\ncopy_to: a@example.org\nbcc: b@example.org\n---\n")


@pytest.mark.parametrize("head", ["cc: a@example.org, b", "bcc: @", "sender: Box office"])
def test_an_address_in_the_head_that_cannot_be_used_is_told_by_its_part(head: str) -> None:
    with pytest.raises(BadPart) as refused:
        parts_of(f"---\n{head}\n---\n")
    assert refused.value.part == head.partition(":")[0]


def test_blocks_are_found_by_their_contents() -> None:
    source = "{% block subject %}s{% endblock %}{% block text %}t{% endblock %}"
    found = [(block.name, source[block.start : block.end]) for block in blocks_of(source)]
    assert found == [("subject", "s"), ("text", "t")]
