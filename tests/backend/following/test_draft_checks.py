"""Rows of drafts are checked again in the background, also what a restart has cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.backend.composition import running_parts
from desktop.backend.following import draft_checks
from desktop.backend.following.draft_checks import DraftChecks
from desktop.backend.shared.batches import drafts
from desktop.contract.batches import BY_ADDRESS
from desktop.engine.batches.rows import NewBatchRow
from desktop.engine.errors import NotWritable
from tests.backend.conftest import eventually_batch

if TYPE_CHECKING:
    from desktop.backend.shared.parts import Parts
    from desktop.settings.paths import DataFolder

ROWS = 600


def fill(parts: Parts) -> None:
    """Make a draft whose rows all have to be checked again."""
    wanted = NewBatchRow("May", BY_ADDRESS, ["send_confirmation_email"])
    number = parts.engine.batches.create(wanted).result().batch_id
    draft = drafts.DraftRows(parts, number)
    rows = [draft.one(n, {"recipient": {"email": f"a{n}@b.org"}}) for n in range(1, ROWS + 1)]
    drafts.put(parts, draft, rows)


def test_what_a_restart_has_cut_short_is_checked_after_it(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as still:
        still.setattr(DraftChecks, "_run", lambda _: None)
        with running_parts(folder, None, lanes=False) as parts:
            fill(parts)
            parts.engine.batches.check_again(1).result()
            assert drafts.check_some(parts, 1)  # some of them, as far as a kill let it come
            counts = parts.engine.batches.get(1)["counts"]
            assert (counts["ready"], counts["unchecked"]) == (drafts.SLICE, ROWS - drafts.SLICE)
    with running_parts(folder, None, lanes=False) as parts:
        batch = eventually_batch(parts, 1, lambda batch: not batch["counts"]["unchecked"])
        assert batch["counts"]["ready"] == ROWS


def test_a_draft_that_goes_meanwhile_ends_its_check(parts: Parts) -> None:
    fill(parts)
    parts.engine.batches.check_again(1).result()
    parts.engine.batches.delete(1).result()
    checks = DraftChecks(parts)
    checks.look()
    checks._check(1)
    assert parts.engine.batches.list()["batches"] == []


def test_new_settings_are_followed_later_where_that_is_refused(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Parts) -> None:
        raise NotWritable("The disk is full.")

    monkeypatch.setattr(DraftChecks, "_run", lambda _: None)
    with running_parts(folder, None, lanes=False) as parts:
        fill(parts)
        checks = DraftChecks(parts)
        checks.look()
        before = parts.engine.batches.revision(1)
        monkeypatch.setattr(type(parts.settings), "default_recipient", lambda _: "Ada <a@b.org>")
        with monkeypatch.context() as full:
            full.setattr(draft_checks, "check_drafts_again", refuse)
            with pytest.raises(NotWritable):
                checks.look()
        checks.look()
        assert parts.engine.batches.revision(1) == before + 1
