"""Sessions as an app has them: SQLAlchemy's and psycopg's, those that block and those awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from functools import partial
from inspect import isawaitable
from typing import Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlalchemy.pool import NullPool

NO_GREENLET = "greenlet, for SQLAlchemy's async sessions, is missing"


def of_sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


async def now(call: Any) -> Any:
    """Give what a call to either kind of session returns, those that block and those awaited."""
    return await call if isawaitable(call) else call


@asynccontextmanager
async def orm_session(url: str) -> AsyncIterator[Any]:
    database = create_engine(of_sqlalchemy(url), poolclass=NullPool)
    with Session(database) as session:
        yield session


@asynccontextmanager
async def orm_session_async(url: str) -> AsyncIterator[Any]:
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine  # imports greenlet

    database = create_async_engine(of_sqlalchemy(url), poolclass=NullPool)
    async with AsyncSession(database) as session:
        yield session


@asynccontextmanager
async def plain_connection(url: str) -> AsyncIterator[Any]:
    with closing(psycopg.connect(url)) as connection:
        yield connection


@asynccontextmanager
async def plain_connection_async(url: str) -> AsyncIterator[Any]:
    connection = await psycopg.AsyncConnection.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def savepoint(session: Any, number: int) -> dict[str, Callable[[], Any]]:
    """Begin one, as apps do in that kind of session; gives how it ends."""
    if hasattr(session, "begin_nested"):
        begun = await now(session.begin_nested())
        return {"undo": begun.rollback, "keep": begun.commit}
    await now(session.execute(f"SAVEPOINT s{number}"))
    ends = {"undo": f"ROLLBACK TO SAVEPOINT s{number}", "keep": f"RELEASE SAVEPOINT s{number}"}
    return {way: partial(session.execute, statement) for way, statement in ends.items()}


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[list[Any]]:
    """Open a session of each kind."""
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine  # imports greenlet

    there = create_async_engine(of_sqlalchemy(url))
    here = create_engine(of_sqlalchemy(url))
    async with (
        AsyncSession(there) as session,
        there.connect() as connection,
        await psycopg.AsyncConnection.connect(url) as awaited,
    ):
        with psycopg.connect(url) as plain, here.connect() as core, Session(here) as orm:
            scoped = scoped_session(sessionmaker(here))
            yield [session, connection, awaited, plain, core, orm, scoped]
            scoped.remove()
    await there.dispose()
    here.dispose()
