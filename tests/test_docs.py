"""What README and the docs say can be typed, sent and set."""

from __future__ import annotations

import re
import runpy
import tomllib
from dataclasses import asdict
from importlib.util import find_spec
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
from sendoff_tasks.shell import commands
from sendoff_tasks.shell.commands import TASKS
from tests.docs import shown
from tests.docs.sessions import ELSEWHERE, SESSIONS, is_elsewhere, typed
from tests.docs.shown import PAGES, ROOT

TEXT: Final = "\n".join(map(shown.text, PAGES))
LIBRARY: Final = ROOT / "desktop" / "library"
PROGRAMS: Final = {"sendoff": cli.COMMAND_LINE, "sendoff-tasks": TASKS}


def blocks(language: str) -> list[str]:
    """Give the code blocks of a language."""
    return [block for page in PAGES for tongue, block in shown.blocks(page) if tongue == language]


COMMANDS: Final = [each for page in PAGES for each in shown.commands(page)]


def test_every_command_of_ours_is_shown() -> None:
    named = {(each.words[0], each.words[1]) for each in COMMANDS if len(each.words) > 1}
    office, tasks = ({name for of, name in named if of == program} for program in PROGRAMS)
    line = cli.COMMAND_LINE
    assert office | tasks >= {name for name in line.names if line.command(name).does}


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_shown_command_has_the_options_that_are_shown(
    program: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line, helps = PROGRAMS[program], {}
    for each in COMMANDS:
        first, *rest = each.words
        if Path(first).name != program:
            continue
        name = "".join(word for word in rest[:1] if not word.startswith("-"))
        assert not name or name in line.names, each
        verbs = line.command(name).verbs if name else {}
        asked = tuple(word for word in (name, *(set(rest) & set(verbs))) if word)
        if asked not in helps:
            with pytest.raises(SystemExit):
                commands.run([*asked, "--help"], line)
            helps[asked] = capsys.readouterr().out
        options = {word.partition("=")[0] for word in rest if word.startswith("--")} - {"--version"}
        assert {option for option in options if option not in helps[asked]} == set(), each
    assert helps


def test_every_shown_command_is_typed_by_a_session_or_run_elsewhere() -> None:
    in_sessions = {each for session in SESSIONS for each in typed(session)}
    left = {
        each.line
        for each in COMMANDS
        if each.is_whole and not each.by_root
        if each not in in_sessions and not is_elsewhere(each.line)
    }
    assert left == set()
    whole = [each.line for each in COMMANDS if each.is_whole]
    begun = {start for start in ELSEWHERE for line in whole if line.startswith(start)}
    assert begun == ELSEWHERE.keys()
    files = [word for why in ELSEWHERE.values() for word in re.findall(r"tests/[\w/]+\S*", why)]
    assert [each for each in files if not (ROOT / each.rstrip(",:")).exists()] == []


def test_every_shown_extra_and_group_of_packages_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    library = tomllib.loads((LIBRARY / "pyproject.toml").read_text(encoding="utf-8"))
    groups, named = {*project["dependency-groups"]}, set[str]()
    program, alone = ({*each["project"]["optional-dependencies"]} for each in (project, library))
    extras = {".": program, "sendoff-desktop": program, "library": alone, "sendoff-tasks": alone}
    for each in COMMANDS:
        words = each.words if "install" in each.words else []
        named |= {words[at + 1] for at, word in enumerate(words) if word == "--group"}
        for word in words:
            if found := re.fullmatch(r"(?:\./desktop/)?(\.|library|sendoff-\w+)\[(.+)\]", word):
                assert {*found[2].split(",")} <= extras[found[1]], each
    assert named
    assert named <= groups


def test_every_shown_module_and_script_is_there() -> None:
    words = [each.words for each in COMMANDS]
    modules = {line[line.index("-m") + 1] for line in words if "-m" in line}
    ours = {each for each in modules if each.partition(".")[0] in {"tests", "desktop"}}
    assert ours
    assert {each for each in ours if find_spec(each) is None} == set()
    scripts = {
        word for line in words for word in line if re.fullmatch(r"[\w./]+\.py|tests/[\w/]+", word)
    }
    assert {each for each in scripts if not (ROOT / each).exists()} - {"shop.py"} == set()


def test_every_named_route_is_there() -> None:
    routes = {
        (method, route.path_format) for route in routes_of(PARTS) for method in route.methods or ()
    }
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
    lost = [
        f"{page.name}: {file.name}#{anchor}"
        for page in PAGES
        for file, anchor in shown.links(page)
        if not file.exists()
        or (anchor and file.suffix == ".md" and anchor not in shown.anchors(file))
    ]
    assert lost == []


def test_no_link_leads_to_the_site_of_an_example() -> None:
    linked = [each for page in PAGES for each in shown.outside(page)]
    assert linked
    assert [each for each in linked if "://example." in each] == []


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
    examples = [*PAGES, *(ROOT / "resources" / "deploy").iterdir()]
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
