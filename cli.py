"""The commands. Each imports what it needs when it runs: help is instant, no process loads another's libraries."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import settings as environment
from programs import StartProblem
from settings import Settings, SettingsProblem
from store.errors import StoreError

if TYPE_CHECKING:
    from domain.rules import RuleBook

USAGE_EXIT, FAILURE_EXIT = 2, 1

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="守望 Shouwang")
rules_app = typer.Typer(no_args_is_help=True, help="The time limits.")
calendar_app = typer.Typer(no_args_is_help=True, help="The working days.")
keys_app = typer.Typer(no_args_is_help=True, help="The keys that personal data is encrypted with.")
app.add_typer(rules_app, name="rules")
app.add_typer(calendar_app, name="calendar")
app.add_typer(keys_app, name="keys")


@app.command()
def up() -> None:
    """Run everything on this machine: database, engine, worker, web."""
    import supervisor

    _rule_book(environment.load().rules)
    raise typer.Exit(supervisor.up(environment.load(), say=print, greet=_greet))


@app.command()
def api() -> None:
    """Serve the pages and the API."""
    from api.main import serve

    serve(_with_database())


@app.command()
def worker() -> None:
    """Run the cases: workflows, activities and the relay."""
    from worker import run

    asyncio.run(run(_with_database()))


@app.command()
def migrate() -> None:
    """Bring the database to the tables this version needs."""
    from embedded import reachable_database
    from store.migrate import upgrade

    with reachable_database(environment.load()) as url:
        upgrade(url)
    print("database is up to date")


@app.command()
def seed() -> None:
    """Write the reference data and, with DEMO_SEED, the people of the demonstration. Repeats change nothing."""
    from embedded import reachable_database
    from store.keys import Keyring
    from store.seed import seed as write

    settings = environment.load()
    ring = Keyring.load(settings.keys)
    with reachable_database(settings) as url, _progress_bars() as progress:
        asyncio.run(write(url, ring, demo=settings.demo_seed, progress=progress))


CheckOnly = Annotated[bool, typer.Option("--check", help="Only say what differs; exit code 1 when anything does.")]


@app.command()
def reconcile(*, check: CheckOnly = False) -> None:
    """Compare the database with the engine, case by case, and repair what differs."""
    from reconciler import reconcile as compare

    differences = asyncio.run(compare(_with_database(), repair=not check))
    for line in differences:
        print(line)
    print(f"{len(differences)} {'differences' if check else 'repaired'}")
    raise typer.Exit(FAILURE_EXIT if check and differences else 0)


@calendar_app.command("import")
def calendar_import(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV: day,is_workday,name")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before moving clocks.")] = False,
) -> None:
    """Take in the working days of a new year; first lists every open clock that would move."""
    from calendar_change import carry_out, plan

    settings, text = _with_database(), file.read_text(encoding="utf-8-sig")
    moves = asyncio.run(plan(settings, text))
    for line in moves:
        print(line)
    print(f"{len(moves)} open clocks would move")
    if not yes and not typer.confirm("Import the year and move them?"):
        raise typer.Exit(FAILURE_EXIT)
    asyncio.run(carry_out(settings, text))
    print("imported")


@rules_app.command("check")
def rules_check() -> None:
    """Read the packs named by RULES and say what is wrong with them."""
    names = environment.load().rules
    print(f"{len(_rule_book(names).all())} rules in {', '.join(names)}: no fault")


@rules_app.command("page")
def rules_page() -> None:
    """Print the legal-basis page of the packs named by RULES, as Markdown."""
    from domain.basis import basis_rows, render_markdown
    from workflows.flows import FLOWS

    processes = [process for process, _ in FLOWS.values()]
    print(render_markdown(basis_rows(_rule_book(environment.load().rules), processes)), end="")


@keys_app.command("init")
def keys_init() -> None:
    """Make a new key file; never replaces one."""
    from store.keys import Keyring

    path = environment.load().keys
    try:
        Keyring.create(path)
    except FileExistsError:
        raise StartProblem(f"KEY_FILE {path} exists already; data sealed with it needs it") from None
    except OSError as problem:
        raise StartProblem(f"KEY_FILE {path} cannot be written: {problem.strerror}") from None
    print(f"keys written to {path}; back this file up apart from the database")


def _rule_book(names: tuple[str, ...]) -> "RuleBook":
    """The rules of the packs; raises StartProblem naming file, row and reason of each fault."""
    from domain.rules import BadPack, RuleBook, pack_paths
    from workflows.flows import FLOWS

    try:
        book = RuleBook.load(pack_paths(names))
    except BadPack as problem:
        raise StartProblem(str(problem)) from None
    strangers = book.check({key: [task.key for task in process.tasks] for key, (process, _) in FLOWS.items()})
    if strangers:
        raise StartProblem("\n".join(str(stranger) for stranger in strangers))
    return book


@contextmanager
def _progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each kind of thing that is written: called with what, how many are done, how many there are."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    bars: dict[str, TaskID] = {}
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as shown:

        def progress(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done)

        yield progress


def _greet(origin: str) -> None:
    from store.seed import DEMO_LOGINS

    print(f"\n守望 Shouwang is ready: {origin}\n")
    if environment.load().demo_seed:
        for login in DEMO_LOGINS:
            print(f"  {login.name:<12} {login.password:<16} {login.title}")
    print("\nCtrl-C stops it; data and running timers are kept.", flush=True)


def _with_database() -> Settings:
    """The settings, with the address of the embedded database when ``shouwang up`` runs it."""
    from embedded import running_address

    settings = environment.load()
    if settings.database_url:
        return settings
    found = running_address(settings)
    if found is None:
        raise StartProblem("DATABASE_URL is empty and `shouwang up` does not run on DATA_DIR")
    return settings.with_addresses(database_url=found)


def main() -> None:
    """Run a command; what a person can mend is said in plain lines, without a stack trace."""
    try:
        app()
    except SettingsProblem as problem:
        print("shouwang cannot start with these settings:", file=sys.stderr)
        for line in problem.lines:
            print(f"  {line}", file=sys.stderr)
        sys.exit(USAGE_EXIT)
    except (StartProblem, StoreError) as problem:
        print(f"shouwang: {problem}", file=sys.stderr)
        sys.exit(FAILURE_EXIT)


if __name__ == "__main__":
    main()
