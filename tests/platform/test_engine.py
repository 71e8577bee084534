"""What leaves for the engine is unreadable without the keys, and stays readable across a change of keys."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from engine import (
    NEXT_DUE_AT,
    PayloadKeys,
    UnreadablePayload,
    case_id_of,
    case_workflow_id,
    data_converter,
    ensure_search_attributes,
    payload_keys,
    worker_options,
)
from settings import load
from store.keys import KeyDomain, Keyring
from tests.platform.failing import Failing, Note, break_down

SECRET = "王小明 13800138000"
OLD = PayloadKeys("1", {"1": b"a" * 32})
ROTATED = PayloadKeys("2", {"1": b"a" * 32, "2": b"b" * 32})
ONLY_NEW = PayloadKeys("2", {"2": b"b" * 32})


NOTE = Note(datetime(2026, 2, 13, 8, tzinfo=UTC), SECRET)


async def test_a_payload_is_read_with_the_key_it_was_written_with_after_rotation() -> None:
    sealed = await data_converter(OLD).encode([NOTE])
    assert SECRET.encode() not in sealed[0].SerializeToString()
    assert await data_converter(ROTATED).decode(sealed, [Note]) == [NOTE]
    resealed = await data_converter(ROTATED).encode([NOTE])
    assert resealed[0].metadata["key-id"] == b"2"


async def test_a_payload_under_a_discarded_key_is_refused() -> None:
    sealed = await data_converter(OLD).encode([NOTE])
    with pytest.raises(UnreadablePayload, match="not in the keyring"):
        await data_converter(ONLY_NEW).decode(sealed, [Note])


async def test_a_changed_payload_and_a_borrowed_key_id_are_refused() -> None:
    converter = data_converter(ROTATED)
    (sealed,) = await converter.encode([NOTE])
    changed = Payload.FromString(sealed.SerializeToString())
    changed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    borrowed = Payload.FromString(sealed.SerializeToString())
    borrowed.metadata["key-id"] = b"1"
    for bad in (changed, borrowed):
        with pytest.raises(UnreadablePayload, match="changed or cut"):
            await converter.decode([bad], [Note])


async def test_a_payload_that_was_never_encrypted_is_refused() -> None:
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b"{}")
    with pytest.raises(UnreadablePayload, match="not encrypted"):
        await data_converter(OLD).decode([plain], [dict])


async def test_texts_and_stack_traces_of_failures_are_encrypted() -> None:
    converter, failure = data_converter(OLD), Failure()
    try:
        raise ApplicationError(f"no such child: {SECRET}")
    except ApplicationError as problem:
        await converter.encode_failure(problem, failure)
    written = json.dumps(MessageToDict(failure), ensure_ascii=False)
    assert SECRET not in written
    assert "test_engine.py" not in written
    assert SECRET in str(await converter.decode_failure(failure))


def test_the_payload_keys_of_a_ring_follow_its_rotation(tmp_path: Path) -> None:
    ring = Keyring.create(tmp_path / "keys.json")
    first = payload_keys(ring)
    second = payload_keys(ring.rotate(tmp_path / "keys.json", KeyDomain.PAYLOAD))
    assert (first.current, second.current) == ("1", "2")
    assert second.keys["1"] == first.keys["1"]
    assert repr(second.keys["1"]) not in repr(second)


def test_a_workflow_id_names_its_case_and_nothing_else() -> None:
    case_id = UUID("0199b3c4-0000-7000-8000-000000000001")
    assert case_id_of(case_workflow_id(case_id)) == case_id
    with pytest.raises(ValueError, match="not the workflow id"):
        case_id_of(f"escalation:{case_id}")


async def test_a_history_on_the_real_server_holds_no_word_of_a_person(temporal_env: WorkflowEnvironment) -> None:
    client, options = temporal_env.client, worker_options(load(temporal_task_queue=f"engine-{uuid4()}"))
    async with Worker(client, workflows=[Failing], activities=[break_down], **options):
        handle = await client.start_workflow(Failing.run, NOTE, id=str(uuid4()), task_queue=options["task_queue"])
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
    assert SECRET in str(failed.value.cause.__cause__)
    history = (await handle.fetch_history()).to_json()
    assert SECRET not in history
    assert "\\u738b" not in history
    assert "could not write" not in history


async def test_search_attributes_are_made_once_and_can_be_used(temporal_env: WorkflowEnvironment) -> None:
    await ensure_search_attributes(temporal_env.client)
    await ensure_search_attributes(temporal_env.client)
    found = [row async for row in temporal_env.client.list_workflows(f"{NEXT_DUE_AT.name} < '2020-01-01T00:00:00Z'")]
    assert found == []
