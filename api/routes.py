"""Every router of the app, in one list."""

from fastapi import APIRouter

from api.health import router as health
from api.pages.acts import router as act_pages
from api.pages.admin import router as admin_pages
from api.pages.cases import router as case_pages
from api.pages.inbox import router as inbox_pages
from api.pages.law import router as law_page
from api.pages.links import router as link_pages
from api.pages.login import router as login_pages
from api.pages.public import router as public_pages
from api.pages.report import router as report_page
from api.pages.search import router as search_page
from api.pages.steering import router as steering_pages
from api.pages.tasks import router as task_pages
from api.pages.units import router as unit_pages
from api.v1.acts import router as acts
from api.v1.cases import router as cases
from api.v1.reports import router as reports
from api.v1.session import router as session
from api.v1.tasks import router as tasks

ROUTERS: tuple[APIRouter, ...] = (
    reports,  # first: looked up in this order, and reports are what must be fast
    report_page,
    public_pages,
    login_pages,
    unit_pages,
    task_pages,
    case_pages,
    link_pages,
    steering_pages,  # before the outcomes of items, whose address takes any word
    act_pages,
    inbox_pages,
    law_page,
    search_page,
    admin_pages,
    tasks,
    cases,
    acts,
    session,
    health,
)
