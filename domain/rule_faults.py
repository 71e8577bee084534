"""What can be wrong with a rule whose fields have the right shape: each function yields reasons in words."""

import re
from collections.abc import Iterator

from domain.durations import parse_duration
from domain.rule import LEGAL_MARKS, OPENED, Kind, Rule, Unit

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_START = re.compile(r"[a-z_]+\.[a-z_]+")
_COUNT = re.compile(r"0|[1-9]\d{0,3}")
_PERCENT = re.compile(r"[1-9]\d?%")
_LATER = ("from_next_hour", "judged")
_BEFORE = re.compile(r"-(P.+|[1-9]\d{0,3}d)")


def rule_faults(rule: Rule) -> Iterator[str]:
    """Everything that is wrong with a row whose fields have the right shape."""
    if not _KEY.fullmatch(rule.key):
        yield f"key {rule.key!r} may hold letters, digits, dot, dash and underscore only"
    if rule.start != OPENED and not _START.fullmatch(rule.start):
        yield f"start {rule.start!r} is neither {OPENED!r} nor of the form task.event"
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        yield f"effective_to {rule.effective_to} is before effective_from {rule.effective_from}"
    for fact, allowed in rule.when.items():
        if not allowed:
            yield f"when.{fact} allows no value"
    yield from _basis_faults(rule)
    yield from _period_faults(rule)
    yield from reminder_faults(rule.reminders)
    if rule.armed and not any(_length_faults(rule)):
        yield from _rung_faults(rule)


def _basis_faults(rule: Rule) -> Iterator[str]:
    marks = {basis.mark for basis in rule.basis}
    if not marks:
        yield "basis names no instrument"
    if rule.statutory and not marks & LEGAL_MARKS:
        yield "a statutory row needs a basis marked V, V* or S"
    if rule.statutory and "M" in marks:
        yield "a row with a basis from memory (M) may not be statutory"
    if not rule.statutory and "D" not in marks:
        yield "a target row needs a basis marked D"


def _period_faults(rule: Rule) -> Iterator[str]:
    """Kind, unit, length, word, rolling, stops and extension that do not fit each other."""
    yield from _armed_faults(rule) if rule.armed else _wordy_faults(rule)
    if bool(rule.extension) != bool(rule.extensions):
        yield "extension and extensions go together"


def _armed_faults(rule: Rule) -> Iterator[str]:
    yield from _length_faults(rule)
    if rule.word:
        yield "word belongs to rows without a number (unit none)"
    if rule.unit is Unit.ELAPSED and rule.rolls:
        yield "unit elapsed never rolls"
    if rule.unit is Unit.WORKING_DAYS and not rule.rolls:
        yield "unit working_days always ends on a working day: rolls may not be false"
    if rule.from_next_hour and rule.unit is not Unit.ELAPSED:
        yield "from_next_hour is for unit elapsed"


def _wordy_faults(rule: Rule) -> Iterator[str]:
    """A row without a number: nothing but the law's word."""
    if rule.kind is not Kind.LIMIT:
        yield "kind wait needs a length (unit none has no number)"
    if not rule.word:
        yield "unit none needs word, what the law says instead of a number"
    for name in (
        "length",
        "stops",
        "extension",
        "extensions",
        "rolls",
        "reminders",
        "ladder",
        "from_next_hour",
        "judged",
    ):
        if getattr(rule, name):
            yield f"unit none takes no {name}"


def _length_faults(rule: Rule) -> Iterator[str]:
    for name, text in (("length", rule.length), ("extension", rule.extension)):
        if name == "extension" and not text:
            continue
        if rule.unit is Unit.ELAPSED:
            yield from _duration_faults(name, text)
        elif not _COUNT.fullmatch(text):
            yield f"{name} {text!r} is not a count, as unit {rule.unit} needs"
        elif text == "0" and (name, rule.unit) != ("length", Unit.NATURAL_DAYS):
            yield f"{name} 0 is for natural_days that end on a chosen day"


def _duration_faults(name: str, text: str) -> Iterator[str]:
    try:
        if not parse_duration(text):
            yield f"{name} {text!r} is no time at all"
    except ValueError as error:
        yield f"{name}: {error}"


def _rung_faults(rule: Rule) -> Iterator[str]:
    """Rungs that make no sense for the kind of period."""
    if rule.kind is Kind.WAIT and rule.ladder:
        yield "kind wait cannot be missed: it takes no ladder"
    if rule.chosen_day and any(reminder.endswith("%") for reminder in rule.reminders):
        yield "a chosen day has no period to take a percentage of"


def reminder_faults(reminders: tuple[str, ...]) -> Iterator[str]:
    for reminder in reminders:
        if _PERCENT.fullmatch(reminder):
            continue
        if not _BEFORE.fullmatch(reminder):
            yield f'reminder {reminder!r} is neither "50%" nor "-PT30M" nor "-3d"'
        elif reminder.startswith("-P"):
            yield from _duration_faults(f"reminder {reminder!r}", reminder[1:])
    if len(set(reminders)) < len(reminders):
        yield "a reminder stands twice"
