"""The cases of the one sentence in their order, and what is said of facts.

A case says its words, or nothing if it does not apply. The first that applies is the sentence; of
the others that a person should know, the next one follows it as *Also*.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from desktop.contract.batch_condition import Condition, condition, message_count
from desktop.contract.office import OfficeCure
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.gui.kit.words.ages import HOUR, MINUTE, day_and_time, minute_of_day, until
from desktop.gui.kit.words.reasons import WRONG_PASSWORD, brief_cause_words, met_words
from desktop.gui.kit.words.servers import TOKENS, server_sentence
from desktop.gui.kit.words.states import row_in_words, sentences
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.sentence.facts import HELD, OWN_TASKS, PAUSED
from sendoff_tasks.client.health import (
    Away,
    Finishing,
    GaveUp,
    Gone,
    Missing,
    Ready,
    ServerFault,
    Starting,
)
from sendoff_tasks.events.notices import BACKUP, CLOCK, ENGINE, RESTORED, STORE
from sendoff_tasks.model.causes import Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words.reasons import error_words, refused_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from desktop.contract.batches import Batch
    from desktop.gui.sentence.facts import Facts, Offer
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData

Level = Literal["", "running", "waiting", "failed", "uncertain"]
"""The colour of the icon; empty for none."""
Verb = Literal[
    "",
    "restore",
    "begin_empty",
    "try_again",
    "other_token",
    "open_server",
    "sign_in",
    "mail_settings",
    "try_now",
    "tasks_folder",
    "resume",
    "pause",
    "again",
    "show",
    "retry",
    "edit_template",
    "send_ready",
    "add_refused",
    "show_report",
    "use_new",
    "stop",
    "restart",
    "real_sending",
]
FROM_S: Final = 2.0
"""Seconds for which the backend does not answer before that is said."""
ALSO: Final = 21
"""The last rank that is said beside another one."""
BLOCKED: Final = 12
"""The last rank of what stops everything, or a queue, until somebody acts."""
ALL_PAUSED: Final = 13
PACED: Final = 1.0
"""The least pace that is said, tasks a minute."""
FORESEEABLE: Final = 24 * HOUR
"""The longest time ahead for which an end is said."""


class Words(NamedTuple):
    """What a case says: its sentence, what stands below it, and its button.

    - ``verb``: what the button does; ``about``: to what, such as the name of a queue
    - ``is_next``: the button may take the accent
    - ``bar``: the share that is done, 0 … 1
    - ``offer``: the offer that the cross puts away, or the notice
    """

    text: str
    soft: Sequence[str] = ()
    verb: Verb = ""
    button: str = ""
    about: str = ""
    is_next: bool = False
    level: Level = ""
    bar: float | None = None
    offer: str = ""


class Statement(NamedTuple):
    """What the window says: the words of the first case, and what else there is."""

    rank: int
    words: Words
    also: Sequence[Words] = ()

    @property
    def group(self) -> str:
        """The kind of the case: a screen reader is told when it changes."""
        rank = self.rank
        if rank <= BLOCKED:
            return "blocked"
        if rank in {ALL_PAUSED, 20}:
            return "paused"
        return "needs you" if rank in {14, 16, 17, 18, 19} else "else"


def said(facts: Facts) -> Statement:
    """Say what is the case."""
    found = [*applying(facts)]
    (rank, words), *others = found
    return Statement(rank, words, [each for at, each in others if at <= ALSO])


def applying(facts: Facts) -> Iterator[tuple[int, Words]]:
    """Yield the ranks and words of all cases that apply, the first one first."""
    for rank, case in CASES:
        for words in case(facts):
            yield rank, words if facts.rights.may_change else words._replace(verb="", button="")


Found = "Iterator[Words]"


def _say(facts: Facts, row: str, /, n: int | None = None, **fields: object) -> str:
    return say("sentence", row, *_variants(facts), n=n, **fields)


def _soft(facts: Facts, row: str, /, n: int | None = None, **fields: object) -> str:
    return say("sentence_soft", row, *_variants(facts), n=n, **fields)


def _button(verb: Verb, n: int | None = None, **fields: object) -> str:
    return say("sentence_button", verb, n=n, **fields)


def _variants(facts: Facts) -> Iterator[str]:
    if not facts.rights.may_change:
        yield "looks"
    if facts.is_app:
        yield "app"
    if not facts.rights.has_files:
        yield "server"


def _wait(facts: Facts, name: str = "wait", **fields: object) -> str:
    """Say how many wait, if that is known and some do."""
    return _soft(facts, name, facts.standing, **fields) if facts.standing else ""


def _when(facts: Facts, data: ReasonData, name: Literal["since", "until"] = "since") -> str:
    moment = epoch(data.get(name))
    return "" if moment is None else day_and_time(moment, facts.now)


def _told(notice: Notice) -> str:
    """Say the text of a notice in the window's language."""
    if "refusal" in notice:
        return refused_words(WORDS, notice["refusal"], notice.get("data", {})) or notice["text"]
    data: ReasonData = {"text": notice["text"], **notice.get("reason_data", {})}
    return error_words(WORDS, data["text"], data) or notice["text"]


