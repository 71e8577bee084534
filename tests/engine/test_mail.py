"""A notice is mailed once, and the mail says nothing but the number and a link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiosmtplib
import pytest

from activities.mail import Mailer
from settings import load
from store.queries.inbox import Unmailed


class Sink:
    """A mail server that keeps what it is given, or turns it away."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.refuses = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak as much SMTP as a client needs."""
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line.decode().strip().upper()
            if verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(b"250 kept\r\n")
            elif verb.startswith("RCPT") and self.refuses:
                writer.write(b"450 not now\r\n")
            elif verb == "QUIT":
                writer.write(b"221 bye\r\n")
                break
            else:
                writer.write(b"250 ok\r\n")
        writer.close()


class Queue:
    """Notices in memory."""

    def __init__(self, notices: list[Unmailed]) -> None:
        self.waiting = notices
        self.mailed: list[object] = []

    async def take_unmailed(self, limit: int) -> list[Unmailed]:
        """Those not yet mailed."""
        return [notice for notice in self.waiting if notice.id not in self.mailed][:limit]

    async def mark_mailed(self, *ids: object) -> None:
        """They have been sent."""
        self.mailed.extend(ids)


@asynccontextmanager
async def sink() -> AsyncIterator[tuple[Sink, int]]:
    """A running mail server on a free port."""
    kept = Sink()
    server = await asyncio.start_server(kept.serve, "127.0.0.1", 0)
    async with server:
        yield kept, server.sockets[0].getsockname()[1]


def notice(*, breach: bool = False) -> Unmailed:
    """A notice of some case."""
    return Unmailed(uuid4(), uuid4(), "220104-2026-000001", "officer@example.invalid", breach)


async def test_each_notice_is_mailed_once_with_number_and_link_only(tmp_path: Path) -> None:
    async with sink() as (kept, port):
        settings = load(data_dir=tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="shouwang@example.invalid")
        queue = Queue([notice(), notice(breach=True)])
        mailer = Mailer(queue, settings)
        assert await mailer.send_due() == 2
        assert await mailer.send_due() == 0
    assert len(kept.mails) == 2
    message = mailer.message(queue.waiting[0])
    body = message.get_content().split()
    assert body == ["220104-2026-000001", f"{settings.origin}/cases/{queue.waiting[0].case_id}"]


async def test_a_mail_that_was_turned_away_stays_in_the_queue(tmp_path: Path) -> None:
    async with sink() as (kept, port):
        kept.refuses = True
        settings = load(data_dir=tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", mail_from="shouwang@example.invalid")
        queue = Queue([notice()])
        with pytest.raises(aiosmtplib.SMTPException):
            await Mailer(queue, settings).send_due()
        assert queue.mailed == []
        kept.refuses = False
        assert await Mailer(queue, settings).send_due() == 1


async def test_without_a_mail_server_the_inbox_is_enough(tmp_path: Path) -> None:
    async with asyncio.timeout(timedelta(seconds=5).total_seconds()):
        await Mailer(Queue([notice()]), load(data_dir=tmp_path)).run(asyncio.Event())
