"""A small app on the real shell: pages and API routes that misbehave on purpose."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.app import create_app
from api.flash import declare_flash, set_flash
from api.forms import FormState, read_form
from api.problems import Problem
from api.routes import ROUTERS
from api.services import Services, WebSettings
from api.static import StaticAssets
from api.templating import TEMPLATES, NavItem, Pages, Viewer, pages_of

AT = datetime(2026, 3, 2, 6, 5, tzinfo=UTC)
VIEWER = Viewer("王敏", "县级民政干部", (NavItem("/gallery", "时间", 15), NavItem("/cases", "日期")), unread=3)
SAVED = declare_flash("test-saved", "未填写")
SECRET = "王小明220104201501010011"

router = APIRouter()


class Entry:
    """One line of a timeline."""

    def __init__(self, title: str, kind: str) -> None:
        self.title, self.kind, self.at, self.by, self.words = title, kind, AT, "朝阳区民政局", "已派人前往。"


class Note(BaseModel):
    """A body with one rule of each sort."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=5)]
    colour: Literal["red", "blue"]


def gallery(form: FormState, layout: str) -> dict[str, object]:
    rows = [("JL-1", "现场核查", "red", "overdue", "逾期 2 天", "第十一条"), ("JL-2", "走访", "none", "ok", "3 天", "")]
    entries = [Entry("时限已过", "breach"), Entry("收到报告", "system")]
    viewer = VIEWER if layout == "base.html" else None
    return {"layout": layout, "form": form, "at": AT, "rows": rows, "entries": entries, "viewer": viewer}


@router.get("/gallery")
async def show(request: Request, layout: str = "public.html") -> Response:
    return pages_of(request).response(request, "gallery.html", gallery(FormState(), layout))


@router.post("/gallery")
async def post(request: Request) -> Response:
    form = await read_form(request)
    form.refuse("what", "请写下您看到的情况")
    return pages_of(request).response(request, "gallery.html", gallery(form, "public.html"), 422)


@router.post("/saved")
async def saved() -> Response:
    response = Response(status_code=303, headers={"location": "/gallery"})
    set_flash(response, SAVED)
    return response


@router.get("/refuse/{status}")
@router.get("/api/refuse/{status}")
async def refuse(status: int) -> None:
    raise Problem(status, "test", extra={"holder": "u1"})


@router.get("/boom")
@router.get("/api/boom")
async def boom() -> None:
    raise ValueError(SECRET)


@router.post("/api/notes")
async def note(given: Note) -> dict[str, str]:
    return {"name": given.name}


@router.post("/api/echo-length")
@router.post("/echo-length")
async def echo_length(request: Request) -> dict[str, int]:
    return {"length": len(await request.body())}


def shell_app(*, secure: bool = False, limit: int = 1_048_576) -> FastAPI:
    """The app, with the gallery page beside the real templates."""
    web = WebSettings(
        csrf_key=b"k" * 32,
        secure_cookies=secure,
        trusted_origins=frozenset({"https://shouwang.example:8443"}),
        max_body_bytes=limit,
    )
    app = create_app(Services(web), (*ROUTERS, router))
    app.state.pages = Pages(web, StaticAssets(), (TEMPLATES, Path(__file__).parent))
    return app
