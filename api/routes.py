"""Every router of the app, in one list."""

from fastapi import APIRouter

from api.health import router as health
from api.pages.login import router as login_pages
from api.pages.public import router as public_pages
from api.pages.report import router as report_page
from api.pages.units import router as unit_pages
from api.v1.reports import router as reports
from api.v1.session import router as session

ROUTERS: tuple[APIRouter, ...] = (
    reports,  # first: looked up in this order, and reports are what must be fast
    report_page,
    public_pages,
    login_pages,
    unit_pages,
    session,
    health,
)
