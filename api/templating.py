"""Pages: one Jinja environment a language, escaping always on, an undefined name is an error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.csrf import FORM_COOKIE, CsrfField, CsrfGuard
from api.flash import FLASH_COOKIE, flash_of
from api.i18n import Language, language_of, languages
from api.services import WebSettings
from api.static import StaticAssets
from domain.process import Option

TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the staff navigation; ``text`` is Chinese source text, ``count`` a number worth a badge."""

    href: str
    text: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is logged in, as the page head shows it: name, post in words, navigation, unread messages."""

    name: str
    post: str
    nav: tuple[NavItem, ...] = ()
    unread: int = 0


class Pages:
    """Renders templates for one running app."""

    def __init__(self, settings: WebSettings, assets: StaticAssets, folders: Sequence[Path] = (TEMPLATES,)) -> None:
        self._settings = settings
        self._guard = CsrfGuard(settings)
        self._environments = {
            code: _environment(language, assets, settings.exit_url, folders) for code, language in languages().items()
        }

    def response(
        self,
        request: Request,
        template: str,
        context: Mapping[str, object] | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """The page ``template`` in the reader's language.

        ``context`` may give ``viewer`` (a Viewer); ``csrf_field``, ``lang``, ``flash`` and the language switch are
        added here.
        """
        language = language_of(request)
        field = CsrfField(self._guard, request)
        flash = flash_of(request)
        known: dict[str, object] = {
            "viewer": getattr(request.state, "viewer", None),
            "csrf_field": field,
            "flash": flash,
            "lang": language,
            "path": request.url.path,
            "switches": [(other, _switch(request, other)) for other in languages().values() if other != language],
        }
        html = self._environments[language.code].get_template(template).render(known | dict(context or {}))
        response = HTMLResponse(html, status, headers={"content-language": language.tag} | dict(headers or {}))
        if field.new_cookie:
            response.set_cookie(
                self._settings.cookie(FORM_COOKIE),
                field.new_cookie,
                secure=self._settings.secure_cookies,
                httponly=True,
                samesite="lax",
            )
        if flash:
            response.delete_cookie(FLASH_COOKIE, httponly=True, samesite="lax")
        return response


def pages_of(request: Request) -> Pages:
    """The renderer of the app that serves ``request``."""
    pages: Pages = request.app.state.pages
    return pages


def _environment(language: Language, assets: StaticAssets, exit_url: str, folders: Sequence[Path]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        language.gettext, language.ngettext, newstyle=True
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(static=assets.url, exit_url=exit_url)
    environment.filters.update(day=language.day, instant=language.instant, length=language.length)
    environment.filters["choices"] = partial(_choices, language)
    return environment


def _choices(language: Language, options: Iterable[Option]) -> list[tuple[str, str]]:
    """Options of a process table as the form macros take them."""
    return [(option.key, language.gettext(option.title)) for option in options]


def _switch(request: Request, language: Language) -> str:
    """The address of this very page in another language."""
    kept = [(name, value) for name, value in parse_qsl(request.url.query) if name != "lang"]
    return f"?{urlencode([*kept, ('lang', language.code)])}"
