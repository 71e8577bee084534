"""A new year's working days: what would move is said first, then it moves, and the trail knows."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from api.commands import Request
from calendar_change import carry_out, plan
from domain.acts import ActKind, Codes
from domain.calendar import BadYear
from domain.zone import CHINA
from tests.engine.conftest import Engine, accept, officer

BY_STATUTE = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]


def year(number: int, *more: date) -> str:
    """A year whose rest days are those fixed by statute and ``more``."""
    days = sorted({date(number, month, day) for month, day in BY_STATUTE} | set(more))
    return "day,is_workday,name\n" + "".join(f"{day},0,节假日\n" for day in days)


async def do(engine: Engine, case_id: UUID, item: str, outcome: str, codes: Codes | None = None) -> None:
    """One step of the straight way."""
    asked = Request(ActKind.DO, item=item, outcome=outcome, codes=codes or {}, key=str(uuid4()))
    answer = await engine.commands.act(officer("county1"), case_id, asked)
    assert answer.refused is None


async def last_day(engine: Engine, case_id: UUID, rule: str) -> date:
    """The last day of the running clock of a rule."""
    async with engine.db.read() as tx:
        row = await tx.exec_driver_sql(
            "SELECT due_at FROM clock WHERE case_id = %s AND rule LIKE %s AND status = 'running'",
            (case_id, f"{rule}@%"),
        )
        due: datetime = row.scalar_one()
    return (due - timedelta(seconds=1)).astimezone(CHINA).date()


async def test_an_import_says_which_open_clocks_move_and_moves_exactly_those(engine: Engine) -> None:
    case_id = await engine.reported()
    await engine.commands.act(officer("county1"), case_id, accept())
    await do(engine, case_id, "onsite_check.1.1", "no_danger")
    await do(engine, case_id, "safety_decision.1.1", "safe")
    await do(engine, case_id, "grading.1.1", "graded", {"colour": "green"})
    ends = await last_day(engine, case_id, "D-13.green")
    untouched = await last_day(engine, case_id, "D-04")
    holiday = [ends + timedelta(days=n) for n in range(5)]
    text = year(ends.year, *(day for day in holiday if day.weekday() < 5))
    listed = await plan(engine.settings, text)
    assert [line.split()[1] for line in listed] == ["visit.1.1:D-13.green:1:"]
    await carry_out(engine.settings, text)

    async def moved() -> date | None:
        await engine.relay.hand_over_due()
        day = await last_day(engine, case_id, "D-13.green")
        return day if day != ends else None

    assert await engine.until(moved) > max(day for day in holiday if day.weekday() < 5)
    assert await last_day(engine, case_id, "D-04") == untouched
    async with engine.db.read() as tx:
        audit = await tx.exec_driver_sql("SELECT object_id FROM audit WHERE action = 'calendar.import'")
        assert [row[0] for row in audit] == [f"{ends.year}.1"]


async def test_a_bad_year_is_refused_with_every_fault(engine: Engine) -> None:
    with pytest.raises(BadYear) as bad:
        await plan(engine.settings, "day,is_workday,name\n2027-10-01,0,国庆\n")
    assert any("2027-05-01" in fault for fault in bad.value.faults)
    assert len(bad.value.faults) > 1
