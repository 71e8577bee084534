"""Code that runs now still agrees with every history on record: no open case is stuck by a release."""

import asyncio
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from engine import replay_options
from tests.conftest import PAYLOAD_KEYS
from workflows.case import CaseWorkflow

HISTORIES = sorted((Path(__file__).resolve().parents[1] / "histories").glob("*.json"))


def test_there_are_histories_on_record() -> None:
    assert len(HISTORIES) >= 3


@pytest.mark.parametrize("file", HISTORIES, ids=lambda f: f.stem)
async def test_a_recorded_history_replays(file: Path) -> None:
    text = await asyncio.to_thread(file.read_text)
    history = WorkflowHistory.from_json(f"case:{file.stem}", text)
    replayer = Replayer(workflows=[CaseWorkflow], **replay_options(PAYLOAD_KEYS))
    await replayer.replay_workflow(history)
