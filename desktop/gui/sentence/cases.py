"""All cases of the one sentence in their order, and what is said of facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop.contract.batch_condition import (
    Condition,
    condition,
    is_limited,
    message_count,
    row_numbers,
)
from desktop.contract.office import OfficeCure, OfficeNotice, OfficeReason
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.gui.kit.words.ages import HOUR, MINUTE, at, day_and_time, until
from desktop.gui.kit.words.notices import told
from desktop.gui.kit.words.reasons import brief_cause_words, met_words, shortened
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.sentence.facts import NONE_NEEDING
from desktop.gui.sentence.statement import (
    Statement,
    button,
    line,
    moment,
    name_in,
    soft,
    text,
)
from desktop.gui.sentence.stops import STOPS, is_stopped, restart, since, until_resumed
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.events import NoticeId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from desktop.contract.batches import Batch
    from desktop.gui.frame.cases import CaseFact
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.sentence.facts import Facts
    from desktop.gui.sentence.statement import Verb
    from sendoff_tasks.model.events import Notice

FORESEEABLE: Final = 24 * HOUR
"""The longest time ahead for which an end is said."""
CURES: Final[dict[str | None, Verb]] = {
    Cure.RETRY: "retry",
    OfficeCure.EDIT_TEMPLATE: "edit_template",
}
"""The buttons of cures that one press brings to all tasks of a cause."""
OFFERS: Final[dict[str, Verb]] = {
    "kept": "show_kept",
    "refused": "add_refused",
    "crash": "show_report",
    "older_text": "use_new",
    "older_head": "use_new",
}
"""The button of each offer of a room that needs a person."""


def said(facts: Facts) -> Iterator[Statement]:
    """Say what is the case: the first one is the sentence, the others are said beside it.

    What is known of the backend's tasks counts only while it answers.
    """
    if not facts.is_ready:
        facts = replace(facts, stats=None, batches=(), needing=NONE_NEEDING, last=None)
    for case in CASES:
        for each in case(facts):
            yield each if facts.rights.may_change else each._replace(button=None)


# yours, and under way


def _unanswered(facts: Facts) -> Iterator[Statement]:
    count, may = facts.unanswered
    if count:
        sentence = text(facts, "not_confirmed" if may else "not_made", count)
        yield Statement(14, sentence, soft(facts, "unanswered"), button("again"))


def _under_way(facts: Facts) -> Iterator[Statement]:
    if is_stopped(facts):
        return
    sending = [each for each in facts.batches if _is(each, Condition.SENDING, facts)]
    left = sum(each["counts"]["open"] for each in sending)
    if facts.stops and facts.waiting + max(0, facts.rows - left) > facts.going + left:
        return
    if sending:
        below, share = _pace(facts, sending), _share(sending)
        yield Statement(15, _of(facts, sending), below, button("pause"), share)
    elif facts.is_busy and facts.going:
        sentence = text(facts, "under_way", facts.going)
        yield Statement(15, sentence, _pace(facts, []), button("pause"))


# needs you


def _one(facts: Facts) -> Iterator[Statement]:
    row = facts.needing.one
    if row is None or facts.needing.tasks != 1 or facts.needing.fixed:
        return
    who, why, show = _who(row), "", button("show_task", str(row.id))
    if row.state == State.UNCERTAIN:
        sentence = text(facts, "uncertain_mail" if row.is_mail else "uncertain", who=who)
        when, server = _handed_over(row, facts), row.data.get("server", "")
        why = soft(facts, "handed_over", when=when, server=server) if when and server else ""
    else:
        met = met_words(row, facts.now).rstrip(".")
        sentence = text(facts, "failed", who=who, why=met)
        if met != shortened(met):
            sentence = text(facts, "failed_mail" if row.is_mail else "failed_task", who=who)
            why = sentences(met)
    yield Statement(16, sentence, why, show)


def _handed_over(row: Row, facts: Facts) -> str:
    """Write since when a task is as it is."""
    since_then = epoch(row.data.get("since"))
    return "" if since_then is None else at(since_then, facts.now)


def _alike(facts: Facts) -> Iterator[Statement]:
    cause, count = facts.needing.cause, facts.needing.tasks
    if cause is None or count < 2 or facts.needing.fixed:
        return
    states = [state for state, number in cause["states"].items() if number and state in ALIKE]
    if len(states) != 1:
        return
    verb = CURES.get(cause["cure"], "show_cause")
    first = epoch(cause["first_at"])
    below = line(
        sentences(brief_cause_words(cause["about"])),
        "" if first is None else soft(facts, "since", when=day_and_time(first, facts.now)),
    )
    press = button(verb, cause["cause"], count if verb == "retry" else None)
    yield Statement(17, text(facts, ALIKE[states[0]], count), below, press)


ALIKE: Final[dict[str, str]] = {
    State.FAILED: "failed_alike",
    State.UNCERTAIN: "uncertain_alike",
    State.WAITING: "held_alike",
}


def _several(facts: Facts) -> Iterator[Statement]:
    needing = facts.needing
    count, fixed, is_exact = needing.tasks, needing.fixed, needing.is_exact
    is_told = any(True for case in (_one, _alike) for _ in case(facts))
    if count and not is_told and fixed < count:
        ready = soft(facts, "some_ready", fixed) if fixed else ""
        sentence = text(facts, "need_you" if is_exact else "more_need_you", count)
        yield Statement(18, sentence, ready, button("show"))
    for batch in facts.batches:
        if _is(batch, Condition.UNSETTLED, facts):
            sentence = text(facts, "unsettled", batch["counts"]["open"])
            yield Statement(18, sentence, "", button("show_batch", str(batch["batch_id"])))


def _ready(facts: Facts) -> Iterator[Statement]:
    fixed = facts.needing.fixed
    verb: Verb = "retry_ready" if facts.is_app else "send_ready"
    if fixed and fixed == facts.needing.tasks and not is_stopped(facts):
        yield Statement(
            19, text(facts, "ready", fixed), "", button(verb, " ".join(facts.needing.ready), fixed)
        )
    for fact in facts.rooms:
        if fact.name == "kept" and (facts.is_practice or not facts.is_ready):
            continue
        if fact.name in OFFERS:
            yield _offered(facts, fact, OFFERS[fact.name])
    for name, row in ((NoticeId.BACKUP, "backup"), (NoticeId.CLOCK, "clock")):
        if (notice := facts.notice(name)) is not None:
            yield _noticed(facts, 19, row, notice)


def _offered(facts: Facts, fact: CaseFact, verb: Verb) -> Statement:
    sentence = text(facts, fact.name, fact.n, when=fact.when)
    press = button(verb, fact.about, fact.n)
    return Statement(19, sentence, fact.why, press, put_away=(fact.name, fact.about))


def _noticed(facts: Facts, rank: int, row: str, notice: Notice) -> Statement:
    return Statement(rank, text(facts, row), told(notice, facts.now), put_away=(notice["id"], ""))


# paused in part, or it waits by itself


def _part_paused(facts: Facts) -> Iterator[Statement]:
    if facts.pause is not None:
        return
    for notice in [] if facts.is_all_paused else facts.paused_queues:
        queue = name_in(notice, NoticeId.PAUSED)
        sentence = text(facts, "queue_paused", queue=WORDS.queue(queue))
        yield Statement(20, sentence, since(facts, notice), button("resume_queue", queue))
    for batch in facts.batches:
        if batch["state"] == Condition.PAUSED:
            below = until_resumed(facts, batch["counts"]["open"], set())
            sentence = text(facts, "batch_paused", name=batch["name"])
            yield Statement(20, sentence, below, button("resume_batch", str(batch["batch_id"])))


def _outages(facts: Facts) -> Iterator[Statement]:
    for notice in facts.outages:
        data = notice.get("reason_data", {})
        queue = name_in(notice, NoticeId.QUEUE)
        server = data.get("server") or say("queue_hold", "server_of", queue=WORDS.queue(queue))
        count = facts.waiting_in(queue)
        waits = soft(facts, "wait", count) if count else ""
        below = line(waits, _again(facts, moment(facts, data, "until"), {notice["id"]}))
        if notice.get("reason") == Reason.QUOTA:
            yield Statement(21, text(facts, "quota", server=server), below)
        else:
            press = button("try_now", queue)
            yield Statement(21, text(facts, "offline", server=server), below, press)
    for batch in facts.batches:
        put_off = batch["leaves"]["put_off"]
        if put_off is not None and not facts.outages and _is(batch, Condition.WAITING, facts):
            server = put_off.get("server") or say("queue_hold", "mail_server")
            sentence = text(facts, "put_off", server=server, name=batch["name"])
            yield Statement(21, sentence, _again(facts, moment(facts, put_off, "until"), set()))


def _again(facts: Facts, when: str, ended: set[str]) -> str:
    """Say when a server is tried again, unless more than an outage stops what waits for it."""
    others = facts.stops - ended - {each["id"] for each in facts.outages}
    if facts.is_practice or not when:
        return ""
    if others:
        is_paused = all(each.startswith(NoticeId.PAUSED) for each in others)
        return soft(facts, "then_resumed") if is_paused and facts.waiting else ""
    return soft(facts, "again_at", when=when)


# else


def _reading(facts: Facts) -> Iterator[Statement]:
    reading = facts.room("reading")
    if reading is not None and reading.n:
        sentence = text(facts, "reading", reading.n, done=WORDS.number(reading.done))
        share = reading.done / reading.n
        yield Statement(22, sentence, "", button("stop"), share)


def _renewal(facts: Facts) -> Iterator[Statement]:
    if facts.room("updated") is not None:
        yield restart(facts, 23)._replace(put_away=("updated", ""))
    if (other := facts.room("other_build")) is not None:
        sentence = text(facts, other.name, version=other.about)
        yield Statement(23, sentence, soft(facts, "end_there"), put_away=(other.name, other.about))
    strange = {
        OfficeNotice.STRANGE_SETTINGS: "strange_settings",
        NoticeId.TOKENS: "tokens",
    }
    for name, row in strange.items():
        if (notice := facts.notice(name)) is not None:
            yield _noticed(facts, 23, row, notice)


def _practice(facts: Facts) -> Iterator[Statement]:
    if facts.is_practice:
        kept = facts.room("kept")
        below = soft(facts, "kept", kept.n) if kept is not None else ""
        if not facts.count(State.SUCCEEDED):
            below = soft(facts, "practise")
        yield Statement(24, text(facts, "practice"), below, button("real_sending"))


def _planned(facts: Facts) -> Iterator[Statement]:
    stats, count = facts.stats, facts.count(State.SCHEDULED) + facts.rows
    if stats is None or not count or facts.stops or facts.acting:
        return
    if facts.going or facts.count(State.WAITING):
        return
    moments = [epoch(stats["next_at"])]
    moments += [epoch(each["leaves"]["next_at"]) for each in facts.batches]
    coming = [each for each in moments if each is not None and each > facts.now]
    if coming:
        sentence = text(facts, "planned", when=until(min(coming), facts.now))
        yield Statement(25, sentence, soft(facts, "planned", count))


def _last(facts: Facts) -> Iterator[Statement]:
    if not facts.is_ready or not any((facts.stats or {"counts": {}})["counts"].values()):
        return
    row, going, waiting = facts.last, facts.going, facts.waiting + facts.rows
    if row is not None and row.finished is not None:
        below = soft(facts, "more", going) if going else ""
        below = below or (soft(facts, "wait", waiting) if waiting else "")
        below = soft(facts, "nothing") if _nothing_waits(facts) else below
        yield Statement(26, text(facts, _ended(row), when=at(row.finished, facts.now)), below)
    elif _nothing_waits(facts):
        yield Statement(26, text(facts, "nothing"))
    else:
        open_row = "under_way" if going else "wait" if waiting else ""
        yield Statement(26, text(facts, open_row, going or waiting) if open_row else "")


def _ended(row: Row) -> str:
    if row.reason in {Reason.KEPT, OfficeReason.CAME_BACK, Reason.SETTLED_BY_PERSON}:
        return f"last_{row.reason}"
    return "last_sent" if row.is_mail else "last"


def _empty(facts: Facts) -> Iterator[Statement]:
    yield Statement(27, text(facts, "empty") if facts.is_ready else "")


CASES: Final[tuple[Callable[[Facts], Iterator[Statement]], ...]] = (
    *STOPS,
    _unanswered,
    _under_way,
    _one,
    _alike,
    _several,
    _ready,
    _part_paused,
    _outages,
    _reading,
    _renewal,
    _practice,
    _planned,
    _last,
    _empty,
)


# what several cases ask


def _is(batch: Batch, wanted: Condition, facts: Facts) -> bool:
    return condition(batch, facts.now) is wanted


def _who(row: Row) -> str:
    """Name the person of an e-mail, or a task by its title."""
    return (parse_mailbox(row.to).name or row.to) if row.to else row.title


def _by_itself(batch: Batch) -> tuple[int, int]:
    """Return how many e-mails were sent, and kept, as the numbers of the batch say."""
    numbers = row_numbers(batch)
    return numbers["sent"], numbers["kept"]


def _of(facts: Facts, batches: Sequence[Batch]) -> str:
    sent, kept = map(sum, zip(*map(_by_itself, batches), strict=True))
    only = "kept_of" if kept or (facts.is_practice and not sent) else "sent_of"
    name = "both_of" if sent and kept else only
    whole = WORDS.number(sum(map(message_count, batches)))
    return text(facts, name, done=WORDS.number(sent + kept), whole=whole)


def _has_paused(facts: Facts) -> bool:
    return any(each["state"] == Condition.PAUSED for each in facts.batches)


def _share(batches: Sequence[Batch]) -> float:
    done = sum(sum(_by_itself(each)) for each in batches)
    return done / max(1, sum(map(message_count, batches)))


def _pace(facts: Facts, batches: Sequence[Batch]) -> str:
    """Say how fast it goes, and when the last one leaves; nothing while that is not certain."""
    stats = facts.stats
    if stats is None or facts.stops or facts.acting or _has_paused(facts):
        return ""
    rate = stats["rates"]["finished"] * MINUTE
    is_steady = rate >= 1 and not _slows(facts, batches, rate / MINUTE)
    pace = soft(facts, "pace", rate=WORDS.number(_rounded(rate))) if is_steady else ""
    return line(pace, _end(facts, batches))


def _slows(facts: Facts, batches: Sequence[Batch], pace: float) -> bool:
    """Tell whether a limit, once reached, makes this end much later than this pace says."""
    left = sum(each["counts"]["open"] for each in batches)
    leaves = [epoch(each["leaves"]["last_at"]) for each in batches if is_limited(each, facts.now)]
    last = max((each for each in leaves if each is not None), default=facts.now)
    return last - facts.now > 2 * left / pace


def _rounded(rate: float) -> int:
    """Round to two digits, so that the number stands still for a while."""
    unit: int = 10 ** max(0, len(str(int(rate))) - 2)
    return int(rate) // unit * unit


def _end(facts: Facts, batches: Sequence[Batch]) -> str:
    if any(is_limited(each, facts.now) for each in batches):
        leaves = [epoch(each["leaves"]["last_at"]) for each in batches]
        known = [each for each in leaves if each is not None]
        if facts.is_practice or len(known) < len(batches):
            return ""
        return soft(facts, "last_at", when=at(max(known), facts.now))
    done_in = None if facts.stats is None or facts.rows else facts.stats["done_in"]
    if done_in is None or not MINUTE <= done_in <= FORESEEABLE:
        return ""
    if done_in < 90 * MINUTE:
        return soft(facts, "about_minutes", round(done_in / MINUTE))
    return soft(facts, "about_hours", round(done_in / HOUR))


def _nothing_waits(facts: Facts) -> bool:
    is_quiet = not (facts.open or facts.unseen or facts.acting or facts.saved or facts.has_draft)
    return is_quiet and facts.room("list_unread") is None and not facts.unanswered.changes
