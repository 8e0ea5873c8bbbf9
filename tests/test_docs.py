"""What README and the docs say can be typed, sent and set."""

from __future__ import annotations

import re
import runpy
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI

from desktop import cli
from desktop.backend.application import PARTS
from desktop.contract.rules.mailbox import Mailbox
from desktop.mail.mailer import values_of
from desktop.mail.templates.template import Template
from desktop.settings.preferences import Settings, from_mapping
from sendoff_tasks.folder.queue_limits import QueueSettings
from sendoff_tasks.http.application import routes_of
from sendoff_tasks.http.wire import openapi
from sendoff_tasks.shell.commands import TASKS

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
)
LIBRARY: Final = ROOT / "desktop" / "library" / "README.md"
TEXT: Final = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def blocks(language: str) -> list[str]:
    """Give the code blocks of a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [block for tongue, block in found if tongue == language]


def commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Read the shell's commands from its help."""
    with pytest.raises(SystemExit):
        cli.run(["--help"])
    return set(re.findall(r"^    ([a-z][a-z-]*)(?: {2,}|$)", capsys.readouterr().out, re.MULTILINE))


def test_every_command_is_shown_and_every_shown_one_is_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "\n".join(blocks(""))
    office, tasks = (
        set(re.findall(rf"{name} ([a-z][a-z-]*)", text)) for name in ("sendoff", TASKS.name)
    )
    assert office | tasks == commands(capsys)
    assert tasks <= {*TASKS.names}


def test_every_named_route_is_there() -> None:
    routes = {(method, route.path) for route in routes_of(PARTS) for method in route.methods or ()}
    named = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[a-z/_{}]*)`", TEXT))
    assert named - {("GET", "/openapi.json")} <= routes
    assert named


def test_every_type_of_the_api_is_explained_and_on_its_page() -> None:
    app = FastAPI()
    app.router.routes.extend(routes_of(PARTS))
    openapi.install(app)
    pages = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    shown = set(re.findall(r"\w+", pages["fields"]()))
    assert app.openapi()["components"]["schemas"].keys() - shown == set()
    assert [each for kinds in pages["types"]().values() for each in kinds if not each.__doc__] == []


def test_every_link_leads_somewhere() -> None:
    links = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)\)", _without_code(page))
        if not (page.parent / target).exists()
    ]
    assert links == []


def _without_code(page: Path) -> str:
    return re.sub(r"`[^`]*`", "", page.read_text(encoding="utf-8"))


def test_every_page_is_in_the_table_of_contents() -> None:
    listed = (ROOT / "docs" / "index.rst").read_text(encoding="utf-8").split()
    pages = {page.stem for page in (ROOT / "docs").iterdir() if page.suffix in {".md", ".rst"}}
    assert pages - {"index"} <= set(listed)


def test_every_named_file_is_there() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(
        re.findall(
            r"`((?:desktop|gui|client|sendoff_tasks|items|backend|mail|tasks|settings|sheets|shell|contract)/"
            r"[a-z_/]+\.py)`",
            contributing,
        )
    )
    missing = {
        name
        for name in named
        if not any(
            (base / name).exists()
            for base in (ROOT, ROOT / "desktop", ROOT / "desktop" / "library")
        )
    }
    assert missing == set()
    assert named


KNOWN_TOKEN: Final = re.compile(
    r"""\btoken\s*=\s*["'][^"']|TOKEN["']\s*,|TOKEN\w*\}?:?[-=]\s*["']?\w|Bearer (?!\$|\{)\w"""
)


def test_no_example_has_a_token_that_others_know() -> None:
    assert KNOWN_TOKEN.search('token = "secret"')
    assert KNOWN_TOKEN.search('os.environ.get("MONITOR_TOKEN", "for-now")')
    assert KNOWN_TOKEN.search("SHOP_TOKEN: ${SHOP_TOKEN:-for-now}")
    examples = [*PAGES, LIBRARY, *(ROOT / "resources" / "deploy").iterdir()]
    known = {each.name: KNOWN_TOKEN.findall(each.read_text("utf-8")) for each in examples}
    assert {name: found for name, found in known.items() if found} == {}


def test_settings_are_ones_that_can_be_used() -> None:
    for block in blocks("toml"):
        assert from_mapping(tomllib.loads(block)) != from_mapping({})


def test_every_setting_is_on_the_page_of_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`|^(\w+) =", page, re.MULTILINE))
    mail, window, keep, queues = asdict(Settings(queues={"mail": QueueSettings()})).values()
    keys = {*mail, *window, *keep, *queues["mail"]}
    assert keys - {name for either in named for name in either} == set()


def test_the_template_that_is_shown_makes_a_message() -> None:
    (source,) = blocks("jinja")
    fields = {"Seat row": "F 12", "Note": "Bring <this> along."}
    values = values_of({"title": "Opera", "fields": fields}, 7, Mailbox("Lovelace, Ada", "a@b.org"))
    template = Template("shown", source)
    message = template.render(values)
    assert (template.parts.reply_to, template.parts.bcc) == (
        "office@example.org", "archive@example.org",
    )  # fmt: skip
    assert message.subject == "Your seats for Opera"
    assert "Dear Ada,\n\nyour seats: F 12. Your number is 7.\n\nBring <this> along." in message.text
    assert '<a href="https://example.org/plan">' in message.html
    assert "Bring &lt;this&gt; along." in message.html
