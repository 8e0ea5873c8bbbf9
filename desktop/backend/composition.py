"""The backend's parts, made and joined: registry, confirmation, own tasks, engine, mail."""

from __future__ import annotations


