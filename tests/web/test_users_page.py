"""The guide for people at work quotes the words of the pages as they are."""

import re
from pathlib import Path

from tests.web.test_translations import used

PAGE = (Path(__file__).parents[2] / "docs" / "users.md").read_text(encoding="utf-8")
SAID_BY_US = {"粗体", "谁都可以报告", "时限不等人。", "不追究填得全不全。"}


def test_every_word_of_a_page_that_is_quoted_is_on_a_page() -> None:
    quoted = set(re.findall(r"\*\*([^*]+)\*\*", PAGE))
    assert len(quoted) > 40
    assert quoted - SAID_BY_US <= set(used()), quoted - SAID_BY_US - set(used())
