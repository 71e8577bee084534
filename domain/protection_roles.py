"""Who works on the tasks of the protection process, and the outcome that all measures share."""

from domain.process import Outcome, Role
from domain.protection_forms import REASON
from domain.words import N_

DESK = (Role.COUNTY_OFFICER, Role.PROTECTION_CENTRE)
FIELD = (Role.CHILD_SUPERVISOR, Role.PROTECTION_CENTRE, Role.COUNTY_OFFICER)
VISITORS = (Role.CHILD_DIRECTOR, Role.CHILD_SUPERVISOR, Role.PROTECTION_CENTRE)
LEADER = (Role.COUNTY_LEADER,)
POLICE = (Role.POLICE, *DESK)
NOT_NEEDED = Outcome("not_needed", N_("不需要"), (REASON,))
