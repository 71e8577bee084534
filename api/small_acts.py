"""The verbs that end nothing, declared like outcomes, so that their forms and their JSON go the same way."""

from collections.abc import Iterable
from dataclasses import replace

from domain.process import Field, FieldKind, Level, Option, Outcome, Task
from domain.protection_forms import NOTE, REASON
from domain.words import N_

GROUND = Field("ground", N_("法定理由"), FieldKind.CODE)
TASK = Field("task", N_("启动的事项"), FieldKind.CODE)


def _declare(key: str, title: str, fields: tuple[Field, ...], hint: str) -> Task:
    return Task(key, "", title, (), Level.COUNTY, (Outcome(key, title, fields),), hint)


HOLD = _declare("hold", N_("挂起"), (REASON,), N_("挂起只是暂停办理，时限照常计时。"))
EXTEND = _declare("extend", N_("申请延期"), (REASON,), N_("延期要在到期前提出，由上一级审批；再次延期由再上一级审批。"))
PART = _declare("part", N_("撤销并案"), (REASON,), N_("撤销后，本案恢复单独办理，原来的受理事项重新打开。"))
RESUME = _declare("resume", N_("解除挂起"), (), "")
RESTART = _declare("restart", N_("恢复计时"), (), N_("恢复后，继续计算剩余的时间。"))
_STOP_HINT = N_("只有法律规定的理由可以中止计时。恢复后继续计算剩余的时间。")
_START_HINT = N_("各阶段只是引导，不是限制：需要时可以随时启动下面的事项。")


def stop_form(grounds: Iterable[Option]) -> Task:
    """Stopping one clock: only the grounds that the law gives for it."""
    ground = replace(GROUND, options=tuple(grounds))
    return _declare("stop", N_("中止计时"), (ground, REASON), _STOP_HINT)


def start_form(tasks: Iterable[Task]) -> Task:
    """Starting a discretionary task: only those that may be started now."""
    choice = replace(TASK, options=tuple(Option(task.key, task.title) for task in tasks))
    return _declare("start", N_("启动事项"), (choice, NOTE), _START_HINT)
