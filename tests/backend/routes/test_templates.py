"""``/templates``: listed, read, written when they are good, tried before that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.backend.conftest import bad_paths

if TYPE_CHECKING:
    import httpx

    from desktop.settings.paths import DataFolder

pytestmark = pytest.mark.anyio

GOOD = (
    "{% block subject %}Ticket {{ number }}{% endblock %}"
    "{% block text %}Dear {{ name }}, row {{ fields.row }}{% endblock %}"
    "{% block html %}<p>Dear {{ name }}</p>{% endblock %}"
)
ITEM = {
    "recipient": {"name": "Ada <b>", "email": "ada@example.org"},
    "fields": {"row": "F"},
}


async def test_the_built_in_ones_are_there(client: httpx.AsyncClient) -> None:
    names = (await client.get("/templates")).json()["templates"]
    assert "confirmation" in names
    template = (await client.get("/templates/confirmation")).json()
    assert template["name"] == "confirmation"
    assert "{% block subject %}" in template["source"]


async def test_an_own_one_is_kept_listed_and_used(client: httpx.AsyncClient) -> None:
    answer = await client.put("/templates/ticket", json={"source": GOOD})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"name": "ticket", "source": GOOD}
    assert (await client.get("/templates/ticket")).json()["source"] == GOOD
    assert "ticket" in (await client.get("/templates")).json()["templates"]
    assert (await client.post("/items/1", json={"template": "ticket"})).status_code == 200


async def test_one_that_does_not_compile_is_refused_with_its_line(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.put("/templates/bad", json={"source": "{% block subject %}\n{{ x"})
    assert bad_paths(answer) == ["source"]
    assert "line" in answer.json()["detail"]
    assert (await client.get("/templates/bad")).status_code == 404


@pytest.mark.parametrize("name", ["..%2F..%2Fsettings", ".hidden", "a b", "no-such"])
async def test_no_name_leads_out_of_the_folder(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/templates/{name}")).status_code == 404
    if name != "no-such":
        answer = await client.put(f"/templates/{name}", json={"source": GOOD})
        assert answer.status_code in {404, 422}


async def test_the_name_in_the_body_is_that_of_the_path(client: httpx.AsyncClient) -> None:
    answer = await client.put("/templates/a", json={"name": "b", "source": GOOD})
    assert bad_paths(answer) == ["name"]


async def test_a_preview_shows_the_mail_of_an_item_that_is_not_there(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.post(
        "/templates/preview", json={"source": GOOD, "item": ITEM, "item_id": 7}
    )
    assert answer.status_code == 200, answer.text
    mail = answer.json()
    assert set(mail) == {"from", "to", "subject", "text", "html", "source"}
    assert mail["subject"] == "Ticket 7"
    assert "row F" in mail["text"]
    assert "&lt;b&gt;" in mail["html"]
    assert "Subject: Ticket 7" in mail["source"]
    assert (await client.get("/items/7")).status_code == 404


async def test_without_anything_it_is_the_usual_template_and_the_next_number(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/items/41", json={"tasks": []})
    answer = await client.post("/templates/preview", json={"item": {}})
    assert "42" in answer.json()["subject"] + answer.json()["text"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"item": {}, "template": "no-such"}, "template"),
        ({"item": {}, "source": "{{ x"}, "source"),
        ({"item": {}, "source": GOOD.replace("number", "nobody")}, "source"),
        ({"source": GOOD}, "item"),
        ({"item": {"recipient": {"email": "x"}}}, "item.recipient.email"),
    ],
)
async def test_what_cannot_be_rendered_is_named(
    client: httpx.AsyncClient, body: dict[str, Any], path: str
) -> None:
    assert bad_paths(await client.post("/templates/preview", json=body)) == [path]


async def test_without_settings_that_can_be_read_there_is_no_preview_and_it_is_said_why(
    client: httpx.AsyncClient, folder: DataFolder
) -> None:
    folder.settings_file.write_text("[mail")
    answer = await client.post("/templates/preview", json={"item": {}, "source": GOOD})
    assert answer.status_code == 409
    assert str(folder.settings_file) in answer.json()["detail"]


async def test_the_same_key_has_the_first_preview(client: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k"}
    body = {"item": ITEM, "source": GOOD}
    first = await client.post("/templates/preview", json=body, headers=headers)
    again = await client.post("/templates/preview", json=body, headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = await client.post("/templates/preview", json={"item": {}}, headers=headers)
    assert other.status_code == 409
