"""Blocking calls about the list *Do not send*, and about bounces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.items import UPLOAD_WITHIN
from desktop.contract.do_not_send import AddedEntries
from sendoff_tasks.client.calls import Calls
from sendoff_tasks.model.tasks import BULK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.contract.do_not_send import (
        BouncedTask,
        FoundBounces,
        ListedAddress,
        ListPage,
        NewListEntry,
        RefusedAddress,
    )


class DoNotSendCalls(Calls):
    """The routes of ``/do-not-send`` and ``/bounces``."""

    def page(self, text: str = "", *, after: str | None = None, limit: int = 100) -> ListPage:
        """Read a page of the list, the newest first; ``text`` begins an address or its domain."""
        params: dict[str, str | int] = {"text": text, "limit": limit}
        if after is not None:
            params["after"] = after
        return self._call("GET", "/do-not-send", params=params)

    def add(self, entries: Sequence[NewListEntry], origin: str) -> AddedEntries:
        """Put addresses on the list; one that is on it stays as it is."""
        added = AddedEntries(added=[], known=0)
        for begun in range(0, len(entries), BULK_LIMIT):
            body = {"entries": [*entries[begun : begun + BULK_LIMIT]], "origin": origin}
            told: AddedEntries = self._call("POST", "/do-not-send", json=body, repeatable=True)
            added["added"] += told["added"]
            added["known"] += told["known"]
        return added

    def check(self, addresses: Sequence[str]) -> list[ListedAddress]:
        """Read which addresses are on the list."""
        body = {"addresses": [*addresses]}
        return self._call("POST", "/do-not-send/check", "addresses", json=body, repeatable=True)

    def allow(self, entries: Sequence[int], *, again: bool = True) -> None:
        """Take entries from the list, or put them back."""
        body = {"entries": [*entries], "again": again}
        self._http.call("POST", "/do-not-send/allow", json=body, repeatable=True)

    def refused(self) -> list[RefusedAddress]:
        """Read which addresses were refused for good, and may be added."""
        return self._call("GET", "/do-not-send/refused", "refused")

    def dismiss(self, addresses: Sequence[str]) -> None:
        """Do not offer refused addresses again."""
        body = {"addresses": [*addresses]}
        self._http.call("POST", "/do-not-send/dismiss", json=body, repeatable=True)

    def bounces(self, file: Path) -> FoundBounces:
        """Read a file of bounces, and find their messages; raises ``OSError``."""
        with file.open("rb") as content:
            return self._call("POST", "/bounces", content=content, within=2 * UPLOAD_WITHIN)

    def mark_bounced(self, bounced: Sequence[BouncedTask]) -> list[int]:
        """Mark messages as bounced; returns the tasks of which that was not known."""
        body = {"bounces": [*bounced]}
        return self._call("POST", "/bounces/mark", "tasks", json=body, repeatable=True)

    def unmark_bounced(self, tasks: Sequence[int]) -> list[int]:
        """Take the mark from messages."""
        body = {"tasks": [*tasks]}
        return self._call("POST", "/bounces/unmark", "tasks", json=body, repeatable=True)
