"""``python -m tests.letter [FOLDER]``: how other programs read the letter that arrives.

- **Parsers** tell the same: the standard library, Rust's mailparse and postal-mime.
- **caniemail** says what Outlook's Word engine, Gmail and Apple Mail lack of what its HTML uses.
- **Chromium** shows it at 320 and 1200 px, light and dark, into ``FOLDER``; it asks for nothing.

It needs Node with npm, and Chromium. The parsers and caniemail are installed into an environment of
their own that goes with the command. Exit status 1 when something was found.
"""

from __future__ import annotations

import argparse
import html as markup
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from email import message_from_bytes
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop.mail.message import pictures_of, with_pictures_inside
from tests.environments import fresh_environment
from tests.letter import standard
from tests.letter.arrived import arrived_letter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Command = Sequence[str | Path]
HERE: Final = Path(__file__).parent
PARSER: Final = "fast-mail-parser>=0.10"
MODULES: Final = ("postal-mime@2", "caniemail@1")
CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome")
MORE: Final = {
    "@media": "dark colours, and the whole width on a phone",
    "<style> element": "the same, in Gmail with an account of another provider",
    "Chaining selectors": "dark colours",
    "Class selector": "the same",
    "Descendant combinator": "the same",
    "ID selector": "a rule of MJML for Outlook.com",
    "Type selector": "resets of MJML",
    "outline": "a reset of MJML",
    "word-spacing": "MJML writes its usual value",
}
"""What not all of the programs know, and what the letter uses it for; it is read without."""
PARTLY: Final = {
    "!important keyword": "in the style element",
    "<body> element": "Gmail shows a <div> in its place",
    "<style> element": "not in a forwarded letter",
    "<ul>, <ol> and <dl>": "attributes of numbered lists",
    "@media": "not all features",
    "background": "Outlook: only a colour, which it is",
    "border": "Outlook: in cells, where they are",
    "Chaining selectors": "not with an account of another provider",
    "Class selector": "the same",
    "Descendant combinator": "the same",
    "dir attribute": "Outlook: not in links; Gmail: the whole letter",
    "direction": "Gmail: the whole letter",
    "display": "only block, which <img> has",
    "font-size": "only px",
    "font-weight": "600 is bold",
    "height property": "resets of MJML",
    "ID selector": "the same",
    "line-height": "Outlook: at least",
    "margin": "auto and negative ones",
    "max-width": "Outlook: a table of its own has 600 px",
    "padding": "Outlook: in cells, where it is",
    "text-align": "Outlook: start; then the text begins at the left",
    "text-decoration": "a link is underlined anyway",
    "Type selector": "not with an account of another provider",
    "width attribute": "the logo's is in px",
    "width property": "Outlook: attributes and tables of its own",
    "word-break": "only breaks what is too long",
}
"""What some of the programs know in part; the part that the letter uses is known, or not missed."""
STYLES: Final = re.compile(r"<style.*?</style>|<!--.*?-->", re.DOTALL)
WIDTHS, MODES = (320, 1200), {"light": 1, "dark": 0}
NOTHING_ELSE: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
REFUSED: Final = "Content Security Policy"
FOREIGN: Final = '<img src="https://example.org/pixel.png">'


def main() -> int:
    """Show the letter to all of them; returns 1 when one of them found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.letter")
    parser.add_argument("folder", nargs="?", type=Path, help="for the pictures and the e-mail")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sendoff-letter-") as made:
        scratch = Path(made)
        folder: Path = options.folder or scratch / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        raw = arrived_letter(scratch / "data").raw
        (folder / "letter.eml").write_bytes(raw)
        page = standard.read(raw)["html"]
        node = _with_modules(scratch / "node")
        rust = [fresh_environment(scratch / "rust", PARSER) / "python", HERE / "rust_parser.py"]
        found = [
            *_differences(raw, {"mailparse": rust, "postal-mime": node}),
            *_lacking(page, [*node, "judge"]),
            *_shown(with_pictures_inside(page, pictures_of(message_from_bytes(raw))), folder),
        ]
    print(
        "\n".join(found) or "The parsers agree, all programs can show it, and it asks for nothing."
    )
    return 1 if found else 0


def _with_modules(folder: Path) -> Command:
    """Install the modules of Node; return the command that reads an e-mail."""
    folder.mkdir()
    npm, node = _program("npm"), _program("node")
    subprocess.run([npm, "install", "--silent", "--prefix", folder, *MODULES], check=True)
    return [node, shutil.copy(HERE / "read.mjs", folder)]


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        sys.exit(f"This needs {names[0]}.")
    return found


def _answer(command: Command, given: bytes) -> dict[str, Any]:
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _differences(raw: bytes, parsers: Mapping[str, Command]) -> Iterator[str]:
    """Yield each part that a parser reads unlike the standard library."""
    wanted = _even(standard.read(raw))
    for name, command in parsers.items():
        told = _even(_answer(command, raw))
        yield from (
            f"{name} reads {part} otherwise: {told.get(part)!r}, not {value!r}"
            for part, value in wanted.items()
            if told.get(part) != value
        )


def _even(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out how lines end, and whether the last one does."""
    texts = {name: "\n".join(told[name].splitlines()).rstrip() for name in ("text", "html")}
    return {**told, **texts}


def _lacking(page: str, judge: Command) -> Iterator[str]:
    """Yield what a program lacks beyond the lists, of the page and of what it needs to be read."""
    whole, needed = (_answer(judge, each.encode()) for each in (page, STYLES.sub("", page)))
    for kind, known in (("lacking", MORE), ("partly", PARTLY)):
        for title, clients in whole[kind].items():
            if title not in known:
                yield f"{title} is not known, or only in part: {', '.join(clients)}"
    for title, clients in needed["lacking"].items():
        if title != "word-spacing":
            yield f"{title} is needed to read the letter, and not known: {', '.join(clients)}"
    print(f"Used and not known to all: {', '.join(sorted(whole['lacking']))}.")


def _shown(page: str, folder: Path) -> Iterator[str]:
    """Take the pictures; yield what the letter asked for."""
    if not _asked_for(page + FOREIGN, folder / "control.png", WIDTHS[0], MODES["light"]):
        yield "A picture from elsewhere was not seen, so nothing else would be."
    (folder / "control.png").unlink()
    for width, (mode, number) in product(WIDTHS, MODES.items()):
        asked = _asked_for(page, folder / f"letter-{width}-{mode}.png", width, number)
        yield from (f"At {width} px, {mode}: {line}" for line in asked)


def _asked_for(page: str, picture: Path, width: int, mode: int) -> list[str]:
    """Show a page in a frame of this width, in which nothing from elsewhere is allowed."""
    place = picture.with_suffix(".html")
    frame = f'<iframe style="border:0" width="{width}" height="900" srcdoc="{markup.escape(page)}">'
    place.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
        f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_ELSE}">'
        f'<body style="margin:0">{frame}</iframe>',
        encoding="utf-8",
    )
    with tempfile.TemporaryDirectory(prefix="sendoff-chromium-") as profile:
        command = [_program(*CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--hide-scrollbars", "--enable-logging=stderr", f"--user-data-dir={profile}"]
        command += [f"--window-size={max(width, 500)},900", f"--screenshot={picture}"]
        command += [f"--blink-settings=preferredColorScheme={mode}", place.as_uri()]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    place.unlink()
    return [line for line in done.stderr.splitlines() if REFUSED in line]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
