"""The server's capacity and quota are found out and kept to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop.contract.items import MAIL_AT_ONCE
from desktop.mail.errors import (
    MailError,
    MailFinal,
    MailHeld,
    MailLater,
    MailQuota,
    WrongAddress,
)
from desktop.mail.smtp import capacity, smtp
from desktop.mail.smtp.capacity import (
    ALIKE,
    ALONE_S,
    FIRST,
    FIRST_TRIES,
    LONGEST_S,
    MORE_AFTER_S,
    Capacity,
)
from desktop.mail.smtp.dialogue import MailPart, SmtpReply, named_wait, refusal, session_refusal
from tests import WITHIN
from tests.mail.sending import Sending, letter, sending
from tests.mail.server import Server, running

DOMAINS = ("example.org", "example.net")


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Judged:
    """A server's answers to one message after another, as judged some time after the start."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.now = -ALONE_S
        self.capacity = Capacity(self.clock)
        self.clock.now = 0.0
        self._count = 0

    def accept(self, to: str | None = None) -> None:
        self._count += 1
        self.capacity.accepted(to or f"m{self._count}@example.org", self.clock())

    def refuse(
        self,
        answer: str,
        domain: str | None = None,
        *,
        same: bool = False,
        to: str | None = None,
        what: MailPart = MailPart.RECIPIENT,
    ) -> MailError:
        code, _, words = answer.partition(" ")
        error = refusal("mx.example.org", what, SmtpReply(int(code), words))
        self._count += not same
        domain = domain or DOMAINS[self._count % len(DOMAINS)]
        return self.capacity.judge(error, to or f"m{self._count}@{domain}", self.clock())


FOR_ALL = [
    "550 5.7.0 Lähettäjää ei hyväksytä",
    "554 5.7.1 Votre compte a dépassé son forfait",
    "550 5.7.26 Kein Eintrag für diese Domain",
    "554 配信できません",
    "550 5.7.509 Access denied by policy",
    "550 Limite atteinte",
    "550 unknown sender",
]
FOR_NOW = [
    "451 4.3.0 Osiągnięto dzienny przydział",
    "450 4.7.1 Vuelva más tarde",
    "452 4.3.1 Mensajes en espera",
    "451 4.7.0 Trafic inhabituel",
    "421 4.3.2 システム混雑",
]


@pytest.mark.parametrize("answer", FOR_ALL)
def test_what_five_people_got_is_about_all(answer: str) -> None:
    judged = Judged()
    judged.accept()
    first = [judged.refuse(answer) for _ in range(ALIKE)]
    assert all(isinstance(error, MailFinal) for error in first)
    error = judged.refuse(answer)
    assert isinstance(error, MailQuota)
    assert str(error) == f"mx.example.org refuses every e-mail: {answer}"
    judged.accept()
    assert isinstance(judged.refuse(answer), MailQuota), "it is known from now on"
    assert isinstance(judged.refuse(answer, same=True), MailFinal), "but not for one message alone"


@pytest.mark.parametrize("answer", FOR_NOW)
def test_a_delay_that_everyone_gets_is_a_limit(answer: str) -> None:
    judged = Judged()
    first = [judged.refuse(answer) for _ in range(FIRST_TRIES)]
    assert not any(isinstance(error, MailQuota) for error in first)
    error = judged.refuse(answer)
    assert isinstance(error, MailQuota)
    assert (error.after, error.code) == (1.0, int(answer[:3]))


def test_a_delay_that_a_few_get_again_is_a_limit() -> None:
    judged = Judged()
    people = [f"p{n}@example.org" for n in range(2)]
    found = [judged.refuse(FOR_NOW[0], to=to) for _ in range(3) for to in people]
    assert [isinstance(error, MailQuota) for error in found] == [False] * 5 + [True]


AGAIN = "451 4.7.1 Try again later"


def greylisted() -> Judged:
    """Return a server that took the first of its addresses 32 s after it had refused it."""
    judged = Judged()
    for n in range(FIRST_TRIES):
        judged.refuse(AGAIN, to=f"g{n}@example.org")
        judged.clock.now += 0.1
    assert isinstance(judged.refuse(AGAIN), MailQuota)
    judged.clock.now = 32.0
    judged.accept("g0@example.org")
    return judged


