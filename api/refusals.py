"""A refusal of a case in words, and as the status of an answer: why, who holds it, since when, what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from api.i18n import Language
from api.problems import Problem
from domain.acts import RefusalCode, Refused
from domain.words import N_

NO_SUCH_OUTCOME = N_("这个事项没有这种办理结果。")

WORDS: Mapping[RefusalCode, str] = {
    RefusalCode.NOT_YOURS: N_("这一步不由您的岗位办理。"),
    RefusalCode.NO_SUCH_ITEM: N_("没有这个事项或时限。"),
    RefusalCode.MOVED_ON: N_("这一步已经办结或不再需要。"),
    RefusalCode.HELD_BY_OTHER: N_("这个事项正由别人办理。"),
    RefusalCode.ON_HOLD: N_("这个事项已经挂起，解除挂起后才能办理。"),
    RefusalCode.NOT_OPEN: N_("现在没有可以这样操作的内容：可能刚刚已经退领、解除挂起或恢复计时。"),
    RefusalCode.UNKNOWN_OUTCOME: NO_SUCH_OUTCOME,
    RefusalCode.INCOMPLETE: N_("有必须回答的问题没有回答，或答案无法读懂。"),
    RefusalCode.NOT_DISCRETIONARY: N_("这个事项由流程启动，不能手工启动。"),
    RefusalCode.TOO_LATE: N_("时限已经到期。延期和中止计时只能在到期前提出。"),
    RefusalCode.NO_MORE_EXTENSIONS: N_("这个时限不能再延期。"),
    RefusalCode.NO_LEGAL_REASON: N_("中止计时必须有法定理由，所选理由不适用于这个时限。"),
    RefusalCode.SECOND_PERSON: N_("这一步必须由另一个人办理，不能由同一人自己复核自己。"),
    RefusalCode.STILL_OPEN: N_("还有没有完成的事项，现在不能结案。"),
    RefusalCode.ALREADY: N_("这件事已经有人提出，正在办理中。"),
}

STATUS: Mapping[RefusalCode, int] = {
    RefusalCode.NOT_YOURS: 403,
    RefusalCode.NO_SUCH_ITEM: 404,
    RefusalCode.UNKNOWN_OUTCOME: 422,
    RefusalCode.INCOMPLETE: 422,
    RefusalCode.NO_LEGAL_REASON: 422,
}
"""Every other refusal is a conflict: 409."""

HELD_BY = N_("承办：%(who)s")
SINCE = N_("自 %(at)s 起")
CHANGED = N_("变化时间：%(at)s")


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something that must be done first."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal with everything behind its ids, in the reader's language. ``holder``: a name, or the office alone."""

    code: RefusalCode
    why: str
    holder: str = ""
    since: datetime | None = None
    open_items: tuple[OpenItem, ...] = field(default=())

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return status_of(self.code)

    def lines(self, language: Language) -> list[str]:
        """Who and since when, a sentence each."""
        say, lines = language.gettext, []
        if self.holder:
            lines.append(say(HELD_BY) % {"who": self.holder})
        if self.since:
            words = SINCE if self.holder else CHANGED
            lines.append(say(words) % {"at": language.instant(self.since)})
        return lines

    def problem(self) -> Problem:
        """As the API answers it."""
        extra: dict[str, object] = {"code": self.code.value}
        if self.holder:
            extra["holder"] = self.holder
        if self.since:
            extra["since"] = self.since.isoformat()
        if self.open_items:
            extra["open_items"] = [{"item": item.id, "title": item.title} for item in self.open_items]
        return Problem(self.status, f"refused.{self.code.value}", self.why, extra=extra)


def status_of(code: RefusalCode) -> int:
    """The HTTP status of a refusal."""
    return STATUS.get(code, 409)


def refusal_words(refused: Refused, language: Language) -> str:
    """Only why, for places where a refusal is told beforehand."""
    return language.gettext(WORDS[refused.code])
