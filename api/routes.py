"""Every router of the app, in one list."""

from fastapi import APIRouter

from api.health import router as health

ROUTERS: tuple[APIRouter, ...] = (health,)
