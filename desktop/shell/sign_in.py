"""``sendoff sign-in``: sign in to the provider that sends, in a browser or by a code."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.sign_in import ISSUER_NAMES, request, sentence
from desktop.contract.sign_in import SignInProblem
from desktop.shell.item_session import asks_items
from sendoff_tasks.shell.command_line import fail, local, say

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.sign_in import SignInUnderWay, SignInView

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether a person has signed in."""
NOT_CHOSEN: Final = (
    'Choose where to sign in: write sign_in = "microsoft" or "google" into [mail] of '
    "settings.toml, or choose it in the mail settings."
)
_ADMINISTRATORS: Final = {SignInProblem.NO_CLIENT, SignInProblem.CONSENT_MISSING}


@asks_items
def sign_in(api: Api, options: argparse.Namespace) -> int:
    """Sign in or out; return the exit status."""
    mail = api.settings()["mail"]
    if not mail["sign_in"]:
        return fail(NOT_CHOSEN)
    if options.out:
        api.sign_in.sign_out()
        say(f"Signed out of {ISSUER_NAMES[mail['sign_in']]} here.")
        return 0
    view = api.sign_in.read()
    if view["problem"] != SignInProblem.NO_CLIENT:
        try:
            view = _wait(api, api.sign_in.begin(shared=options.shared))
        except KeyboardInterrupt:
            api.sign_in.cancel()
            return fail("Nothing was changed.")
    return _end(view, mail["sender"])


def _wait(api: Api, view: SignInView) -> SignInView:
    """Say where a person goes on, and wait; return the sign-in as it is then."""
    code_is_told = False
    if under_way := view["under_way"]:
        say(f"Open this page in a browser on the computer of the backend:\n\n{under_way['page']}\n")
        say(f"It waits until {local(under_way['until'])}.")
    while under_way := view["under_way"]:
        if not code_is_told:
            code_is_told = _tell_code(under_way)
        time.sleep(LOOK_EVERY)
        view = api.sign_in.read()
    return view


def _tell_code(under_way: SignInUnderWay) -> bool:
    if not under_way["device_code"]:
        return False
    say(f"Or open {under_way['device_page']} on any device and enter {under_way['device_code']}")
    return True


def _end(view: SignInView, sender: str) -> int:
    """Say how it ended; return the exit status."""
    problem, said = view["problem"], view["said"]
    if view["failed"]:
        problem, said = view["failed"], view["failed_said"]
    if problem is None:
        who = f" as {view['account']}" if view["account"] else ""
        say(f"Signed in{who}. Sendoff may send, and nothing else.")
        return 0
    told = sentence(problem, ISSUER_NAMES[view["sign_in"]], sender, view["account"])
    fail(f"{told} {said}".strip())
    if problem in _ADMINISTRATORS:
        say(f"The request for your administrator:\n\n{request(view, sender)}")
    return 1
