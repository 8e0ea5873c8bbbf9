"""An app whose tasks have a lifespan; a worker imports it."""

from __future__ import annotations

from fastapi import FastAPI

from sendoff_tasks.fastapi import install
from tests.engine.fastapi.opening import clients

app = FastAPI()
install(app, database="postgresql://elsewhere/", task_lifespan=clients)
