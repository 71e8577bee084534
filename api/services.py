"""What the web side is given at start: one frozen bundle, built by whoever starts the process."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection
from temporalio.client import Client

from api.commands import Commands
from api.passwords import Passwords
from api.receipts import ReceiptClocks
from domain.calendar import WorkCalendar
from domain.rules import RuleBook
from domain.territory import Gazetteer
from settings import Settings
from store.crypto import FieldCipher
from store.database import Database
from store.front_door import FrontDoor
from store.keys import Keyring
from store.outbox import Outbox
from store.queries.rates import Rates
from store.sessions import Sessions


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of the shell itself.

    ``csrf_key``: 32 secret bytes, the same for all API processes. ``secure_cookies``: pages are served over HTTPS, so
    cookies get ``Secure`` and the ``__Host-`` prefix. ``trusted_origins``: full origins (``https://host[:port]``) that
    may post besides the one the request names. ``exit_url``: where the quick exit leads.
    """

    csrf_key: bytes
    secure_cookies: bool = False
    trusted_origins: frozenset[str] = frozenset()
    max_body_bytes: int = 1_048_576
    exit_url: str = "https://www.weather.com.cn/"

    def cookie(self, name: str) -> str:
        """The full name of our cookie ``name`` (``session``, ``form``, ``lang``)."""
        return f"__Host-sw_{name}" if self.secure_cookies else f"sw_{name}"


@dataclass(frozen=True, slots=True)
class Backend:
    """Everything behind the pages. ``calendar`` is asked anew each time, so that an imported year counts at once.

    ``client`` is lazy: it dials the engine at the first call.
    """

    settings: Settings
    db: Database
    keyring: Keyring
    cipher: FieldCipher
    front_door: FrontDoor
    outbox: Outbox
    commands: Commands
    client: Client
    book: RuleBook
    gazetteer: Gazetteer
    calendar: Callable[[], WorkCalendar]
    receipt_clocks: ReceiptClocks
    sessions: Sessions
    rates: Rates
    passwords: Passwords


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request handler may reach; found at ``request.app.state.services``.

    ``backend`` is None in a shell that shows pages without data (tests of the shell).
    """

    web: WebSettings
    backend: Backend | None = None


def services_of(connection: HTTPConnection) -> Services:
    """The bundle of the app that serves this request."""
    services: Services = connection.app.state.services
    return services


def backend_of(connection: HTTPConnection) -> Backend:
    """What stands behind the pages of the app that serves this request."""
    backend = services_of(connection).backend
    if backend is None:
        raise RuntimeError("this app was built without a backend")
    return backend
