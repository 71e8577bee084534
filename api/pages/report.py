"""The report form and its receipt, one document and one post, with or without scripts."""

import secrets
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.form_choices import below, counties
from api.forms import FormState, read_form
from api.i18n import language_of
from api.problems import Problem
from api.receipts import NEXT_STEPS, ShownReceipt, file_report
from api.reports import Filed, check_report
from api.senders import UNIT_COOKIE, checked_key, linked_unit, page_sender
from api.services import backend_of, services_of
from api.session import china_today, current_session
from api.task_answers import KEY, STEP, county_name, read_answers
from api.templating import pages_of
from domain.phrase import Phrase
from domain.process import Level
from domain.report_form import FILED, QUESTIONS, SECTIONS
from domain.territory import LENGTHS
from domain.triage import SITUATIONS
from domain.words import N_
from store.errors import IdempotencyConflict
from store.queries.contacts import contact
from store.queries.people import UnitView, units

router = APIRouter(include_in_schema=False)

SENT_BEFORE = N_("这张表已经提交过一次，改动没有保存。要补充内容，请打开一张新的报告表，并写上原来的回执号。")
BY_UNIT = N_("以“%(unit)s”的名义报告。")
BY_PERSON = N_("您已登录，以“%(unit)s”的名义报告。")

_COUNTY = county_name(QUESTIONS["territory"])
_MORE = tuple(section for section in SECTIONS if not section.essential)


@router.get("/report")
async def report_form(request: Request) -> Response:
    """An empty form, with what the account or the unit's link already says filled in."""
    if request.query_params.get("unit") == "none":
        response = RedirectResponse("/report", 303)
        response.delete_cookie(services_of(request).web.cookie(UNIT_COOKIE), httponly=True, samesite="lax")
        return response
    form = FormState(values={"keep_secret": "yes", KEY: secrets.token_urlsafe(16)})
    sender = await _introduce(request, form)
    return _form_page(request, form, sender, typed=False)


@router.post("/report")
async def post_report(request: Request) -> Response:
    """Store the report and show its receipt; or show the form again with what was typed."""
    form = await read_form(request)
    if form.value(STEP):
        return _form_page(request, form, await _introduce(request, FormState()), typed=True)
    backend = backend_of(request)
    filed = check_report(read_answers(FILED, form), datetime.now(UTC))
    if filed.errors:
        _show_errors(request, form, filed)
        return _form_page(request, form, await _introduce(request, FormState()), typed=True, status=422)
    key = checked_key(form.value(KEY) or secrets.token_urlsafe(16))
    try:
        shown = await file_report(
            backend.front_door, backend.receipt_clocks, filed, await page_sender(request), f"form:{key}"
        )
    except IdempotencyConflict:
        raise Problem(409, "sent_before", SENT_BEFORE) from None
    return _receipt_page(request, shown, danger=filed.answers.get("danger") != "no")


async def _introduce(request: Request, form: FormState) -> Phrase | None:
    """Fill in what is known of whoever reports; in whose name that is, None for the public."""
    session = await current_session(request)
    if session is None:
        unit, words = await linked_unit(request), BY_UNIT
    else:
        backend, words = backend_of(request), BY_PERSON
        async with backend.db.read() as tx:
            me = await contact(tx, backend.cipher, session.person_id)
            unit = (await units(tx, [session.unit_id])).get(session.unit_id)
        form.values.update({"reporter_name": me.name, "reporter_phone": me.phone})
    if unit is None:
        return None
    _fill_place(form, unit)
    return Phrase(words, {"unit": unit.name})


def _fill_place(form: FormState, unit: UnitView) -> None:
    county, township = (unit.territory[: LENGTHS[level]] for level in (Level.COUNTY, Level.TOWNSHIP))
    if len(county) == LENGTHS[Level.COUNTY]:
        form.values[_COUNTY] = county
    if len(township) == LENGTHS[Level.TOWNSHIP]:
        form.values["territory"] = township


def _show_errors(request: Request, form: FormState, filed: Filed) -> None:
    translate = language_of(request).gettext
    for name, phrase in filed.errors.items():
        key = name.partition(".")[0]
        words = phrase.said(translate)
        if key == "territory" and not form.value(_COUNTY):
            key = _COUNTY
        if key in QUESTIONS or key == _COUNTY:
            form.refuse(key, words)
        else:
            form.refuse("", f"{name[:50]}{translate('：')}{words}")


def _form_page(request: Request, form: FormState, sender: Phrase | None, *, typed: bool, status: int = 200) -> Response:
    on = china_today()
    context = {
        "form": form,
        "key": form.value(KEY),
        "typed": typed,
        "sender": sender.said(language_of(request).gettext) if sender else "",
        "linked": services_of(request).web.cookie(UNIT_COOKIE) in request.cookies,
        "q": QUESTIONS,
        "situations": SITUATIONS,
        "more": _MORE,
        "opened": {section.key for section in _MORE if any(_touched(form, field.key) for field in section.fields)},
        "counties": counties(on),
        "townships": below(form.value(_COUNTY), on),
        "today": on.isoformat(),
    }
    return pages_of(request).response(request, "report.html", context, status)


def _touched(form: FormState, name: str) -> bool:
    return bool(form.value(name).strip() or form.error(name))


def _receipt_page(request: Request, shown: ShownReceipt, *, danger: bool) -> Response:
    # The language switch would ask for this address again and lose the receipt.
    context = {"shown": shown, "steps": NEXT_STEPS, "danger": danger, "switches": []}
    return pages_of(request).response(request, "receipt.html", context, 200 if shown.receipt.again else 201)
