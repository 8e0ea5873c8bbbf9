"""The API's description is complete: every route, its errors, and examples that are true."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import TypeAdapter

from desktop.backend.application import create_app
from desktop.backend.composition import running_services
from desktop.backend.services import Services
from desktop.backend.wire import batches, do_not_send, items, mail
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.http.wire import bodies
from sendoff_tasks.model.problems import MEDIA_TYPE
from tests.backend.conftest import PORT, TOKEN, client_of
from tests.backend.wire import example_files, examples

ROUTES = """
/items get=list_items post=create_next_item
/items/batch post=create_items
/items/next get=get_next_number
/items/{item_id} delete=forget_item get=get_item post=create_item put=correct_item
/tasks get=list_tasks post=create_task
/tasks/bulk post=act_on_tasks
/pending get=list_pending
/pending/{pending_id} get=get_pending delete=undo_action
/acts get=list_acts
/acts/export get=export_acts
/tasks/counts get=count_tasks
/tasks/ids get=list_ids
/tasks/{task_id} get=get_task patch=change_task
/tasks/{task_id}/cancel post=cancel_task
/tasks/{task_id}/retry post=retry_task
/tasks/{task_id}/resolve post=resolve_task
/tasks/{task_id}/message get=get_task_message
/events get=stream_events
/causes get=list_causes
/functions get=list_functions
/overview get=get_overview
/queues get=list_queues
/schedules get=list_schedules
/schedules/{name}/pause post=pause_schedule
/schedules/{name}/resume post=resume_schedule
/schedules/{name}/run post=run_schedule
/queues/pause post=pause_queues
/queues/resume post=resume_queues
/queues/{name}/pause post=pause_queue
/queues/{name}/resume post=resume_queue
/queues/{name}/retry post=retry_queue
/stats get=get_stats
/metrics get=get_metrics
/health get=get_health
/settings get=get_settings put=change_settings
/mail/test post=test_mail
/mail/sign-in delete=sign_out get=get_sign_in post=begin_sign_in
/mail/sign-in/cancel post=cancel_sign_in
/templates get=list_templates
/attachments/{file} put=upload_attachment
/templates/{name} delete=delete_template get=get_template put=replace_template
/templates/{name}/attachments/{file} put=attach_file
/templates/{name}/messages get=get_template_messages
/templates/{name}/newest post=take_newest_template
/templates/{name}/versions/{version} get=get_template_version
/templates/preview post=preview_template
/page/once post=make_page_code
/letterhead get=get_letterhead put=replace_letterhead
/do-not-send get=list_do_not_send post=add_do_not_send
/do-not-send/check post=check_do_not_send
/do-not-send/allow post=allow_do_not_send
/do-not-send/refused get=list_refused
/bounces post=find_bounces
/bounces/mark post=mark_bounces
/batches get=list_batches post=create_batch
/batches/{batch_id} delete=delete_batch get=get_batch put=change_batch
/batches/{batch_id}/start post=start_batch
/batches/{batch_id}/pause post=pause_batch
/batches/{batch_id}/resume post=resume_batch
/batches/{batch_id}/rate put=limit_batch
/batches/{batch_id}/time put=put_off_batch
/batches/{batch_id}/cancel post=cancel_batch
/batches/{batch_id}/retry post=retry_batch
/batches/{batch_id}/rows get=list_rows post=add_rows
/batches/{batch_id}/rows/{row} put=correct_row
/batches/{batch_id}/rows/{row}/values/{path} delete=take_back_value
/batches/{batch_id}/rows/{row}/to_me post=send_row
/batches/{batch_id}/source get=get_sheet put=keep_sheet
/batches/{batch_id}/attachments get=list_attachments post=copy_attachments
/batches/{batch_id}/attachments/{file} delete=detach_from_batch put=attach_to_batch
"""
"""Each operation by path and method: clients are generated with these names, so they stay."""
KEYED = {
    ("post", "/items"),
    ("post", "/items/{item_id}"),
    ("post", "/items/batch"),
    ("put", "/items/{item_id}"),
    ("post", "/tasks"),
    ("post", "/tasks/bulk"),
    ("post", "/batches"),
    ("post", "/batches/{batch_id}/start"),
    ("delete", "/batches/{batch_id}"),
    ("post", "/batches/{batch_id}/cancel"),
    ("post", "/batches/{batch_id}/retry"),
    ("post", "/batches/{batch_id}/rows/{row}/to_me"),
    ("post", "/schedules/{name}/run"),
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Read the description as any client would, once for all tests: it takes most of their time."""
    folder = OfficeFolder(tmp_path_factory.mktemp("data"))
    folder.create()

    async def read(services: Services) -> dict[str, Any]:
        async with client_of(create_app(services, token=TOKEN, port=PORT)) as client:
            answer = await client.get("/openapi.json")
        assert answer.status_code == 200
        found: dict[str, Any] = answer.json()
        return found

    with running_services(folder, None) as services:
        return asyncio.run(read(services))


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_there_by_its_name_and_no_other(document: dict[str, Any]) -> None:
    found = {
        (path, f"{method}={operation['operationId']}")
        for path, method, operation in operations(document)
    }
    lines = [line.split() for line in ROUTES.splitlines() if line]
    assert found == {(path, each) for path, *those in lines for each in those}


