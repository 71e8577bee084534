"""The vocabulary in which a process is declared: stages, tasks, outcomes, fields, milestones, edges.

A process is data. From its table come the forms, the API schema, the work queues, the process picture and the
documents; the flow (``workflows/``) only asks for tasks by key.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """Who a post makes a person: the roles of the four-part mechanism 四位一体."""

    REPORTER = "reporter"  # 报告单位
    CHILD_DIRECTOR = "child_director"  # 儿童主任, village
    CHILD_SUPERVISOR = "child_supervisor"  # 儿童督导员, township
    COUNTY_OFFICER = "county_officer"  # 县级民政干部
    COUNTY_LEADER = "county_leader"  # 县级民政负责人, approves and co-ordinates
    PROTECTION_CENTRE = "protection_centre"  # 未成年人保护中心
    POLICE = "police"  # 公安机关
    CITY_OFFICER = "city_officer"  # 市级民政干部
    PROVINCIAL_SUPERVISOR = "provincial_supervisor"  # 个案督办员
    REGISTRAR = "registrar"  # 收养登记员
    ADMINISTRATOR = "administrator"  # 系统管理员
    SYSTEM = "system"  # the engine itself; nobody's post


class Level(StrEnum):
    """The territory at which a task is worked: a case's code is cut to this level to find the unit."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class FieldKind(StrEnum):
    """What a field holds. Only the kinds in ``ENGINE_KINDS`` may ever reach a workflow."""

    TEXT = "text"  # narrative, encrypted in SQL only
    NAME = "name"  # a person's name, encrypted in SQL only
    PHONE = "phone"  # encrypted in SQL only
    ID_NUMBER = "id_number"  # encrypted in SQL only
    CODE = "code"  # one of ``options``
    CODES = "codes"  # several of ``options``
    FLAG = "flag"  # yes / no
    COUNT = "count"  # a small whole number
    DAY = "day"  # a date in Asia/Shanghai
    INSTANT = "instant"  # a date and time
    TERRITORY = "territory"  # a territory code
    VILLAGE = "village"  # a village of the case's township: places the case more closely
    CASE = "case"  # another case, given by its number, carried as its id
    SERVICES = "services"  # help plan rows: (service code, provider, due day)


ENGINE_KINDS = frozenset(
    {
        FieldKind.CODE,
        FieldKind.CODES,
        FieldKind.FLAG,
        FieldKind.COUNT,
        FieldKind.DAY,
        FieldKind.INSTANT,
        FieldKind.TERRITORY,
        FieldKind.VILLAGE,
        FieldKind.CASE,
        FieldKind.SERVICES,
    }
)


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a coded field: its code and its Chinese words."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form.

    ``fact``: when given, the coded answer becomes a fact of the case under this name (``colour``, ``guardianship`` …).
    ``least``: for CODES the least number of answers, for COUNT the least value. ``most``: longest text in characters,
    greatest count.
    """

    key: str
    title: str
    kind: FieldKind
    required: bool = True
    options: tuple[Option, ...] = ()
    help: str = ""
    fact: str | None = None
    least: int = 0
    most: int = 2000

    @property
    def reaches_engine(self) -> bool:
        """Whether a workflow may know the answer (codes and instants only, never words of a person)."""
        return self.kind in ENGINE_KINDS


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a task can end.

    ``returns``: this outcome sends the work back: the named task is opened again on its running clock.
    ``second_person``: whoever did the named task may not give this outcome (four eyes).
    ``moves``: the case goes to the territory given in the field ``territory``; the item stays open there (a hop).
    ``joins``: the case is merged into the one given in the field ``case``.
    ``needs_clear``: refused while safety work is open or a visit is missing.
    """

    key: str
    title: str
    fields: tuple[Field, ...] = ()
    returns: str | None = None
    second_person: str | None = None
    moves: bool = False
    joins: bool = False
    needs_clear: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work (事项) that one of ``roles`` at ``level`` does and ends with one of ``outcomes``.

    ``discretionary``: a person may start it at any time while the case is open, the flow need not ask for it.
    ``safety``: an open one forbids closing the case.
    ``raises_report``: opening it is itself a new report about the child, written to the book of reports.
    ``hint``: one sentence that says what to do, shown above the form.
    ``paper``: the document that proves it, in the words of the source.
    """

    key: str
    stage: str
    title: str
    roles: tuple[Role, ...]
    level: Level
    outcomes: tuple[Outcome, ...]
    hint: str = ""
    paper: str = ""
    discretionary: bool = False
    safety: bool = False
    raises_report: bool = False

    def __hash__(self) -> int:
        # Tasks are keys of caches on busy paths: their names tell them apart, their many fields need not be walked.
        return hash(self.key)

    def outcome(self, key: str) -> Outcome:
        """The outcome named ``key``; raises KeyError when the task has none of that name."""
        for outcome in self.outcomes:
            if outcome.key == key:
                return outcome
        raise KeyError(key)

    @property
    def is_system(self) -> bool:
        """Nobody's work: the engine waits on it (a window, a validity)."""
        return self.roles == (Role.SYSTEM,)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the mechanism; its order in the process is the order of the columns in the picture."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A fact worth a flag on the picture: reached when ``task`` has ended with ``outcome``."""

    key: str
    title: str
    task: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A line of the picture: from one task to another (``""`` = start or end), with the outcome as its label."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """One declared process. ``lanes`` are rows of the picture: a lane key, its title, the roles that work in it."""

    key: str
    version: int
    title: str
    basis: str
    stages: tuple[Stage, ...]
    lanes: tuple[tuple[str, str, tuple[Role, ...]], ...]
    tasks: tuple[Task, ...]
    milestones: tuple[Milestone, ...]
    edges: tuple[Edge, ...]
    _by_key: dict[str, Task] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_key.update({task.key: task for task in self.tasks})
        if len(self._by_key) != len(self.tasks):
            raise ValueError(f"process {self.key}: a task key is declared twice")

    def task(self, key: str) -> Task:
        """The task named ``key``; raises KeyError when the process has none of that name."""
        return self._by_key[key]

    def has(self, key: str) -> bool:
        """Whether a task of that name is declared."""
        return key in self._by_key
