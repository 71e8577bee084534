"""The people of the demonstration: one of every role, in two counties of one city and one of another."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from domain.permissions import ROLE_TITLES
from domain.process import Role
from store.tables.unit import UnitKind

DEMO_PASSWORD = "shouwang-demo"  # noqa: S105 - printed at every start of the demonstration
_NAMESPACE = UUID("8f1f6a52-6a0c-4b5e-9d0b-3c9a5b1f2e77")


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of the demonstration. ``link``: the secret of its QR link, for units that report."""

    key: str
    name: str
    kind: UnitKind
    territory: str
    link: str = ""

    @property
    def id(self) -> UUID:
        """The same at every start."""
        return uuid5(_NAMESPACE, f"unit:{self.key}")


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A person of the demonstration, who has one post. ``title``: role and place, as printed at the start."""

    name: str
    person: str
    role: Role
    unit: DemoUnit
    password: str = DEMO_PASSWORD

    @property
    def id(self) -> UUID:
        """The same at every start."""
        return uuid5(_NAMESPACE, f"person:{self.name}")

    @property
    def post_id(self) -> UUID:
        """The same at every start."""
        return uuid5(_NAMESPACE, f"post:{self.name}")

    @property
    def territory(self) -> str:
        """The territory of the post is that of its unit."""
        return self.unit.territory

    @property
    def title(self) -> str:
        """Role and unit."""
        return f"{ROLE_TITLES[self.role]}（{self.unit.name}）"


@dataclass(frozen=True, slots=True)
class _County:
    name: str
    code: str
    township: tuple[str, str]
    village: tuple[str, str]


_COUNTIES = (
    _County("长春市朝阳区", "220104", ("前进街道", "220104001"), ("东田社区", "220104001001")),
    _County("长春市农安县", "220122", ("农安镇", "220122100"), ("长安村委会", "220122100211")),
    _County("吉林市昌邑区", "220202", ("兴华街道", "220202001"), ("东厂宅社区", "220202001001")),
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
_GIVEN = "文静安宁志远春梅"

_REPORTING = (
    ("school", UnitKind.SCHOOL, "{township}中心小学"),
    ("village", UnitKind.VILLAGE_COMMITTEE, "{village}"),
    ("clinic", UnitKind.HOSPITAL, "{township}卫生院"),
    ("home", UnitKind.WELFARE_INSTITUTION, "{township}儿童之家"),
)


def _in_county(number: int, county: _County) -> list[tuple[str, Role, DemoUnit]]:
    (township, township_code), (village, village_code) = county.township, county.village
    people = []
    for key, kind, name in _REPORTING:
        full = name.format(township=township, village=village)
        code = village_code if kind is UnitKind.VILLAGE_COMMITTEE else township_code
        unit = DemoUnit(f"{key}{number}", full, kind, code, f"demo-{key}{number}-link")
        people.append((f"{key}{number}", Role.REPORTER, unit))
    committee = DemoUnit(f"director{number}", village, UnitKind.VILLAGE_COMMITTEE, village_code)
    office = DemoUnit(f"township{number}", f"{township}社会事务办", UnitKind.TOWNSHIP, township_code)
    bureau = DemoUnit(f"bureau{number}", f"{county.name}民政局", UnitKind.BUREAU, county.code)
    centre = DemoUnit(f"centre{number}", f"{county.name}未成年人保护中心", UnitKind.CENTRE, county.code)
    police = DemoUnit(f"police{number}", f"{county.name}公安局", UnitKind.POLICE, county.code)
    return [
        *people,
        (f"director{number}", Role.CHILD_DIRECTOR, committee),
        (f"township{number}", Role.CHILD_SUPERVISOR, office),
        (f"county{2 * number - 1}", Role.COUNTY_OFFICER, bureau),
        (f"county{2 * number}", Role.COUNTY_OFFICER, bureau),
        (f"leader{number}", Role.COUNTY_LEADER, bureau),
        (f"centre{number}", Role.PROTECTION_CENTRE, centre),
        (f"police{number}", Role.POLICE, police),
    ]


def _above() -> list[tuple[str, Role, DemoUnit]]:
    province = DemoUnit("province", "吉林省民政厅", UnitKind.BUREAU, "22")
    return [
        ("city1", Role.CITY_OFFICER, DemoUnit("city1", "长春市民政局", UnitKind.BUREAU, "2201")),
        ("city2", Role.CITY_OFFICER, DemoUnit("city2", "吉林市民政局", UnitKind.BUREAU, "2202")),
        ("province1", Role.PROVINCIAL_SUPERVISOR, province),
        ("province2", Role.PROVINCIAL_SUPERVISOR, province),
        ("registrar1", Role.REGISTRAR, DemoUnit("bureau1", "长春市朝阳区民政局", UnitKind.BUREAU, "220104")),
        ("admin", Role.ADMINISTRATOR, province),
    ]


def _everyone() -> tuple[DemoLogin, ...]:
    posts = [post for n, county in enumerate(_COUNTIES, start=1) for post in _in_county(n, county)] + _above()
    named = zip(posts, (s + g for g in _GIVEN for s in _SURNAMES), strict=False)
    return tuple(DemoLogin(login, person, role, unit) for (login, role, unit), person in named)


DEMO_LOGINS = _everyone()
"""Everybody who can log in to the demonstration."""
