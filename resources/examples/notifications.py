"""Code as it was written for FastAPI's ``BackgroundTasks``, with one import changed.

It was ``from fastapi import BackgroundTasks``. The app this router belongs to calls ``install``
once, as ``shop.py`` does; nothing else is different, and what is added here outlives a crash.
"""

from pathlib import Path

from fastapi import APIRouter
from sendoff_tasks import DurableTasks as BackgroundTasks

router = APIRouter()


def write_notification(email: str, message: str = "") -> None:
    """Write a notification into a file."""
    with Path("notifications.txt").open("a") as file:
        file.write(f"{email}: {message}\n")


@router.post("/notifications/{email}")
async def send_notification(email: str, background_tasks: BackgroundTasks) -> dict[str, str]:
    """Answer at once; the notification is written afterwards."""
    background_tasks.add_task(write_notification, email, message="welcome")
    return {"message": "Notification sent in the background"}
