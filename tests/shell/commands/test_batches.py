"""``sendoff batches`` puts each batch in a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desktop.shell.commands.batches import line

if TYPE_CHECKING:
    from desktop.client.api import Api
    from tests.shell.conftest import Shell


def test_each_batch_is_a_line_or_an_object(shell: Shell, api: Api) -> None:
    assert shell("batches").stdout == ""
    for name in ("May", "June"):
        api.batches.create({"name": name}, name)
    assert [each.split() for each in shell("batches").stdout.splitlines()] == [
        ["2", "draft", "0", "ready", "June"],
        ["1", "draft", "0", "ready", "May"],
    ]
    batches = json.loads(shell("batches", "--json").stdout)
    assert batches == api.batches.page()["batches"]
    batch = batches[0] | {"state": "running"}
    batch["leaves"]["last_at"] = "2030-03-01T08:00:00.000Z"
    batch["counts"] |= {"sent": 1200, "kept": 34, "failed": 2, "open": 5}
    assert "1,200 sent, 34 kept in practice mode, 2 failed, 5 open, until " in line(batch)
    batch["counts"] |= {"cancelled": 7, "left_out": 4}
    assert "5 open, 7 cancelled, 4 left out, until " in line(batch)
    batch["counts"] |= {"cancelled": 0, "left_out": 0}
    batch["counts"] |= {"kept": 0}
    batch["marked"] = 34
    assert "1,166 sent, 34 marked as sent, 2 failed, " in line(batch)
    assert f"{batch['batch_id']:>6}  running  " in line(batch)
    assert "  ended    1,166 sent, 34 marked as sent, 2 failed, " in line(batch | {"state": "done"})
    batch["counts"] |= {"failed": 0}
    assert "  done     1,166 sent, 34 marked as sent, " in line(batch | {"state": "done"})
