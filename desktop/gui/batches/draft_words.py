"""Texts about a draft: its rows, and what happens to them once it is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.contract.batches import BY_ADDRESS, BY_NUMBER
from desktop.contract.reasons import PAUSED, Reason
from desktop.gui.batches.batch_words import next_attempt_words, times_words
from desktop.gui.kit.words.ages import rate_words
from desktop.gui.kit.words.plurals import figure
from desktop.gui.kit.words.states import sentences
from desktop.sheets.description import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import Batch

translate = QCoreApplication.translate


def to_send(batch: Batch, *, again: bool = False) -> int:
    """Return the number of rows that starting a draft sends."""
    counts = batch["counts"]
    return counts["ready"] + counts["changed"] + (counts["same"] if again else 0)


def not_read(batch: Batch, rows_of_file: int | None) -> list[str]:
    """Say how many rows of the file were read, if some were not."""
    rows = batch["counts"]["rows"]
    if rows_of_file is None or rows >= rows_of_file:
        return []
    words = translate("batches", "Only {} of %Ln rows were read.", None, rows_of_file)
    return [words.format(QLocale().toString(rows))]


def corrected(batch: Batch, lost: int) -> list[str]:
    """Say how many values were corrected; ``lost`` ones are of rows that are no longer read."""
    used, unused, said = batch["corrected"], batch["unused"] + lost, []
    if used:
        said.append(translate("batches", "%Ln values were corrected.", None, used))
    if unused:
        said.append(
            translate(
                "batches",
                "%Ln corrections are not used: the spreadsheet is read differently now.",
                None,
                unused,
            )
        )
    return said


def way_out(unfilled: Sequence[str]) -> str:
    """Say what to do about fields that the template asks for and no column fills."""
    words = translate(
        "batches",
        "The template asks for “{}”: choose that for a column on the left, or edit the template.",
    )
    return words.format("”, “".join(unfilled))


def what_happens(batch: Batch, *, again: bool) -> list[str]:
    """Say what is sent, what is left out, and when the last message is sent.

    With ``again``, rows that were sent before are sent again.
    """
    counts, said = batch["counts"], []
    if not counts["rows"]:
        return [translate("batches", "The spreadsheet has no rows.")]
    columns = batch["columns"].values()
    if Target.EMAIL not in columns:
        return [
            translate(
                "batches",
                "No column is the e-mail address. Choose one, or another sheet. An address behind a"
                " link is not read.",
            )
        ]
    if Target.NUMBER in batch["key"] and Target.NUMBER not in columns:
        return [
            translate(
                "batches",
                "No column is the item number, which tells who is the same person. Choose one.",
            )
        ]
    if not to_send(batch, again=again):
        said.append(translate("batches", "Nothing to send."))
    if problems := counts["problems"]:
        said.append(translate("batches", "%Ln rows need a look and are not sent.", None, problems))
    said += _same_rows(batch, again=again)
    said += _changed_rows(batch)
    if to_send(batch, again=again):
        said += _repeated_rows(batch)
        said.append(_when(batch, again=again))
    return said


def _same_rows(batch: Batch, *, again: bool) -> list[str]:
    """Say how many rows are the same as before, and whether they are sent again."""
    same = batch["counts"]["same"]
    if not same:
        return []
    if not again:
        return [
            translate(
                "batches",
                "%Ln rows are the same as before in every value and are not sent twice.",
                None,
                same,
            )
        ]
    return [translate("batches", "%Ln rows are the same as before and are sent again.", None, same)]


def _when(batch: Batch, *, again: bool) -> str:
    """Say what the messages wait for, and when the last one is sent.

    That time does not count rows that are sent again: with them, only the daily limit is named.
    """
    now, rate = time.time(), rate_words(batch["rate"])
    waits = _draft_waits(batch, now)
    if again and batch["counts"]["same"]:
        return sentences(waits, translate("batches", "At most {}.").format(rate) if rate else "")
    is_known = batch["leaves"]["reason"] in {None, Reason.QUOTA}
    return sentences(waits, times_words(batch, now) if is_known else "")


def _draft_waits(batch: Batch, now: float) -> str:
    """Say what the messages of a draft will wait for once it is sent; empty if they will not."""
    data = batch["leaves"]["reason_data"]
    goes = translate("batches", "The messages are sent {}")
    match batch["leaves"]["reason"]:
        case None:
            return ""
        case Reason.OFFLINE:
            return goes.format(translate("batches", "once there is a connection."))
        case Reason.QUOTA:
            words = translate("batches", "{} accepts no more messages for now.")
            server = data.get("server") or translate("batches", "The mail server")
            return f"{words.format(server)} {next_attempt_words(data, now)}"
        case reason if reason in PAUSED:
            return goes.format(translate("batches", "once you resume."))
        case _:
            words = translate("batches", "once the problem is fixed: {}")
            return goes.format(words.format(data.get("text", "")))


def about_draft(batch: Batch, *, may_act: bool) -> list[str]:
    """Say which rows of a draft are not new: changed, the same, or with a problem."""
    counts = batch["counts"]
    said = _changed_rows(batch)
    if counts["problems"]:
        said.append(translate("batches", "%Ln rows have a problem.", None, counts["problems"]))
    if counts["same"]:
        said.append(translate("batches", "%Ln rows are the same as before.", None, counts["same"]))
    if may_act:
        said.append(translate("batches", "Nothing is sent before you press Send."))
    return said


def _changed_rows(batch: Batch) -> list[str]:
    """Say how many rows of a draft have changed."""
    count = batch["counts"]["changed"]
    words = translate(
        "batches",
        "%Ln rows have changed since they were registered and are sent again as they are now.",
        None,
        count,
    )
    return [words] if count else []


def _repeated_rows(batch: Batch) -> list[str]:
    """Say how many rows of a draft repeat another one."""
    count = batch["counts"]["twice"]
    words = translate("batches", "%Ln rows repeat another one and are not sent.", None, count)
    return [words] if count else []


def about_repeated_rows(batch: Batch) -> str:
    """Say by what the rows of a draft repeat another one, and how to send each."""
    key = tuple(batch["key"])
    if key == BY_NUMBER:
        return translate(
            "batches",
            "The number is the same. To send to each person, choose “address, title and name”.",
        )
    if key == BY_ADDRESS:
        words = translate(
            "batches",
            "The address and the title are the same. If people share an address, choose “address,"
            " title and name” to send to each.",
        )
    else:
        words = translate("batches", "The address, the title and the name are the same.")
    orders = translate(
        "batches",
        "If each row is an order, make the column with the order's number the number or the title.",
    )
    return sentences(words, orders)


def read_words(batch: Batch, whole: int) -> str:
    """Say in a cell how many of the file's ``whole`` rows are read."""
    return translate("batches", "{} of {} read").format(
        figure(batch["counts"]["rows"]), figure(whole)
    )


def cut_short_headline(batch: Batch, whole: int) -> str:
    """Say in one line that the spreadsheet of a draft was not read to its end."""
    words = translate("batches", "Only {} of {} are read")
    return words.format(figure(batch["counts"]["rows"]), figure(whole))


def about_cut_short(*, may_act: bool) -> str:
    """Explain that a draft was not read to its end, and how to continue."""
    stopped = translate("batches", "Reading stopped before the end of the spreadsheet.")
    return sentences(stopped, translate("batches", "Press Read on.") if may_act else "")
