"""The campaign of an account that signs in: a limit, kills, and a sign-in that is withdrawn.

Its minute is a second: 30 a minute are 30 a second here, and 3,000 e-mails take 100 s. The identity
provider is nanoidp, Microsoft Graph is ours: ``tests.mail.web_services``.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.items import MAIL_QUEUE
from desktop.mail.http.services import AT_ONCE
from tests.campaign.judge import Verdict
from tests.campaign.lives import Lives, pause
from tests.campaign.settling import WITHIN
from tests.campaign.spreadsheets.batch import at_rest, judge_rows, rows_of
from tests.campaign.spreadsheets.upload import Upload
from tests.campaign.stored import is_sound
from tests.identity_provider import CLIENT, OFFICE, IdentityProvider, identity_provider
from tests.mail.web_services import WebService, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop.client.api import Api
    from tests.campaign.faults import Plan

RATE: Final = 30
"""E-mails a minute, and here a second."""
MINUTE: Final = 0.9
"""Seconds of the service's minute: a request's way of 10 ms would be most of a second at scale."""
OF_TIME: Final = 0.1
"""The share of the time by which what was foretold may be wrong."""
SLACK: Final = 2.0
"""Seconds for a start and an end."""


@dataclass
class Office:
    """An office that sends a spreadsheet by its account."""

    lives: Lives
    upload: Upload
    graph: WebService
    provider: IdentityProvider

    def serve(self) -> Api:
        """Turn to a new backend."""
        self.life = self.lives.begin()
        backend = self.life.ready()
        if backend is None:
            raise RuntimeError(f"it does not start any more; see {self.lives.folder.logs}")
        return self.upload.turn_to(backend)

    def sign_in(self, api: Api) -> None:
        """Sign in by the browser."""
        under_way = api.sign_in.begin()["under_way"]
        assert under_way is not None
        self.provider.follow(under_way["page"])
        until(lambda: not api.sign_in.read()["under_way"])

    def withdraw(self) -> None:
        """Withdraw the sign-in at its provider, and all its tokens."""
        file = self.lives.folder.password_file
        kept = [json.loads(each) for each in json.loads(file.read_bytes()).values()]
        for refresh in (each["refresh"] for each in kept if isinstance(each, dict)):
            self.provider.revoke(refresh)
        self.graph.revoke()

    @property
    def number(self) -> int:
        """The batch's number."""
        assert self.upload.batch_id is not None
        return self.upload.batch_id

    def prepare(self, api: Api) -> float:
        """Upload all but the start; returns the seconds that are foretold before *Send*."""
        self.upload.allow(len(self.upload.steps) - 1)
        if not self.upload.wait_done(WITHIN):
            raise RuntimeError(f"not uploaded: {self.upload.odd}")
        until(lambda: api.batches.one(self.number)["counts"]["ready"] == self.upload.rows)
        return left(api.batches.one(self.number))

    def send(self) -> float:
        """Press *Send*; returns when, epoch s."""
        self.upload.allow(len(self.upload.steps))
        if not self.upload.wait_done(WITHIN):
            raise RuntimeError(f"not started: {self.upload.odd}")
        return time.time()

    def verdict(self, api: Api) -> Verdict:
        """Wait until no row is open, and judge."""
        batch, rows = at_rest(api, self.number), list(rows_of(api, self.number))
        self.life.stop()
        received = Counter(str(each["Message-ID"]) for each in self.graph.parsed())
        sound = is_sound(self.lives.store)
        return judge_rows(self.upload.answered, rows, batch["counts"], received, 0, sound=sound)

    def check(self, what: str, foretold: float, took: float) -> None:
        """Note a time that was not right within a tenth."""
        words = f"{what}: foretold {foretold:.1f} s, took {took:.1f} s"
        print(words, file=sys.stderr, flush=True)
        if abs(took - foretold) > OF_TIME * took + SLACK:
            self.upload.odd.append(words)


