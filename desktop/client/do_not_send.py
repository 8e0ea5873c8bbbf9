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
        return self._call(
            "GET", "/do-not-send", params={"text": text, "limit": limit, "after": after}
        )

    def add(
        self, entries: Sequence[NewListEntry], origin: str, *, allowed: bool = False
    ) -> AddedEntries:
        """Put addresses on the list; one that is on it stays as it is.

        With ``allowed`` they may be written to: they are only not offered any more.
        """
        added = AddedEntries(added=[], known=0)
        for begun in range(0, len(entries), BULK_LIMIT):
            part = [*entries[begun : begun + BULK_LIMIT]]
            body = {"entries": part, "origin": origin, "allowed": allowed}
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

    def bounces(self, file: Path) -> FoundBounces:
        """Read a file of bounces, and find their messages; raises ``OSError``.

        Apple Mail exports a mailbox as a folder.
        """
        with (file / "mbox" if file.is_dir() else file).open("rb") as content:
            return self._call("POST", "/bounces", content=content, within=2 * UPLOAD_WITHIN)

    def mark_bounced(self, tasks: Sequence[BouncedTask], *, bounced: bool = True) -> list[int]:
        """Mark messages as bounced, or take the mark from them; returns the tasks that changed."""
        body = {"bounces": [*tasks], "bounced": bounced}
        return self._call("POST", "/bounces/mark", "tasks", json=body, repeatable=True)
