"""Rows of drafts are checked again in the background, also what a restart has cut short."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from desktop.backend.composition import running_services
from desktop.backend.following import draft_checks
from desktop.backend.following.draft_checks import DraftChecks
from desktop.backend.shared.batches import drafts
from desktop.contract.batches import BY_ADDRESS
from desktop.engine.batches.rows import NewBatchRow
from desktop.engine.errors import NotWritable
from tests.backend.conftest import eventually_batch

if TYPE_CHECKING:
    from desktop.backend.shared.services import Services
    from desktop.settings.paths import DataFolder

ROWS = 600


def fill(services: Services) -> None:
    """Make a draft whose rows all have to be checked again."""
    wanted = NewBatchRow("May", BY_ADDRESS, ["send_confirmation_email"])
    number = services.engine.batches.create(wanted).result().batch_id
    items = ({"recipient": {"email": f"a{n}@b.org"}} for n in range(1, ROWS + 1))
    drafts.put(services, number, [{"row": n, "item": item} for n, item in enumerate(items, 1)])


def test_what_a_restart_has_cut_short_is_checked_after_it(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as still:
        still.setattr(DraftChecks, "_run", lambda _: None)
        with running_services(folder, None) as services:
            fill(services)
            services.engine.batches.check_again(1).result()
            assert drafts.check_some(services, 1)  # some of them, as far as a kill let it come
            counts = services.engine.batches.get(1)["counts"]
            assert (counts["ready"], counts["unchecked"]) == (drafts.SLICE, ROWS - drafts.SLICE)
    with running_services(folder, None) as services:
        batch = eventually_batch(services, 1, lambda batch: not batch["counts"]["unchecked"])
        assert batch["counts"]["ready"] == ROWS


def test_a_draft_that_goes_meanwhile_ends_its_check(services: Services) -> None:
    fill(services)
    services.engine.batches.check_again(1).result()
    services.engine.batches.delete(1).result()
    checks = DraftChecks(services)
    checks.look()
    checks._check(1)
    assert services.engine.batches.list()["batches"] == []


def test_new_settings_are_followed_later_where_that_is_refused(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Services) -> None:
        raise NotWritable("The disk is full.")

    monkeypatch.setattr(DraftChecks, "_run", lambda _: None)
    with running_services(folder, None) as services:
        fill(services)
        checks = DraftChecks(services)
        checks.look()
        before = services.engine.batches.revision(1)
        monkeypatch.setattr(type(services.settings), "default_recipient", lambda _: "Ada <a@b.org>")
        with monkeypatch.context() as full:
            full.setattr(draft_checks, "check_drafts_again", refuse)
            with pytest.raises(NotWritable):
                checks.look()
        checks.look()
        assert services.engine.batches.revision(1) == before + 1


def test_an_outage_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a database that was away for a night, the log had a warning every ten seconds."""
    caplog.set_level("INFO", draft_checks.log.name)
    looks = 0

    def look(checks: DraftChecks) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            checks._over.set()
        raise NotWritable("The database is away.")

    monkeypatch.setattr(draft_checks, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(DraftChecks, "look", look)
    DraftChecks(cast("Services", SimpleNamespace(unchecked=threading.Event())))._run()
    assert caplog.messages == ["Rows of drafts are checked later: The database is away."]
