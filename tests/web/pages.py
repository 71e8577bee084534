"""What is wrong with one HTML page: validity, language, heading, title, labels, ids, forms, inline code."""

from collections import Counter
from collections.abc import Iterator

import html5lib
from bs4 import BeautifulSoup, Tag

INLINE = ("script:not([src])", "style", "[style]", "[href^='javascript:']")
POINTERS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")
LEAKS = ("{{", "{%", "N_(", "Undefined", ">None<")


def page_faults(html: str) -> list[str]:
    """Everything wrong with one page, in words; empty when it is good."""
    page = BeautifulSoup(html, "html5lib")
    checks = (_validity(html), _head(page), _inline(page), _ids(page), _forms(page), _fields(page))
    leaks = [f"template code or a missing value shows: {mark}" for mark in LEAKS if mark in html]
    return [fault for check in checks for fault in check] + leaks


def _validity(html: str) -> Iterator[str]:
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except html5lib.html5parser.ParseError as error:
        yield f"not valid HTML5: {error}"


def _head(page: BeautifulSoup) -> Iterator[str]:
    root = page.find("html")
    if not isinstance(root, Tag) or root.get("lang") not in {"zh-CN", "en"}:
        yield "html has no lang of ours"
    if (count := len(page.find_all("h1"))) != 1:
        yield f"{count} h1 headings"
    title = page.title.get_text() if page.title else ""
    if not title.removesuffix("守望").removesuffix("Shouwang").strip(" ·"):
        yield "no title of its own"


def _inline(page: BeautifulSoup) -> Iterator[str]:
    yield from (f"inline code: {selector}" for selector in INLINE if page.select_one(selector))
    for tag in page.find_all(True):
        yield from (f"handler {name} on {tag.name}" for name in tag.attrs if name.startswith("on"))


def _ids(page: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in page.select("[id]"))
    yield from (f"id {name} is used {count} times" for name, count in ids.items() if count > 1)
    for attribute in POINTERS:
        for tag in page.select(f"[{attribute}]"):
            names = str(tag[attribute]).split()
            yield from (f"{attribute} points to {name}, which is not there" for name in names if name not in ids)
    for link in page.select("a[href^='#']"):
        if str(link["href"])[1:] not in ids:
            yield f"link to {link['href']}, which is not there"


def _forms(page: BeautifulSoup) -> Iterator[str]:
    for form in page.select("form"):
        yield from (f"form without {name}" for name in ("action", "method") if not form.get(name))
        if form.get("method") == "post" and not form.select_one("input[name=csrf_token]"):
            yield f"form to {form.get('action')} has no csrf_field"


def _fields(page: BeautifulSoup) -> Iterator[str]:
    labelled = {str(label["for"]) for label in page.select("label[for]")}
    for field in page.select("input, select, textarea"):
        if field.get("type") in {"hidden", "submit"}:
            continue
        if str(field.get("id")) not in labelled and not field.get("aria-label"):
            yield f"{field.name} {field.get('name')} has no label"
        if not field.get("name"):
            yield f"{field.name} {field.get('id')} has no name"
