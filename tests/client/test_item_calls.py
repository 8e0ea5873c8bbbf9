"""Submitting items, taking them back and correcting them, against the real backend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.contract.tasks import ID_LIMIT

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.items import NewItem

LATER: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}, "delay": 600.0}


def test_submit_picks_a_number_or_takes_the_one_given(api: Api) -> None:
    assert api.items.next_number() == 1
    first = api.items.submit(None, LATER, new_key())
    given = api.items.submit(40, LATER, new_key())
    assert (first.item_id, given.item_id) == (1, 40)
    assert len(first.task_ids) == len(given.task_ids) == 1
    assert api.items.next_number() == 41


def test_the_next_number_is_the_one_that_is_given(api: Api) -> None:
    def given() -> int:
        proposed = api.items.next_number()
        assert proposed == api.items.submit(None, LATER, new_key()).item_id
        return proposed

    (task,) = api.items.submit(40, LATER, new_key()).task_ids
    api.cancel(task)
    api.actions.act("remove", [task], key=new_key())
    assert given() == 41
    draft = api.batches.create({"name": "a.csv", "columns": {"No": "number"}}, new_key())
    rows: Any = [{"row": 2, "item": {**LATER, "item_id": 3000}}]
    api.batches.add_rows(draft, rows)
    api.batches.start(draft, new_key(), delay=600)
    assert given() == 3001
    api.items.submit(ID_LIMIT, LATER, new_key())
    assert given() == 3002


def test_the_same_key_is_the_same_item_and_what_is_refused_is_named(api: Api) -> None:
    key = new_key()
    first, again = api.items.submit(None, LATER, key), api.items.submit(None, LATER, key)
    assert again.item_id == first.item_id
    assert again.task_ids == first.task_ids
    assert api.items.next_number() == 2
    with pytest.raises(Refused) as refused:
        api.items.submit(None, {"recipient": {"email": "no address"}}, new_key())
    assert refused.value.status == 422
    assert [each["path"] for each in refused.value.field_errors] == ["recipient.email"]
    with pytest.raises(Refused) as refused:
        api.items.submit(1, {"title": "another"}, new_key())
    assert refused.value.status == 409
    api.items.undo(1)
    with pytest.raises(Refused) as refused:
        api.items.one(1)
    assert refused.value.status == 404


def test_an_item_is_corrected_and_sent_again(api: Api) -> None:
    (task,) = api.items.submit(7, LATER, new_key()).task_ids
    bo: NewItem = {"recipient": {"name": "Bo", "email": "bo@example.org"}}
    assert api.items.correct(7, bo, new_key())["using"] == [task]
    assert api.task(task)["to"] == "Bo <bo@example.org>"
    item = api.items.one(7)
    assert (item["item"], item["versions"][0]["item"]) == (bo, LATER)
    api.cancel(task)
    key = new_key()
    (added,) = api.items.correct(7, bo, key, send=True, delay=600)["added"]
    assert api.items.correct(7, bo, key, send=True, delay=600)["added"] == [added]
    to: list[dict[str, Any]] = [{"to_me": True}, {"to": {"email": "cy@example.org"}}]
    copies = [api.actions.act("resend", [task], key=new_key(), more=more)["ids"][0] for more in to]
    copy, other = map(api.task, copies)
    assert (copy["resend_of"], copy["to"]) == (task, "Sendoff <sendoff@localhost>")
    assert other["addressee"] == {"name": "", "email": "cy@example.org", "copy": True}
    assert api.actions.act("resend", [added], key=new_key())["touched"] == 0