def test_greylisting_is_known_by_an_address_that_is_taken_later() -> None:
    judged = greylisted()
    for error in [judged.refuse(AGAIN) for _ in range(3 * FIRST_TRIES)]:
        assert isinstance(error, MailLater)
        assert not isinstance(error, MailQuota)
        assert error.after == 32.0, "each waits for itself"
    error = judged.refuse(AGAIN, to="g10@example.org")
    assert isinstance(error, MailLater)
    assert error.after == pytest.approx(1.0)
    judged.clock.now = 40.0
    judged.accept("g11@example.org")
    assert isinstance(error := judged.refuse(AGAIN), MailLater)
    assert error.after == 32.0, "the shortest one counts"


def test_a_limit_that_is_over_takes_addresses_at_once() -> None:
    judged = greylisted()
    judged.accept()
    assert isinstance(judged.refuse(AGAIN), MailQuota), "and it is known from now on"


def test_an_address_that_has_waited_long_enough_is_refused_by_a_limit() -> None:
    judged = greylisted()
    judged.clock.now = 36.0
    assert isinstance(judged.refuse(AGAIN, to="g1@example.org"), MailQuota)
    assert isinstance(judged.refuse(AGAIN), MailQuota)


def test_one_domain_another_code_and_one_success_say_nothing_of_all() -> None:
    judged = Judged()
    refused = "554 5.7.1 spam"
    for _ in range(3 * ALIKE):
        assert isinstance(judged.refuse(refused, "example.org"), MailFinal)
    for _ in range(ALIKE):
        assert isinstance(judged.refuse("554 5.5.0 odd"), MailFinal)
        assert isinstance(judged.refuse(refused), MailFinal)
    for _ in range(3):
        judged.accept()
        for _ in range(ALIKE):
            assert isinstance(judged.refuse(refused), MailFinal)


def test_one_message_that_is_delayed_again_and_again_says_nothing_of_others() -> None:
    capacity = Capacity(Clock())
    for _ in range(3 * ALIKE):
        error = refusal("mx", MailPart.RECIPIENT, SmtpReply(450, "not now"))
        assert capacity.judge(error, "ada@example.org", 0.0) is error


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 sorry",
        "550 No such user here",
        "550 <m@example.org>: Recipient address rejected: User unknown in local recipient table",
        "550 Unrouteable address",
        "550 Invalid recipient m@example.org",
        "551 User not local",
        "553 The account does not exist",
    ],
)
def test_dead_addresses_in_a_row_hold_nothing(answer: str) -> None:
    judged = Judged()
    for _ in range(3 * ALIKE):
        assert isinstance(judged.refuse(answer), MailFinal)


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        (MailPart.SENDER, "552 5.3.4 Message size exceeds fixed limit"),
        (MailPart.SENDER, "552 Message size exceeds fixed limit"),
        (MailPart.RECIPIENT, "552 5.3.4 Message size exceeds fixed limit"),
        (MailPart.MESSAGE, "552 5.3.4 Message size exceeds fixed limit"),
        (MailPart.MESSAGE, "552 5.7.0 This message was blocked for its content"),
        (MailPart.MESSAGE, "554 5.7.0 Reject, id=123 - BANNED: .exe"),
        (MailPart.MESSAGE, "550 5.7.1 Attachments of this type are not allowed"),
        (MailPart.MESSAGE, "554 Message too large"),
        (MailPart.MESSAGE, "550 5.2.3 Nachricht zu lang"),
    ],
)
def test_letters_that_are_too_large_or_have_a_forbidden_file_fail_alone(
    what: MailPart, answer: str
) -> None:
    judged = Judged()
    for _ in range(4 * ALIKE):
        error = judged.refuse(answer, what=what)
        assert isinstance(error, MailFinal)
        assert not isinstance(error, WrongAddress)
        assert str(error) == f"mx.example.org refused the e-mail: {answer}"


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        (MailPart.RECIPIENT, "550 5.1.8 Access denied, bad outbound sender"),
        (MailPart.MESSAGE, "550 5.1.8 Absenderadresse abgelehnt"),
        (MailPart.RECIPIENT, "553 Domain of sender address does not exist"),
        (MailPart.SENDER, "550 5.7.1 Nicht erlaubt"),
        (MailPart.SENDER, "552 5.7.1 Nicht erlaubt"),
        (MailPart.SENDER, "552 5.2.2 Your own mailbox is full"),
    ],
)
def test_a_refusal_of_the_sender_holds_a_club_of_one_provider(what: MailPart, answer: str) -> None:
    judged = Judged()
    assert isinstance(judged.refuse(answer, "example.org", what=what), MailHeld)
    judged.accept()
    late = [judged.refuse(answer, "example.org", what=what) for _ in range(ALIKE + 1)]
    assert isinstance(late[-1], MailHeld | MailQuota)


