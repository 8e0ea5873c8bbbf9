"""The letterhead is read and written, and a letter arrives in it: logo, page and plain text."""

from __future__ import annotations

from base64 import b64encode
from email import message_from_string, policy
from email.message import EmailMessage

import httpx
import pytest

from desktop.backend.services import Services
from desktop.mail.files import Files
from tests.backend.conftest import bad_paths, outbox, settled, task_ids
from tests.mail.templates.test_letter import png, source_of

pytestmark = pytest.mark.anyio

CLUB = {"name": "Tennis Club", "line": "", "colour": "#0B6B57", "signature": "Marta\nOffice"}
LOGO = b64encode(png()).decode()
ITEM = {"template": "letter", "recipient": {"name": "Ines Duarte", "email": "ines@example.org"}}


async def test_it_is_read_as_it_was_written(client: httpx.AsyncClient) -> None:
    empty = {"name": "", "line": "", "colour": "", "signature": "", "logo": None}
    assert (await client.get("/letterhead")).json() == empty
    answer = await client.put("/letterhead", json={**CLUB, "logo": LOGO})
    assert answer.json() == {**CLUB, "logo": LOGO}
    assert (await client.put("/letterhead", json=CLUB)).json() == {**CLUB, "logo": LOGO}
    assert (await client.get("/letterhead")).json() == {**CLUB, "logo": LOGO}
    removed = await client.put("/letterhead", json={**CLUB, "logo": None})
    assert removed.json() == {**CLUB, "logo": None}


@pytest.mark.parametrize(
    ("part", "value"), [("colour", "green"), ("logo", "?"), ("logo", "R0lG"), ("name", "a\nb")]
)
async def test_a_part_that_letters_cannot_show_is_refused_at_its_place(
    refusing: httpx.AsyncClient, part: str, value: str
) -> None:
    answer = await refusing.put("/letterhead", json={**CLUB, part: value})
    assert bad_paths(answer) == [part]


async def test_a_preview_shows_one_that_is_not_saved(client: httpx.AsyncClient) -> None:
    await client.put("/templates/letter", json={"source": source_of("Hello")})
    head = {**CLUB, "name": "Choir", "logo": LOGO}
    for shown in (
        {"template": "letter"},
        {"source": source_of("Hello")},
        {"parts": {"subject": "s", "text": "Hello", "format": "markdown"}},
    ):
        answer = await client.post("/templates/preview", json={**shown, "letterhead": head})
        page = answer.json()["html"]
        assert "<b>Choir</b>" in page
        assert f"data:image/png;base64,{LOGO}" in page
    assert (await client.get("/letterhead")).json()["name"] == ""


async def test_a_letter_arrives_in_it(
    client: httpx.AsyncClient, services: Services, kept: Files
) -> None:
    await client.put("/letterhead", json={**CLUB, "logo": LOGO})
    text = "# Hello {{ name }}\n\n- **one**\n\n[Plan](https://example.org)"
    await client.put("/templates/letter", json={"source": source_of(text)})
    (task,) = task_ids(await client.post("/items/7", json=ITEM))
    assert settled(services, task)["state"] == "succeeded"
    (source,) = outbox(kept)
    mail = message_from_string(source, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    plain, page = mail.get_body(("plain",)), mail.get_body(("related", "html"))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == [
        *("Hello Ines Duarte", "", "- *one*", "", "Plan:", "https://example.org", ""),
        *("-- ", "Marta", "Office"),
    ]
    html, logo = page.iter_parts()
    assert 'src="cid:logo@sendoff"' in html.get_content()
    assert (logo["Content-ID"], logo.get_content()) == ("<logo@sendoff>", png())
    shown = (await client.get(f"/tasks/{task}/message")).json()
    assert f"data:image/png;base64,{LOGO}" in shown["html"]
    assert shown["files"] == []


async def test_a_save_by_parts_keeps_the_format(client: httpx.AsyncClient) -> None:
    await client.put("/templates/letter", json={"source": source_of("Hello")})
    parts = {"subject": "s", "text": "# Bye"}
    saved = (await client.put("/templates/letter", json={"parts": parts})).json()
    assert saved["parts"]["format"] == "markdown"
    assert saved["source"] == source_of("# Bye")
    plain = {**parts, "format": ""}
    saved = (await client.put("/templates/letter", json={"parts": plain})).json()
    assert "format" not in saved["source"]