def _queue(notice: Notice, prefix: str) -> str:
    return notice["id"].removeprefix(prefix)


# blocked: 1 to 12


def _damaged(facts: Facts) -> Iterator[Words]:
    if not facts.is_damaged:
        return
    if facts.backup_at is None:
        soft, verb = _soft(facts, "no_backup"), "begin_empty"
    else:
        when = minute_of_day(facts.backup_at, facts.now)
        soft, verb = _soft(facts, "backup", when=when), "restore"
    yield Words(
        _say(facts, "damaged"),
        [soft],
        verb,  # type: ignore[arg-type] # one of two
        say("sentence_button", verb),
        is_next=True,
        level="failed",
    )


def _gave_up(facts: Facts) -> Iterator[Words]:
    match facts.state:
        case GaveUp(damaged=False, reason=reason):
            soft = sentences(row_in_words(reason)), _saved_here(facts)
            yield Words(
                _say(facts, "gave_up"),
                soft,
                "try_again",
                _button("try_again"),
                is_next=True,
                level="failed",
            )


def _not_stored(facts: Facts) -> Iterator[Words]:
    notice = facts.notice(STORE)
    if notice is not None and not facts.is_damaged:
        soft = [sentences(_told(notice)), _wait(facts, "wait_none_lost")]
        if facts.saved:
            soft.append(_saved_here(facts))
        yield Words(_say(facts, "not_stored"), soft, level="failed")


def _unsaved(facts: Facts) -> Iterator[Words]:
    if facts.unsaved:
        yield Words(_say(facts, "unsaved"), [sentences(facts.unsaved)], level="failed")


def _no_server(facts: Facts) -> Iterator[Words]:
    match facts.state:
        case Away(missing=ServerFault.REPLACED):
            yield _updated(facts)
        case Away(missing=ServerFault() as fault) as away:
            soft = [_saved_here(facts), _seen_at(facts)]
            if fault in TOKENS:
                button = _button("other_token")
                yield Words(
                    server_sentence(away), soft, "other_token", button, is_next=True, level="failed"
                )
            elif away.address:
                host = away.address.partition("://")[2]
                yield Words(
                    server_sentence(away),
                    soft,
                    "open_server",
                    _button("open_server", host=host),
                    about=away.address,
                    is_next=True,
                    level="waiting",
                )
            else:
                yield Words(server_sentence(away), soft, level="waiting")


def _missing(facts: Facts) -> Iterator[Words]:
    match facts.state:
        case Away(missing=Missing.APP):
            yield Words(_say(facts, "app_away"), [_soft(facts, "start_app")], level="waiting")
        case Away(missing=Missing.DATABASE):
            soft = [_soft(facts, "start_serve")]
            yield Words(_say(facts, "database_away"), soft, level="waiting")


def _away(facts: Facts) -> Iterator[Words]:
    if isinstance(facts.state, Ready | Away | GaveUp):
        return
    if facts.away_s < FROM_S and not isinstance(facts.state, Starting):
        return
    match facts.state:
        case Starting(updating=float(done)):
            text = _say(facts, "updating", percent=int(done * 100))
        case Starting() if facts.away_s < FROM_S:
            return
        case Starting():
            text = _say(facts, "starting")
        case Finishing():
            text = _say(facts, "finishing")
        case Gone() if facts.try_in:
            text = _say(facts, "restarting_in", s=facts.try_in)
        case _:
            text = _say(facts, "restarting")
    typing = _soft(facts, "keep_typing") if _adds(facts) else ""
    yield Words(text, [typing, _seen_at(facts)], level="waiting")


def _standstill(facts: Facts) -> Iterator[Words]:
    if (notice := facts.notice(ENGINE)) is not None:
        yield Words(_say(facts, "standstill"), [_told(notice)], level="failed")


