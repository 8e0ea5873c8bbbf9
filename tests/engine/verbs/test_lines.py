"""Lines: what another process submits, and the answers that it gets."""

from __future__ import annotations

import json

import pytest

from desktop.contract.office import OfficeRefusal
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.verbs.lines import refusal, result


@pytest.mark.parametrize("why", [Refusal.PAUSED, OfficeRefusal.BATCH_PAUSED])
def test_a_refusal_also_of_a_feature_reaches_the_other_process(why: str) -> None:
    answer = json.loads(json.dumps(refusal(Conflict(why, task_id=7))))
    with pytest.raises(Conflict) as refused:
        result(answer)
    assert (refused.value.refusal, refused.value.data) == (why, {"task_id": 7})
