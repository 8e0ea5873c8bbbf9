"""``sendoff acts`` tells who did what, with the name of the computer's user."""

from __future__ import annotations

import json

from sendoff_tasks.model.acts import computer_user
from tests.shell.conftest import Shell


def test_acts_are_listed_by_name_verb_and_number(shell: Shell) -> None:
    for name in ("Ada", "Bo"):
        shell("submit", "--name", name, "--to", f"{name.lower()}@example.org", "--delay", "3600")
    shell("cancel", "2")
    shell("pause", "mail")
    who = computer_user()
    found = [line.split(maxsplit=2)[2] for line in shell("acts").stdout.splitlines()]
    assert [line.split(maxsplit=1) for line in found] == [
        [who, "Pause queue mail"],
        [who, "Cancel #2"],
    ]
    for words in (("2",), ("#2",), ("cancel",), ("Cancel", "since:1h")):
        (act,) = json.loads(shell("acts", "--json", *words).stdout)
        assert (act["verb"], act["tasks"], act["count"]) == ("cancel", [[2, 2]], 1), words
    assert len(json.loads(shell("acts", "--json", who).stdout)) == 2
    assert shell("acts", "nobody").stdout == ""
    for old in ("until:yesterday", "yesterday", "until:31.12.2025", "31.12.2025"):
        assert shell("acts", old).stdout == ""
    assert len(json.loads(shell("acts", "--json", who, "today").stdout)) == 2
    head, line = shell("acts", "--csv", "pause").stdout.splitlines()
    assert head.startswith("at,who,verb,")
    assert line.endswith(f",{who},pause,queue,mail,0,")
