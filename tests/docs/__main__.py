"""The pages for users, built and typed: ``python -m tests.docs [FOLDER]``.

Sphinx builds them: every warning is an error, and the reference has everything that
``sendoff_tasks`` exports; they stay in the FOLDER that is named. Then the commands of the pages are
typed, and those of the tests have the options that are shown. With ``--root`` the commands for a
server are typed in a bare Debian 12, which only root can make. With ``--outside`` each link to
another site is followed.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

import httpx

from tests.docs.sessions import SESSIONS, alone
from tests.docs.shown import DOCS, PAGES, ROOT, commands, outside
from tests.environments import fresh_environment
from tests.packages import bare_system
from tests.workflows import fetch_packages, run

LIBRARY: Final = ROOT / "desktop" / "library"
UNITS: Final = ROOT / "resources" / "deploy"


def main() -> int:
    """Build and type; returns 0 when nothing is wrong and nothing is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.docs", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="where the pages are kept")
    parser.add_argument("--root", action="store_true", help="also make a server, in a bare system")
    parser.add_argument("--outside", action="store_true", help="also follow links to other sites")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sendoff-docs-") as scratch:
        packages = [f"{ROOT}[window]", str(LIBRARY), *_group("docs")]
        programs = fresh_environment(Path(scratch) / "environment", *packages)
        if not _are_built(programs, asked.folder or Path(scratch) / "pages"):
            return 1
        for number in range(len(SESSIONS)):
            subprocess.run(alone(number, programs), cwd=ROOT, check=True)
        _have_their_options()
        _have_their_packages()
        if asked.root:
            with bare_system(Path(scratch) / "system", "bookworm") as system:
                _make_a_server(system)
    lost = [each for each in _outside() if not _is_there(each)] if asked.outside else []
    print(f"links to other sites that lead nowhere: {', '.join(lost)}" if lost else "all is there")
    return 1 if lost else 0


def _are_built(programs: Path, pages: Path) -> bool:
    """Build the pages, and see that the reference is complete."""
    strict = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env"]
    command = [programs / "sphinx-build", *strict, DOCS, pages]
    if subprocess.run([*map(str, command)], check=False).returncode:
        return False
    names = "import sendoff_tasks; print(*sendoff_tasks.__all__)"
    command = [programs / "python", "-c", names]
    exported = subprocess.run(
        [*map(str, command)], cwd=pages, capture_output=True, text=True, check=True
    )
    found = set(re.findall(r'id="sendoff_tasks\.(\w+)"', (pages / "reference.html").read_text()))
    missing = {*exported.stdout.split()} - found
    built = len(list(pages.rglob("*.html")))
    print(f"{built} pages; missing in the reference: {', '.join(sorted(missing)) or 'nothing'}")
    return not missing


def _group(name: str) -> list[str]:
    """Return the packages of a dependency group."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = project["dependency-groups"][name]
    return found


def _have_their_options() -> None:
    """See that each command of the tests says what it does, and has the options that are shown."""
    shown: dict[str, set[str]] = {}
    for page in PAGES:
        for each in commands(page):
            if named := re.search(r"-m (tests[\w.]*)(.*)", each.line):
                shown.setdefault(named[1], set()).update(re.findall(r"--[\w-]+", named[2]))
    for module, options in sorted(shown.items()):
        command = [sys.executable, "-P", "-m", module, "--help"]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert told.startswith(f"usage: python -m {module}"), (module, told)
        assert all(option in told for option in options), (module, options)
    print(f"{len(shown)} commands of the tests have their options", flush=True)


def _have_their_packages() -> None:
    """See that what pip is told to install for a checkout can be had."""
    for each in (one for page in PAGES for one in commands(page)):
        if "pip install" in each.line and "--group" in each.words:
            asked = each.words[each.words.index("install") :]
            command = [sys.executable, "-m", "pip", *asked, "--dry-run", "--quiet"]
            subprocess.run(command, cwd=ROOT, check=True)
            print(f"{each.page.parent.name}/{each.page.name}: {each.line}", flush=True)


def _make_a_server(system: Path) -> None:
    """Type what the page of servers has for root, in a checkout, once PostgreSQL has its user."""
    run(system, "apt-get update -qq; apt-get install -y -qq python3-venv openssl systemd", "/")
    shutil.copytree(UNITS, system / "etc" / "systemd" / "system", dirs_exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, system / "checkout"], check=True)
    fetch_packages(system / "packages", "requirements.lock", "psycopg[binary]", "hatchling")
    for each in commands(DOCS / "servers.md"):
        if each.by_root and not each.line.startswith("sudo -u postgres"):
            print(f"servers.md: {each.line}", flush=True)
            run(system, each.line.replace(" --now", ""), "/checkout")  # no systemd runs there
    run(system, "systemctl is-enabled sendoff && systemd-analyze verify sendoff.service", "/")
    nowhere = "postgresql://127.0.0.1:1/items"  # its driver looks for the server
    asked = f"runuser -u sendoff -- /opt/sendoff/bin/sendoff migrate --database {nowhere}"
    run(system, f"{{ {asked} 2>&1 || true; }} | grep -F 127.0.0.1", "/")


def _outside() -> list[str]:
    return sorted({each for page in PAGES for each in outside(page)})


def _is_there(address: str) -> bool:
    """Tell whether a page of another site is there."""
    try:
        return httpx.get(address, follow_redirects=True, timeout=30).is_success
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
