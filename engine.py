"""The one place where a Temporal client is made: converter, encryption, failure texts, attributes, worker limits.

The API, the worker, the replay tests and every other test take their client (or at least their data converter) from
here, so all of them read and write the same bytes.
"""

import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypedDict
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client, GrpcCompression
from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes, PayloadCodec
from temporalio.worker import UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from settings import Settings, is_loopback
from store.keys import KeyDomain, Keyring

ENCRYPTED = b"binary/encrypted"
NONCE_BYTES = 12
COMPRESSION = 3
"""The level of zlib: a case's payloads are JSON and shrink to a fifth, in the history and in the worker's cache."""

CASE_PREFIX = "case:"

PROVINCE = SearchAttributeKey.for_keyword("Province")
COUNTY = SearchAttributeKey.for_keyword("County")
PROCESS = SearchAttributeKey.for_keyword("Process")
STAGE = SearchAttributeKey.for_keyword("Stage")
COLOUR = SearchAttributeKey.for_keyword("Colour")
NEXT_DUE_AT: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("NextDueAt")
OVERDUE = SearchAttributeKey.for_bool("Overdue")

SEARCH_ATTRIBUTE_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    PROVINCE, COUNTY, PROCESS, STAGE, COLOUR, NEXT_DUE_AT, OVERDUE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PayloadKeys:
    """The 32-byte keys of the payload domain by key id: ``current`` encrypts, all of them decrypt."""

    current: str
    keys: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"PayloadKeys(current={self.current!r}, {len(self.keys)} keys)"


def payload_keys(ring: Keyring) -> PayloadKeys:
    """The payload domain of a key ring, every version of it."""
    current, _ = ring.current(KeyDomain.PAYLOAD)
    versions = ring.versions(KeyDomain.PAYLOAD)
    return PayloadKeys(str(current), {str(version): ring.key(KeyDomain.PAYLOAD, version) for version in versions})


class UnreadablePayload(Exception):
    """A payload is not encrypted, was changed, or its key is not in the keyring."""


class EncryptingCodec(PayloadCodec):
    """AES-256-GCM over whole compressed payloads. The key id travels in the clear and is bound to the ciphertext."""

    def __init__(self, keys: PayloadKeys) -> None:
        self._current = keys.current
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.keys.items()}
        if keys.current not in self._ciphers:
            raise ValueError("the current payload key is not in the keyring")

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload under the current key."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each payload; raises UnreadablePayload, also for one that was never encrypted."""
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(NONCE_BYTES)
        key_id = self._current.encode()
        plain = zlib.compress(payload.SerializeToString(), COMPRESSION)
        sealed = self._ciphers[self._current].encrypt(nonce, plain, key_id)
        return Payload(metadata={"encoding": ENCRYPTED, "key-id": key_id}, data=nonce + sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCRYPTED:
            raise UnreadablePayload("a payload that is not encrypted was refused")
        key_id = payload.metadata.get("key-id", b"")
        cipher = self._ciphers.get(key_id.decode(errors="replace"))
        if cipher is None:
            raise UnreadablePayload("a payload is encrypted under a key that is not in the keyring")
        try:
            plain = cipher.decrypt(payload.data[:NONCE_BYTES], payload.data[NONCE_BYTES:], key_id)
        except InvalidTag:
            raise UnreadablePayload("a payload was changed or cut after it was written") from None
        return Payload.FromString(zlib.decompress(plain))


class CompiledOnce(PydanticPayloadConverter):
    """One converter for the process: every workflow instance asks for its own, and with it for compiled types of
    its own, which are many times larger than the case itself."""

    _one: ClassVar["CompiledOnce | None"] = None

    def __new__(cls) -> "CompiledOnce":
        """The one there is."""
        if cls._one is None:
            cls._one = super().__new__(cls)
            PydanticPayloadConverter.__init__(cls._one)
        return cls._one

    def __init__(self) -> None:
        """Nothing: it was made once."""


def data_converter(keys: PayloadKeys) -> DataConverter:
    """Pydantic JSON, encrypted; exception messages and stack traces go through the same encryption."""
    return replace(
        pydantic_data_converter,
        payload_converter_class=CompiledOnce,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(settings: Settings, keys: PayloadKeys, *, lazy: bool = False) -> Client:
    """A client of the configured namespace.

    ``lazy``: connect at the first call, so that a web process starts while the engine is down; a worker needs a
    client that is connected. Raises RuntimeError when the server does not answer and ``lazy`` is not set.
    """
    host = settings.temporal_target.rpartition(":")[0]
    return await Client.connect(
        settings.temporal_target,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys),
        api_key=settings.temporal_api_key or None,
        tls=settings.temporal_tls,
        lazy=lazy,
        grpc_compression=GrpcCompression.NONE if is_loopback(host) else GrpcCompression.GZIP,
    )


async def ensure_search_attributes(client: Client) -> None:
    """Create the attributes that are missing in the client's namespace; those that are there are left alone."""
    service = client.operator_service
    listed = await service.list_search_attributes(ListSearchAttributesRequest(namespace=client.namespace))
    missing = {
        key.name: IndexedValueType.ValueType(key.indexed_value_type)
        for key in SEARCH_ATTRIBUTE_KEYS
        if key.name not in listed.custom_attributes
    }
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        await service.add_search_attributes(request)


def case_workflow_id(case_id: UUID) -> str:
    """The workflow id of a case; opaque, because ids are never encrypted."""
    return f"{CASE_PREFIX}{case_id}"


def case_id_of(workflow_id: str) -> UUID:
    """The case of a workflow id made by ``case_workflow_id``; raises ValueError for any other."""
    if not workflow_id.startswith(CASE_PREFIX):
        raise ValueError("not the workflow id of a case")
    return UUID(workflow_id.removeprefix(CASE_PREFIX))


class WorkerOptions(TypedDict):
    """The keyword arguments every ``temporalio.worker.Worker`` of the project is made with."""

    task_queue: str
    max_cached_workflows: int
    max_concurrent_workflow_tasks: int
    max_concurrent_activities: int
    max_concurrent_local_activities: int
    graceful_shutdown_timeout: timedelta
    workflow_runner: WorkflowRunner


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox in which every test and every replay runs; the domain is pure and passed through."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("domain"))


def worker_options(settings: Settings) -> WorkerOptions:
    """Slots and cache for a worker on about two cores; more cores mean more worker processes, not more slots.

    In service the same code runs without the sandbox (docs/adr/0007): a waiting case takes half the memory.
    """
    return WorkerOptions(
        task_queue=settings.temporal_task_queue,
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=20,
        max_concurrent_activities=20,
        max_concurrent_local_activities=20,
        graceful_shutdown_timeout=timedelta(seconds=20),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


ReplayOptions = dict[str, Any]


def replay_options(keys: PayloadKeys) -> ReplayOptions:
    """What a ``temporalio.worker.Replayer`` needs to read the same bytes under the same sandbox."""
    return {"data_converter": data_converter(keys), "workflow_runner": workflow_runner()}
