"""``sendoff items`` lists items; ``sendoff forget`` forgets the person of one."""

from __future__ import annotations

import json

from desktop.client.api import Api
from desktop.client.items import ItemQuery
from desktop.shell.items import line
from sendoff_tasks.client.calls import SortedFilter
from tests.looking import eventually
from tests.shell.conftest import Shell

ADA = ("--name", "Ada", "--to", "ada@example.org", "--title", "Opera")


def test_each_item_is_a_line_or_an_object_until_its_person_is_forgotten(
    shell: Shell, api: Api
) -> None:
    assert shell("items").stdout == ""
    for number in ("7", "8"):
        assert shell("submit", "--id", number, *ADA).returncode == 0
    eventually(lambda: len(api.page(SortedFilter(states=("succeeded",)))["tasks"]) == 2)
    lines = shell("items", "--text", "opera").stdout.splitlines()
    assert [each.split()[0] for each in lines] == ["8", "7"]
    assert "  kept  " in lines[0]
    assert lines[0].endswith("Ada <ada@example.org>  Opera")
    assert shell("items", "--informed", "yes").stdout == ""
    told = json.loads(shell("items", "--informed", "kept", "--json").stdout)
    assert told == api.items.page(ItemQuery())["items"]
    old = told[0] | {"informed": None, "informed_at": None, "erased": True, "recipient": None}
    assert line(old).endswith(
        "no e-mail                       (name, address and fields were deleted)"
    )
    asked = shell("forget", "7")
    assert asked.returncode == 0
    assert "`sendoff forget 7 --yes`" in asked.stdout
    assert not api.items.one(7)["erased"]
    done = shell("forget", "7", "--yes")
    assert (done.returncode, done.stdout) == (0, "The person is forgotten: items 7, 8.\n")
    assert api.items.one(8)["erased"]
    gone = shell("forget", "9", "--yes")
    assert (gone.returncode, gone.stderr) == (1, "There is no item 9.\n")