def _look_first(facts: Facts) -> Iterator[Words]:
    told = [each for each in (facts.notice(RESTORED),) if each is not None]
    if told or facts.was_paused_by_itself:
        pause = facts.pause
        text = _told(told[0]) if told else (pause or {}).get("reason_data", {}).get("text", "")
        yield Words(
            _say(facts, "look_first"),
            [sentences(str(text)), _wait(facts)],
            "resume" if pause else "",
            _button("resume") if pause else "",
            is_next=True,
            level="waiting",
        )


def _sign_in(facts: Facts) -> Iterator[Words]:
    for notice in facts.held:
        if notice["action"] == "sign_in":
            data: ReasonData = notice.get("reason_data", {})
            told = data.get("told")
            account = (told or {"data": {}})["data"].get("issuer") or WORDS.queue(
                _queue(notice, HELD)
            )
            soft = [_held_since(facts, data)]
            if facts.standing and not facts.saved:
                soft.append(_soft(facts, "after_both" if facts.pause else "after_sign_in"))
            yield Words(
                _say(facts, "sign_in", account=account),
                soft,
                "sign_in",
                _button("sign_in"),
                is_next=True,
                level="waiting",
            )


def _mail_held(facts: Facts) -> Iterator[Words]:
    for notice in facts.held:
        if notice["action"] == "mail_settings":
            data: ReasonData = notice.get("reason_data", {})
            name = "password" if data.get("code") == WRONG_PASSWORD else "mail_held"
            yield Words(
                _say(facts, name),
                [sentences(_told(notice)), _held_since(facts, data)],
                "mail_settings",
                _button("mail_settings"),
                is_next=True,
                level="failed",
            )
    if (notice := facts.notice("settings")) is not None:
        leads = notice["action"] == "mail_settings"
        yield Words(
            _say(facts, "settings"),
            [sentences(_told(notice))],
            "mail_settings" if leads else "",
            _button("mail_settings") if leads else "",
            is_next=True,
            level="failed",
        )


def _held_queue(facts: Facts) -> Iterator[Words]:
    for notice in facts.held:
        if notice["action"] not in {"sign_in", "mail_settings"}:
            queue = _queue(notice, HELD)
            yield Words(
                _say(facts, "held", queue=WORDS.queue(queue)),
                [sentences(_told(notice)), _wait(facts)],
                "try_now",
                _button("try_now"),
                about=queue,
                is_next=True,
                level="failed",
            )
    for broken in facts.about(OWN_TASKS):
        file = _queue(broken, OWN_TASKS)
        opens = facts.rights.has_files
        yield Words(
            _say(facts, "own_tasks", file=file),
            [sentences(_told(broken))],
            "tasks_folder" if opens else "",
            _button("tasks_folder") if opens else "",
            is_next=True,
            level="failed",
        )


# paused, and yours


def _all_paused(facts: Facts) -> Iterator[Words]:
    if not facts.is_all_paused or facts.was_paused_by_itself:
        return
    first = facts.pause or facts.paused_queues[0]
    since = _when(facts, first.get("reason_data", {}))
    yield Words(
        _say(facts, "paused"),
        [_soft(facts, "since", when=since) if since else "", _until_resumed(facts)],
        "resume",
        _button("resume"),
        about=_queue(first, PAUSED),
        is_next=True,
        level="waiting",
    )


def _unanswered(facts: Facts) -> Iterator[Words]:
    count, may = facts.unanswered
    if count:
        text = _say(facts, "not_confirmed" if may else "not_made", count)
        yield Words(
            text,
            [_soft(facts, "unanswered")],
            "again",
            _button("try_again"),
            is_next=True,
            level="waiting",
        )


def _under_way(facts: Facts) -> Iterator[Words]:
    if not facts.is_ready or _is_stopped(facts):
        return
    sending = [each for each in facts.batches if _is(each, Condition.SENDING, facts)]
    stops = [*facts.held, *facts.outages, *facts.paused_queues]
    if stops and facts.standing > facts.going + sum(each["counts"]["open"] for each in sending):
        return
    if sending:
        yield Words(
            _of(facts, sending),
            _pace(facts, sending),
            "pause",
            _button("pause"),
            level="running",
            bar=_share(sending),
        )
    elif facts.is_busy and facts.going:
        text = _say(facts, "under_way", facts.going)
        yield Words(text, _pace(facts, []), "pause", _button("pause"), level="running")