@contextmanager
def office(plan: Plan, name: str) -> Iterator[Office]:
    """Start the identity provider, the service and a client."""
    root = plan.folder / name
    idp_folder, sheet = plan.folder / f"{name}.idp", plan.folder / f"{name}.csv"
    idp_folder.mkdir()
    sheet.write_text("E-Mail\n" + "".join(f"m{n}@example.org\n" for n in range(plan.items)))
    with ExitStack() as held:
        provider = held.enter_context(identity_provider(idp_folder))
        graph = held.enter_context(serving("microsoft"))
        graph.account, graph.tokens = OFFICE, None
        graph.per_minute, graph.minute = RATE, MINUTE
        settings = (
            f'[mail]\ntransport = "smtp"\nsign_in = "microsoft"\nclient_id = "{CLIENT}"\n'
            f'sender = "{OFFICE}"\n[queues.{MAIL_QUEUE}]\nrate = "{RATE}/s"\n'
        )
        lives = Lives(root, settings, plan.database(), first=_elsewhere(provider, graph))
        upload = Upload(plan.items, sheet, 0)
        held.callback(upload.end)
        yield Office(lives, upload, graph, provider)


def accounts(plan: Plan) -> tuple[Verdict, Upload]:
    """Send without a fault, in the time foretold; then with kills and a sign-in withdrawn."""
    with office(plan, "calm") as calm:
        api = calm.serve()
        calm.sign_in(api)
        foretold = calm.prepare(api)
        began = calm.send()
        verdict = calm.verdict(api)
        calm.check("without a fault", foretold, calm.graph.times[-1] - began)
        if verdict.uncertain or not verdict.kept(0):
            return verdict, calm.upload
        odd = calm.upload.odd
    with office(plan, "account") as here:
        api = here.serve()
        here.sign_in(api)
        foretold = here.prepare(api)
        here.send()
        random, share = plan.random, foretold / (plan.faults + 2)
        for fault in range(plan.faults):
            pause(random.uniform(0.5, 1.5) * share)
            if fault == plan.faults // 2:
                _signed_in_again(here, api)
            here.life.kill()
            api = here.serve()
        verdict = here.verdict(api)
        here.upload.odd += odd
        if verdict.uncertain > AT_ONCE * plan.faults:
            here.upload.odd.append(f"{verdict.uncertain} are uncertain")
        return verdict, here.upload


def _signed_in_again(here: Office, api: Api) -> None:
    """Withdraw the sign-in; once the queue is on hold, sign in again and look at the new time."""
    here.withdraw()
    until(lambda: _held_by(api) == "sign_in")
    if api.batches.one(here.number)["leaves"]["last_at"] is not None:
        here.upload.odd.append("a time is shown though nobody has signed in")
    pause(1.0)
    here.sign_in(api)
    until(lambda: _held_by(api) is None)
    batch = api.batches.one(here.number)
    here.check("after signing in again", left(batch), batch["counts"]["open"] / RATE)


def _held_by(api: Api) -> str | None:
    """Return what ends the hold of the mail queue; ``None`` if it is not on hold."""
    queues = {each["name"]: each for each in api.queues()}
    held = queues[MAIL_QUEUE]["held"]
    return held["action"] if held is not None else None


def left(batch: Any) -> float:
    """Return the seconds until a batch's last message leaves, as it is shown."""
    at = batch["leaves"]["last_at"]
    if at is None:
        raise RuntimeError(f"no time is foretold: {batch['leaves']}")
    return datetime.fromisoformat(at).timestamp() - time.time()


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + WITHIN
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError("it never came to pass")
        pause(0.05)


def _elsewhere(provider: IdentityProvider, graph: WebService) -> str:
    """Write what has a backend sign in and send there."""
    return (
        f"{provider.code}from desktop.mail.http.services import SERVICES\n"
        f"SERVICES['microsoft'] = replace(SERVICES['microsoft'], base={graph.service.base!r})\n"
    )
