"""Marks Chinese source text for translation without depending on gettext."""


def N_(text: str) -> str:  # noqa: N802 - the conventional gettext marker
    """Return ``text`` unchanged; the extractor finds it by this name, pages translate it when shown."""
    return text
