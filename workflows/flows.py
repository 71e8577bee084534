"""Which flow runs which declared process: the one list of processes the engine knows."""

from collections.abc import Callable

from domain.process import Process
from domain.protection import PROTECTION
from workflows.kernel import Case
from workflows.protection import protection

FLOWS: dict[str, tuple[Process, Callable[[Case], None]]] = {PROTECTION.key: (PROTECTION, protection)}
