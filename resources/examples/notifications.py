"""A router that was written for FastAPI's ``BackgroundTasks``; only one import was changed.

The import was ``from fastapi import BackgroundTasks``. The app of this router calls ``install``
once, as ``shop.py`` does. Now the tasks survive a crash.
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
