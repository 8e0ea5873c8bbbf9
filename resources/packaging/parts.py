"""The licences of what the frozen program is made of, and the list of its parts."""

from __future__ import annotations

import json
import platform
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LICENCES = ROOT / "resources" / "packaging" / "licences"
LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")


def distributions() -> list[Distribution]:
    """Return the locked distributions that are installed here: the program is made from these."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = []
    for line in re.findall(r"^[\w.-]+==.*$", lock, re.MULTILINE):
        name, _, rest = line.partition("==")
        _, _, marker = rest.partition(";")
        if not marker or _holds(marker):
            found.append(distribution(name))
    return found


def _holds(marker: str) -> bool:
    from packaging.markers import Marker

    return Marker(marker.rstrip("\\ ").strip()).evaluate()


def add_all(program: Path, where: Path) -> None:
    """Write the licences of a program's parts, and the list of them, into a folder."""
    libraries = system_libraries(program)
    add_licences(libraries, where)
    add_bill(libraries, where)


def add_licences(libraries: list[str], where: Path) -> None:
    """Write the licence texts of all parts into the folder ``licences``.

    Qt's and PySide6's are here, as their packages bring none; Python's stands beside its library;
    those of the system's libraries are Debian's ``copyright`` files.
    """
    folder = where / "licences"
    shutil.copytree(LICENCES, folder)
    shutil.copy(ROOT / "LICENSE", folder / "Sendoff.txt")
    shutil.copy(ROOT / "resources" / "icons" / "LICENSE-lucide.txt", folder / "Lucide.txt")
    for where in (Path(sys.base_prefix, "LICENSE.txt"), *_python_licence()):
        if where.exists():
            shutil.copy(where, folder / "Python.txt")
    for each in distributions():
        texts = [file for file in each.files or () if LICENCE_FILE.match(file.name)]
        target = folder / each.name
        for file in texts:
            target.mkdir(exist_ok=True)
            shutil.copy(str(each.locate_file(file)), target / file.name)
    for package in libraries:
        copyright_file = Path("/usr/share/doc", package, "copyright")
        shutil.copy(copyright_file, folder / f"{package}.txt")


def _python_licence() -> list[Path]:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return [Path(sys.base_prefix, "lib", version, "LICENSE.txt")]


def system_libraries(program: Path) -> list[str]:
    """Return the Debian packages that the program's system libraries come from; none elsewhere."""
    if not shutil.which("dpkg"):
        return []
    found = set()
    for each in (program / "_internal").glob("lib*.so*"):
        asked = ["dpkg", "-S", f"*/{each.name}"]
        answer = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
        if answer:
            found.add(answer.partition(":")[0])
    return sorted(found)


def add_bill(libraries: list[str], where: Path) -> None:
    """Write ``sendoff.cdx.json``: name, version and licence of each part (CycloneDX 1.6)."""
    from desktop import __version__

    components = [_component(each) for each in distributions()]
    components += [
        {"type": "library", "name": name, "version": version}
        for name, version in (
            ("Python", platform.python_version()),
            ("OpenSSL", ssl.OPENSSL_VERSION.split()[1]),
            ("SQLite", sqlite3.sqlite_version),
        )
    ]
    for package in libraries:
        asked = ["dpkg-query", "-W", "-f", "${Version}\\n", package]
        answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        version = answer.splitlines()[0]
        purl = f"pkg:deb/debian/{package}@{version}"
        components.append({"type": "library", "name": package, "version": version, "purl": purl})
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "Sendoff", "version": __version__}
        },
        "components": sorted(components, key=lambda each: str(each["name"]).lower()),
    }
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    (where / "sendoff.cdx.json").write_text(text, encoding="utf-8")


def _component(each: Distribution) -> dict[str, Any]:
    name = re.sub(r"[-_.]+", "-", each.name).lower()
    said = next(
        (each.metadata[key] for key in ("License-Expression", "License") if key in each.metadata),
        "",
    )
    licence = {"licenses": [{"license": {"name": said.splitlines()[0]}}]} if said else {}
    purl = f"pkg:pypi/{name}@{each.version}"
    return {"type": "library", "name": each.name, "version": each.version, "purl": purl} | licence
