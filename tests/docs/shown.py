"""What the pages show: their links, their blocks of code, and the commands in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
PAGES: Final = (
    *sorted(ROOT.glob("*.md")),
    *sorted(DOCS.rglob("*.md")),
    ROOT / "desktop" / "library" / "README.md",
    *sorted((ROOT / "tests").rglob("README.md")),
)
SHELL: Final = {"": False, "sh": True}
"""The languages of blocks that hold commands, and nothing else → whether root types them."""
COMMAND: Final = re.compile(r"`((?:\S*/)?(?:sendoff|sendoff-tasks|python3?|pip) [^`\n]+)`")
"""A command of ours in a line of text."""


@dataclass(frozen=True)
class Command:
    """A command of a page.

    Args:
        page: the page
        line: as it is typed
        says: what stands behind it as a comment
        answer: the lines below it, of one that is shown with its answer
        is_whole: it stands in a block, and can be typed as it is
        by_root: it is for root, on a server
    """

    page: Path
    line: str
    says: str = ""
    answer: tuple[str, ...] = ()
    is_whole: bool = True
    by_root: bool = False

    @property
    def words(self) -> list[str]:
        """What the shell makes of it."""
        return shlex.split(self.line)


def text(page: Path) -> str:
    """Return a page."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[tuple[str, str]]:
    """Return the blocks of code of a page: language and text."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text(page), re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```\w*\n.*?^```$", "", text(page), flags=re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[Command]:
    """Return the commands of a page: those of its blocks, then those in its lines."""
    whole = [
        replace(each, by_root=SHELL[language])
        for language, block in blocks(page)
        if language in SHELL
        for each in _of(page, block)
    ]
    named = COMMAND.findall(prose(page))
    return [*whole, *(Command(page, line, is_whole=False) for line in named)]


def _of(page: Path, block: str) -> Iterator[Command]:
    if block.startswith("$ "):  # each with its answer
        for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, *answer = each.splitlines()
            yield Command(page, line, answer=tuple(answer))
        return
    for each in re.sub(r"\\\n\s*", "", block).splitlines():
        line, _, says = each.partition("  # ")
        yield Command(page, line.rstrip(), says.strip())


def links(page: Path) -> list[tuple[Path, str]]:
    """Return where a page's links to files of the project lead: a file, and an anchor in it."""
    inside = [each.partition("#") for each in _linked(page) if "://" not in each]
    return [
        ((page.parent / path).resolve() if path else page, anchor) for path, _, anchor in inside
    ]


def outside(page: Path) -> list[str]:
    """Return the addresses of a page's links to other sites."""
    return [each for each in _linked(page) if "://" in each]


def _linked(page: Path) -> list[str]:
    """Return where a page's links lead: one in an example of code is none."""
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", prose(page)))


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    found: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        found[name] = found.get(name, -1) + 1
        if found[name]:
            found[f"{name}-{found[name]}"] = 0
    return {*found}
