"""Reading one rule pack (TOML) and refusing every bad row with file, row and reason."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from domain import toml_shape as toml
from domain.durations import parse_duration
from domain.process import Level, Role
from domain.rule import HOLDER, MARKS, Basis, Kind, LadderStep, Quiet, Rule, StopReason, Unit
from domain.rule_faults import reminder_faults, rule_faults

_ADDRESSES = frozenset({HOLDER, *Role}) - {Role.SYSTEM, Role.REPORTER}
_TOP = frozenset({"pack", "rule", "ladders", "stop_reasons"})
_HEADER = frozenset({"name", "jurisdiction", "default_reminders", "default_ladder", "quiet"})
_TEXTS = ("key", "process", "task", "title", "kind", "unit", "start")
_FIELDS = frozenset(Rule.__dataclass_fields__)


class BadPack(ValueError):
    """A pack that must not be used: which file, which row (its key, or its place), and why."""

    def __init__(self, file: Path, row: str, reason: str) -> None:
        super().__init__(f"{file}: {row}: {reason}" if row else f"{file}: {reason}")
        self.file, self.row, self.reason = file, row, reason


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of rules."""

    path: Path
    name: str
    jurisdiction: str
    rules: tuple[Rule, ...]
    quiet: Quiet | None
    stop_reasons: Mapping[str, StopReason]


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a row may leave out: reminders, the ladder, and the ladders it may call by name."""

    reminders: tuple[str, ...]
    ladder: tuple[LadderStep, ...]
    ladders: Mapping[str, tuple[LadderStep, ...]]


def read_pack(path: Path) -> Pack:
    """The pack in the file ``path``; raises BadPack."""
    try:
        raw: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadPack(path, "", f"cannot be read: {error}") from error
    where = ""
    try:
        toml.only(raw, _TOP)
        where = "[pack]"
        header = toml.table(raw, "pack")
        toml.only(header, _HEADER)
        name, jurisdiction = toml.text(header, "name"), toml.text(header, "jurisdiction")
        quiet = _quiet(toml.table(header, "quiet")) if "quiet" in header else None
        reminders = toml.texts(header, "default_reminders")
        ladder = _ladder(header.get("default_ladder", []))
        _raise_first(reminder_faults(reminders))
        where = "[ladders]"
        ladders = {key: _ladder(steps) for key, steps in toml.table(raw, "ladders").items()}
        where = "[stop_reasons]"
        stop_reasons = {code: _stop_reason(code, entry) for code, entry in toml.table(raw, "stop_reasons").items()}
        where = "[[rule]]"
        entries = toml.rows(raw, "rule")
    except ValueError as error:
        raise BadPack(path, where, str(error)) from error
    rules = _rows(path, entries, _Defaults(reminders, ladder, ladders))
    return Pack(path, name, jurisdiction, rules, quiet, stop_reasons)


def _raise_first(faults: Iterator[str]) -> None:
    for fault in faults:
        raise toml.WrongShape(fault)


def _rows(path: Path, entries: list[object], defaults: _Defaults) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for place, entry in enumerate(entries, start=1):
        row = f"row {place}"
        try:
            if not isinstance(entry, dict):
                raise toml.WrongShape("is not a table")
            row = str(entry.get("key") or row)
            rule = _rule(entry, defaults)
            _raise_first(rule_faults(rule))
            if rule.ref in rules:
                raise toml.WrongShape(f"stands twice with effective_from {rule.effective_from}")
        except ValueError as error:
            raise BadPack(path, row, str(error)) from error
        rules[rule.ref] = rule
    return tuple(rules.values())


def _rule(raw: Mapping[str, object], defaults: _Defaults) -> Rule:
    """The row as typed; raises ValueError for what has the wrong shape."""
    toml.only(raw, _FIELDS)
    key, process, task, title, kind, unit, start = (toml.text(raw, name) for name in _TEXTS)
    kind, unit = toml.member(Kind, "kind", kind), toml.member(Unit, "unit", unit)
    plain = unit is Unit.NONE
    when = {fact: toml.texts(toml.table(raw, "when"), fact) for fact in toml.table(raw, "when")}
    ladder = raw.get("ladder")
    if isinstance(ladder, str):
        if ladder not in defaults.ladders:
            raise toml.WrongShape(f"ladder {ladder!r} is not in [ladders]")
        steps = defaults.ladders[ladder]
    elif ladder is not None:
        steps = _ladder(ladder)
    else:
        steps = () if plain or kind is Kind.WAIT else defaults.ladder
    reminders = toml.texts(raw, "reminders") if "reminders" in raw else () if plain else defaults.reminders
    return Rule(
        key=key,
        process=process,
        task=task,
        title=title,
        kind=kind,
        unit=unit,
        length=toml.optional_text(raw, "length"),
        word=toml.optional_text(raw, "word"),
        start=start,
        when=when,
        rolls=toml.flag(raw, "rolls", default=unit in {Unit.NATURAL_DAYS, Unit.WORKING_DAYS, Unit.MONTHS}),
        stops=toml.texts(raw, "stops"),
        extension=toml.optional_text(raw, "extension"),
        extensions=toml.whole(raw, "extensions"),
        statutory=toml.flag(raw, "statutory"),
        basis=tuple(_basis(entry) for entry in toml.rows(raw, "basis")),
        effective_from=toml.day(raw, "effective_from"),
        effective_to=toml.day(raw, "effective_to") if "effective_to" in raw else None,
        reminders=reminders,
        ladder=steps,
        from_next_hour=toml.flag(raw, "from_next_hour", default=False),
        judged=toml.texts(raw, "judged"),
    )


def _ladder(value: object) -> tuple[LadderStep, ...]:
    if not isinstance(value, list):
        raise toml.WrongShape("ladder must be a list of steps or the name of one in [ladders]")
    steps = tuple(_step(entry) for entry in value)
    delays = [parse_duration(step.after) for step in steps]
    if delays != sorted(delays):
        raise toml.WrongShape("ladder is not ascending")
    if len({(step.after, step.to) for step in steps}) < len(steps):
        raise toml.WrongShape("a ladder step stands twice")
    return steps


def _step(value: object) -> LadderStep:
    if not isinstance(value, dict):
        raise toml.WrongShape("a ladder step must be a table of after, to and level")
    toml.only(value, frozenset({"after", "to", "level"}))
    step = LadderStep(toml.text(value, "after"), toml.text(value, "to"), toml.optional_text(value, "level"))
    parse_duration(step.after)
    if step.to not in _ADDRESSES:
        raise toml.WrongShape(f"ladder step to unknown {step.to!r}")
    if step.level and step.level not in set(Level):
        raise toml.WrongShape(f"ladder step at unknown level {step.level!r}")
    return step


def _basis(value: object) -> Basis:
    if not isinstance(value, list) or len(value) != 3 or not all(isinstance(part, str) for part in value):
        raise toml.WrongShape("a basis is [instrument, article, mark]")
    instrument, article, mark = (part.strip() for part in value)
    if not instrument or not article:
        raise toml.WrongShape("a basis names an instrument and an article")
    if mark not in MARKS:
        raise toml.WrongShape(f"unknown mark {mark!r} of a basis")
    return Basis(instrument, article, mark)


def _stop_reason(code: str, value: object) -> StopReason:
    if not isinstance(value, dict):
        raise toml.WrongShape(f"{code} is not a table")
    toml.only(value, frozenset({"title", "basis"}))
    return StopReason(toml.text(value, "title"), _basis(value.get("basis")))


def _quiet(raw: Mapping[str, object]) -> Quiet:
    toml.only(raw, frozenset({"from", "to", "exempt_colours"}))
    try:
        starts, ends = time.fromisoformat(toml.text(raw, "from")), time.fromisoformat(toml.text(raw, "to"))
    except ValueError as error:
        raise toml.WrongShape(f"quiet: {error}") from error
    if starts == ends or starts.tzinfo or ends.tzinfo:
        raise toml.WrongShape("quiet hours begin and end at two different local times")
    return Quiet(starts, ends, toml.texts(raw, "exempt_colours"))
