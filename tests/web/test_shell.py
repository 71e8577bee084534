"""The shell of every page: headers, languages, error pages, macros, style sheets."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from bs4 import BeautifulSoup
from structlog.testing import capture_logs

from api.i18n import languages
from api.middleware import CSP
from api.static import STATIC, StaticAssets
from api.templating import TEMPLATES
from tests.web.conftest import OpenBrowser
from tests.web.shell_app import AT, SECRET, shell_app


@pytest.fixture
async def browser(open_browser: OpenBrowser) -> AsyncIterator[httpx.AsyncClient]:
    async with open_browser(shell_app()) as client:
        yield client


@pytest.mark.parametrize("path", ["/gallery", "/nowhere", "/boom", "/healthz", "/api/boom", "/static/app.css"])
async def test_every_answer_carries_the_security_headers(browser: httpx.AsyncClient, path: str) -> None:
    headers = (await browser.get(path)).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])
    assert ("no-store" in headers["cache-control"]) == (not path.startswith("/static"))
    assert "strict-transport-security" not in headers


def test_the_policy_is_the_agreed_one() -> None:
    assert CSP == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


async def test_over_https_cookies_are_host_bound_and_hsts_is_said(open_browser: OpenBrowser) -> None:
    async with open_browser(shell_app(secure=True)) as browser:
        response = await browser.get("/gallery?lang=en")
    cookies = response.headers.get_list("set-cookie")
    assert any(cookie.startswith("__Host-sw_form=") for cookie in cookies)
    assert all("Secure" in cookie and "SameSite=lax" in cookie.replace("Lax", "lax") for cookie in cookies)
    assert response.headers["strict-transport-security"]


async def test_a_page_without_a_form_sets_no_cookie(browser: httpx.AsyncClient) -> None:
    assert "set-cookie" not in (await browser.get("/nowhere")).headers


async def test_the_language_switch_stays_on_the_page_and_is_remembered(browser: httpx.AsyncClient) -> None:
    page = BeautifulSoup((await browser.get("/gallery?layout=base.html")).text, "html5lib")
    link = page.select_one("a[hreflang=en]")
    assert link and link["href"] == "?layout=base.html&lang=en"
    switched = await browser.get("/gallery?layout=base.html&lang=en")
    assert '<html lang="en"' in switched.text
    assert "Skip to main content" in switched.text
    assert '<html lang="en"' in (await browser.get("/nowhere")).text


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr,zh;q=0.8,en;q=0.4", "zh-CN"),
        ("en;q=x,*", "zh-CN"),
        ("de", "zh-CN"),
    ],
)
async def test_the_first_language_follows_the_browser(browser: httpx.AsyncClient, header: str, tag: str) -> None:
    response = await browser.get("/gallery", headers={"accept-language": header})
    assert response.headers["content-language"] == tag


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(
    browser: httpx.AsyncClient, status: int, language: str
) -> None:
    page = await browser.get(f"/refuse/{status}?lang={language}")
    assert page.status_code == status
    assert page.headers["x-request-id"][:4].upper() in page.text
    problem = await browser.get(f"/api/refuse/{status}?lang={language}")
    assert problem.status_code == status
    assert problem.headers["content-type"] == "application/problem+json"
    body = problem.json()
    assert body["title"] in page.text
    assert body | {"status": status, "holder": "u1", "type": "urn:shouwang:problem:test"} == body
    assert body["instance"].endswith(problem.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/boom", "/api/boom"])
async def test_a_failure_shows_a_reference_and_logs_no_values(browser: httpx.AsyncClient, path: str) -> None:
    with capture_logs() as logs:
        response = await browser.get(path)
    assert response.status_code == 500
    assert SECRET not in response.text
    (line,) = logs
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["error"] == "ValueError"
    assert line["route"] == path
    assert any("shell_app.py" in frame for frame in line["frames"])
    assert SECRET not in str(line)


async def test_a_refused_body_names_fields_and_never_echoes_values(browser: httpx.AsyncClient) -> None:
    response = await browser.post("/api/notes", json={"name": "x" * 90, "colour": "mauve", "other": SECRET})
    assert response.status_code == 422
    assert {(e["field"], e["reason"]) for e in response.json()["errors"]} == {
        ("name", "太长"),
        ("colour", "不在可选的值之内"),
        ("other", "没有这个字段"),
    }
    assert "mauve" not in response.text
    assert SECRET not in response.text


@pytest.mark.parametrize("layout", ["public.html", "base.html"])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_all_macros_render_to_a_good_page(browser: httpx.AsyncClient, layout: str, language: str) -> None:
    response = await browser.get(f"/gallery?layout={layout}&lang={language}")
    assert response.status_code == 200
    assert ("2026年3月2日 14:05" in response.text) == (layout == "base.html" and language == "zh")


async def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(browser: httpx.AsyncClient) -> None:
    typed = {"situation": "missing", "signs": ["hurt", "unknown"], "phone": '"><b>1', "township": "220104002"}
    response = await browser.post("/gallery", data=typed)
    page = BeautifulSoup(response.text, "html5lib")
    assert response.status_code == 422
    assert page.title
    assert page.title.get_text().startswith("错误：")
    assert [field["value"] for field in page.select("input:checked")] == ["missing", "hurt", "unknown"]
    assert [field["value"] for field in page.select("option[selected]")] == ["220104002"]
    assert [field["value"] for field in page.select("#phone")] == ['"><b>1']
    assert [link["href"] for link in page.select(".sw-error-summary a")] == ["#what"]
    assert [field["aria-describedby"] for field in page.select("#what[aria-invalid]")] == ["what-hint what-error"]
    assert page.select_one("form[data-typed]")


async def test_a_flash_is_shown_once(browser: httpx.AsyncClient) -> None:
    await browser.post("/saved")
    assert 'role="status"><p' in (await browser.get("/gallery")).text
    assert 'role="status"><p' not in (await browser.get("/gallery")).text


async def test_a_planted_flash_cookie_shows_nothing(browser: httpx.AsyncClient) -> None:
    browser.cookies.set("sw_flash", "<b>pay here</b>")
    assert "pay here" not in (await browser.get("/gallery")).text


async def test_static_files_are_hashed_kept_for_ever_and_compressed(browser: httpx.AsyncClient) -> None:
    assets = StaticAssets()
    hashed = await browser.get(assets.url("app.css"))
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert hashed.headers["content-encoding"] == "gzip"
    assert hashed.headers["content-type"].startswith("text/css")
    plain = await browser.get("/static/app.css", headers={"accept-encoding": "identity"})
    assert plain.text == hashed.text
    assert "content-encoding" not in plain.headers
    again = await browser.get("/static/app.css", headers={"if-none-match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["src/app.scss", "README.md", "../pyproject.toml", "app.000000000000.css", ""])
async def test_only_what_is_meant_for_browsers_is_served(browser: httpx.AsyncClient, name: str) -> None:
    assert (await browser.get(f"/static/{name}")).status_code == 404


async def test_the_report_page_is_light(browser: httpx.AsyncClient) -> None:
    assets = StaticAssets()
    scripts = [f"js/{path.name}" for path in (STATIC / "js").glob("*.js")]
    assert assets.packed_size("report.css") <= 10_240
    assert assets.packed_size("app.css") <= 16_384
    assert sum(map(assets.packed_size, scripts)) <= 8_192
    page = await browser.get("/gallery")
    assert page.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("sheet", ["report.css", "app.css"])
def test_style_sheets_load_nothing_and_carry_no_foreign_brand(sheet: str) -> None:
    css = (STATIC / sheet).read_text()
    assert "url(" not in css.replace('url("data:image', "")
    assert "@import" not in css
    assert "@font-face" not in css
    assert "GDS" not in css
    assert "govuk" not in css


def test_every_class_of_the_templates_has_a_style() -> None:
    known = set(re.findall(r"\.(sw-[\w-]+|is-\w+)", (STATIC / "app.css").read_text()))
    sources = TEMPLATES.rglob("*.html")
    used = {name for path in sources for name in re.findall(r"\bsw-[\w-]+(?=[\s\"])", path.read_text())}
    assert not used - known


def test_lengths_of_time_use_two_units_and_english_plurals() -> None:
    zh, en = languages()["zh"], languages()["en"]
    assert zh.length(timedelta(days=2, hours=4, minutes=9)) == "2 天 4 小时"
    assert en.length(timedelta(days=1, hours=2)) == "1 day 2 hours"
    assert en.length(timedelta(hours=1, minutes=1)) == "1 hour 1 minute"
    assert zh.length(timedelta(days=-3)) == "3 天"
    assert zh.length(timedelta(seconds=30)) == "0 分钟"
    assert en.instant(AT) == "2 March 2026, 14:05"
    assert zh.day(AT.date()) == "2026年3月2日"


async def test_the_documentation_pages_with_foreign_scripts_are_off(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/docs")).status_code == 404
    assert (await browser.get("/redoc")).status_code == 404
    assert (await browser.get("/openapi.json")).json()["info"]["title"] == "守望 Shouwang"
    assert (await browser.get("/healthz")).json() == {"status": "ok"}