def test_greylisting_holds_nothing() -> None:
    judged = Judged()
    for _ in range(3 * ALIKE):
        error = judged.refuse("451 4.7.1 Greylisted, see you in 300 seconds")
        assert isinstance(error, MailLater)
        assert not isinstance(error, MailQuota)


def test_words_about_the_sender_hold_at_once_unless_a_message_was_accepted() -> None:
    judged = Judged()
    answer = "554 5.7.1 <m@example.net>: Relay access denied"
    assert isinstance(judged.refuse(answer), MailHeld)
    judged.accept()
    assert isinstance(judged.refuse(answer), MailFinal)


QUOTA = "450 4.7.1 too many messages"


def test_a_limit_is_found_by_trying_and_sooner_the_next_time() -> None:
    judged = Judged()
    waits = until_accepted(judged, 3600.0)
    assert waits[:4] == [1.0, 1.0, 2.0, 4.0]
    judged.accept()
    assert sum(until_accepted(judged, 3600.0)) <= 3600 * 9 / 8 + 1800
    judged.accept()
    (soon,) = until_accepted(judged, 1.0)[:1]
    assert soon <= LONGEST_S


def until_accepted(judged: Judged, limit: float) -> list[float]:
    """Return the waits of a server that accepts nothing for ``limit`` seconds."""
    waits: list[float] = []
    began = judged.clock.now
    while judged.clock.now < began + limit:
        error = judged.refuse(QUOTA)
        assert isinstance(error, MailQuota)
        assert error.after is not None
        waits.append(error.after)
        judged.clock.now += error.after
    return waits


def test_a_message_that_was_on_its_way_changes_no_wait() -> None:
    judged = Judged()
    for _ in range(5):
        error = judged.refuse(QUOTA)
        assert isinstance(error, MailQuota)
        assert error.after == 1.0
    judged.accept()
    judged.clock.now = 0.9
    error = judged.refuse(QUOTA)
    assert isinstance(error, MailQuota)
    assert error.after == pytest.approx(0.1)


def test_a_time_that_the_server_names_is_believed() -> None:
    error = Judged().refuse(f"{QUOTA}. Try again in 92 seconds.")
    assert isinstance(error, MailQuota)
    assert error.after == 92


def test_a_server_that_allows_two_connections_gets_no_third_for_a_while(server: Server) -> None:
    server.most = 2
    with sending(server.settings()) as desk, ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(lambda _: send(desk), range(60)))) == 60
        refused = server.connections - 2
        assert refused <= 8
        list(pool.map(lambda _: send(desk), range(20)))
        assert server.connections - 2 == refused
    assert len(server.mails) == 80


def test_a_connection_that_was_just_replaced_may_still_count(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "MAILS_LIMIT", 4)
    monkeypatch.setattr(capacity, "ALONE_S", 0.0)
    together = threading.Barrier(2, timeout=WITHIN)

    def meet() -> None:
        together.wait()

    def wait_for_the_refusal() -> None:
        if len(server.mails) < 6:
            assert server.ended.acquire(timeout=WITHIN)

    with sending(server.settings()) as desk, ThreadPoolExecutor(2) as pool:

        def send_two(cross: Callable[[], None]) -> None:
            list(pool.map(lambda _: send(desk, cross), range(2)))

        for _ in range(3):
            send(desk)
        send_two(meet)
        assert server.ended.acquire(timeout=WITHIN), "one connection has had its share"
        server.most = 1  # as if that one still counted
        send_two(wait_for_the_refusal)
        server.most = 0
        send_two(meet)
    assert len(server.mails) == 9


def test_one_connection_more_is_tried_after_some_time() -> None:
    judged = Judged()
    judged.capacity.limit_connections(2)
    judged.accept()
    assert turns(judged) == 2
    judged.clock.now = MORE_AFTER_S
    for _ in range(3):
        judged.accept()
    assert turns(judged) == 3


def test_messages_that_waited_for_a_turn_do_not_ask_after_a_refusal() -> None:
    judged = Judged()
    judged.refuse(QUOTA)  # one message at a time from here

    def refuse_meanwhile() -> None:
        judged.clock.now += 1.0
        judged.refuse(QUOTA)
        judged.capacity.accepted(
            "ada@example.org", 0.0
        )  # on its way before the refusal: there is one turn more

    turn = judged.capacity.turn
    with turn(lambda: None), pytest.raises(MailQuota, match="too many") as caught:
        turn(refuse_meanwhile).__enter__()
    assert caught.value.after == 1.0
    with turn(lambda: None):
        """A message that asks now may try: a person wants it so."""


