"""The table of a process and its flow say the same: every declared key is used, every used key is declared."""

import ast
from pathlib import Path

import pytest

from domain import protection_keys as table
from domain.approvals import EXTENSION_CITY, EXTENSION_COUNTY
from domain.process import FieldKind, Process
from domain.protection import PROTECTION
from domain.rules import RuleBook, pack_paths
from workflows.flows import FLOWS

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = [process for process, _ in FLOWS.values()]


def names_used(path: Path, module: str) -> set[str]:
    """The values of the ``module.NAME`` constants a flow's source uses."""
    tree = ast.parse(path.read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == module
    }
    values = [getattr(table, name) for name in used]
    return {key for value in values for key in (value if isinstance(value, tuple) else (value,))}


def options_that_are_tasks(process: Process) -> set[str]:
    """Tasks that a person chooses in a form (measures, decisions of a conference)."""
    fields = [field for task in process.tasks for outcome in task.outcomes for field in outcome.fields]
    return {o.key for f in fields if f.kind is FieldKind.CODES for o in f.options if process.has(o.key)}


def test_every_task_of_the_protection_process_is_used_and_every_used_one_declared() -> None:
    process = PROTECTION
    used = names_used(ROOT / "workflows/protection.py", "p") | options_that_are_tasks(process)
    declared = {task.key for task in process.tasks}
    by_hand_only = {task.key for task in process.tasks if task.discretionary}
    assert used <= declared
    assert declared - used - by_hand_only == {EXTENSION_COUNTY, EXTENSION_CITY}


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.key)
def test_every_reference_inside_a_table_exists(process: Process) -> None:
    stages = {stage.key for stage in process.stages}
    for task in process.tasks:
        assert task.stage in stages
        for outcome in task.outcomes:
            assert all(process.has(key) for key in (outcome.returns, outcome.second_person) if key)
            keys = [field.key for field in outcome.fields]
            assert len(keys) == len(set(keys)), f"{task.key}/{outcome.key} asks twice"
    for edge in process.edges:
        assert all(process.has(key) for key in (edge.source, edge.target) if key)
    for milestone in process.milestones:
        process.task(milestone.task).outcome(milestone.outcome)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.key)
def test_every_rule_names_a_declared_task_and_a_start_that_can_happen(process: Process) -> None:
    book = RuleBook.load(pack_paths("cn,cn-jilin"))
    assert book.check({process.key: {task.key for task in process.tasks}}) == []
    for rule in book.all():
        outcomes = {outcome.key for outcome in process.task(rule.task).outcomes}
        assert set(rule.judged) <= outcomes


@pytest.mark.parametrize("process", PROCESSES, ids=lambda p: p.key)
def test_every_coded_field_has_options_and_no_words_reach_the_engine(process: Process) -> None:
    for task in process.tasks:
        for outcome in task.outcomes:
            for field in outcome.fields:
                coded = field.kind in (FieldKind.CODE, FieldKind.CODES)
                assert bool(field.options) == coded
                if field.kind in (FieldKind.TEXT, FieldKind.NAME, FieldKind.PHONE, FieldKind.ID_NUMBER):
                    assert not field.reaches_engine
                    assert field.fact is None
