"""A workflow whose activity fails with a person's name in the message; apart, so that the sandbox loads little."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError


@dataclass
class Note:
    at: datetime
    text: str


@activity.defn
async def break_down(note: Note) -> None:
    raise ApplicationError(f"could not write {note.text}", note.text, non_retryable=True)


@workflow.defn
class Failing:
    @workflow.run
    async def run(self, note: Note) -> None:
        await workflow.execute_activity(break_down, note, start_to_close_timeout=timedelta(seconds=10))
