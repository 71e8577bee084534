"""The one time zone of the law: days begin and end in Asia/Shanghai."""

from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
