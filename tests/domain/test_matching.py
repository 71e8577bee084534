"""The same child under another spelling is suggested, a masked or missing name never."""

from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching import LINKS, Strength, TokenKind, canonical_name, sound_of, strength, surname_of, tokens

ANSWERS = (True, None, False)


def shared(one: str, other: str, year: int | None = None, place: str | None = None) -> frozenset[TokenKind]:
    left, right = tokens(one, year, place), tokens(other, year, place)
    return frozenset(kind for kind in left if left[kind] == right.get(kind))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张三", "张三"),
        (" 张 三\u3000", "张三"),
        ("阿依古丽·买买提", "阿依古丽买买提"),
        ("阿依古丽•买买提", "阿依古丽买买提"),
        ("Ｊｏｈｎ Smith", "johnsmith"),
        ("Max Foxx", "maxfoxx"),
        ("𠮷田", "𠮷田"),
        ("小叶", "小叶"),
        ("芳芳", "芳芳"),
    ],
)
def test_a_name_has_one_form(text: str, name: str) -> None:
    assert canonical_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "  ", "·", "张"),
        *("杨某乙", "岳某某", "李某", "张*", "王×", "李○○", "陈X", "陈xx", "XXX", "王？", "孩子1"),
        *("不详", "不清楚", "未知", "弃婴", "女婴", "男童", "婴儿"),
    ],
)
def test_a_masked_or_missing_name_gives_no_token(text: str | None) -> None:
    assert canonical_name(text) is None
    assert tokens(text, 2018, "220102") == {}


def test_a_name_of_two_characters_gives_every_token() -> None:
    assert tokens("张三", 2018, "220102") == {
        TokenKind.NAME: "张三",
        TokenKind.PINYIN: "zhangsan",
        TokenKind.SOUND: "zan san",
        TokenKind.SURNAME_YEAR: "zan|2018",
        TokenKind.INITIALS_YEAR: "zs|2018|220102",
    }


def test_nothing_is_made_of_what_is_not_known() -> None:
    assert set(tokens("张三")) == {TokenKind.NAME, TokenKind.PINYIN, TokenKind.SOUND}
    assert TokenKind.INITIALS_YEAR not in tokens("张三", 2018)
    assert TokenKind.SURNAME_YEAR not in tokens("张三", None, "220102")


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("王小明", "王晓鸣", TokenKind.PINYIN),  # homophones
        ("张三", "Zhang San", TokenKind.PINYIN),  # typed in letters
        ("吕布", "Lü Bu", TokenKind.PINYIN),
        ("李宁", "李林", TokenKind.SOUND),  # n and l, ing and in
        ("张生", "臧森", TokenKind.SOUND),  # zh and z, sh and s, eng and en
        ("程芳", "岑凡", TokenKind.SOUND),  # ch and c, ang and an
        ("吕女", "卢努", TokenKind.SOUND),  # ü and u
        ("曾英", "增英", TokenKind.PINYIN),  # a surname read in its own way
    ],
)
def test_a_name_written_as_it_was_heard_is_found(one: str, other: str, kind: TokenKind) -> None:
    assert kind in shared(one, other)
    assert TokenKind.NAME not in shared(one, other)


@pytest.mark.parametrize(("one", "other"), [("张三", "李四"), ("银刚", "依南"), ("王小明", "汪小梅")])
def test_another_name_shares_nothing_by_name_or_sound(one: str, other: str) -> None:
    assert not shared(one, other) & {TokenKind.NAME, TokenKind.PINYIN, TokenKind.SOUND}


def test_surnames_are_read_as_surnames() -> None:
    assert tokens("单小明")[TokenKind.PINYIN] == "shanxiaoming"
    assert tokens("朴正贤")[TokenKind.PINYIN].startswith("piao")
    assert tokens("尉迟恭")[TokenKind.PINYIN] == "yuchigong"
    assert surname_of("欧阳娜娜") == "欧阳" and surname_of("欧阳") == "欧" and surname_of("王芳") == "王"


def test_sounds_are_heard_alike_only_at_their_place() -> None:
    assert [sound_of(text) for text in ("zhong", "cheng", "shang", "nin", "ling", "lv", "en", "dong")] == [
        "zong",
        "cen",
        "san",
        "lin",
        "lin",
        "lu",
        "en",
        "dong",
    ]


@given(st.text(max_size=20), st.none() | st.integers(2000, 2030), st.none() | st.just("220102"))
def test_any_text_gives_tokens_that_are_the_same_next_time(name: str, year: int | None, place: str | None) -> None:
    found = tokens(name, year, place)
    assert found == tokens(f" {name} ", year, place)
    assert all(found.values())


@pytest.mark.parametrize(
    ("one", "other", "birth", "place", "expected"),
    [
        ("王小明", "王小明", True, False, Strength.STRONG),
        ("王小明", "王小明", None, True, Strength.STRONG),
        ("王小明", "王小明", None, None, Strength.POSSIBLE),
        ("王小明", "王小明", False, True, Strength.POSSIBLE),
        ("王小明", "王小明", False, False, None),
        ("王小明", "王晓鸣", True, True, Strength.STRONG),
        ("王小明", "王晓鸣", True, False, Strength.POSSIBLE),
        ("王小明", "王晓鸣", None, None, None),
        ("李宁", "李林", True, True, Strength.POSSIBLE),
        ("李宁", "李林", True, False, None),
        ("张三", "李四", True, True, None),
    ],
)
def test_how_strongly_two_reports_point_at_one_child(
    one: str, other: str, birth: bool | None, place: bool | None, expected: Strength | None
) -> None:
    assert strength(shared(one, other), birth, place) == expected


def test_initials_alone_suggest_only_with_surname_year_and_place() -> None:
    weak = shared("王小明", "王雪梅", 2018, "220102")
    assert weak == {TokenKind.SURNAME_YEAR, TokenKind.INITIALS_YEAR}
    assert strength(weak, True, True) is Strength.POSSIBLE
    assert strength(weak, True, None) is None
    assert strength(frozenset({TokenKind.SURNAME_YEAR}), True, True) is None


def test_knowing_more_in_common_never_weakens_a_suggestion() -> None:
    rank = {None: 0, Strength.POSSIBLE: 1, Strength.STRONG: 2}
    subsets = [frozenset(kinds) for kinds in chain.from_iterable(combinations(TokenKind, n) for n in range(6))]
    for kinds, birth, place in product(subsets, ANSWERS, ANSWERS):
        here = rank[strength(kinds, birth, place)]
        assert rank[strength(kinds, True, place)] >= here
        assert rank[strength(kinds, birth, True)] >= here
        assert all(rank[strength(kinds | {kind}, birth, place)] >= here for kind in TokenKind)
    assert strength(frozenset(), True, True) is None


def test_every_row_of_the_table_decides_something() -> None:
    subsets = [frozenset(kinds) for kinds in chain.from_iterable(combinations(TokenKind, n) for n in range(6))]
    used = {
        next((link for link in LINKS if link.kinds <= kinds and birth in link.births and place in link.places), None)
        for kinds, birth, place in product(subsets, ANSWERS, ANSWERS)
    }
    assert used - {None} == set(LINKS)
