"""Adds to the schemas of the OpenAPI description what tasks have where they may be messages."""

from __future__ import annotations

from typing import Any, Final

from pydantic import TypeAdapter

from desktop.contract.office import OfficeFields
from sendoff_tasks.http.wire.openapi import ANY_OBJECT
from sendoff_tasks.model.tasks import ID_LIMIT

_TEXT: Final = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_ID: Final = {"type": "integer", "minimum": 1, "maximum": ID_LIMIT}


def describe(schemas: dict[str, Any]) -> None:
    """Complete the schemas of tasks; a row is told as it came, even if its item is wrong."""
    fields = TypeAdapter(OfficeFields).json_schema()["properties"]
    for name in ("TaskRow", "AddedTask", "OfficeTask"):
        _add(schemas, name, fields)
    _add(schemas, "OfficeTask", dict.fromkeys(("message_id", "addressee", "edition")))
    _add(schemas, "HandedOver", {"message_id": _TEXT})
    _add(schemas, "TaskFunction", {"takes_item": {"type": "boolean"}})
    if "TaskBody" in schemas:
        schemas["TaskBody"]["properties"]["item_id"] = _ID
    if schemas.pop("OfficeRow", None):
        for item in schemas.keys() & {"Item", "ItemDetail"}:
            schemas[item]["properties"]["tasks"]["items"] = _reference("TaskRow")
    if found := schemas.pop("OfficeFilter", None):
        schemas["FilterBody"] = found | {"title": "FilterBody"}
        schemas["MailBulk"]["properties"]["filter"] = _reference("FilterBody")
    if "BatchRow" in schemas:
        properties = schemas["BatchRow"]["properties"]
        properties["item"] = {"anyOf": [properties["item"], ANY_OBJECT]}


def _add(schemas: dict[str, Any], name: str, fields: dict[str, Any]) -> None:
    """Add fields that are always there; one without a schema is described already."""
    if name in schemas:
        properties, required = schemas[name]["properties"], schemas[name]["required"]
        properties |= {field: schema for field, schema in fields.items() if schema is not None}
        required += [field for field in fields if field not in required]


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
