"""Translates errors of httpx, and answers other than a 2xx, to those of ``client.errors``."""

from __future__ import annotations

from typing import Any, Final

import httpx

from desktop.client.errors import (
    BackendBroken,
    BackendBusy,
    BackendGone,
    ClientError,
    Refused,
    TokenRefused,
    TooSlow,
)
from desktop.contract.problems import MEDIA_TYPE, Barred, FieldError, Problem

RETRY_AFTER: Final = 1.0
"""Seconds to wait if a 429 or 503 names none."""


def transport_error(error: httpx.RequestError, within: float) -> ClientError:
    """Translate an error of httpx, after a wait of up to ``within`` s."""
    match error:
        case httpx.ReadTimeout() | httpx.WriteTimeout():
            return TooSlow(
                f"Sendoff has not answered within {within:.0f} s. Nothing is lost; try again."
            )
        case httpx.PoolTimeout():
            return BackendBusy("Sendoff is busy. Try again in a moment.", RETRY_AFTER)
        case httpx.TransportError():
            return BackendGone()
    return BackendBroken(not_ours(error.request))


def answer_error(response: httpx.Response) -> ClientError:
    """Translate an answer that is not a 2xx to an error."""
    problem = _problem(response)
    if problem is None:
        return BackendBroken(not_ours(response.request, response.status_code))
    if response.status_code == httpx.codes.UNAUTHORIZED:
        sentence = "Sendoff was restarted; the window is connecting to it."
        return TokenRefused(sentence, has_expired=problem.get("barred") == Barred.EXPIRED)
    if response.status_code in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}:
        return BackendBusy(problem["detail"] or problem["title"], _retry_after(response))
    if response.is_server_error:
        return BackendBroken(f"{problem['detail'] or problem['title']} The log says more.")
    return Refused(problem)


def _problem(response: httpx.Response) -> Problem | None:
    """Read problem+json leniently; ``None`` for any other answer."""
    if response.headers.get("content-type", "").partition(";")[0].strip() != MEDIA_TYPE:
        return None
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    problem = Problem(
        type=str(body.get("type", "about:blank")),
        title=str(body.get("title", response.reason_phrase)),
        status=response.status_code,
        detail=str(body.get("detail") or ""),
    )
    errors = body.get("errors")
    if isinstance(errors, list):
        problem["errors"] = [_field_error(each) for each in errors if isinstance(each, dict)]
    if body.get("barred") in list(Barred):
        problem["barred"] = Barred(body["barred"])
    conflict = body.get("conflict")
    if isinstance(conflict, dict) and isinstance(conflict.get("task_id"), int):
        problem["conflict"] = {
            "task_id": conflict["task_id"],
            "state": str(conflict.get("state", "")),
        }
    return problem


def _field_error(read: dict[str, Any]) -> FieldError:
    error = FieldError(path=str(read.get("path", "")), message=str(read.get("message", "")))
    if read.get("reason") == "no_keyring":
        error["reason"] = "no_keyring"
    return error


def _retry_after(response: httpx.Response) -> float:
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return RETRY_AFTER


def not_ours(request: httpx.Request, status: int | None = None) -> str:
    """Say that another program, or another version of the backend, answered a request."""
    shown = "" if status is None else f" (status {status})"
    return (
        f"What answered at {request.url.netloc.decode()} is not this "
        f"version of Sendoff's backend{shown}. Restart Sendoff."
    )
