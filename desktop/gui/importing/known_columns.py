"""Remembers what columns mean, and the template, for later files with the same columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from desktop.contract.rules.templates import DEFAULT
from desktop.sheets import is_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QSettings

    from desktop.sheets import Description

REMEMBERED: Final = "import/columns"
"""Prefix of the settings keys for the columns of earlier files."""

PLAIN: Final = "import/plain"
"""Prefix of the settings keys for the columns of earlier files that have plain values."""

TEMPLATES: Final = "import/templates"
"""Prefix of the settings keys for the templates of earlier files."""


class KnownColumns:
    """Remembers the meaning of columns, and the template, in the window's settings."""

    def __init__(self, settings: QSettings, template: Callable[[], str]) -> None:
        """``template`` returns the form's template, the default for new columns."""
        self._settings = settings
        self._template = template

    def of(self, found: Description) -> dict[str, str | None]:
        """Return the meaning of each column of a file: as remembered, else as guessed."""
        kept = self._settings.value(_key(found))
        try:
            known = json.loads(kept) if isinstance(kept, str) else {}
        except ValueError:  # edited by hand
            known = {}
        fits = known if isinstance(known, dict) and known.keys() == found.mapping.keys() else {}
        return found.mapping | {
            header: target
            for header, target in fits.items()
            if target is None or (isinstance(target, str) and is_target(target))
        }

    def plain_of(self, found: Description) -> list[str]:
        """Return the columns whose plain values were chosen before."""
        kept = self._settings.value(_key(found, PLAIN))
        known = kept.split("\n") if isinstance(kept, str) else []
        return [header for header in known if header in found.mapping]

    def keep(
        self, found: Description, columns: Mapping[str, str | None], plain: Sequence[str] = ()
    ) -> None:
        """Remember the meaning of each column of a file, and those with plain values."""
        if plain:
            self._settings.setValue(_key(found, PLAIN), "\n".join(plain))
        else:
            self._settings.remove(_key(found, PLAIN))
        if columns == found.mapping:
            self._settings.remove(_key(found))
        else:
            self._settings.setValue(_key(found), json.dumps(columns))

    def template_of(self, found: Description) -> str:
        """Return the template last used for files with these columns, else the form's."""
        kept = self._settings.value(_key(found, TEMPLATES))
        return kept if isinstance(kept, str) else self._template()

    def keep_template(self, found: Description, template: str | None) -> None:
        """Remember the template of a file."""
        self._settings.setValue(_key(found, TEMPLATES), template or DEFAULT)


def _key(found: Description, group: str = REMEMBERED) -> str:
    headers = json.dumps(sorted(found.mapping))
    return f"{group}/{uuid5(NAMESPACE_URL, headers).hex}"
