"""How often something may be tried, counted in SQL: the same for every process."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from starlette.requests import Request

from api.problems import Problem
from api.services import backend_of
from domain.words import N_

TOO_OFTEN = N_("短时间内试的次数太多，请过几分钟再试。")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries of one key in a window."""

    scope: str
    most: int
    window: timedelta = timedelta(minutes=10)

    async def count(self, request: Request, *parts: str) -> None:
        """Count a try; raises Problem 429 saying when to come back. ``parts`` are kept as a keyed hash only."""
        tries, seconds_left = await backend_of(request).rates.hit(self.scope, "\n".join(parts), self.window)
        if tries > self.most:
            raise Problem(429, "too_often", TOO_OFTEN, headers={"retry-after": str(max(1, ceil(seconds_left)))})


def address_of(request: Request) -> str:
    """Where the request comes from, as the proxy in front says it; "" when that is not known."""
    return request.client.host if request.client else ""


STATUS = Limit("status", 5)
"""Tries of one receipt number from one address."""

STATUS_ADDRESS = Limit("status.address", 60)
LOGIN = Limit("login", 10)
"""Tries of one login from one address."""

LOGIN_ADDRESS = Limit("login.address", 100)
LOGIN_ACCOUNT = Limit("login.account", 50)
"""Tries of one login from anywhere."""
