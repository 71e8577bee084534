"""Jilin's territories: the sixty counties, the bodies of city rank, containment by prefix, validity in time."""

from collections import Counter
from datetime import date

import pytest

from domain.process import Level
from domain.territory import (
    CITY_RANK_COUNTIES,
    LENGTHS,
    Gazetteer,
    TerritoryKind,
    contains,
    cut,
    level_of,
    parent_of,
)

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def every_code(gazetteer: Gazetteer) -> list[str]:
    found, todo = [], ["22"]
    while todo:
        code = todo.pop()
        found.append(code)
        todo.extend(child.code for child in gazetteer.children(code))
    return found


def county_type(name: str) -> str:
    return "自治县" if name.endswith("自治县") else name[-1]


def test_jilin_has_sixty_statutory_counties(gazetteer: Gazetteer) -> None:
    counties = [
        county
        for city in gazetteer.children("22", TODAY)
        for county in gazetteer.children(city.code, TODAY)
        if county.kind is TerritoryKind.STATUTORY
    ]
    assert Counter(county_type(county.name) for county in counties) == {"区": 21, "市": 20, "县": 16, "自治县": 3}
    assert len(counties) == 60


def test_every_row_has_the_level_of_its_code_and_all_its_ancestors(gazetteer: Gazetteer) -> None:
    codes = every_code(gazetteer)
    assert len(codes) == len(set(codes)) == len(gazetteer) - 1  # the old code of 公主岭市 has ended
    for code in codes:
        row = gazetteer.get(code)
        assert row.level is level_of(code)
        assert [step.code for step in gazetteer.path(code)] == [
            code[:length] for length in LENGTHS.values() if length <= len(code)
        ]


def test_development_zones_are_marked(gazetteer: Gazetteer) -> None:
    zones = [row for row in gazetteer.children("2201") if row.kind is TerritoryKind.DEVELOPMENT_ZONE]
    assert {row.code for row in zones} == {"220171", "220172", "220173", "220174"}
    assert gazetteer.get("220106400").kind is TerritoryKind.DEVELOPMENT_ZONE  # 绿园经济开发区
    assert gazetteer.get("220702005").kind is TerritoryKind.STATUTORY  # 新区街道 is a street by that name
    assert gazetteer.get("220184405").kind is TerritoryKind.SIMILAR_UNIT  # 创业农场


def test_the_notice_knows_eleven_bodies_of_city_rank(gazetteer: Gazetteer) -> None:
    bodies = {row.code: row.name for row in gazetteer.city_bodies(TODAY)}
    assert len(bodies) == 11
    assert bodies["2290"] == "长白山保护开发区管理委员会"
    assert bodies["220581"] == "梅河口市"
    assert {code for code in bodies if level_of(code) is Level.COUNTY} == CITY_RANK_COUNTIES


def test_a_county_of_city_rank_is_its_own_city_and_stays_in_the_tree(gazetteer: Gazetteer) -> None:
    township = gazetteer.children("220581")[0].code
    assert cut(township, Level.CITY) == cut(township, Level.COUNTY) == "220581"
    assert contains("2205", township)
    assert gazetteer.full_name("220581") == "吉林省通化市梅河口市"


def test_changbaishan_holds_its_own_zones(gazetteer: Gazetteer) -> None:
    assert [row.name for row in gazetteer.children("2290")] == ["池北区", "池西区", "池南区"]
    village = gazetteer.children("229071120")[0]
    assert village.source_code is not None and village.source_code.startswith("222426120")
    assert cut(village.code, Level.CITY) == "2290"
    assert not gazetteer.exists("222426120")


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (Level.PROVINCE, "22"),
        (Level.CITY, "2201"),
        (Level.COUNTY, "220102"),
        (Level.TOWNSHIP, "220102001"),
        (Level.VILLAGE, None),
    ],
)
def test_a_code_is_cut_to_the_level_that_works_on_it(level: Level, expected: str | None) -> None:
    assert cut("220102001", level) == expected


def test_containment_is_by_prefix_of_a_whole_level() -> None:
    assert contains("2201", "220102001") and contains("2201", "2201")
    assert not contains("220102001", "2201")
    assert not contains("2202", "220102")
    assert parent_of("220102001") == "220102" and parent_of("22") is None


@pytest.mark.parametrize("text", ["", "2", "220", "22010", "2201020", "22a1", "２２", "22 ", "2201020010000", "²²"])
def test_a_text_that_is_no_code_is_refused(text: str, gazetteer: Gazetteer) -> None:
    with pytest.raises(ValueError, match="territory code"):
        level_of(text)
    with pytest.raises(ValueError, match="territory code"):
        contains("22", text)
    assert not gazetteer.exists(text) and gazetteer.children(text) == ()


def test_gongzhuling_changes_city_and_code_on_its_day(gazetteer: Gazetteer) -> None:
    before, after = date(2020, 6, 18), date(2020, 6, 19)
    assert gazetteer.find("220381", before) is not None and gazetteer.find("220381", after) is None
    assert gazetteer.find("220184", before) is None and gazetteer.find("220184", after) is not None
    assert not gazetteer.exists("220381") and gazetteer.exists("220381", before)
    assert gazetteer.get("220381").name == "公主岭市"
    assert "220381" not in {row.code for row in gazetteer.children("2203", after)}


def test_a_code_never_known_raises(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("110101", TODAY) is None
    with pytest.raises(KeyError):
        gazetteer.get("110101")
    with pytest.raises(KeyError):
        gazetteer.full_name("220199")


def test_the_gazetteer_is_read_once() -> None:
    assert Gazetteer.load() is Gazetteer.load()
