"""Tasks every process has: the answer to an extension asked for, one level up, then the next."""

from domain.process import Level, Outcome, Role, Task
from domain.protection_forms import REASON
from domain.words import N_

EXTENSION_COUNTY = "extension_county"
EXTENSION_CITY = "extension_city"

ANSWERS = (
    Outcome("approve", N_("同意延期"), (REASON,)),
    Outcome("refuse", N_("不同意延期"), (REASON,)),
)


def approvals(stage: str) -> tuple[Task, ...]:
    """The approval tasks, shown in ``stage`` of the process that takes them in."""
    hint = N_("延期申请须在到期前提出；同意后时限顺延一次。")
    return (
        Task(EXTENSION_COUNTY, stage, N_("延期审批（县级）"), (Role.COUNTY_LEADER,), Level.COUNTY, ANSWERS, hint),
        Task(EXTENSION_CITY, stage, N_("延期审批（市级）"), (Role.CITY_OFFICER,), Level.CITY, ANSWERS, hint),
    )
