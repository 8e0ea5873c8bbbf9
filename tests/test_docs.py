"""What README says can be typed, sent and set."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest

from desktop import cli
from desktop.backend.application import ITEM_ROUTES, TASK_ROUTES
from desktop.settings.preferences import from_mapping

README: Final = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Give the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Read the shell's commands from its help."""
    with pytest.raises(SystemExit):
        cli.run(["--help"])
    return set(re.findall(r"^    ([a-z][a-z-]*)(?: {2,}|$)", capsys.readouterr().out, re.MULTILINE))


def test_every_command_is_shown_and_every_shown_one_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = {name for block in blocks("") for name in re.findall(r"sendoff ([a-z][a-z-]*)", block)}
    assert shown == commands(capsys)


def test_every_named_route_is_there() -> None:
    routes = {
        (method, route.path)
        for module in (*TASK_ROUTES, *ITEM_ROUTES)
        for route in module.router.routes
        for method in route.methods
    }
    named = set(re.findall(r"`(GET|POST|PUT|DELETE) (/[a-z/_{}]*)`", README))
    assert named - {("GET", "/openapi.json")} <= routes
    assert named


def test_what_a_link_leads_to_is_there() -> None:
    root = Path(__file__).parents[1]
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert [target for target in targets if not (root / target).exists()] == []
    assert targets


def test_settings_are_ones_that_can_be_used() -> None:
    for block in blocks("toml"):
        assert from_mapping(tomllib.loads(block)) != from_mapping({})
