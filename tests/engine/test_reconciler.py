"""After a fault the reconciler finds what differs, puts it right, and finds nothing the second time."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError

from domain.state import CaseStart
from domain.triage import Colour
from engine import case_workflow_id
from reconciler import Reconciler
from tests.engine.conftest import TOWNSHIP, Engine, accept, officer
from workflows.case import CaseWorkflow


async def differences(engine: Engine, *, repair: bool = False) -> list[str]:
    """What the reconciler says."""
    return await Reconciler(engine.db, engine.client, repair=repair).run()


async def settled(engine: Engine) -> bool | None:
    """Whether the two agree, after handing over what waits."""
    await engine.relay.hand_over_due()
    return True if not await differences(engine) else None


async def test_a_case_the_engine_has_lost_lives_its_life_again(engine: Engine) -> None:
    case_id = await engine.reported()
    await engine.commands.act(officer("county1"), case_id, accept())
    before = await engine.case(case_id)
    await _delete(engine, case_id)
    assert await differences(engine, repair=True) == [f"case {case_id}: open in the read model, unknown to the engine"]
    await engine.until(lambda: settled(engine))
    after = await engine.case(case_id)
    assert before is not None
    assert after is not None
    assert (after.stage, after.status, after.rev) == (before.stage, before.status, before.rev)


async def _delete(engine: Engine, case_id: UUID) -> None:
    execution = WorkflowExecution(workflow_id=case_workflow_id(case_id))
    request = DeleteWorkflowExecutionRequest(namespace=engine.client.namespace, workflow_execution=execution)
    await engine.client.workflow_service.delete_workflow_execution(request)
    handle = engine.client.get_workflow_handle(case_workflow_id(case_id))
    async with asyncio.timeout(20):
        while True:
            try:
                await handle.describe(rpc_timeout=timedelta(seconds=5))
            except RPCError:
                return


async def test_a_read_model_that_fell_behind_is_written_again(engine: Engine) -> None:
    case_id = await engine.reported()
    async with engine.db.unit_of_work() as tx:
        await tx.exec_driver_sql("UPDATE cases SET rev = 0, colour = 'green' WHERE id = %s", (case_id,))
        await tx.exec_driver_sql("DELETE FROM work_item WHERE case_id = %s", (case_id,))
    assert len(await differences(engine, repair=True)) == 1
    await engine.until(lambda: settled(engine))
    case = await engine.case(case_id)
    assert case is not None
    assert case.colour == Colour.RED
    assert await engine.item(case_id, "accept") is not None


async def test_a_workflow_nobody_reported_is_named_and_left_alone(engine: Engine) -> None:
    stranger = str(uuid4())
    receipt = await engine.report()
    start = CaseStart(stranger, "protection", 1, TOWNSHIP, receipt.received_at, facts={"colour": "red"})
    queue = engine.settings.temporal_task_queue
    handle = await engine.client.start_workflow(
        CaseWorkflow.run, start, id=case_workflow_id(UUID(stranger)), task_queue=queue
    )

    async def seen() -> list[str] | None:
        return [line for line in await differences(engine) if "no report stands behind" in line] or None

    assert stranger in (await engine.until(seen))[0]
    await handle.terminate("end of the test")
