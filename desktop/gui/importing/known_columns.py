"""What is known of a file by its columns: what they became when it was imported before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from desktop.contract.batches import is_target
from desktop.contract.items import ValueKind
from desktop.contract.rules.values import bare_kind, is_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QSettings

    from desktop.sheets.description import Description

KNOWN: Final = "import/known"
"""Prefix of the settings keys for what is known of earlier files, as JSON."""


class KnownColumns:
    """Remembers files by their columns, in the window's settings.

    What the columns became, which of them have plain values, what they count as, and the template
    last used.
    """

    def __init__(self, settings: QSettings, template: Callable[[], str]) -> None:
        """``template`` returns the form's template, the default for new columns."""
        self._settings = settings
        self._template = template

    def of(self, found: Description) -> dict[str, str | None]:
        """Return the meaning of each column of a file: as remembered, else as guessed."""
        return found.mapping | self._chosen(found)

    def plain_of(self, found: Description) -> list[str]:
        """Return the columns whose plain values were chosen before."""
        known = self._read(found).get("plain")
        return [each for each in found.mapping if isinstance(known, list) and each in known]

    def kinds_of(self, found: Description) -> dict[str, str]:
        """Return what the columns count as: as chosen before, else as described."""
        chosen = self._chosen_kinds(found)
        return {
            each.header: each.kind if kind == found.kind_of(each.header) else kind
            for each in found.columns
            for kind in [chosen.get(each.header, each.kind)]
        }

    def templates_of(self, found: Description) -> list[str]:
        """Return the template last used for files with these columns, and the form's if another."""
        usual = self._template()
        return list(dict.fromkeys((str(self._read(found).get("template") or usual), usual)))

    def keep_columns(
        self,
        found: Description,
        columns: Mapping[str, str | None],
        plain: Sequence[str],
        kinds: Mapping[str, str],
    ) -> None:
        """Remember the targets of a file's columns, those that are ``plain``, and their ``kinds``.

        An empty column is left out by itself, which says nothing about the next file; nor does one
        whose texts were not read as anything.
        """
        filled = {each.header for each in found.columns if each.samples}
        chosen = {header: target for header, target in columns.items() if header in filled}
        told = {
            header: bare_kind(kind)
            for header, kind in kinds.items()
            if header in filled and {kind, found.kind_of(header)} != {ValueKind.TEXT}
        }
        columns = self._chosen(found) | chosen
        self._keep(found, columns=columns, plain=plain, kinds=self._chosen_kinds(found) | told)

    def keep_template(self, found: Description, template: str) -> None:
        """Remember the template last used for files with these columns."""
        self._keep(found, template=template)

    def _chosen(self, found: Description) -> dict[str, str | None]:
        known = self._read(found).get("columns")
        return {
            header: target
            for header, target in (known if isinstance(known, dict) else {}).items()
            if header in found.mapping
            and (target is None or (isinstance(target, str) and is_target(target)))
        }

    def _chosen_kinds(self, found: Description) -> dict[str, str]:
        known = self._read(found).get("kinds")
        return {
            header: kind
            for header, kind in (known if isinstance(known, dict) else {}).items()
            if isinstance(kind, str) and is_kind(kind)
        }

    def _keep(self, found: Description, **known: Any) -> None:
        self._settings.setValue(_key(found), json.dumps(self._read(found) | known))

    def _read(self, found: Description) -> dict[str, Any]:
        kept = self._settings.value(_key(found))
        try:
            known = json.loads(kept) if isinstance(kept, str) else {}
        except ValueError:  # edited by hand
            known = {}
        return known if isinstance(known, dict) else {}


def _key(found: Description) -> str:
    headers = json.dumps(sorted(found.mapping))
    return f"{KNOWN}/{uuid5(NAMESPACE_URL, headers).hex}"
