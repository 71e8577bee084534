"""People at work, as programs: log in, wait for cases, find their work."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from bench import reports
from bench.load import ask, request, send_all
from bench.progress import Shown
from bench.stack import Stack
from bench.watch import CASES, Book
from store.demo import DEMO_PASSWORD

STARTERS = 8
SECONDS_A_CASE = 0.5
"""Patience: no machine this runs on is so slow that a case takes longer to begin."""


async def log_in(stack: Stack, login: str) -> str:
    """The ``Authorization`` header of a person of the demonstration."""
    asked = json.dumps({"login": login, "password": DEMO_PASSWORD}).encode()
    answer = await ask(stack.port, request("POST", "/api/v1/session", asked))
    if answer.status != 201:
        raise RuntimeError(f"{login} cannot log in: {answer.status} {answer.body!r}")
    return f"Bearer {json.loads(answer.body)['token']}"


async def log_in_page(stack: Stack, login: str) -> str:
    """The ``Cookie`` header of the same person with a browser."""
    form = urlencode({"login": login, "password": DEMO_PASSWORD}).encode()
    wire = request("POST", "/login", form, sec_fetch_site="same-origin")
    answer = await ask(stack.port, wire.replace(b"application/json", b"application/x-www-form-urlencoded", 1))
    cookies = [
        line.partition(b":")[2].strip().partition(b";")[0].decode()
        for line in answer.head.split(b"\r\n")
        if line.lower().startswith(b"set-cookie:")
    ]
    if answer.status != 303 or not cookies:
        raise RuntimeError(f"{login} cannot log in with a browser: {answer.status}")
    return "; ".join(cookies)


async def begin_cases(stack: Stack, book: Book, show: Shown, wires: Sequence[bytes]) -> tuple[float, float]:
    """File these reports and wait until each is an open case; seconds for the receipts, seconds for all."""
    before = await book.number(CASES)
    with show.step("filing reports", len(wires)) as tick:
        filed = await send_all(stack.port, wires, clients=STARTERS, expect=201, tick=tick)
    if filed.others:
        raise RuntimeError(f"not every report was taken: {dict(filed.others)}")
    with show.step("cases begin", len(wires)) as tick:
        patience = 60 + SECONDS_A_CASE * len(wires)
        waited = await book.until(CASES, before + len(wires), patience, tick)
    return filed.lasted, filed.lasted + waited


def many(count: int, **given: object) -> list[bytes]:
    """So many reports, ready to be sent."""
    return [reports.filed(**given) for _ in range(count)]
