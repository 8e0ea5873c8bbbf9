"""Claims and outcomes arrive as they were sent."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from desktop.contract.causes import CauseKind, Cure
from desktop.contract.reasons import Reason
from desktop.engine.attempts import outcomes
from desktop.engine.attempts.claim import (
    Claim,
    decode_outcome,
    encode_claim,
    encode_outcome,
    read_claim,
)
from desktop.engine.attempts.outcomes import Fault, Outcome
from desktop.engine.causes import ServerAnswer
from desktop.engine.functions.spec import spec_for
from tests.engine.stepped import work

ANSWER = ServerAnswer("mx.example.org", 451, "4.7.1")
FAULT = Fault(CauseKind.EXCEPTION, "OSError", "a/b.py", "send", 7, "no", Cure.MAIL_SETTINGS)
OUTCOMES: list[Outcome] = [
    outcomes.Succeeded('"\\u0000"', kept=True),
    outcomes.Succeeded("null"),
    outcomes.Succeeded("null", kept=True),
    outcomes.Failed("no", "trace", True, answer=ANSWER, fault=FAULT),
    outcomes.Later("later", "trace", 1.5, answer=ANSWER, fault=outcomes.NO_FAULT),
    outcomes.Later("early", "", counts=False),
    outcomes.NotBegun("full"),
    outcomes.Held("password", "", True, "mail_settings", answer=ANSWER, fault=FAULT),
    outcomes.Deferred("offline", "", Reason.OFFLINE, 3.0, "mail_settings", answer=ANSWER),
    outcomes.Misfit("other code", "trace"),
    outcomes.Cancelled("enough"),
    outcomes.LeftUncertain("no answer", "", fault=FAULT),
    outcomes.Crashed("signal 9"),
    outcomes.GivenBack(begun=False),
]


def test_every_outcome_arrives_as_it_was_sent() -> None:
    assert {type(each) for each in OUTCOMES} == set(get_args(Outcome))
    for sent in OUTCOMES:
        came = decode_outcome(encode_outcome(sent))
        assert came == sent
        assert getattr(came, "fault", None) == getattr(sent, "fault", None)
        assert type(getattr(came, "why", None)) is type(getattr(sent, "why", None))
    for wrong in ('{"ending": "Anything"}', '{"ending": "Crashed", "who": 1}', "[]", "no JSON"):
        with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
            decode_outcome(wrong)


def test_a_claim_arrives_with_what_is_known_there() -> None:
    spec = spec_for(work)
    sent = Claim(1, 2, 3, spec, "[]", 4, 5.5, "ref", "key", "{}", {"step": "1"}, "{}")
    name, told = read_claim(json.dumps(encode_claim(sent)))
    assert (name, Claim(spec=spec, **told)) == (spec.name, sent)
