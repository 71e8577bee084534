"""ISO 8601 durations of fixed length: weeks, days (of 24 hours), hours, minutes, seconds. No months, no years."""

import re
from datetime import timedelta

_SHAPE = re.compile(
    r"P(?=\d|T\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)


def parse_duration(text: str) -> timedelta:
    """The duration written as ``text`` (``PT2H``, ``P3D``, ``PT0.5S``); raises ValueError for anything else."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError(f"not an ISO 8601 duration of days, hours, minutes and seconds: {text!r}")
    try:
        return timedelta(**{unit: float(part) for unit, part in found.groupdict(default="0").items()})
    except OverflowError as error:
        raise ValueError(f"duration too long: {text!r}") from error


def duration_text(length: timedelta) -> str:
    """``length`` (not negative) in the form ``parse_duration`` reads."""
    if length < timedelta():
        raise ValueError("a duration is never negative")
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    days = f"{length.days}D" if length.days else ""
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    return f"P{days}T{clock}" if clock else f"P{days or 'T0S'}"
