"""The parts of a package, by the files that are in it: their list, and their licences."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LICENCES = ROOT / "resources" / "packaging" / "licences"
LICENCE_FILE = re.compile(r"(?i)(licen[cs]e|copying|notice|authors)")
LIBRARY = re.compile(r"\.(so|pyd|dll|dylib)\b")
ICU = re.compile(r"libicudata\.so\.(\d+)")
README = """\
What Sendoff {version} is made of. sendoff.cdx.json beside this folder lists the same for programs.
The text of a licence is here under its name, or in the folder or file of the part. What is
indented is compiled into the part above it.

Qt and PySide6 {qt} are used under LGPL-3.0. Their source:
https://download.qt.io/official_releases/qt/{series}/{qt}/
https://download.qt.io/official_releases/QtForPython/pyside6/PySide6-{qt}-src/
They are libraries of their own, in PySide6 and shiboken6: you may put others in their place.
Qt-parts.txt has the licences of what is inside Qt.

"""


@dataclass
class Part:
    """A part of a package.

    Args:
        name: as its maker calls it
        version: empty if it is not known
        purl: what scanners know it by
        licence: its name; empty where the part's own text says it
        texts: files with its licence
        inner: what is compiled into it
        files: those of its files that are libraries or programs, from the package's folder on
    """

    name: str
    version: str = ""
    purl: str = ""
    licence: str = ""
    texts: list[Path] = field(default_factory=list)
    inner: list[Part] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """Return it as CycloneDX has it."""
        about: dict[str, Any] = {"type": "library", "name": self.name}
        given = {"version": self.version, "purl": self.purl}
        about |= {key: value for key, value in given.items() if value}
        if self.licence:
            about["licenses"] = [{"license": {"name": self.licence}}]
        if self.inner:
            about["components"] = [each.described() for each in self.inner]
        if self.files:
            about["evidence"] = {"occurrences": [{"location": each} for each in self.files]}
        return about

    def lines(self, indent: str = "") -> Iterator[str]:
        """Yield a line for it, and one for each part inside it."""
        yield f"{indent}{self.name} {self.version}  {self.licence}".rstrip()
        for each in self.inner:
            yield from each.lines(f"{indent}    ")


def add_all(tree: Path, contents: dict[str, str], where: Path) -> None:
    """Write the list of a package's parts, and their licences, into a folder.

    Args:
        tree: the folder with the program
        contents: what PyInstaller put into it → where that came from (``build.spec``)
        where: the folder
    """
    from desktop import __version__

    found = parts_of(tree, contents)
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "Sendoff", "version": __version__}
        },
        "components": [each.described() for each in found],
    }
    text = json.dumps(bill, indent=1, ensure_ascii=False) + "\n"
    (where / "sendoff.cdx.json").write_text(text, encoding="utf-8")
    folder = where / "licences"
    shutil.copytree(LICENCES, folder)
    shutil.copy(ROOT / "LICENSE", folder / "Sendoff.txt")
    shutil.copy(ROOT / "resources" / "icons" / "LICENSE-lucide.txt", folder / "Lucide.txt")
    for part in found:
        for text_file in part.texts:
            (folder / part.name).mkdir(exist_ok=True)
            shutil.copy(text_file, folder / part.name / text_file.name)
    qt = next((each.version for each in found if each.name == "PySide6_Essentials"), "")
    head = README.format(version=__version__, qt=qt, series=qt.rpartition(".")[0])
    listed = "\n".join(line for each in found for line in each.lines())
    (folder / "README.txt").write_text(f"{head}{listed}\n", encoding="utf-8")


def parts_of(tree: Path, contents: dict[str, str]) -> list[Part]:
    """Return the parts of a package by name: of each, a file is there."""
    there = {to: Path(source) for to, source in contents.items() if _is_there(tree, to)}
    installed = {
        os.path.realpath(str(each.locate_file(file))): each
        for each in distributions()
        for file in each.files or ()
    }
    found: dict[str, Part] = {}
    others = {}
    for to, source in there.items():
        real = os.path.realpath(source)
        if real in installed:
            part = found.setdefault(installed[real].name, Part(""))
            if not part.name:
                found[installed[real].name] = part = _of_distribution(installed[real])
            _note(part, tree, to)
        elif not Path(real).is_relative_to(ROOT):
            others[to] = real
    packages = _debian_packages({*others.values()})
    for to, real in others.items():
        if package := packages.get(real):
            part = found.get(package) or _of_debian(package)
        elif Path(real).is_relative_to(os.path.realpath(sys.base_prefix)):
            part = found.get("Python") or _python()
        else:
            part = found.get(Path(real).name) or Part(Path(real).name)
        found[part.name] = part
        _note(part, tree, to)
    for part in found.values():
        part.files.sort()
        if part.name == "PySide6_Essentials":
            part.inner = [
                Part("Qt", part.version, f"pkg:generic/qt@{part.version}", "LGPL-3.0-only")
            ]
            part.inner += [Part("ICU", name[1]) for name in map(ICU.search, part.files) if name]
    return sorted(found.values(), key=lambda each: each.name.lower())


def _is_there(tree: Path, to: str) -> bool:
    """Tell whether it is in the package: a file, or a module, which is in the program itself."""
    is_about = ".dist-info/" in Path(to).as_posix()
    return not is_about and (to.startswith("module ") or (tree / "_internal" / to).exists())


def _note(part: Part, tree: Path, to: str) -> None:
    """Note a file of a part if it is a library."""
    file = tree / "_internal" / to
    if LIBRARY.search(to) and file.is_file() and not file.is_symlink():
        part.files.append(f"_internal/{Path(to).as_posix()}")


def _of_distribution(each: Distribution) -> Part:
    name = re.sub(r"[-_.]+", "-", each.name).lower()
    said = next(
        (each.metadata[key] for key in ("License-Expression", "License") if key in each.metadata),
        "",
    )
    files = each.files or ()
    texts = [Path(str(each.locate_file(f))) for f in files if LICENCE_FILE.match(f.name)]
    lists = [Path(str(each.locate_file(f))) for f in files if f.parent.name == "sboms"]
    inner = [part for file in lists for part in _compiled_in(file) if part.name != each.name]
    return Part(
        each.name,
        each.version,
        f"pkg:pypi/{name}@{each.version}",
        (said.splitlines() or [""])[0],
        [each for each in texts if each.suffix not in {".py", ".so", ".pyd"}],
        inner,
    )


def _compiled_in(bill: Path) -> Iterator[Part]:
    """Yield what a wheel says is compiled into it."""
    for each in json.loads(bill.read_text(encoding="utf-8")).get("components", ()):
        said = [one.get("expression") for one in each.get("licenses", ())]
        licence = (
            f"{said[0]}, by {each['author']}" if said and "author" in each else (said or [""])[0]
        )
        purl = each.get("purl", "").partition("?")[0]
        yield Part(each["name"], each.get("version", ""), purl, licence or "")


def _python() -> Part:
    version = platform.python_version()
    folders = (Path(sys.base_prefix), Path(os.__file__).parent)
    texts = [each / "LICENSE.txt" for each in folders if (each / "LICENSE.txt").exists()][:1]
    part = Part("Python", version, f"pkg:generic/python@{version}", "PSF-2.0", texts)
    if sys.platform != "linux":
        openssl = ssl.OPENSSL_VERSION.split()[1]
        part.inner += [Part("SQLite", sqlite3.sqlite_version), Part("OpenSSL", openssl)]
    return part


def _debian_packages(files: Iterable[str]) -> dict[str, str]:
    """Return the Debian package of each file that has one; none elsewhere."""
    if not shutil.which("dpkg"):
        return {}
    # Packages name the same file in /lib or in /usr/lib.
    names = {spelt: each for each in files for spelt in (each, each.removeprefix("/usr"))}
    asked = ["dpkg", "--search", *names]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    lines = (line.rpartition(": ") for line in answer.splitlines())
    return {names[file]: package.partition(":")[0] for package, _, file in lines if file in names}


def _of_debian(package: str) -> Part:
    asked = ["dpkg-query", "-W", "-f", "${Version}\\n", package]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    version = answer.splitlines()[0]
    text = Path("/usr/share/doc", package, "copyright")
    return Part(package, version, f"pkg:deb/debian/{package}@{version}", texts=[text])
