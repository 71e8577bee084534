"""From the front door to the read model, with nothing in between replaced."""

import asyncio
from uuid import UUID

import pytest

from api.commands import AnswerState, Commands, EngineAway, Request
from domain import matching
from domain.acts import ActKind, RefusalCode
from domain.state import CaseStatus
from engine import connect, payload_keys
from relay import Relay
from settings import load
from store.claims import Claims
from store.keys import Keyring
from store.queries import links
from tests.engine.conftest import TOWNSHIP, Engine, accept, officer


async def test_a_report_becomes_a_case_with_work_and_clocks(engine: Engine) -> None:
    case_id = await engine.reported()
    case = await engine.case(case_id)
    assert case is not None
    assert (case.status, case.colour, case.stage) == (CaseStatus.OPEN, "red", "report")
    work = await engine.item(case_id, "accept")
    assert work is not None
    assert work.due_at is not None


async def test_an_act_takes_effect_and_the_same_form_sent_twice_is_answered_once(engine: Engine) -> None:
    case_id = await engine.reported()
    form = accept()
    first = await engine.commands.act(officer("county1"), case_id, form)
    again = await engine.commands.act(officer("county1"), case_id, form)
    assert (first.state, again.state) == (AnswerState.APPLIED, AnswerState.APPLIED)
    assert (first.rev, first.submission_id) == (again.rev, again.submission_id)
    assert await engine.item(case_id, "onsite_check") is not None
    assert await engine.item(case_id, "accept") is None


async def test_a_refusal_says_why_and_what_was_typed_is_kept(engine: Engine) -> None:
    case_id = await engine.reported()
    await engine.commands.act(officer("county1"), case_id, accept())
    late = await engine.commands.act(officer("county2"), case_id, accept())
    assert late.state is AnswerState.REFUSED
    assert late.refused is not None
    assert late.refused.code is RefusalCode.MOVED_ON
    assert late.refused.holder == officer("county1").person


async def test_of_fifty_rivals_one_holds_the_item_in_workflow_list_and_ticket(engine: Engine) -> None:
    for _ in range(3):
        case_id = await engine.reported()
        people = [officer("county1"), officer("county2")]
        answers = await asyncio.gather(
            *(engine.commands.claim(people[n % 2], case_id, "accept.1.1") for n in range(50))
        )
        won = {n % 2 for n, answer in enumerate(answers) if answer.state is AnswerState.APPLIED}
        assert len(won) == 1
        holder = people[won.pop()].person
        lost = [a.refused for a in answers if a.state is AnswerState.REFUSED]
        assert lost
        assert {refused.holder for refused in lost if refused} == {holder}
        work = await engine.item(case_id, "accept")
        assert work is not None
        assert str(work.holder) == holder


async def test_with_the_engine_away_reports_and_acts_are_kept_and_claims_are_refused_at_once(engine: Engine) -> None:
    case_id = await engine.reported()
    nowhere = load(temporal_address="127.0.0.1:1", data_dir=engine.settings.data_dir)
    client = await connect(nowhere, payload_keys(Keyring.load(engine.settings.keys)), lazy=True)
    relay = Relay(engine.outbox, client, "none")
    away = Commands(engine.door, engine.outbox, Claims(engine.db), relay, client)
    receipt = await engine.report()
    assert receipt.number
    answer = await away.act(officer("county1"), case_id, accept())
    assert answer.state is AnswerState.PENDING
    with pytest.raises(EngineAway):
        await away.claim(officer("county1"), case_id, "accept.1.1")
    await engine.until(lambda: _handed(engine, case_id))
    assert await engine.item(case_id, "accept") is None


async def _handed(engine: Engine, case_id: UUID) -> bool | None:
    await engine.relay.hand_over_due()
    return True if await engine.item(case_id, "accept") is None else None


async def test_nobody_seen_twice_in_a_row_is_a_report_of_its_own_in_the_book(engine: Engine) -> None:
    case_id = await engine.reported()
    await engine.commands.act(officer("county1"), case_id, accept())
    for n in (1, 2):
        look = Request(ActKind.DO, item=f"onsite_check.1.{n}", outcome="door_closed", content={"finding": "敲门不开"})
        answer = await engine.commands.act(officer("county1"), case_id, look)
        assert answer.state is AnswerState.APPLIED
    async with engine.db.read() as tx:
        rows = await tx.exec_driver_sql("SELECT idem_scope FROM report WHERE case_id = %s", (case_id,))
        assert sorted(row[0] for row in rows) == ["engine", "public"]


async def test_a_second_report_of_the_same_child_is_linked_for_the_officer_at_once(engine: Engine) -> None:
    tokens = dict(matching.tokens("欧阳小满", birth_year=2016, place=TOWNSHIP[:6]))
    first = await engine.report(tokens=tokens)
    second = await engine.report(tokens=tokens)
    await engine.relay.hand_over_due()
    await engine.until(lambda: engine.case(second.case_id))

    async def linked() -> list[UUID] | None:
        async with engine.db.read() as tx:
            found = await links.links(tx, officer("county1"), second.case_id)
        return [link.other_id for link in found] or None

    assert await engine.until(linked) == [first.case_id]
