"""Words that are put together before their language is known: a message id and what goes into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

Translate = Callable[[str], str]
"""From Chinese source text to the reader's language; a gettext function."""

Param = Union[str, int, "Phrase"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message id (Chinese source text) with ``%(name)s`` places; phrases among ``params`` are translated too."""

    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict, hash=False)

    def said(self, translate: Translate = str) -> str:
        """The words in one language; in Chinese when no ``translate`` is given."""
        words = translate(self.msgid)
        if not self.params:
            return words
        return words % {
            name: value.said(translate) if isinstance(value, Phrase) else value for name, value in self.params.items()
        }