def _one(facts: Facts) -> Iterator[Words]:
    row = facts.needing.one
    if facts.needing.tasks != 1 or row is None:
        return
    who = parse_mailbox(row.to).name or row.to if row.to else row.title
    show = Words("", verb="show", button=_button("show"), level="failed")
    if row.state == State.UNCERTAIN:
        text = _say(facts, "uncertain_one" if row.is_mail else "uncertain_task", who=who)
        server, since = row.data.get("server", ""), _when(facts, row.data)
        soft = _soft(facts, "handed_over", when=since, server=server) if server and since else ""
        yield show._replace(text=text, soft=[soft], level="uncertain")
    else:
        why = met_words(row, facts.now)
        yield show._replace(text=_say(facts, "failed_one", who=who, why=why))


CURES: Final[dict[str, Verb]] = {Cure.RETRY: "retry", OfficeCure.EDIT_TEMPLATE: "edit_template"}
"""The buttons of cures that one press brings to all tasks of a cause."""


def _alike(facts: Facts) -> Iterator[Words]:
    cause, count = facts.needing.cause, facts.needing.tasks
    if cause is None or count < 2:
        return
    words, since = (
        brief_cause_words(cause["about"]),
        day_and_time(epoch(cause["first_at"]) or facts.now, facts.now),
    )
    verb = CURES.get(cause["cure"] or "", "show")
    yield Words(
        _say(facts, "failed_alike", count),
        [_soft(facts, "cause_since", cause=words.rstrip("."), when=since)],
        verb,
        _button(verb, count) if verb == "retry" else _button(verb),
        about=cause["cause"],
        is_next=verb != "show",
        level="failed",
    )


def _several(facts: Facts) -> Iterator[Words]:
    count, _, cause, fixed = facts.needing
    is_told = facts.needing.one is not None and count == 1
    if count and not is_told and (cause is None or count < 2) and fixed < count:
        ready = _soft(facts, "some_ready", fixed) if fixed else ""
        text = _say(facts, "need_you", count)
        yield Words(text, [ready], "show", _button("show"), level="failed")
    for batch in facts.batches:
        if _is(batch, Condition.UNSETTLED, facts):
            text = _say(facts, "unsettled", batch["counts"]["open"])
            about = str(batch["batch_id"])
            yield Words(text, (), "show", _button("show"), about=about, level="uncertain")


OFFERS: Final[dict[str, Verb]] = {
    "kept": "show",
    "refused": "add_refused",
    "crash": "show_report",
    "older_text": "use_new",
}
"""The button of each offer of a room that needs a person."""


def _ready(facts: Facts) -> Iterator[Words]:
    fixed = facts.needing.fixed
    if fixed and fixed == facts.needing.tasks and not _is_stopped(facts):
        yield Words(
            _say(facts, "ready", fixed),
            (),
            "send_ready",
            _button("send_ready", fixed),
            is_next=True,
            level="waiting",
        )
    for offer in facts.offers:
        if offer.name in OFFERS:
            yield _offered(facts, offer, OFFERS[offer.name])
    for name, row in ((BACKUP, "backup"), (CLOCK, "clock")):
        if (notice := facts.notice(name)) is not None:
            text = [sentences(_told(notice))]
            yield Words(_say(facts, row), text, level="waiting", offer=name)


def _offered(facts: Facts, offer: Offer, verb: Verb) -> Words:
    has_number = ("sentence_button", verb) in WORDS.rows and WORDS.rows[
        ("sentence_button", verb)
    ].one
    return Words(
        _say(facts, offer.name, offer.n, **offer.fields),
        (),
        verb,
        _button(verb, offer.n) if has_number else _button(verb),
        about=offer.fields.get("about", ""),
        level="waiting",
        offer=offer.name,
    )


# paused in part, or it waits by itself


def _part_paused(facts: Facts) -> Iterator[Words]:
    if facts.pause is None:
        for notice in [] if facts.is_all_paused else facts.paused_queues:
            queue = _queue(notice, PAUSED)
            since = _when(facts, notice.get("reason_data", {}))
            soft = [_soft(facts, "since", when=since) if since else ""]
            text = _say(facts, "queue_paused", queue=WORDS.queue(queue))
            resume = _button("resume")
            yield Words(text, soft, "resume", resume, about=queue, is_next=True, level="waiting")
        for batch in facts.batches:
            if batch["state"] == Condition.PAUSED:
                text = _say(facts, "batch_paused", name=batch["name"])
                soft = [_soft(facts, "until_resumed", batch["counts"]["open"])]
                yield Words(
                    text,
                    soft,
                    "resume",
                    _button("resume"),
                    about=f"batch {batch['batch_id']}",
                    is_next=True,
                    level="waiting",
                )


