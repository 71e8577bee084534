"""What can go wrong in the store, in words the edges understand without knowing SQL."""


class StoreError(Exception):
    """Anything the store raises on purpose. Messages carry no personal data."""


class DatabaseUnavailable(StoreError):
    """The database did not answer in time or at all: answer 503, nothing is known to be stored."""


class IdempotencyConflict(StoreError):
    """The idempotency key was used before with another body: answer 409, the first one stays."""


class UnknownReference(StoreError):
    """A unit, person or case named by an id does not exist."""


class KeysMissing(StoreError):
    """There is no key file. Nothing is read or written without one, and never in plain text."""


class KeysDamaged(StoreError):
    """The key file is there but cannot be used, or holds other keys than the data was sealed with."""


class SealBroken(StoreError):
    """A sealed value does not open: wrong key, wrong place, or changed bytes."""


class CalendarRefused(StoreError):
    """A year of the calendar cannot be imported; the message names the first bad day."""


class RowRefused(StoreError):
    """The database refused a row (a CHECK, a type): a defect of this program. Names the constraint, never a value."""

    def __init__(self, kind: str, constraint: str = "") -> None:
        super().__init__(f"{kind} {constraint}".strip())
        self.constraint = constraint


class DiscoveredTooLate(StoreError):
    """A report says the harm was discovered after the report itself was received: answer 422."""