def test_every_route_says_what_it_does(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert operation["summary"], (method, path)
        assert operation["description"].rstrip().endswith("."), (method, path)


def test_every_good_answer_has_a_schema_and_an_example(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        good = {status for status in operation["responses"] if status.startswith("2")}
        several = {"/tasks": {"200", "201"}, "/items/{item_id}": {"200", "204"}}
        several["/batches/{batch_id}"] = {"202", "204"}
        assert len(good) == 1 or good == several.get(path), (method, path)
        if good == {"204"} or path == "/events":
            continue
        for status in good - {"204"}:
            ((media, content),) = operation["responses"][status]["content"].items()
            is_text = path in {"/metrics", "/acts/export", "/tasks/ids"}
            assert media == "application/json" or is_text or "/source" in path
            assert content["schema"], (method, path)
            assert "example" in content, (method, path)


def test_every_field_of_an_example_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    def unknown(schema: dict[str, Any], value: Any) -> list[str]:
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if "anyOf" in schema:
            return min((unknown(each, value) for each in schema["anyOf"]), key=len)
        if isinstance(value, list):
            return [name for each in value for name in unknown(schema.get("items", {}), each)]
        if not isinstance(value, dict) or "properties" not in schema:
            return []
        described = schema["properties"]
        below = [
            n for name in value if name in described for n in unknown(described[name], value[name])
        ]
        return [*(value.keys() - described.keys()), *below]

    for path, method, operation in operations(document):
        for answer in operation["responses"].values():
            content = answer.get("content", {}).get("application/json", {})
            found = unknown(content.get("schema", {}), content.get("example"))
            assert not found, (method, path)


def test_the_examples_are_those_that_are_checked_here() -> None:
    """If this fails, run ``python -m tests.backend.wire.example_files``."""
    for file, its in example_files.FILES.items():
        assert file is not None
        assert file.read_text(encoding="utf-8") == example_files.written(*its)


def test_every_example_has_an_operation(document: dict[str, Any]) -> None:
    named = {operation["operationId"] for _, _, operation in operations(document)}
    assert set(examples.BY_OPERATION) <= named


HEALTH = {"$ref": "#/components/schemas/Health"}


def test_every_error_is_a_problem_with_an_example(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        errors = {status for status in operation["responses"] if not status.startswith("2")}
        assert errors >= {"403", "405", "413", "500"}, (method, path)
        assert ("401" in errors) == (path != "/health"), (method, path)
        assert operation.get("security") == ([] if path == "/health" else None), (method, path)
        if "{" in path or "parameters" in operation:
            assert "422" in errors, (method, path)
        if "requestBody" in operation:
            assert errors >= {"400", "413", "422"}, (method, path)
        if path == "/health":
            errors.remove("503")  # as good answers; the status says why it serves no task
            told = operation["responses"]["503"]
            assert told["content"] == {"application/json": {"schema": HEALTH}}
            assert "Retry-After" in told["headers"]
        for status in errors:
            content = operation["responses"][status]["content"]
            assert set(content) == {MEDIA_TYPE}, (method, path, status)
            assert content[MEDIA_TYPE]["example"]["status"] == int(status)


def test_every_body_has_a_schema_and_an_example_that_it_takes(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        if "requestBody" not in operation:
            assert method != "put", path
            continue
        ((media, content),) = operation["requestBody"]["content"].items()
        if media == "application/octet-stream":
            assert content["schema"]["format"] == "binary"
            continue
        name = content["schema"].get("$ref", "TaskBody").rpartition("/")[2]
        home = next(
            each for each in (mail, batches, items, do_not_send, bodies) if hasattr(each, name)
        )
        TypeAdapter(getattr(home, name)).validate_python(content["example"])


def test_what_may_not_happen_twice_takes_an_idempotency_key(
    document: dict[str, Any],
) -> None:
    for path, method, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == ((method, path) in KEYED), path


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if "$ref" in part else []
            return own + [each for inner in part.values() for each in references(inner)]
        return [e for inner in part for e in references(inner)] if isinstance(part, list) else []

    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.rpartition("/")[2] in schemas, reference


def test_the_token_is_asked_for(document: dict[str, Any]) -> None:
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_each_name_is_one_schema_that_is_called_so(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("title", name) == name


def test_every_time_is_said_to_be_one(document: dict[str, Any]) -> None:
    def formats(schema: dict[str, Any]) -> set[str | None]:
        return {
            part.get("format")
            for part in schema.get("anyOf", [schema])
            if part.get("type") == "string"
        }

    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        for name, part in schema.get("properties", {}).items():
            is_time = name in {"at", "since", "until", "deadline"} or name.endswith("_at")
            assert ("date-time" in formats(part)) == is_time, name
    asked = {p["name"]: p["schema"] for p in document["paths"]["/tasks"]["get"]["parameters"]}
    assert formats(asked["since"]) == formats(asked["until"]) == {"date-time"}


def test_a_bulk_call_has_ids_or_a_filter(document: dict[str, Any]) -> None:
    bulk = document["components"]["schemas"]["MailBulk"]
    assert bulk["oneOf"] == [{"required": ["ids"]}, {"required": ["filter"]}]


def test_a_draft_s_row_may_hold_any_item(document: dict[str, Any]) -> None:
    """What is wrong in it is told by its check, so it is kept as it came."""
    schemas = document["components"]["schemas"]
    for name in ("RowBody", "RowCorrection", "BatchRow"):
        kinds = schemas[name]["properties"]["item"]["anyOf"]
        assert {"type": "object", "additionalProperties": True} in kinds, name
