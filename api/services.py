"""What the web side is given at start: one frozen bundle, built by whoever starts the process."""

from dataclasses import dataclass


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
class Services:
    """Everything a request handler may reach; found at ``request.app.state.services``."""

    web: WebSettings
