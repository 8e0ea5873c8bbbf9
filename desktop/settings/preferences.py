"""``settings.toml``: the person's settings, typed and checked; no secrets."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from ipaddress import IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from desktop.contract.rules.addresses import address_problem
from desktop.contract.rules.hours import SendingHours
from desktop.contract.rules.mailbox import parse_mailbox
from sendoff_tasks.folder import queue_limits
from sendoff_tasks.folder.formats import is_newer
from sendoff_tasks.folder.safe_files import check_own, read_own
from sendoff_tasks.model.problems import FieldError
from sendoff_tasks.model.tasks import GRACE_LIMIT
from sendoff_tasks.words.file_faults import unread
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from desktop.contract.settings import CopiesWanted, Security, TransportName
    from desktop.contract.sign_in import SignInName


LONGEST_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class KeepSettings:
    """How long things are kept, in days; while an item has a task, all of it is kept."""

    tasks_days: int = 30
    """Tasks that succeeded or were cancelled; others are kept three times as long."""
    messages_days: int = 30
    """E-mails as they were sent, or kept in practice mode."""
    contents_days: int = 365
    """Names, addresses and fields of items; finished batches with their spreadsheets."""
    items_days: int = 3 * 365
    """What is left of items: number, time, and whether and when a person was informed."""


def keep_problems(keep: KeepSettings) -> Iterator[FieldError]:
    """Yield an error for each value that cannot be used; types are checked before."""
    days: dict[str, int] = asdict(keep)
    wrong = {name for name, value in days.items() if not 1 <= value <= LONGEST_DAYS}
    for name in days:
        if name in wrong:
            message = ENGLISH.say("value", "days", n=LONGEST_DAYS, least=1)
            yield {"path": f"keep.{name}", "message": message}
    if wrong:
        return
    for name in ("tasks_days", "messages_days"):
        if keep.contents_days < days[name]:
            yield _kept_longer("contents_days", name, days)
            break
    if keep.items_days < keep.contents_days:
        yield _kept_longer("items_days", "contents_days", days)


def _kept_longer(name: str, longer: str, days: Mapping[str, int]) -> FieldError:
    return {"path": f"keep.{name}", "message": ENGLISH.say("keep", longer, n=days[longer])}


PORTS: Final[Mapping[str, int]] = {"none": 25, "starttls": 587, "tls": 465}
"""The usual port of each security."""
PORT_LIMIT: Final = 65535
HOST_LIMIT: Final = 253
USER_LIMIT: Final = 320
PASSWORD_LIMIT: Final = 1000
CLIENT_ID_LIMIT: Final = 200
SIGN_IN_VARIABLE: Final = "SENDOFF_SIGN_IN"
"""The provider to sign in to while the file names none."""

PRACTICE_SENDER: Final = "Sendoff <sendoff@localhost>"
"""The sender until the person enters one; mail to it reaches no one."""

OUTBOX: Final = "outbox"
"""The earlier word for ``practice``, which is still understood."""

_HOST: Final = re.compile(rf"[\w.-]{{0,{HOST_LIMIT}}}")
_CLIENT_ID: Final = re.compile(rf"[!-~]{{0,{CLIENT_ID_LIMIT}}}")


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail settings; an empty ``user`` means no login. The password is in the keyring.

    With ``sign_in``, its provider takes the messages: ``host`` to ``user`` do not count then. An
    empty ``client_id`` is that of the environment or of the release, an empty ``tenant`` the one of
    the sender's domain.
    """

    transport: TransportName = "practice"
    host: str = ""
    port: int = PORTS["starttls"]
    security: Security = "starttls"
    user: str = ""
    sender: str = PRACTICE_SENDER
    default_recipient: str = "you@example.org"
    """The recipient of items without one; in practice mode only."""
    sign_in: SignInName = field(default_factory=lambda: _sign_in(os.environ))
    client_id: str = ""
    tenant: str = ""
    hours: str = ""
    """When mail-outs are sent, as ``SendingHours``; at any time if empty."""
    sent_copies: CopiesWanted = "single"
    """Of which e-mails a copy goes into the account's folder of sent e-mails, if it has one."""

    def __post_init__(self) -> None:
        """Understand the earlier word."""
        if str(self.transport) == OUTBOX:
            object.__setattr__(self, "transport", "practice")


def _sign_in(environment: Mapping[str, str]) -> SignInName:
    return cast("SignInName", environment.get(SIGN_IN_VARIABLE, ""))


