"""Every scenario: what it is called, what it answers, how it is measured."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bench import acts, cached, instance, open10k, receipts, timers
from bench.figures import Result


@dataclass(frozen=True, slots=True)
class Scenario:
    """``run`` is given what shows its progress and whether it is to be short."""

    title: str
    method: str
    run: Callable[..., Coroutine[Any, Any, Result]]


SCENARIOS: dict[str, Scenario] = {
    "receipts": Scenario(
        "Receipts",
        """\
Reports of 2 KB by `POST /api/v1/reports`, each about another child and with an `Idempotency-Key` of its own; every
client sends the next one as soon as it has its receipt. Time is from the first byte sent to the last received. *Front
door alone*: database and API, no engine, so that reports wait in the outbox; here the aim is set. *Whole stack*: the
worker and the engine take the cases over at the same time and have the same processors.""",
        receipts.run,
    ),
    "acts": Scenario(
        "Acts",
        """\
A county officer claims cases and then accepts them (`…/items/accept.1.1/claim` and `…/act`) at fixed instants. Time
counts from the instant at which a request was to be sent, so that a slow answer is not hidden by those that wait
behind it. An answer comes when the case has decided and the read model is written. A few acts are met by the relay
first: they are answered 202 *stored*, and take effect a moment later.""",
        acts.run,
    ),
    "instance": Scenario(
        "One case in the worker",
        """\
The sandbox loads the workflow for every case. Measured in one process with the worker's own runner and converter:
making the instance, and its first task (decode the start, evaluate the flow, ask for the first clocks).""",
        instance.run,
    ),
    "cached": Scenario(
        "Memory of a waiting case",
        """\
Proportional set size of the worker process at rest, with the cache of cases partly filled and filled; the difference by
the number of cases between. Python and the core of the SDK together.""",
        cached.run,
    ),
    "open10k": Scenario(
        "Ten thousand open cases",
        """\
Reports are filed as fast as eight clients can, then every case must be open in the read model. Lists are read by one
reader after another while nothing else happens: a county officer with a third of the cases, a supervisor of the
province with all of them. Memory is the proportional set size of every process of the stack, 15 s after the last
request.""",
        open10k.run,
    ),
    "timers": Scenario(
        "Clocks due in the same second",
        """\
A rule pack with one limit that counts from when the child was found, which is the same instant for all cases. *Noticed*
is `detected_at` of the clock against its true due instant; *in the read model* is when people can see it.""",
        timers.run,
    ),
}
