"""Languages of the pages: Chinese is the source, English comes from ``locale/en/LC_MESSAGES/*.po``.

Catalogues are compiled in memory at start; nothing binary is kept. Instants are shown in China's time.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import HTTPConnection

from domain.words import N_
from domain.zone import CHINA

LOCALE = Path(__file__).parent.parent / "locale"
DEFAULT = "zh"
LANG_COOKIE = "lang"

_DAYS = N_("%(count)d 天")
_HOURS = N_("%(count)d 小时")
_MINUTES = N_("%(count)d 分钟")


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages: words, dates and lengths of time."""

    code: str
    tag: str
    name: str
    catalogue: NullTranslations

    def gettext(self, message: str) -> str:
        """``message`` (Chinese source text) in this language."""
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of the message that fits ``count``. In Chinese source both forms are the same text."""
        return self.catalogue.ngettext(one, many, count)

    def day(self, day: date) -> str:
        """A date as people write it: 2026年3月2日, 2 March 2026."""
        return format_date(day, "y年M月d日" if self.code == "zh" else "d MMMM y", locale=self.code)

    def instant(self, at: datetime) -> str:
        """An aware instant to the minute, in China's time."""
        pattern = "y年M月d日 HH:mm" if self.code == "zh" else "d MMMM y, HH:mm"
        return format_datetime(at, pattern, tzinfo=CHINA, locale=self.code)

    def length(self, span: timedelta) -> str:
        """A length of time in its two largest units, of days, hours and minutes: 3 天 4 小时."""
        minutes = abs(int(span.total_seconds())) // 60
        parts = ((minutes // 1440, _DAYS), (minutes // 60 % 24, _HOURS), (minutes % 60, _MINUTES))
        first = next((n for n, (count, _) in enumerate(parts) if count), 2)
        return " ".join(
            self.ngettext(words, words, count) % {"count": count}
            for count, words in parts[first : first + 2]
            if count or first == 2
        )


def merge(paths: list[Path]) -> Catalog:
    """One catalogue of several files; the first file that has a message wins (a test forbids that they differ)."""
    whole = Catalog(locale="en")
    for path in sorted(paths):
        for message in read(path):
            if message.id and whole.get(message.id) is None:
                whole.add(message.id, message.string, flags=message.flags)
    return whole


def read(path: Path) -> Catalog:
    """One catalogue file."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


@cache
def languages() -> dict[str, Language]:
    """All languages by code; read once."""
    compiled = BytesIO()
    write_mo(compiled, merge(list((LOCALE / "en" / "LC_MESSAGES").glob("*.po"))))
    compiled.seek(0)
    return {
        "zh": Language("zh", "zh-CN", "中文", NullTranslations()),
        "en": Language("en", "en", "English", GNUTranslations(compiled)),
    }


def language_of(connection: HTTPConnection) -> Language:
    """The language of an answer: ``?lang=``, then the cookie, then Accept-Language, then Chinese."""
    known = languages()
    asked = (connection.query_params.get("lang"), connection.cookies.get(LANG_COOKIE))
    for code in (*asked, _preferred(connection.headers.get("accept-language", "")), DEFAULT):
        if code in known:
            return known[code]
    raise AssertionError("the default language is always known")


def _preferred(header: str) -> str | None:
    """The best-liked of our languages in an Accept-Language header, or None."""
    liked: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, quality = part.strip().partition(";q=")
        code = tag.split("-")[0].strip().lower()
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if code in languages() and weight > 0:
            liked.append((weight, code))
    return max(liked, key=lambda pair: pair[0])[1] if liked else None
