"""Every Chinese message of code, templates and rules has its English, and no catalogue holds one nobody uses."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg

from api.i18n import LOCALE, merge, read
from domain.rule_pack import read_pack

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((LOCALE / "en" / "LC_MESSAGES").glob("*.po"))


def is_chinese(text: str) -> bool:
    """Whether the text has a Chinese character or mark in it."""
    return any("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in text)


@cache
def used() -> dict[str, str]:
    """Every message id in the sources, with one place where it stands."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords=DEFAULT_KEYWORDS, directory_filter=_own)
    return dict(_titles_of_rules()) | {
        text: f"{path}:{line}"
        for path, line, message, _comments, _context in found
        for text in ((message,) if isinstance(message, str) else message[:1])
        if text
    }


def _titles_of_rules() -> Iterator[tuple[str, str]]:
    """The words of the packs that ship: titles of time limits, the law's 立即 and 及时, grounds that stop a clock."""
    for path in sorted((ROOT / "rules").glob("*.toml")):
        pack = read_pack(path)
        for rule in pack.rules:
            yield from ((text, f"rules/{path.name}: {rule.key}") for text in (rule.title, rule.word) if text)
        yield from ((ground.title, f"rules/{path.name}: {code}") for code, ground in pack.stop_reasons.items())


def _own(folder: str | Path) -> bool:
    return not Path(folder).name.startswith((".", "_")) and Path(folder).name not in {"node_modules", "static"}


@cache
def english() -> Catalog:
    return merge(CATALOGUES)


def test_every_message_has_its_english() -> None:
    missing = [
        f"{place}\nmsgid {text!r}"
        for text, place in sorted(used().items(), key=lambda pair: pair[1])
        if (message := english().get(text)) is None or not all(_forms(message.string))
    ]
    assert not missing, f"{len(missing)} messages without English:\n" + "\n".join(missing)


def test_no_translation_is_fuzzy_or_still_chinese() -> None:
    bad = [m.id for m in english() if m.id and (m.fuzzy or any(is_chinese(form) for form in _forms(m.string)))]
    assert not bad, bad


def test_every_placeholder_is_kept() -> None:
    faults = [(m.id, [str(error) for error in m.check(english())]) for m in english() if m.id and m.python_format]
    assert not [fault for fault in faults if fault[1]]


def test_every_catalogue_holds_only_messages_that_are_used() -> None:
    dead = [
        f"{path.name}: {text}"
        for path in CATALOGUES
        for message in read(path)
        if (text := _forms(message.id)[0]) and text not in used()
    ]
    assert not dead, "\n".join(dead)


def test_no_message_is_translated_in_two_ways() -> None:
    clashes = [
        f"{path.name}: {message.id!r}"
        for path in CATALOGUES
        for message in read(path)
        if message.id and (first := english().get(message.id)) is not None and first.string != message.string
    ]
    assert not clashes, "\n".join(clashes)


def test_the_source_language_is_chinese() -> None:
    foreign = [f"{place}: {text}" for text, place in used().items() if not is_chinese(text)]
    assert not foreign, "\n".join(foreign)


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)
