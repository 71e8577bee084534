"""The rule book: all time limits of the packs a deployment has picked, asked by task and day."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from domain.rule import OPENED, Basis, Kind, LadderStep, Quiet, Rule, StopReason, Unit
from domain.rule_pack import BadPack, Pack, read_pack

__all__ = [
    "OPENED",
    "BadPack",
    "Basis",
    "Kind",
    "LadderStep",
    "Quiet",
    "Rule",
    "RuleBook",
    "StopReason",
    "Unit",
    "pack_paths",
]

PACKS = Path(__file__).resolve().parent.parent / "rules"


def pack_paths(setting: str | Iterable[str]) -> list[Path]:
    """The pack files named by a ``RULES`` setting (comma-separated, or already split): paths, or bare names of
    ``rules/NAME.toml``.

    A bare name has neither a folder nor the ending ``.toml``. Raises ValueError when nothing is named.
    """
    parts = setting.split(",") if isinstance(setting, str) else setting
    names = [name.strip() for name in parts if name.strip()]
    if not names:
        raise ValueError("RULES names no pack")
    return [Path(name) if name.endswith(".toml") or "/" in name else PACKS / f"{name}.toml" for name in names]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Every version of every rule. Built by ``load``; never changes afterwards."""

    stop_reasons: Mapping[str, StopReason]
    _by_ref: Mapping[str, tuple[Rule, Pack]] = field(repr=False)
    _by_task: Mapping[tuple[str, str], tuple[Rule, ...]] = field(repr=False)

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "RuleBook":
        """The book made of the packs in this order; a later pack overrides rows of the same key and first day.

        Raises BadPack, naming the file, the row and the reason.
        """
        rows: dict[str, tuple[Rule, Pack]] = {}
        reasons: dict[str, StopReason] = {}
        for path in paths:
            pack = read_pack(path)
            reasons.update(pack.stop_reasons)
            rows.update({rule.ref: (rule, pack) for rule in pack.rules})
        for rule, pack in rows.values():
            unknown = [code for code in rule.stops if code not in reasons]
            if unknown:
                raise BadPack(pack.path, rule.key, f"stop reason {unknown[0]!r} is in no [stop_reasons] table")
        _refuse_overlaps(rows.values())
        by_task: dict[tuple[str, str], tuple[Rule, ...]] = {}
        for rule, _ in rows.values():
            by_task[rule.process, rule.task] = (*by_task.get((rule.process, rule.task), ()), rule)
        return cls(reasons, rows, by_task)

    def for_task(self, process: str, task: str, facts: Mapping[str, str], on: date) -> list[Rule]:
        """The rules of a task that are in force ``on`` the start event's day (Asia/Shanghai) and fit the facts.

        Rows without a number (立即, 及时) are among them, not ``armed``.
        """
        return [rule for rule in self._by_task.get((process, task), ()) if rule.in_force(on) and rule.applies(facts)]

    def get(self, ref: str) -> Rule:
        """The version named ``key@first-day``; raises KeyError when no pack has it."""
        return self._by_ref[ref][0]

    def all(self) -> list[Rule]:
        """Every version, in the order of the packs."""
        return [rule for rule, _ in self._by_ref.values()]

    def quiet(self, ref: str) -> Quiet | None:
        """The quiet hours of the pack a rule came from; raises KeyError when no pack has the rule."""
        return self._by_ref[ref][1].quiet

    def check(self, process_tasks: Mapping[str, Collection[str]]) -> list[BadPack]:
        """The rows that name a process, a task or a starting task nobody has declared."""
        return list(self._strangers(process_tasks))

    def _strangers(self, process_tasks: Mapping[str, Collection[str]]) -> Iterator[BadPack]:
        for rule, pack in self._by_ref.values():
            tasks = process_tasks.get(rule.process)
            starter = rule.start.partition(".")[0]
            if tasks is None:
                yield BadPack(pack.path, rule.key, f"unknown process {rule.process!r}")
            elif rule.task not in tasks:
                yield BadPack(pack.path, rule.key, f"unknown task {rule.task!r} of {rule.process}")
            elif rule.start != OPENED and starter not in {*tasks, "case"}:
                yield BadPack(pack.path, rule.key, f"start event {rule.start!r} names an unknown task")


def _refuse_overlaps(rows: Iterable[tuple[Rule, Pack]]) -> None:
    """Raise BadPack when two versions of one key are in force on the same day."""
    ordered = sorted(rows, key=lambda row: (row[0].key, row[0].effective_from))
    for (earlier, _), (later, pack) in pairwise(ordered):
        if earlier.key == later.key and earlier.in_force(later.effective_from):
            raise BadPack(pack.path, later.key, f"overlaps the version in force from {earlier.effective_from}")