def send(desk: Sending, cross: Callable[[], None] = lambda: None) -> str:
    """Send one message in a turn, as a task does."""
    with desk.transport.turn(lambda: None):
        return desk.transport.send(letter(), cross, desk.log.append)


def test_a_server_that_takes_ten_messages_in_a_session_gets_no_eleventh(server: Server) -> None:
    server.per_session = 10
    with sending(server.settings()) as desk:
        for _ in range(35):
            desk.send()
    assert len(server.mails) == 35
    assert server.commands.count("MAIL") == 36, "the eleventh was refused once"


def test_a_refused_message_is_tried_in_one_new_session_only(server: Server) -> None:
    with sending(server.settings()) as desk:
        desk.send()
        server.faults["RCPT"] = "450 4.2.0 not now"
        for _ in range(3):
            with pytest.raises(MailLater):
                desk.send()
        server.faults.clear()
        desk.send()
    assert server.commands.count("RCPT") == 6


def test_messages_wait_for_a_turn_and_can_be_cancelled_meanwhile() -> None:
    judged = Judged()
    judged.refuse(QUOTA)  # one message at a time from here
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with judged.capacity.turn(lambda: None):
            entered.set()
            assert leave.wait(WITHIN)

    def cancelled() -> None:
        raise KeyboardInterrupt

    thread = threading.Thread(target=hold)
    thread.start()
    assert entered.wait(WITHIN)
    try:
        with pytest.raises(KeyboardInterrupt), judged.capacity.turn(cancelled):
            pass
    finally:
        leave.set()
        thread.join()


def test_one_message_leaves_at_a_time_at_first_and_each_later_round_one_more() -> None:
    judged = Judged()
    for judged.clock.now in (-ALONE_S, -ALONE_S / 2, -0.01):
        judged.accept()
        assert turns(judged) == 1
    judged.clock.now = 0.0
    for count in range(FIRST, MAIL_AT_ONCE):
        assert turns(judged) == count
        for _ in range(count + 1):
            judged.accept()
    for _ in range(MAIL_AT_ONCE):
        judged.accept()
    assert turns(judged) == MAIL_AT_ONCE


def test_a_first_message_without_an_answer_does_not_stop_the_next() -> None:
    judged = Judged()
    judged.clock.now = -ALONE_S
    with judged.capacity.turn(lambda: None):
        assert turns(judged) == 0
        judged.clock.now = 0.0
        assert turns(judged) == FIRST - 1


def test_after_a_limit_messages_leave_slowly_at_first() -> None:
    judged = Judged()
    for _ in range(150):
        judged.accept()
    judged.refuse(QUOTA)
    judged.clock.now = 1.0
    assert turns(judged) == 1
    judged.accept()
    assert turns(judged) == 2
    judged.accept()
    judged.accept()
    assert turns(judged) == 4
    judged.clock.now = 2.0
    judged.refuse(QUOTA)
    judged.clock.now = 9.0
    for _ in range(3):
        judged.accept()
    assert turns(judged) == 2, "half of what was too many, and more only slowly"


def turns(judged: Judged, most: int = 32) -> int:
    """Count the turns that are given at the same time."""

    class Full(Exception):
        pass

    def full() -> None:
        raise Full

    def take(left: int) -> int:
        if not left:
            return most
        try:
            with judged.capacity.turn(full):
                return take(left - 1)
        except Full:
            return most - left

    return take(most)


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
    "554 5.7.1 <m@example.org>: Recipient address rejected: You have exceeded your Outmail quota",
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
    "552 Too much mail data",
    "552 The recipient's account is over quota",
    "550 The user's account has exceeded its message quota",
    "550 5.7.1 Message refused: too many links",
    "550 5.1.1 No such user",
    "250 2.0.0 Too many messages, but this one was taken",
]


def reply(answer: str) -> SmtpReply:
    code, _, words = answer.partition(" ")
    return SmtpReply(int(code), words)


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
        ("450 too many, try again in 99999 h", 86_400),
        ("Daily user sending limit exceeded", None),
        ("try again in 3 attempts", None),
    ],
)
def test_the_time_that_an_answer_names(words: str, seconds: float | None) -> None:
    assert named_wait(words) == seconds