def is_practice_sender(sender: str) -> bool:
    """Tell whether a sender has the practice address."""
    try:
        return parse_mailbox(sender).address == parse_mailbox(PRACTICE_SENDER).address
    except ValueError:
        return False


def _is_ipv6(host: str) -> bool:
    with suppress(ValueError):
        IPv6Address(host)
        return True
    return False


def _wrong(name: str, row: str, subject: str = "mail", **about: object) -> FieldError:
    return {"path": f"mail.{name}", "message": ENGLISH.fill(subject, row, fields=about)}


def mail_problems(mail: MailSettings) -> Iterator[FieldError]:
    """Yield an error for each value that cannot be used; types are checked before."""
    if mail.transport not in {"practice", "smtp"}:
        yield _wrong("transport", "one_of", "value", choices="“practice” or “smtp”")
    if not (_HOST.fullmatch(mail.host) or _is_ipv6(mail.host)):
        yield _wrong("host", "bad_host")
    if mail.transport == "smtp" and not mail.host and not mail.sign_in:
        yield _wrong("host", "no_host")
    if not 1 <= mail.port <= PORT_LIMIT:
        yield _wrong("port", "bad_port", limit=PORT_LIMIT)
    if mail.security not in PORTS:
        yield _wrong("security", "one_of", "value", choices="“none”, “starttls” or “tls”")
    if not mail.user.isprintable() or len(mail.user) > USER_LIMIT:
        yield _wrong("user", "bad_user")
    if mail.sign_in not in {"", "microsoft", "google"}:
        yield _wrong("sign_in", "one_of", "value", choices="“microsoft”, “google” or empty")
    if not _CLIENT_ID.fullmatch(mail.client_id):
        yield _wrong("client_id", "no_client_id")
    if not _HOST.fullmatch(mail.tenant):
        yield _wrong("tenant", "no_tenant")
    if mail.sent_copies not in {"", "single", "all"}:
        yield _wrong("sent_copies", "one_of", "value", choices="“single”, “all” or empty")
    try:
        parse_mailbox(mail.sender)
    except ValueError as error:
        yield {"path": "mail.sender", "message": str(error)}
    problem = address_problem(mail.default_recipient)
    if problem:
        yield {"path": "mail.default_recipient", "message": problem}
    try:
        sending_hours(mail)
    except ValueError as error:
        yield _wrong("hours", str(error))


