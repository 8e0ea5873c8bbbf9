"""Blocking calls about items: submit, undo, correct, read and list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from desktop.client.http import Http
    from desktop.contract.items import (
        CorrectedItem,
        ForgottenPerson,
        Item,
        ItemDetail,
        Items,
        NewItem,
    )

SUBMIT_WITHIN: Final = 5.0
"""Seconds until a submission counts as unanswered; it is then kept and sent again."""
WHOLE: Final = 600.0
"""Seconds for a call that reads the whole store."""
ITEMS_PAGE: Final = 100
"""Items of one page."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """An accepted item with its tasks."""

    item_id: int
    task_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A filter of items; the default is all items, the highest number first.

    ``informed`` has values of ``contract.items.Informed``.
    """

    text: str = ""
    batch_id: int | None = None
    informed: tuple[str, ...] = ()


class ItemCalls:
    """``/items``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def submit(self, number: int | None, body: NewItem, key: str) -> Submitted:
        """Register an item; without a number the backend picks one.

        A repeated call with the same ``key`` has the first answer and no second effect.
        """
        path = "/items" if number is None else _place(number)
        answer = self._http.call("POST", path, json=body, key=key, within=SUBMIT_WITHIN)
        tasks = answer.headers.get("X-Task-Ids", "")
        return Submitted(
            item_id=int(answer.data["item_id"]),
            task_ids=[int(each) for each in tasks.split(",") if each.strip()],
        )

    def undo(self, item_id: int) -> None:
        """Take an item back; ``Refused`` (409) once one of its tasks has started."""
        self._http.call("DELETE", _place(item_id))

    def forget(self, item_id: int) -> ForgottenPerson:
        """Forget the person of an item; ``Refused`` (409) while a message is on its way."""
        answer = self._http.call("DELETE", _place(item_id), params={"forget": "true"}, within=WHOLE)
        return cast("ForgottenPerson", answer.data)

    def correct(
        self, item_id: int, body: NewItem, key: str, *, send: bool = False, delay: float = 0
    ) -> CorrectedItem:
        """Replace an item's body; with ``send``, add its ended tasks again after ``delay`` seconds.

        ``Refused`` (409) with a ``conflict`` while one of its tasks runs. A repeated call with the
        same ``key`` has the first answer and no second effect.
        """
        correction = {"item": body, "send": send, "delay": delay}
        answer = self._http.call("PUT", _place(item_id), json=correction, key=key)
        return cast("CorrectedItem", answer.data)

    def one(self, item_id: int) -> ItemDetail:
        """Read an item with its task rows and its earlier versions."""
        return cast("ItemDetail", self._http.call("GET", _place(item_id)).data)

    def next_number(self) -> int:
        """Return the number that the backend would pick now."""
        return int(self._http.call("GET", "/items/next").data["item_id"])

    def page(
        self,
        query: ItemQuery,
        *,
        after: str | None = None,
        limit: int = ITEMS_PAGE,
        deeds: bool = False,
    ) -> Items:
        """Read the first page, or the one after cursor ``after``; with what people did."""
        params: dict[str, str | int] = {
            "sort": "-item_id",
            "limit": limit,
        }
        given = {
            "text": query.text,
            "batch_id": query.batch_id,
            "informed": ",".join(query.informed),
            "after": after,
            "deeds": "true" if deeds else None,
        }
        params |= {name: value for name, value in given.items() if value}
        return cast("Items", self._http.call("GET", "/items", params=params).data)

    def recent(self, limit: int) -> list[Item]:
        """Read the newest items."""
        return self.page(ItemQuery(), limit=limit)["items"]


def _place(item_id: int) -> str:
    return f"/items/{item_id}"
