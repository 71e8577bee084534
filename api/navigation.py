"""Where a role's pages are: the entries of the staff navigation, and the page it starts at."""

from dataclasses import dataclass

from api.templating import NavItem
from domain.permissions import OFFICE_RIGHTS, SEES_INVOLVED, SEES_TERRITORY, Verb
from domain.process import Role
from domain.words import N_

STAFF = SEES_TERRITORY | SEES_INVOLVED
ADMINS = frozenset({Role.ADMINISTRATOR})
EVERYBODY = frozenset(Role) - {Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class _Entry:
    href: str
    text: str
    roles: frozenset[Role]


_ENTRIES: tuple[_Entry, ...] = (
    _Entry("/tasks", N_("我的事项"), STAFF),
    _Entry("/cases", N_("个案"), STAFF),
    _Entry("/search", N_("查找儿童"), OFFICE_RIGHTS[Verb.SEARCH]),
    _Entry("/admin/people", N_("人员与岗位"), ADMINS),
    _Entry("/admin/units", N_("报告链接"), ADMINS),
    _Entry("/admin/calendar", N_("工作日历"), ADMINS),
    _Entry("/admin/system", N_("系统状态"), ADMINS),
    _Entry("/report", N_("报告"), EVERYBODY - ADMINS),
    _Entry("/law", N_("法律依据"), EVERYBODY),
    _Entry("/sessions", N_("登录与岗位"), EVERYBODY),
)


def nav_for(role: Role) -> tuple[NavItem, ...]:
    """The entries a role sees."""
    return tuple(NavItem(entry.href, entry.text) for entry in _ENTRIES if role in entry.roles)


def start_of(role: Role) -> str:
    """The page a person lands on after login."""
    if role in STAFF:
        return "/tasks"
    return "/admin/units" if role in ADMINS else "/"
