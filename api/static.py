"""Static files, read once and served from memory, compressed, under URLs that carry the hash of their content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

STATIC = Path(__file__).parent.parent / "static"
SERVED = {".css", ".js", ".svg", ".png", ".ico", ".json", ".webmanifest"}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes as they are and gzipped, its type and content hash."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str


class StaticAssets:
    """ASGI application for everything under ``/static``; ``url(name)`` names a file for a page."""

    def __init__(self, folder: Path = STATIC, prefix: str = "/static") -> None:
        self._prefix = prefix
        self._assets: dict[str, Asset] = {}
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.suffix in SERVED and not name.startswith("src/"):
                self._assets[name] = _read(path)
        self._hashed = {self._with_hash(name): name for name in self._assets}

    def url(self, name: str) -> str:
        """The cachable URL of the file ``name``; raises KeyError when there is none."""
        return f"{self._prefix}/{self._with_hash(name)}"

    def packed_size(self, name: str) -> int:
        """Bytes of the file on the wire."""
        return len(self._assets[name].packed)

    def _with_hash(self, name: str) -> str:
        stem, dot, suffix = name.rpartition(".")
        return f"{stem}.{self._assets[name].digest}{dot}{suffix}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one file; 404 for unknown names, 304 when the browser has it."""
        response = self._answer(scope)
        await response(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"allow": "GET, HEAD"})
        path: str = scope["path"].removeprefix(self._prefix).lstrip("/")
        hashed = self._hashed.get(path)
        asset = self._assets.get(hashed or path)
        if asset is None:
            return Response("not found", status_code=404, media_type="text/plain")
        headers = Headers(scope=scope)
        kept = {
            "cache-control": FOR_EVER if hashed else ASK_AGAIN,
            "etag": f'"{asset.digest}"',
            "vary": "Accept-Encoding",
        }
        if kept["etag"] in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=kept)
        if "gzip" in headers.get("accept-encoding", ""):
            return Response(asset.packed, headers=kept | {"content-encoding": "gzip"}, media_type=asset.media_type)
        return Response(asset.body, headers=kept, media_type=asset.media_type)


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    return Asset(
        body=body,
        packed=gzip.compress(body, 9, mtime=0),
        media_type=media_type or "application/octet-stream",
        digest=hashlib.sha256(body).hexdigest()[:12],
    )
