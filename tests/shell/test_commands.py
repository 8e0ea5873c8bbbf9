"""The tables of commands: what they name is there, and what they list is whole."""

from __future__ import annotations

import argparse

import pytest

from desktop.cli import COMMAND_LINE
from desktop.contract.batches import Target
from desktop.contract.do_not_send import ListReason
from desktop.contract.items import Informed, ValueKind
from sendoff_tasks.shell.command_line import data_dir_option
from sendoff_tasks.shell.commands import TASKS, CommandLine


@pytest.mark.parametrize(
    ("program", "name"), [(each, name) for each in (TASKS, COMMAND_LINE) for name in each.names]
)
def test_command_names_functions_that_are_there(program: CommandLine, name: str) -> None:
    parser = argparse.ArgumentParser()
    program.command(name).describe(parser, data_dir_option())
    verbs = program.command(name).verbs
    assert callable(parser.get_default("run")) or verbs


def test_command_of_sendoff_has_what_that_of_tasks_has_beside_it() -> None:
    own, tasks = COMMAND_LINE.command("doctor"), TASKS.command("doctor")
    assert own.options == tasks.options
    assert own.runs != tasks.runs


def test_options_list_each_word() -> None:
    items, listing = COMMAND_LINE.command("items"), COMMAND_LINE.command("do-not-send")
    assert items.options["--informed"]["choices"] == [*Informed]
    reasons = [each for each in ListReason if each is not ListReason.FORGOTTEN]
    assert listing.options["--reason"]["choices"] == reasons
    importing = COMMAND_LINE.command("import")
    assert f"{', '.join(Target)}, fields.NAME" in importing.options["--map"]["help"]
    assert f"{', '.join(ValueKind)}, or text de" in importing.options["--kind"]["help"]
