"""The administrator's list of units, and the reporting link of each: made, renewed, taken back, printed as a sheet."""

from uuid import UUID

import segno
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.flash import declare_flash, set_flash
from api.problems import Problem
from api.services import backend_of
from api.session import Session, require_office
from api.templating import pages_of
from domain.permissions import Verb
from domain.words import N_
from store.paging import BadPlace
from store.queries.units import UnitLine, get_unit, list_units, renew_link, revoke_link

router = APIRouter(prefix="/admin/units", include_in_schema=False)

REVOKED = declare_flash("link_revoked", N_("报告链接已停用，原来的二维码不能再用。"))
UNIT_KINDS: dict[str, str] = {
    "school": N_("学校"),
    "kindergarten": N_("幼儿园"),
    "hospital": N_("医疗机构"),
    "village_committee": N_("村（居）民委员会"),
    "welfare_institution": N_("儿童福利机构"),
    "social_org": N_("社会组织"),
    "hotel": N_("宾馆、网吧等场所"),
    "police": N_("公安机关"),
    "bureau": N_("民政部门"),
    "centre": N_("未成年人保护中心"),
    "township": N_("乡镇（街道）"),
    "other": N_("其他单位"),
}
PER_PAGE = 50

Administrator = Depends(require_office(Verb.MANAGE_UNITS))


@router.get("")
async def unit_list(request: Request, session: Session = Administrator, q: str = "", after: str = "") -> Response:
    """The units of the administrator's territory."""
    backend, search = backend_of(request), q.strip()[:100]
    async with backend.db.read() as tx:
        try:
            page = await list_units(tx, session.actor.territory, search=search, limit=PER_PAGE, after=after)
        except BadPlace:
            raise Problem(404, "page") from None
    lines = [(unit, UNIT_KINDS[unit.kind], backend.gazetteer.full_name(unit.territory)) for unit in page.rows]
    context = {"lines": lines, "next": page.after, "first": not after, "search": search}
    return pages_of(request).response(request, "units.html", context)


@router.post("/{unit_id}/link")
async def post_link(request: Request, unit_id: UUID, session: Session = Administrator) -> Response:
    """A new link, shown this once as a sheet to print; the link before it is dead."""
    backend = backend_of(request)
    async with backend.db.unit_of_work() as tx:
        unit = _known(await get_unit(tx, session.actor.territory, unit_id))
        secret = await renew_link(tx, backend.cipher, unit.id, session.actor, session.trace)
    address = f"{backend.settings.origin}/u/{secret}"
    context = {
        "unit": unit,
        "address": address,
        "picture": segno.make(address, error="q").svg_data_uri(scale=6, border=2, dark="#14282c"),
        "switches": [],
    }
    return pages_of(request).response(request, "unit_link.html", context, 201)


@router.post("/{unit_id}/revoke")
async def post_revoke(request: Request, unit_id: UUID, session: Session = Administrator) -> Response:
    """The link opens nothing any more."""
    async with backend_of(request).db.unit_of_work() as tx:
        unit = _known(await get_unit(tx, session.actor.territory, unit_id))
        await revoke_link(tx, unit.id, session.actor, session.trace)
    response = RedirectResponse("/admin/units", 303)
    set_flash(response, REVOKED)
    return response


def _known(unit: UnitLine | None) -> UnitLine:
    if unit is None:
        raise Problem(404, "unit")
    return unit
