"""Work queues for programs."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.desk import ApiDesk
from api.task_list import TaskPage, read_query, task_line, task_out, task_page
from store.queries.work import Whose

router = APIRouter(prefix="/api/v1", tags=["tasks"])


class TaskAsk(BaseModel):
    """What a list of work is narrowed to; values that are no key of ours narrow nothing."""

    whose: Whose | None = None
    stage: str = Field("", max_length=40)
    task: str = Field("", max_length=40)
    colour: str = Field("", max_length=10)
    overdue: bool = False
    after: str = Field("", max_length=400)

    def as_typed(self) -> dict[str, str]:
        """The same as the page's query string has it."""
        flags = {"whose": str(self.whose or ""), "overdue": "yes" if self.overdue else ""}
        return {"stage": self.stage, "task": self.task, "colour": self.colour, "after": self.after, **flags}


@router.get("/tasks", summary="The open work of the post, most urgent first")
async def list_tasks(desk: ApiDesk, asked: Annotated[TaskAsk, Query()]) -> TaskPage:
    """A page of 50 lines."""
    page, who = await task_page(desk, read_query(asked.as_typed()))
    return TaskPage(items=[task_out(desk, task_line(desk, row, who)) for row in page.rows], after=page.after)
