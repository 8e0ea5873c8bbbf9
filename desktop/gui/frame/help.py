"""The help: a page for the browser, made of ``resources/help`` and the window's shortcuts."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence

from desktop.gui.kit.words.table import say
from desktop.settings.resources import resources

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.frame.main_window import MainWindow
    from desktop.settings.office_folder import OfficeFolder


translate = QCoreApplication.translate


def keys_of(window: QWidget) -> list[tuple[str, str]]:
    """Return the shortcuts of a window's visible actions with their texts.

    Those that work in the whole window come first.
    """
    found: dict[tuple[str, str], None] = {}
    for action in (*window.actions(), *window.findChildren(QAction)):
        words = action.text().replace("&", "").rstrip("…")
        for keys in action.shortcuts()[:1]:
            if words and action.isVisible():
                found[keys.toString(QKeySequence.SequenceFormat.NativeText), words] = None
    return list(found)


def help_page(window: QWidget) -> str:
    """Return the whole help as HTML, with the current shortcuts."""
    from markdown_it import MarkdownIt

    folder = resources() / "help"
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))]
    texts.append(_keys(window))
    links, pages = "", ""
    to_html = MarkdownIt(options_update={"html": False}).enable("table")
    for number, text in enumerate(texts):
        title = text.partition("\n")[0].removeprefix("#").strip()
        links += f'<a href="#{number}">{title}</a>\n'
        pages += f'<section id="{number}">\n{to_html.render(text)}</section>\n'
    page = Template((folder / "page.html").read_text(encoding="utf-8"))
    return page.substitute(title=translate("help", "Help"), links=links, pages=pages)


def _keys(window: QWidget) -> str:
    """Return the shortcuts as Markdown; lists and fields handle the last ones themselves."""
    in_all = (
        ("Esc", translate("help", "Close what is on top; clear the search")),
        ("Tab", translate("help", "Next field or button")),
        ("Shift+↑, Shift+↓", translate("help", "Select several rows")),
        ("Ctrl+A", translate("help", "Select all rows")),
    )
    head = translate("help", "Keys"), translate("help", "What they do")
    rows = [head, ("---", "---"), *((f"**{keys}**", words) for keys, words in keys_of(window))]
    rows += [(f"**{keys}**", words) for keys, words in in_all]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"# {translate('help', 'Keyboard')}\n\n{table}\n"


class Help(QObject):
    """Opens the help in the browser; where there is none, it says which file it is."""

    def __init__(self, window: MainWindow, data: OfficeFolder) -> None:
        super().__init__(window)
        self._window = window
        self._file = data.help_page
        window.menu.help_chosen.connect(self.open)

    def open(self) -> None:
        """Make the page again, as shortcuts may have changed, and open it."""
        try:
            self._file.write_text(help_page(self._window), encoding="utf-8")
        except OSError as error:
            self._window.notes.warn(error)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file))):
            self._window.notes.warn(say("window", "no_help", path=self._file))
