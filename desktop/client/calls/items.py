"""What the window asks of the backend about many items: calls that block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from desktop.client.http import Http
    from desktop.contract.items import Item, Items

ITEMS_PAGE: Final = 100
"""Items of one page."""


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Which items a list shows; the default is all, the highest number first.

    ``informed`` are words of ``contract.items.Informed``.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()
    descending: bool = True


class ItemCalls:
    """The list of ``/items``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def page(self, query: ItemQuery, *, after: str | None = None, limit: int = ITEMS_PAGE) -> Items:
        """Read one page: the first, or the one behind cursor ``after``."""
        params: dict[str, str | int] = {
            "sort": "-item_id" if query.descending else "item_id",
            "limit": limit,
        }
        given = {
            "text": query.text,
            "batch_id": query.batch_id,
            "informed": ",".join(query.informed),
            "after": after,
        }
        params |= {name: value for name, value in given.items() if value}
        return cast("Items", self._http.call("GET", "/items", params=params).data)

    def recent(self, limit: int) -> list[Item]:
        """Read the newest items."""
        return self.page(ItemQuery(), limit=limit)["items"]
