"""Answers of real servers: which of them mean that no message may leave for now."""

from __future__ import annotations

import pytest

from desktop.mail.errors import MailFinal, MailLater, MailQuota
from desktop.mail.smtp.dialogue import MailPart, Reply, named_wait, refusal, session_refusal

QUOTAS = [
    "421 4.7.0 Too many messages from your account, try again later",
    "450 4.7.1 Error: too much mail from 192.0.2.1",
    "451 4.7.1 You have sent too many emails, slow down",
    "452 4.7.0 hourly sending quota exceeded",
    "454 4.7.0 Rate limit reached",
    "452 4.5.3 Daily sending quota exceeded",
    "450 4.2.1 Peak SMTP relay limit exceeded for customer.",
    "452 4.2.1 Daily sending quota exceeded",
    "454 Throttling failure: Daily message quota exceeded",
    "421 Too many messages, come back tomorrow",
    "550 5.4.5 Daily user sending limit exceeded. For more information see the help",
    "550 5.4.5 Das Tageslimit ist erreicht",
    "550 5.1.90 Your message can't be sent because you've reached your daily limit",
    "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
    "550 Too many messages. Try again in 92 seconds.",
    "550 Domain example.org has exceeded the max emails per hour (200/200 (100%)) allowed.",
]
OTHERS = [
    "452 4.2.2 The email account that you tried to reach is over quota",
    "552 5.2.2 Mailbox quota exceeded",
    "452 Mailbox over its daily quota",
    "450 4.2.1 The user you are trying to contact is receiving mail at a rate that is too high",
    "421 4.7.0 Too many connections from your address",
    "421 4.7.0 Too many messages in this session",
    "452 4.5.3 Too many recipients",
    "454 4.7.0 Too many login attempts, please try again later",
    "451 4.7.1 Greylisted, try again in 300 seconds",
    "421 4.7.0 Try again later, closing connection",
    "552 5.3.4 Message size limit exceeded",
    "550 5.7.1 Message refused: too many links",
    "550 5.1.1 No such user",
    "250 2.0.0 Too many messages, but this one was taken",
]


def reply(answer: str) -> Reply:
    code, _, words = answer.partition(" ")
    return Reply(int(code), words)


@pytest.mark.parametrize("answer", QUOTAS)
def test_a_quota_is_known_by_its_answer_at_any_step(answer: str) -> None:
    for judge in (refusal, session_refusal):
        error = judge("mx.example.org", MailPart.MESSAGE, reply(answer))
        assert isinstance(error, MailQuota)
        assert str(error) == f"mx.example.org takes no more for now: {answer}"
        assert (error.server, error.code) == ("mx.example.org", int(answer[:3]))


@pytest.mark.parametrize("answer", OTHERS)
def test_what_speaks_of_one_message_or_one_connection_is_none(answer: str) -> None:
    error = refusal("mx.example.org", MailPart.MESSAGE, reply(answer))
    assert not isinstance(error, MailQuota)
    assert isinstance(error, MailFinal if answer.startswith("5") else MailLater)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Too many messages. Try again in 92 seconds.", 92),
        ("too many, retry after 15 min", 900),
        ("too many, try again in 2 hours", 7200),
        ("4.7.1 too many, wait 5s; retry in 5s", 5),
        ("Daily user sending limit exceeded", None),
        ("try again in 3 attempts", None),
    ],
)
def test_the_time_that_an_answer_names(words: str, seconds: float | None) -> None:
    assert named_wait(words) == seconds
