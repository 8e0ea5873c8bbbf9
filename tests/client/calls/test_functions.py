"""Reading which tasks there are and running one, against the real backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.contract.items import CONFIRMATION

if TYPE_CHECKING:
    from desktop.client.api import Api


def test_a_function_is_run_once_for_one_key(api: Api) -> None:
    (told,) = [each for each in api.functions.all() if each["name"] == CONFIRMATION]
    assert (told["takes_item"], list(told["parameters"]["properties"])) == (True, ["item_id"])
    key = new_key()
    first, again = (
        api.functions.run(CONFIRMATION, {"item_id": 1}, key, delay=600.0) for _ in range(2)
    )
    assert (first["id"], first["state"]) == (again["id"], "scheduled")
    with pytest.raises(Refused) as refused:
        api.functions.run(CONFIRMATION, {}, new_key(), ["one"])
    assert [each["path"] for each in refused.value.field_errors] == ["args.0"]
