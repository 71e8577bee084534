"""What one case costs the worker: making its workflow in the sandbox, its first task, the memory while it waits.

Uses the parts of the SDK that the worker itself uses; the SDK is pinned, so these private names stay.
"""

import asyncio
import gc
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import temporalio.workflow
from temporalio.api.common.v1 import Payloads
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import InitializeWorkflow, WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import DataConverter
from temporalio.worker._workflow_instance import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox._runner import _fake_info

from bench import machine
from bench.figures import Figure, Result
from bench.load import Samples
from bench.progress import Shown, Tick
from domain.protection import PROTECTION
from domain.state import CaseStart
from engine import data_converter, payload_keys, workflow_runner
from store.keys import Keyring
from workflows.case import CaseWorkflow

COUNT, QUICK_COUNT = 500, 100
WARM_UP = 20
AIM_MS = 10.0


async def run(show: Shown, *, quick: bool) -> Result:
    """Make cases one after the other, each from a start as the relay gives it, and keep all of them."""
    count = QUICK_COUNT if quick else COUNT
    with show.step("instances", count) as tick, ThreadPoolExecutor(1) as thread:
        await _make(WARM_UP, thread, lambda _: None)
        gc.collect()
        before = machine.memory_mb(os.getpid())
        made, first, kept = await _make(count, thread, tick)
        gc.collect()
        grown = machine.memory_mb(os.getpid()) - before
    return Result(
        name="instance",
        quick=quick,
        figures=(
            Figure("making an instance: p50", made.percentile(50), "ms"),
            Figure("making an instance: p95", made.percentile(95), "ms", AIM_MS),
            Figure("its first task: p50", first.percentile(50), "ms"),
            Figure("its first task: p95", first.percentile(95), "ms"),
            Figure("memory of one that waits for its first clocks", grown * 1000 / len(kept), "KB"),
        ),
        facts={"instances": str(count)},
    )


async def _make(count: int, thread: ThreadPoolExecutor, tick: Tick) -> tuple[Samples, Samples, list[WorkflowInstance]]:
    loop, runner = asyncio.get_running_loop(), workflow_runner()
    converter = data_converter(payload_keys(Keyring.generate()))
    definition = temporalio.workflow._Definition.must_from_class(CaseWorkflow)  # noqa: SLF001
    runner.prepare_workflow(definition)
    made, first, kept = Samples(), Samples(), list[WorkflowInstance]()
    for _ in range(count):
        started = time.perf_counter()
        instance = runner.create_instance(_details(definition, converter))
        made.seconds.append(time.perf_counter() - started)
        activation = _begin(converter)
        started = time.perf_counter()
        done: WorkflowActivationCompletion = await loop.run_in_executor(thread, instance.activate, activation)
        first.seconds.append(time.perf_counter() - started)
        if not done.HasField("successful"):
            raise RuntimeError(f"the first task failed: {done.failed}")
        kept.append(instance)
        tick(1)
    return made, first, kept


def _details(definition: temporalio.workflow._Definition, converter: DataConverter) -> WorkflowInstanceDetails:
    return WorkflowInstanceDetails(
        payload_converter_factory=converter._new_payload_converter,  # noqa: SLF001
        failure_converter_class=converter.failure_converter_class,
        interceptor_classes=[],
        defn=definition,
        info=replace(_fake_info, attempt=1, run_id=uuid4().hex, workflow_id=f"case:{uuid4()}"),
        randomness_seed=1,
        extern_functions={"__temporal_assert_local_activity_valid": lambda _: None},
        disable_eager_activity_execution=True,
        worker_level_failure_exception_types=(),
        patch_activation_callback=None,
        last_completion_result=Payloads(),
        last_failure=Failure(),
    )


def _begin(converter: DataConverter) -> WorkflowActivation:
    """The first task as the server gives it."""
    now = datetime.now(UTC)
    start = CaseStart(
        case_id=str(uuid4()),
        process=PROTECTION.key,
        version=PROTECTION.version,
        territory="220104001",
        received_at=now,
        facts={"colour": "yellow", "situation": "ABANDONED_UNATTENDED", "danger": "no", "police": "yes"},
    )
    begin = InitializeWorkflow(workflow_type="case", arguments=converter.payload_converter.to_payloads([start]))
    activation = WorkflowActivation(run_id="first", jobs=[WorkflowActivationJob(initialize_workflow=begin)])
    activation.timestamp.FromDatetime(now)
    return activation
