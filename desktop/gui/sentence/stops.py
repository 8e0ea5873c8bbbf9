"""The cases 1 to 13, by which nothing is sent until a person acts or the backend answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.notices import told
from desktop.gui.kit.words.reasons import WRONG_PASSWORD
from desktop.gui.kit.words.servers import TOKENS, server_sentence
from desktop.gui.kit.words.states import row_in_words, sentences
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.sentence.statement import (
    Statement,
    button,
    line,
    moment,
    name_in,
    soft,
    text,
)
from sendoff_tasks.client.health import (
    Away,
    Finishing,
    GaveUp,
    Gone,
    Missing,
    ServerFault,
    Starting,
)
from sendoff_tasks.model.events import NoticeId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.gui.sentence.facts import Facts
    from sendoff_tasks.model.events import Notice

FROM_S: Final = 2.0
"""Seconds for which the backend does not answer before that is said."""
SIGN_IN: Final = "sign_in"
MAIL_SETTINGS: Final = "mail_settings"


def _damaged(facts: Facts) -> Iterator[Statement]:
    if not facts.is_damaged:
        return
    sentence = text(facts, "damaged")
    if (backup := facts.room("restore")) is not None:
        below = line(backup.why, soft(facts, "backup", when=backup.when))
        yield Statement(1, sentence, below, button("restore"))
    elif (empty := facts.room("begin_empty")) is not None:
        below = empty.why or soft(facts, "no_backup")
        yield Statement(1, sentence, below, button("begin_empty"))
    else:
        is_restored = facts.room("restoring") is not None
        yield Statement(1, sentence, soft(facts, "restoring") if is_restored else "")


def _gave_up(facts: Facts) -> Iterator[Statement]:
    match facts.state:
        case GaveUp(damaged=False, reason=reason):
            below = line(sentences(row_in_words(reason)), _saved_here(facts))
            yield Statement(2, text(facts, "gave_up"), below, button("try_again"))


def _not_stored(facts: Facts) -> Iterator[Statement]:
    notice = facts.notice(NoticeId.STORE)
    if notice is None or facts.is_damaged:
        return
    waits = facts.waiting_in(MAIL_QUEUE)
    below = line(
        told(notice, facts.now),
        soft(facts, "none_lost", waits) if waits else "",
        _saved_here(facts) if facts.saved else "",
    )
    yield Statement(3, text(facts, "not_stored"), below)


def _unsaved(facts: Facts) -> Iterator[Statement]:
    if (unsaved := facts.room("unsaved")) is not None:
        yield Statement(4, text(facts, "unsaved"), sentences(unsaved.why))


def _no_server(facts: Facts) -> Iterator[Statement]:
    match facts.state:
        case Away(missing=ServerFault.REPLACED):
            yield restart(facts, 5)
        case Away(missing=ServerFault() as fault, address=address) as away:
            sentence, _, more = server_sentence(away).partition(". ")
            press = None
            if fault in TOKENS:
                press = button("other_token")
            elif address:
                press = button("open_server", address, host=address.partition("://")[2])
            below = line(more, _saved_here(facts), _seen_at(facts))
            yield Statement(5, sentence.rstrip("."), below, press)


def _missing(facts: Facts) -> Iterator[Statement]:
    match facts.state:
        case Away(missing=Missing() as missing):
            below = line(soft(facts, f"start_{missing.value}"), _seen_at(facts))
            yield Statement(6, text(facts, f"{missing.value}_away"), below)


def _away(facts: Facts) -> Iterator[Statement]:
    match facts.state:
        case Starting(updating=float(done)):
            sentence = text(facts, "updating", percent=int(done * 100))
        case _ if facts.away_s < FROM_S:
            return
        case Starting():
            sentence = text(facts, "starting")
        case Finishing():
            sentence = text(facts, "finishing")
        case Gone() if facts.try_in:
            sentence = text(facts, "restarting_in", s=facts.try_in)
        case Gone():
            sentence = text(facts, "restarting")
        case _:
            return
    yield Statement(7, sentence, line(_saved_here(facts, "keep_typing"), _seen_at(facts)))


def _standstill(facts: Facts) -> Iterator[Statement]:
    if (notice := facts.notice(NoticeId.ENGINE)) is not None:
        yield Statement(8, text(facts, "standstill"), told(notice, facts.now))


def _look_first(facts: Facts) -> Iterator[Statement]:
    restored, pause = facts.notice(NoticeId.RESTORED), facts.pause
    why = "" if pause is None else str(pause.get("reason_data", {}).get("text", ""))
    if restored is None and not why:
        return
    said = why if restored is None else told(restored, facts.now)
    press = None if pause is None else button("resume")
    below = line(sentences(said), _wait(facts, MAIL_QUEUE))
    yield Statement(9, text(facts, "look_first"), below, press)


def _sign_in(facts: Facts) -> Iterator[Statement]:
    for notice in facts.held:
        if notice["action"] == SIGN_IN:
            account = facts.room("account")
            below = line(_wait_since(facts, notice), *_after_sign_in(facts, notice))
            sentence = text(facts, "sign_in_again")
            if account is not None:
                sentence = text(facts, SIGN_IN, account=account.about)
            yield Statement(10, sentence, below, button(SIGN_IN))


def _after_sign_in(facts: Facts, notice: Notice) -> Iterator[str]:
    """Say what becomes of what waits, as far as nothing else stops it."""
    if not facts.waiting_in(name_in(notice, NoticeId.QUEUE)) or facts.is_practice:
        return
    if not facts.saved:
        yield soft(facts, "none_is_lost")
    others = facts.stops - {notice["id"]}
    if not others - {NoticeId.PAUSED} and not facts.left_alone:
        yield soft(facts, "after_both" if others else "after_sign_in")


def _mail_held(facts: Facts) -> Iterator[Statement]:
    for notice in facts.held:
        if notice["action"] == MAIL_SETTINGS:
            is_login = notice.get("reason_data", {}).get("code") == WRONG_PASSWORD
            below = line(told(notice, facts.now), _wait_since(facts, notice))
            sentence = text(facts, "password" if is_login else "mail_held")
            yield Statement(11, sentence, below, button(MAIL_SETTINGS))
    if (unread := facts.notice(NoticeId.SETTINGS)) is not None:
        press = button(MAIL_SETTINGS) if unread["action"] == MAIL_SETTINGS else None
        yield Statement(11, text(facts, "settings"), told(unread, facts.now), press)


def _held(facts: Facts) -> Iterator[Statement]:
    for notice in facts.held:
        if notice["action"] not in {SIGN_IN, MAIL_SETTINGS}:
            queue = name_in(notice, NoticeId.QUEUE)
            then = say("advice", "fix") if facts.rights.may_change else ""
            below = line(told(notice, facts.now), _wait(facts, queue), then)
            sentence = text(facts, "held", queue=WORDS.queue(queue))
            yield Statement(12, sentence, below, button("try_now", queue))
    for broken in facts.about(NoticeId.OWN_TASKS):
        sentence = text(facts, "own_tasks", file=name_in(broken, NoticeId.OWN_TASKS))
        press = button("tasks_folder") if facts.rights.has_files else None
        yield Statement(12, sentence, told(broken, facts.now), press)


def _all_paused(facts: Facts) -> Iterator[Statement]:
    if not facts.is_all_paused or any(True for _ in _look_first(facts)):
        return
    first = facts.pause or facts.paused_queues[0]
    pauses = {each["id"] for each in facts.about(NoticeId.PAUSED)}
    below = line(since(facts, first), until_resumed(facts, facts.stopped + facts.rows, pauses))
    yield Statement(13, text(facts, "paused"), below, button("resume"))


STOPS: Final[tuple[Callable[[Facts], Iterator[Statement]], ...]] = (
    _damaged,
    _gave_up,
    _not_stored,
    _unsaved,
    _no_server,
    _missing,
    _away,
    _standstill,
    _look_first,
    _sign_in,
    _mail_held,
    _held,
    _all_paused,
)


def is_stopped(facts: Facts) -> bool:
    """Tell whether a case applies by which nothing is sent."""
    return any(True for case in STOPS for _ in case(facts))


# what several cases say


def restart(facts: Facts, rank: int) -> Statement:
    """Say that the program was updated."""
    below = _saved_here(facts, "what_stays")
    return Statement(rank, text(facts, "updated"), below, button("restart"))


def since(facts: Facts, notice: Notice) -> str:
    """Say since when a notice counts."""
    when = moment(facts, notice.get("reason_data", {}))
    return soft(facts, "since", when=when) if when else ""


def until_resumed(facts: Facts, count: int, ended: set[str]) -> str:
    """Say how many wait until these pauses are ended, or only how many, if more stops them."""
    if not count:
        return ""
    return soft(facts, "wait" if facts.stops - ended else "until_resumed", count)


def _adds(facts: Facts) -> bool:
    """Tell whether this window adds items."""
    return facts.rights.may_change and not facts.is_app


def _saved_here(facts: Facts, row: str = "saved_here") -> str:
    is_so = _adds(facts) and facts.room("unsaved") is None
    return soft(facts, row) if is_so else ""


def _seen_at(facts: Facts) -> str:
    if facts.heard_at is None:
        return ""
    return soft(facts, "seen_at", when=day_and_time(facts.heard_at, facts.now))


def _wait(facts: Facts, queue: str) -> str:
    count = facts.waiting_in(queue)
    return soft(facts, "wait", count) if count else ""


def _wait_since(facts: Facts, notice: Notice) -> str:
    queue, when = name_in(notice, NoticeId.QUEUE), moment(facts, notice.get("reason_data", {}))
    count = facts.waiting_in(queue)
    return soft(facts, "wait_since", count, when=when) if count and when else _wait(facts, queue)
