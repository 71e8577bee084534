"""A lean HTTP client: load and answers share the same cores, so a request must cost next to nothing here."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, head and body of one answer."""

    status: int
    head: bytes
    body: bytes


@dataclass(slots=True)
class Samples:
    """What came of a load: seconds of every answer that was as expected, and how often each other thing happened."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    lasted: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers as expected in a second."""
        return len(self.seconds) / self.lasted if self.lasted else 0.0

    def percentile(self, percent: float) -> float:
        """Nearest rank, in milliseconds."""
        ordered = sorted(self.seconds)
        place = max(0, -(-len(ordered) * percent // 100) - 1)
        return ordered[int(place)] * 1000 if ordered else float("nan")


class Connection(asyncio.Protocol):
    """One kept connection, one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect to this machine."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, HOST, port)
        return connection

    async def ask(self, request: bytes) -> Answer:
        """Send a whole request and wait for its whole answer; raises ConnectionError when the other side leaves."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("closed")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(ConnectionError(str(exc or "closed")))

    def data_received(self, data: bytes) -> None:
        """Called by the loop. Our answers always say their length."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(self._received, 0, end)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._received) < whole:
            return
        head, body = bytes(self._received[: end + 2]), bytes(self._received[end + 4 : whole])
        del self._received[:whole]
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(Answer(int(head[9:12]), head, body))


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire; ``idempotency_key="…"`` is the header ``idempotency-key``."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}"]
    if body or method == "POST":
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def saturate(
    port: int, next_request: Callable[[], bytes], *, clients: int, seconds: float, expect: int, tick: Tick
) -> Samples:
    """``clients`` that each send the next request as soon as they have their answer."""
    samples, started = Samples(), time.perf_counter()
    end = started + seconds

    async def client() -> None:
        connection = await Connection.open(port)
        try:
            while (sent := time.perf_counter()) < end:
                answer = await connection.ask(next_request())
                _note(samples, answer, time.perf_counter() - sent, (expect,))
                tick(1)
        finally:
            connection.close()

    async with asyncio.timeout(seconds + 60):
        await asyncio.gather(*(client() for _ in range(clients)))
    samples.lasted = time.perf_counter() - started
    return samples


async def send_all(port: int, requests: Sequence[bytes], *, clients: int, expect: int, tick: Tick) -> Samples:
    """``clients`` that share a list of requests and stop when it is done."""
    samples, started, waiting = Samples(), time.perf_counter(), iter(requests)

    async def client() -> None:
        connection = await Connection.open(port)
        try:
            for each in waiting:
                sent = time.perf_counter()
                answer = await connection.ask(each)
                _note(samples, answer, time.perf_counter() - sent, (expect,))
                tick(1)
        finally:
            connection.close()

    async with asyncio.timeout(60 + len(requests)):
        await asyncio.gather(*(client() for _ in range(clients)))
    samples.lasted = time.perf_counter() - started
    return samples


async def pace(
    port: int, requests: Sequence[bytes], *, per_second: float, expect: tuple[int, ...], tick: Tick
) -> Samples:
    """Send at fixed instants, whatever the answers do; time counts from the instant at which it was to be sent."""
    samples, idle, tasks = Samples(), list[Connection](), list[asyncio.Task[None]]()
    started = time.perf_counter()

    async def one(each: bytes, planned: float) -> None:
        connection = idle.pop() if idle else await Connection.open(port)
        answer = await connection.ask(each)
        _note(samples, answer, time.perf_counter() - planned, expect)
        idle.append(connection)
        tick(1)

    async with asyncio.timeout(len(requests) / per_second + 60):
        for place, each in enumerate(requests):
            planned = started + place / per_second
            await asyncio.sleep(max(0.0, planned - time.perf_counter()))
            tasks.append(asyncio.create_task(one(each, planned)))
        await asyncio.gather(*tasks)
    samples.lasted = time.perf_counter() - started
    for connection in idle:
        connection.close()
    return samples


async def ask(port: int, wire: bytes) -> Answer:
    """One request on a connection of its own."""
    connection = await Connection.open(port)
    try:
        async with asyncio.timeout(30):
            return await connection.ask(wire)
    finally:
        connection.close()


def _note(samples: Samples, answer: Answer, took: float, expected: tuple[int, ...]) -> None:
    samples.statuses[answer.status] += 1
    if answer.status in expected:
        samples.seconds.append(took)
    else:
        samples.others[f"{answer.status} {answer.body[:120].decode(errors='replace')}"] += 1
