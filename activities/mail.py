"""Sends unmailed notices by SMTP: the case's number and a link, nothing about a person or what happened."""

import asyncio
import contextlib
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib
import structlog

from settings import Settings
from store.errors import StoreError
from store.queries.inbox import Unmailed

log = structlog.get_logger()
IDLE_SECONDS = 5.0
AT_A_TIME = 50


class Notices(Protocol):
    """What the mailer needs of the inbox."""

    async def take_unmailed(self, limit: int) -> list[Unmailed]:
        """Lease notices whose recipient has a mail address."""

    async def mark_mailed(self, *ids: UUID) -> None:
        """They have been sent."""


class Mailer:
    """One mail a notice. Without ``SMTP_URL`` there is nothing to do: the inbox is enough."""

    def __init__(self, notices: Notices, settings: Settings) -> None:
        self._notices = notices
        self._settings = settings

    async def run(self, stop: asyncio.Event) -> None:
        """Send until ``stop`` is set."""
        while self._settings.smtp_url and not stop.is_set():
            sent = 0
            try:
                sent = await self.send_due()
            except (StoreError, aiosmtplib.SMTPException, OSError) as fault:
                log.warning("mail.away", error=type(fault).__name__)
            if not sent:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), IDLE_SECONDS)

    async def send_due(self) -> int:
        """One round over one connection; how many mails were sent. A mail that fails is tried again later."""
        notices = await self._notices.take_unmailed(AT_A_TIME)
        if not notices:
            return 0
        async with self._connection() as smtp:
            for notice in notices:
                await smtp.send_message(self.message(notice))
                await self._notices.mark_mailed(notice.id)
        return len(notices)

    def message(self, notice: Unmailed) -> EmailMessage:
        """The mail: what kind of notice, the case's number, a link that needs a login."""
        message = EmailMessage()
        message["From"] = self._settings.mail_from
        message["To"] = notice.address
        message["Subject"] = f"守望：{'逾期' if notice.breach else '到期提醒'} {notice.number}"
        message["Message-ID"] = f"<{notice.id}@{urlsplit(self._settings.origin).hostname}>"
        message.set_content(f"{notice.number}\n{self._settings.origin}/cases/{notice.case_id}\n")
        return message

    def _connection(self) -> aiosmtplib.SMTP:
        url = urlsplit(self._settings.smtp_url)
        tls = url.scheme == "smtps"
        return aiosmtplib.SMTP(
            hostname=url.hostname or "",
            port=url.port or (465 if tls else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=tls,
            timeout=10,
        )
