"""Whether this process lives. What it depends on is asked elsewhere."""

from fastapi import APIRouter

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether the process answers")
async def healthz() -> dict[str, str]:
    """Always ``ok``: an answer at all is the answer."""
    return {"status": "ok"}
