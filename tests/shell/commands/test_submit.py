"""``sendoff submit`` registers an item as the form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.contract.items import BY_HAND

if TYPE_CHECKING:
    from desktop.client.api import Api
    from tests.shell.conftest import Shell


def test_everything_given_arrives(shell: Shell, api: Api) -> None:
    said = shell(
        *(
            "submit",
            "--id",
            "42",
            "--to",
            "ada@example.org",
            "--name",
            "Ada",
            "--title",
            "Two seats",
        ),
        *("--field", "row=F", "--field", "note=a=b", "--delay", "3600"),
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == "Item 42 is registered.\n"
    item = api.items.one(42)
    assert item["title"] == "Two seats"
    assert item["recipient"] == {"name": "Ada", "email": "ada@example.org"}
    assert item["fields"] == {"row": "F", "note": "a=b"}
    assert [(row["state"], row["priority"]) for row in item["tasks"]] == [("scheduled", BY_HAND)]


def test_without_a_number_the_backend_picks_the_next(shell: Shell, api: Api) -> None:
    shell("submit", "--id", "1204", "--delay", "60")
    assert shell("submit", "--delay", "60").stdout == "Item 1205 is registered.\n"
    assert api.items.one(1205)["item_id"] == 1205


def test_a_bad_address_is_one_sentence_and_status_1(shell: Shell) -> None:
    said = shell("submit", "--to", "ada.example.org")
    assert (said.returncode, said.stdout) == (1, "")
    assert "There is no @ in this address." in said.stderr
    assert len(said.stderr.splitlines()) == 1


def test_a_taken_number_is_refused_and_the_item_left_as_it_was(shell: Shell, api: Api) -> None:
    shell("submit", "--id", "7", "--title", "first", "--delay", "60")
    said = shell("submit", "--id", "7", "--title", "second", "--delay", "60")
    assert said.returncode == 1
    assert "7" in said.stderr
    assert api.items.one(7)["title"] == "first"


def test_a_field_without_a_value_is_a_usage_error(shell: Shell) -> None:
    said = shell("submit", "--field", "row")
    assert said.returncode == 2
    assert "not of the form key=value" in said.stderr
