"""What a typed value must be: Chinese ID numbers, telephones, ages and plain text. Checked where given, never demanded.

A refusal is ``Invalid`` with a reason; neither it nor its message ever contains the value.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from domain.triage import AgeBand
from domain.words import N_


class Reason(StrEnum):
    """Why a value is refused."""

    ID_LENGTH = "id_length"
    ID_CHARACTERS = "id_characters"
    ID_CHECK_DIGIT = "id_check_digit"
    ID_PLACE_OR_BIRTH = "id_place_or_birth"
    PHONE = "phone"
    PHONE_AREA_CODE = "phone_area_code"
    BORN_LATER = "born_later"
    GROWN_UP = "grown_up"
    NEGATIVE_AGE = "negative_age"
    CONTROL_CHARACTER = "control_character"
    TOO_LONG = "too_long"
    RECEIPT_FORM = "receipt_form"
    RECEIPT_CHECK_DIGIT = "receipt_check_digit"
    LOOKUP_CODE = "lookup_code"


MESSAGES: dict[Reason, str] = {
    Reason.ID_LENGTH: N_("身份证号应为18位"),
    Reason.ID_CHARACTERS: N_("身份证号只能是数字，末位可以是X"),
    Reason.ID_CHECK_DIGIT: N_("身份证号校验位不符，请核对是否输错"),
    Reason.ID_PLACE_OR_BIRTH: N_("身份证号中的地区或出生日期不存在"),
    Reason.PHONE: N_("请填写11位手机号，或带区号的固定电话"),
    Reason.PHONE_AREA_CODE: N_("固定电话请加区号，例如 0431"),
    Reason.BORN_LATER: N_("出生日期晚于所述日期"),
    Reason.GROWN_UP: N_("当事人已满十八周岁"),
    Reason.NEGATIVE_AGE: N_("年龄不能小于零"),
    Reason.CONTROL_CHARACTER: N_("含有不可见的控制字符，请删除后重试"),
    Reason.TOO_LONG: N_("文字过长"),
    Reason.RECEIPT_FORM: N_("回执号格式不对，应为 JL 加年份和13位数字"),
    Reason.RECEIPT_CHECK_DIGIT: N_("回执号校验位不符，请核对是否输错"),
    Reason.LOOKUP_CODE: N_("查询码应为6位字母或数字"),
}


class Invalid(ValueError):
    """A value that cannot be taken; ``message`` is Chinese source text for the page."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason

    @property
    def message(self) -> str:
        """What to tell the person who typed it."""
        return MESSAGES[self.reason]


class Sex(StrEnum):
    """Sex as the ID number states it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A resident identity number 公民身份号码 and what can be read from it."""

    number: str
    birth: date
    sex: Sex


def check_id_number(text: str) -> IdNumber:
    """Read an 18-character identity number, with full-width digits, spaces and a small x allowed; raises Invalid.

    Of the place only the province must exist: a child registered late carries the county code of the day of
    registration, which need not have existed at birth, so ``ric.validate`` would refuse real numbers.
    """
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(number) != 18:
        raise Invalid(Reason.ID_LENGTH)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Invalid(Reason.ID_CHARACTERS)
    if number[-1] != ric.calc_check_digit(number):
        raise Invalid(Reason.ID_CHECK_DIGIT)
    if not any(properties for _, properties in numdb.get("cn/loc").info(number[:2])):
        raise Invalid(Reason.ID_PLACE_OR_BIRTH)
    try:
        birth = ric.get_birth_date(number)
    except ValidationError:
        raise Invalid(Reason.ID_PLACE_OR_BIRTH) from None
    return IdNumber(number, birth, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})([2-9]\d{6,7})(?:#(\d{1,6}))?", re.ASCII)
_LOCAL = re.compile(r"[2-9]\d{6,7}", re.ASCII)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|#)+")


def check_phone(text: str) -> str:
    """A mainland telephone, normalised; raises Invalid.

    A mobile, a landline with its area code (``0431-88905555``, extension ``0431-88905555-8001``), a 400 or 800 number.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = re.sub(r"(\d{7,8})\s*[-‐-―−]\s*(\d{1,6})$", r"\1#\2", plain)
    plain = re.sub(r"[\s()‐-―−-]", "", _EXTENSION.sub("#", plain))
    plain = re.sub(r"^(?:\+|00)86", "", plain)
    if _MOBILE.fullmatch(plain) or _SERVICE.fullmatch(plain):
        return plain
    if landline := _LANDLINE.fullmatch(plain):
        return "-".join(part for part in landline.groups() if part)
    raise Invalid(Reason.PHONE_AREA_CODE if _LOCAL.fullmatch(plain) else Reason.PHONE)


def age_on(birth: date, day: date) -> int:
    """Full years of age (周岁) on ``day``. Who was born on 29 February turns a year older on 1 March of a common year.

    Raises Invalid when ``birth`` is after ``day``.
    """
    if birth > day:
        raise Invalid(Reason.BORN_LATER)
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


_BANDS = ((8, AgeBand.UNDER_8), (14, AgeBand.FROM_8), (16, AgeBand.FROM_14), (18, AgeBand.FROM_16))


def age_band(age: int | None) -> AgeBand:
    """The band of an age in full years, None = not known; raises Invalid below 0 and from 18 on."""
    if age is None:
        return AgeBand.UNKNOWN
    if age < 0:
        raise Invalid(Reason.NEGATIVE_AGE)
    for limit, band in _BANDS:
        if age < limit:
            return band
    raise Invalid(Reason.GROWN_UP)


_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's Cc and Cs without line end and tab."""


def clean_text(text: str, most: int) -> str:
    """Free text as it may be stored: NFC, Unix line ends, no blanks at its ends, at most ``most`` characters.

    Characters outside the basic plane (𠮷, emoji) are welcome and count as one. Raises Invalid for NUL, other control
    characters and lone surrogates, which a database or a browser cannot carry.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNSTORABLE.search(lines):
        raise Invalid(Reason.CONTROL_CHARACTER)
    plain = unicodedata.normalize("NFC", lines).strip()
    if len(plain) > most:
        raise Invalid(Reason.TOO_LONG)
    return plain