def _outages(facts: Facts) -> Iterator[Words]:
    for notice in facts.outages:
        data: ReasonData = notice.get("reason_data", {})
        queue = _queue(notice, HELD)
        server = data.get("server") or say("queue_hold", "server_of", queue=WORDS.queue(queue))
        is_quota = notice.get("reason") == Reason.QUOTA
        again = "" if _is_paused_too(facts, queue) else _when(facts, data, "until")
        again = again if not facts.is_practice else ""
        soft = [_wait(facts), _soft(facts, "again_at", when=again) if again else ""]
        if _is_paused_too(facts, queue):
            soft.append(_soft(facts, "then_resumed"))
        yield Words(
            _say(facts, "quota" if is_quota else "offline", server=server),
            soft,
            "" if is_quota else "try_now",
            "" if is_quota else _button("try_now"),
            about=queue,
            level="waiting",
        )
    for batch in facts.batches:
        put_off = batch["leaves"]["put_off"]
        if put_off is not None and _is(batch, Condition.WAITING, facts) and not facts.outages:
            again = "" if facts.is_practice else _when(facts, put_off, "until")
            server = put_off.get("server") or say("queue_hold", "mail_server")
            soft = [_soft(facts, "again_at", when=again) if again else ""]
            text = _say(facts, "put_off", server=server, name=batch["name"])
            yield Words(text, soft, level="waiting")


# else


def _reading(facts: Facts) -> Iterator[Words]:
    if facts.reading is not None:
        done, rows = facts.reading
        text = _say(facts, "reading", rows, done=WORDS.number(done))
        share = done / rows if rows else None
        yield Words(text, (), "stop", _button("stop"), level="running", bar=share)


def _renewal(facts: Facts) -> Iterator[Words]:
    for offer in facts.offers:
        if offer.name == "updated":
            yield _updated(facts)
        elif offer.name == "other_build":
            soft = [_soft(facts, "end_there")]
            yield Words(_say(facts, offer.name), soft, level="waiting", offer=offer.name)
    for name, row in (("settings-keys", "settings_keys"), ("tokens", "tokens")):
        if (notice := facts.notice(name)) is not None:
            yield Words(_say(facts, row), [sentences(_told(notice))], level="waiting", offer=name)


def _updated(facts: Facts) -> Words:
    soft = [_soft(facts, "what_stays")]
    button = _button("restart")
    return Words(_say(facts, "updated"), soft, "restart", button, is_next=True, level="waiting")


def _practice(facts: Facts) -> Iterator[Words]:
    if facts.is_ready and facts.is_practice:
        kept = next((each.n for each in facts.offers if each.name == "kept_here"), 0)
        soft = _soft(facts, "practise") if facts.is_new else ""
        soft = soft or (_soft(facts, "kept", kept) if kept else "")
        text = _say(facts, "practice")
        yield Words(text, [soft], "real_sending", _button("real_sending"))


def _planned(facts: Facts) -> Iterator[Words]:
    stats = facts.stats
    scheduled = facts.count(State.SCHEDULED) + facts.rows
    if not facts.is_ready or stats is None or not scheduled or facts.going:
        return
    moments = [epoch(stats["next_at"])]
    moments += [epoch(each["leaves"]["next_at"]) for each in facts.batches]
    coming = [each for each in moments if each is not None and each > facts.now]
    if coming and not _is_stopped(facts) and facts.acting == 0:
        when = until(min(coming), facts.now)
        yield Words(_say(facts, "planned", when=when), [_soft(facts, "planned", scheduled)])


def _last(facts: Facts) -> Iterator[Words]:
    if not facts.is_ready or facts.is_practice:
        return
    more = _soft(facts, "one_more", facts.going) if facts.going else ""
    waits = _soft(facts, "nothing") if _nothing_waits(facts) else more
    if facts.last is not None:
        when = day_and_time(facts.last.at, facts.now)
        yield Words(_say(facts, "last", word=facts.last.word, when=when), [waits])
    elif _nothing_waits(facts) and any((facts.stats or {"counts": {}})["counts"].values()):
        yield Words(_say(facts, "nothing"))


