"""The web application: services in, routes, static files, middleware and error pages around them."""

from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.errors import answer_problem, install
from api.middleware import Frame, Gate
from api.routes import ROUTERS
from api.services import Services
from api.static import StaticAssets
from api.templating import Pages

API_TITLE = "守望 Shouwang"
API_VERSION = "1"


class Lifespan(Protocol):
    """Opens what the app needs when it starts and closes it when it ends."""

    def __call__(self, app: FastAPI) -> AbstractAsyncContextManager[None]: ...


def create_app(services: Services, routers: Iterable[APIRouter] = ROUTERS, lifespan: Lifespan | None = None) -> FastAPI:
    """The application over ``services``, found by handlers at ``request.app.state.services``.

    The interactive documentation pages are off (they load scripts from elsewhere); ``/openapi.json`` is on.
    """
    app = FastAPI(title=API_TITLE, version=API_VERSION, docs_url=None, redoc_url=None, lifespan=lifespan)
    assets = StaticAssets()
    app.state.services = services
    app.state.pages = Pages(services.web, assets)
    install(app)
    for router in routers:
        app.include_router(router)
    app.mount("/static", assets)
    # Added last is outermost: Frame, then compression, then Gate, then the routes.
    app.add_middleware(Gate, settings=services.web, answer=answer_problem)
    app.add_middleware(GZipMiddleware, minimum_size=800, compresslevel=6)
    app.add_middleware(Frame, settings=services.web, answer=answer_problem)
    return app
