"""Our own modules as an installed program has them: compiled beforehand, whatever the environment says."""

import compileall
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = ("activities", "api", "domain", "store", "workflows")


def compile_modules() -> None:
    """With ``PYTHONDONTWRITEBYTECODE`` the sandbox would compile the workflow's source anew for every case."""
    compileall.compile_dir(ROOT, maxlevels=0, quiet=1)
    for package in _PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
