"""``python -m bench [NAME] [--quick]`` measures, ``python -m bench report`` writes docs/performance.md anew."""

from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.table import Table

from bench.compiled import compile_modules
from bench.figures import Result, said
from bench.page import write_page
from bench.progress import shown
from bench.scenarios import SCENARIOS

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help=f"one of {', '.join(SCENARIOS)}, all of them, or report")] = "all",
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Short runs, kept apart from the whole ones.")] = False,
) -> None:
    """Measure, print, keep the figures, and write the page."""
    names = list(SCENARIOS) if name == "all" else [] if name == "report" else [name]
    if unknown := [each for each in names if each not in SCENARIOS]:
        raise typer.BadParameter(f"{unknown[0]} is none of {', '.join(SCENARIOS)}, all, report")
    compile_modules()
    for each in names:
        with shown(each) as show:
            result = uvloop.run(SCENARIOS[each].run(show, quick=quick))
        result.write()
        _print(result)
    print(f"figures in {write_page()}")


def _print(result: Result) -> None:
    table = Table("figure", "measured", "aim", "met", title=result.command)
    for figure in result.figures:
        met = {True: "yes", False: "no", None: ""}[figure.met]
        table.add_row(figure.what, f"{said(figure.value)} {figure.unit}", figure.aim_words, met)
    console = Console(width=max(100, Console().width))
    console.print(table)
    for what, often in result.others.items():
        console.print(f"{often} × unexpected: {what}", markup=False)


if __name__ == "__main__":
    app()