def sending_hours(mail: MailSettings) -> SendingHours | None:
    """Return when mail-outs are sent; ``None`` for at any time. ``ValueError`` if it is wrong."""
    return SendingHours.parse(mail.hours) if mail.hours else None


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """The settings of the window."""

    grace_seconds: float = 5.0
    """How long a submission can be undone before its tasks start."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the file; a key that it never had has its default."""

    mail: MailSettings = field(default_factory=MailSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    keep: KeepSettings = field(default_factory=KeepSettings)
    queues: Mapping[str, queue_limits.QueueSettings] = field(default_factory=dict)
    """The limits by queue; a queue that is missing has those that its tasks declare."""


class LinesLost(queue_limits.SettingsError):
    """The file lacks lines about e-mail that it had ``before``; it may be cut, empty or gone."""

    def __init__(self, message: str, errors: list[FieldError], before: Settings) -> None:
        super().__init__(message, errors)
        self.before = before


UNKNOWN: Final = Settings(MailSettings("smtp"), keep=KeepSettings(*[LONGEST_DAYS] * 4))
"""In place of remembered settings that cannot be read: nothing is sent, and nothing deleted.

Real sending without a server is invalid, so no file says this and none can remember it.
"""


def load_after(before: Settings | None, path: Path) -> tuple[Settings, list[str]]:
    """Read the file as :func:`parse_after` does; a missing one is empty. Raises as that does.

    As in the backend, a file that other users can change is not read.
    """
    try:
        content = read_own(path)
    except FileNotFoundError:
        content = b""
    except OSError as error:
        raise queue_limits.SettingsError(with_help(unread(path, error), before)) from error
    return parse_after(before, content, str(path))


def parse_after(before: Settings | None, content: bytes, where: str) -> tuple[Settings, list[str]]:
    """Parse the content of a file that said ``before`` when it was last read whole.

    A file that is cut, empty or gone lacks lines, and a default must not take their place: that
    could be practice mode instead of a server, or no limit. So any other lost line stays in
    force; the second value lists their paths. Without ``before`` none is lost.

    Raises:
        LinesLost: if real sending has lost a line, or ``before`` is ``UNKNOWN``.
        SettingsError: if it is no TOML (with the line), has a value that cannot be used, also
            beside a lost line, or has changed and may be cut inside a number; ``where`` is the
            file's name.
    """
    import tomllib  # the window does not need it

    try:
        text = content.decode(queue_limits.ENCODING)
        data = tomllib.loads(text)
        settings = from_mapping(data)
    except (ValueError, RecursionError) as error:
        why = ENGLISH.say("file", "unread", file=where, why=error)
        raise queue_limits.SettingsError(with_help(why, before)) from error
    except queue_limits.SettingsError as error:
        why = ENGLISH.say("settings", "wrong", where=where, why=error)
        raise queue_limits.SettingsError(with_help(why, before), error.errors) from error
    if before is None:
        return settings, []
    if before is UNKNOWN:
        shown = settings if _word(data) else replace(settings, mail=UNKNOWN.mail)
        raise LinesLost(ENGLISH.say("settings", "unknown"), [], shown)
    keys = list(_lost(data, before))
    lost = [".".join(path) for path in keys]
    in_mail = [path for path in lost if path.startswith("mail.")]
    if in_mail:
        gone = ENGLISH.say("settings", "lost_line")
        errors: list[FieldError] = [{"path": path, "message": gone} for path in in_mail]
        why = ENGLISH.say("settings", "lost", where=where, lines=", ".join(in_mail))
        raise LinesLost(why, errors, before)
    _put_back(data, asdict(before), keys)
    try:
        settings = from_mapping(data)
    except queue_limits.SettingsError as error:
        about = {"where": where, "lines": ", ".join(lost), "why": error}
        why = ENGLISH.fill("settings", "lost_and_wrong", fields=about)
        raise queue_limits.SettingsError(with_help(why, before), error.errors) from error
    if queue_limits.may_be_cut(text) and settings != before:
        why = ENGLISH.say("limits", "cut", where=where)
        raise queue_limits.SettingsError(with_help(why, before))
    return settings, lost


def with_help(why: str, before: Settings | None) -> str:
    """Add what helps with a file that cannot be used; real sending never ends by its loss."""
    is_real = before is not None and before.mail.transport == "smtp"
    return ENGLISH.both(why, ENGLISH.say("settings", "fix_real" if is_real else "fix"))


def _lost(data: Mapping[str, Any], before: Settings) -> Iterator[tuple[str, ...]]:
    """Yield the path of each key that a file has lost, if another value would take its place."""
    was, default = asdict(before), asdict(Settings())
    is_real = before.mail.transport == "smtp" and _word(data) != "practice"
    for section in ("mail", "window", "keep") if is_real else ("window", "keep"):
        here = data.get(section, {})
        for key, value in was[section].items():
            if key not in here and value != default[section][key]:
                yield section, key
    for name, key in queue_limits.gone_limits(data.get("queues", {}), was["queues"]):
        yield "queues", name, key


def _word(data: Mapping[str, Any]) -> str | None:
    """Return the transport that a file names."""
    said = data.get("mail", {}).get("transport")
    return None if said is None else MailSettings(transport=said).transport


def _put_back(data: dict[str, Any], was: dict[str, Any], keys: list[tuple[str, ...]]) -> None:
    """Have lost lines stay in force."""
    for *tables, key in keys:
        into, of = data, was
        for name in tables:
            into, of = into.setdefault(name, {}), of[name]
        into[key] = of[key]


def recalled(text: str | None) -> Settings | None:
    """Return the settings that a store remembers as JSON; ``UNKNOWN`` if they cannot be used."""
    try:
        return None if text is None else from_mapping(json.loads(text))
    except (queue_limits.SettingsError, ValueError, AttributeError, RecursionError):
        return UNKNOWN


def lost_limits(lost: list[str]) -> list[str]:
    """Return a sentence for lost lines that stay in force."""
    if not lost:
        return []
    lines = ", ".join(f"`{path}`" for path in lost)
    is_limit = any(path.startswith("queues.") for path in lost)
    way_out = "remove_limit" if is_limit else "change_lines"
    said = ENGLISH.say("settings", "still_applies", n=len(lost), lines=lines)
    return [ENGLISH.both(said, ENGLISH.say("settings", way_out, n=len(lost)))]


def laid_over(content: bytes, settings: Settings, where: str) -> bytes:
    """Write settings into the content of a file, and keep its comments and unknown keys.

    Raises:
        SettingsError: if a value cannot be used, or the file is no TOML, or of a newer version.
    """
    queue_limits.refuse(list(problems_of(settings)))
    import tomlkit  # takes 30 ms, and reading does not need it
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(content.decode(queue_limits.ENCODING))
    except (UnicodeDecodeError, TOMLKitError) as error:
        why = ENGLISH.say("file", "unread", file=where, why=error)
        raise queue_limits.SettingsError(why) from error
    if is_newer(document):
        raise queue_limits.SettingsError(
            ENGLISH.say("settings", "wrong", where=where, why=ENGLISH.say("file", "newer"))
        )
    _put(document, asdict(settings))
    return tomlkit.dumps(document).encode()


def from_mapping(data: Mapping[str, Any]) -> Settings:
    """Make settings of plain data; a missing key has its default.

    Raises:
        SettingsError: with the path of every value that cannot be used.
    """
    if is_newer(data):
        raise queue_limits.SettingsError(ENGLISH.say("file", "newer"))
    errors: list[FieldError] = []
    settings = Settings(
        mail=MailSettings(**_section(data, "mail", MailSettings(), errors)),
        window=WindowSettings(**_section(data, "window", WindowSettings(), errors)),
        keep=KeepSettings(**_section(data, "keep", KeepSettings(), errors)),
        queues=dict(queue_limits.queues_of(data, errors)),
    )
    queue_limits.refuse(errors or list(problems_of(settings)))
    return settings


def _section(
    data: Mapping[str, Any],
    name: str,
    defaults: MailSettings | WindowSettings | KeepSettings,
    errors: list[FieldError],
) -> dict[str, Any]:
    section = queue_limits.table_of(data, name, name, errors)
    known = {}
    for each in fields(defaults):
        if each.name not in section:
            continue
        value, kind = section[each.name], type(getattr(defaults, each.name))
        if isinstance(value, bool) or not isinstance(
            value, (int, float) if kind is float else kind
        ):
            wanted = ENGLISH.say("value", "string_type" if kind is str else "float_type")
            errors.append({"path": f"{name}.{each.name}", "message": wanted})
        else:
            known[each.name] = value
    return known


def problems_of(settings: Settings) -> Iterator[FieldError]:
    """Yield an error for each value that cannot be used; types are checked before."""
    yield from mail_problems(settings.mail)
    yield from queue_limits.queue_problems(settings.queues)
    yield from keep_problems(settings.keep)
    if not 0 <= settings.window.grace_seconds <= GRACE_LIMIT:
        yield {
            "path": "window.grace_seconds",
            "message": ENGLISH.say("value", "seconds", n=round(GRACE_LIMIT), least=0),
        }


def _put(table: MutableMapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write values into a table of the file; in place of a limit, ``None`` is a word."""
    import tomlkit

    for key, value in values.items():
        if isinstance(value, Mapping):
            if value or key in table:
                _put(table.setdefault(key, tomlkit.table()), value)
        elif value is None:
            if key in table and table[key] != "":
                table[key] = queue_limits.NO_LIMIT
        elif key not in table or table[key] != value:
            table[key] = value


def strange_keys(content: bytes) -> list[str]:
    """Return a sentence for each unknown key; none for an unreadable file."""
    import tomllib

    try:
        data = tomllib.loads(content.decode(queue_limits.ENCODING))
    except ValueError:
        return []
    return list(_strange(data))


def check_all_keys(file: Path) -> None:
    """Refuse unreadable settings and unknown keys: in a database, a person could not correct them.

    An unknown key may hold a password. Raises ``SettingsError``, ``OSError``: ``NotOwn`` if other
    users can change the file.
    """
    if file.exists():
        check_own(file)
    load_after(None, file)
    if file.exists() and (strange := strange_keys(file.read_bytes())):
        first = ENGLISH.say("settings", "correct_first", where=file)
        raise queue_limits.SettingsError(" ".join([*strange, first]))


def _strange(data: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(data, "", Settings)
    yield from _unknown(data.get("mail"), "mail.", MailSettings)
    yield from _unknown(data.get("window"), "window.", WindowSettings)
    yield from _unknown(data.get("keep"), "keep.", KeepSettings)
    queues = data.get("queues")
    if isinstance(queues, Mapping):
        for name, queue in queues.items():
            yield from _unknown(queue, f"queues.{name}.", queue_limits.QueueSettings)


def _unknown(table: Any, path: str, kind: type) -> Iterator[str]:
    from difflib import get_close_matches  # few files have an unknown key

    known = [field.name for field in fields(kind)]
    for key in table if isinstance(table, Mapping) else ():
        if key not in known:
            meant = get_close_matches(key, known, n=1)
            about = {"key": f"{path}{key}", "meant": meant[0] if meant else ""}
            yield ENGLISH.fill("settings", "misspelt" if meant else "strange", fields=about)
