"""Whatever people do in whatever order, a case stays sound: random lives in virtual time."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.acts import ActKind, Code, Codes, RefusalCode
from domain.process import Field, FieldKind, Role, Task
from domain.state import CaseState, CaseStatus, ClockStatus, ItemStatus
from tests.workflows.world import ELSEWHERE, TOWNSHIP, RefusedError, World
from workflows import clockwork
from workflows.rulings import blockers

STATE = TypeAdapter(CaseState)
DAYS = st.sampled_from(["2026-03-10", "2026-06-01", "2026-12-31"])
REFUSALS_OF_A_FITTING_PERSON = {
    RefusalCode.STILL_OPEN,
    RefusalCode.SECOND_PERSON,
    RefusalCode.ALREADY,
    RefusalCode.ON_HOLD,
    RefusalCode.HELD_BY_OTHER,
    RefusalCode.MOVED_ON,
}


def answers(field: Field) -> st.SearchStrategy[Code]:
    """Valid coded answers to a question."""
    options = st.sampled_from([option.key for option in field.options] or [""])
    some: dict[FieldKind, st.SearchStrategy[Code]] = {
        FieldKind.CODE: options,
        FieldKind.CODES: st.lists(options, min_size=1, max_size=3, unique=True),
        FieldKind.FLAG: st.booleans(),
        FieldKind.COUNT: st.integers(max(field.least, 1), 9),
        FieldKind.DAY: DAYS,
        FieldKind.INSTANT: st.just("2026-03-05T10:00:00+08:00"),
        FieldKind.TERRITORY: st.sampled_from([TOWNSHIP, ELSEWHERE]),
        FieldKind.VILLAGE: st.just(""),
        FieldKind.CASE: st.just("another case"),
        FieldKind.SERVICES: DAYS.map(lambda day: [{"service": "medical", "provider": "hospital", "due": day}]),
    }
    return some[field.kind]


def act_once(world: World, draw: st.DataObject) -> None:
    """One random act of somebody who may work on an open item."""
    items = [i for i in world.case.state.items.values() if i.status is ItemStatus.OPEN]
    items = [i for i in items if not world.declared(i.task).is_system]
    if not items:
        return
    item = draw.draw(st.sampled_from(sorted(items, key=lambda i: i.id)))
    task: Task = world.declared(item.task)
    outcome = draw.draw(st.sampled_from(task.outcomes))
    codes: Codes = {f.key: draw.draw(answers(f)) for f in outcome.fields if f.reaches_engine}
    person = draw.draw(st.sampled_from(["甲", "乙"]))
    role = draw.draw(st.sampled_from(task.roles))
    territory = item.territory
    world.act(ActKind.DO, role, person, territory, item=item.id, outcome=outcome.key, codes=codes)


def start_once(world: World, draw: st.DataObject) -> None:
    """Something is started by hand."""
    keys = sorted(task.key for task in world.case.process.tasks if task.discretionary)
    county = world.case.state.territory[:6]
    world.act(ActKind.START, Role.COUNTY_OFFICER, "甲", county, task=draw.draw(st.sampled_from(keys)))


def take(step: str, world: World, draw: st.DataObject) -> RefusalCode | None:
    """One step; the refusal it met, if any."""
    try:
        match step:
            case "act":
                act_once(world, draw)
            case "start":
                start_once(world, draw)
            case "wait":
                world.wait(hours=draw.draw(st.integers(1, 400)))
            case _:
                world.outage(hours=draw.draw(st.integers(1, 400)))
    except RefusedError as error:
        return error.refused.code
    return None


def check(world: World) -> None:
    """What must hold after every step. A clock armed late may have something to say at once."""
    world.travel(world.now)
    state = world.case.state
    assert STATE.validate_json(STATE.dump_json(state)) == state
    world.case.evaluate()
    assert world.case.drain(world.now) is None, "the flow asked for something new without a cause"
    assert [p.rev for p in world.projections] == list(range(1, state.rev + 1))
    instant = clockwork.next_instant(world.case)
    assert instant is None or instant > world.now
    for clock in state.clocks.values():
        item = state.items[clock.item]
        live = clock.status in (ClockStatus.RUNNING, ClockStatus.STOPPED)
        assert not live or item.status is ItemStatus.OPEN
        assert clock.breached_at is None or clock.breached_at == clock.due_at or clock.status is ClockStatus.MET
    notices = [(n.key, n.to) for n in world.notices]
    assert len(notices) == len(set(notices))
    if state.status is CaseStatus.CLOSED:
        assert not blockers(world.case)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    draw=st.data(), colour=st.sampled_from(["red", "yellow", "blue", "green"]), police=st.sampled_from(["yes", "no"])
)
def test_any_life_of_a_case_stays_sound(draw: st.DataObject, colour: str, police: str) -> None:
    world = World(colour=colour, police=police)
    for _ in range(draw.draw(st.integers(1, 25))):
        step = draw.draw(st.sampled_from(["act", "act", "act", "start", "wait", "outage"]))
        refused = take(step, world, draw)
        assert refused is None or refused in REFUSALS_OF_A_FITTING_PERSON
        check(world)
    world.travel(world.now + timedelta(days=1))
    check(world)