def _empty(facts: Facts) -> Iterator[Words]:
    yield Words(_say(facts, "empty") if facts.is_ready else "")


CASES: Final[tuple[tuple[int, Callable[[Facts], Iterator[Words]]], ...]] = (
    (1, _damaged),
    (2, _gave_up),
    (3, _not_stored),
    (4, _unsaved),
    (5, _no_server),
    (6, _missing),
    (7, _away),
    (8, _standstill),
    (9, _look_first),
    (10, _sign_in),
    (11, _mail_held),
    (12, _held_queue),
    (13, _all_paused),
    (14, _unanswered),
    (15, _under_way),
    (16, _one),
    (17, _alike),
    (18, _several),
    (19, _ready),
    (20, _part_paused),
    (21, _outages),
    (22, _reading),
    (23, _renewal),
    (24, _practice),
    (25, _planned),
    (26, _last),
    (27, _empty),
)
"""Each case with its rank."""


# what several cases ask


def _adds(facts: Facts) -> bool:
    """Tell whether this window adds items."""
    return facts.rights.may_change and not facts.is_app


def _saved_here(facts: Facts) -> str:
    return _soft(facts, "saved_here") if _adds(facts) else ""


def _seen_at(facts: Facts) -> str:
    if facts.heard_at is None:
        return ""
    return _soft(facts, "seen_at", when=day_and_time(facts.heard_at, facts.now))


def _held_since(facts: Facts, data: ReasonData) -> str:
    since = _when(facts, data)
    return _wait(facts, "wait_since", when=since) if since else _wait(facts)


def _until_resumed(facts: Facts) -> str:
    return _soft(facts, "until_resumed", facts.standing) if facts.standing else ""


def _is_stopped(facts: Facts) -> bool:
    """Tell whether a case applies by which nothing is being sent."""
    return any(True for rank, case in CASES[:ALL_PAUSED] for _ in case(facts))


def _is_paused_too(facts: Facts, queue: str) -> bool:
    return facts.pause is not None or any(
        _queue(each, PAUSED) == queue for each in facts.paused_queues
    )


def _is(batch: Batch, wanted: Condition, facts: Facts) -> bool:
    return condition(batch, facts.now) is wanted


def _of(facts: Facts, batches: Sequence[Batch]) -> str:
    counts = [each["counts"] for each in batches]
    sent, kept = sum(each["sent"] for each in counts), sum(each["kept"] for each in counts)
    name = "both_of" if sent and kept else "kept_of" if kept or facts.is_practice else "sent_of"
    whole = WORDS.number(sum(map(message_count, batches)))
    return _say(facts, name, done=WORDS.number(sent + kept), whole=whole)


def _share(batches: Sequence[Batch]) -> float:
    done = sum(each["counts"]["sent"] + each["counts"]["kept"] for each in batches)
    return done / max(1, sum(map(message_count, batches)))


def _pace(facts: Facts, batches: Sequence[Batch]) -> list[str]:
    """Say how fast it goes, and when the last one leaves; nothing while that is not certain."""
    stats = facts.stats
    is_uncertain = (
        facts.held or facts.outages or facts.about(PAUSED) or facts.acting or not facts.is_ready
    )
    if stats is None or is_uncertain:
        return []
    rate = stats["rates"]["finished"] * 60
    pace = _soft(facts, "pace", rate=WORDS.number(math.floor(rate))) if rate >= PACED else ""
    return [pace, _end(facts, batches)]


def _end(facts: Facts, batches: Sequence[Batch]) -> str:
    stats = facts.stats
    if stats is None:
        return ""
    leaves = [epoch(each["leaves"]["last_at"]) for each in batches]
    if leaves and all(each is not None for each in leaves):
        last = max(each for each in leaves if each is not None)
        if last > facts.now + MINUTE:
            return _soft(facts, "last_at", when=minute_of_day(last, facts.now))
    done_in = stats["done_in"]
    if facts.rows or done_in is None or not MINUTE <= done_in <= FORESEEABLE:
        return ""
    return _soft(facts, "about", time=_about(done_in))


def _about(seconds: float) -> str:
    if seconds < 90 * MINUTE:
        return say("page", "min", n=round(seconds / MINUTE))
    return say("page", "h", n=round(seconds / HOUR))


def _nothing_waits(facts: Facts) -> bool:
    is_quiet = not (facts.open or facts.acting or facts.saved or facts.has_draft)
    return is_quiet and facts.is_ready and facts.is_list_read and not facts.unanswered.changes
