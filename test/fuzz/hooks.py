"""Hooks of schemathesis: requests that it makes up are aimed at things that exist, and every answer has its id.

Nothing here is random by itself: what happens to a request follows from its content, so that a seed gives the same run.
"""

import ipaddress
import json
import re
import urllib.error
import zlib

import fixture
import schemathesis
from bodies import BODIES
from schemathesis.core import NOT_SET
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation

PROJECT_ID = fixture.CREDENTIALS["project_id"]
RENEWED_EVERY = 50

"""Operations that end what they name: they get a thing of their own each time."""
REMOVALS = {"batchTransferPublicZonesTask", "batchDeletePublicRecordsetsTask"}

_standing = {}
_uses = 0


def things_for(name, operation, is_removal):
    """Ids of a thing that stands: one for all requests, or a new one when the request may remove it."""
    make = fixture.operation_task if operation == "showBatchOperationTask" else fixture.MAKERS[name]
    if is_removal:
        return make()
    global _uses
    _uses += 1
    if _uses % RENEWED_EVERY == 0:
        # By now a request may have removed, moved or filled up what stood.
        _standing.clear()
    if make not in _standing:
        _standing[make] = make()
    return _standing[make]


def roll(case, salt):
    """0 to 99, from the content of the request."""
    text = repr((salt, case.path_parameters, case.query, case.body if case.body is not NOT_SET else None))
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) % 100


def is_negative(case, location):
    return case.meta is not None and case.meta.is_negative_at(location)


"""Members that name servers to which Waymark then talks: whatever is made up for them, it is this machine."""
SERVERS = {"address", "host", "masters", "notify", "primaries", "primary"}


def kept_here(value, names_server=False):
    """The value with each address of a server in it replaced by one of this machine."""
    if isinstance(value, dict):
        return {name: kept_here(each, names_server or name in SERVERS) for name, each in value.items()}
    if isinstance(value, list):
        return [kept_here(each, names_server) for each in value]
    if not names_server or not isinstance(value, str):
        return value
    match = re.fullmatch(r"\[?([0-9A-Fa-f.:]+?)\]?(?::\d+)?", value)
    for text in {value, match[1] if match else value}:
        try:
            ipaddress.ip_address(text)
            return "127.0.0.1:9"
        except ValueError:
            pass
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    aim(case)
    operation = case.operation.definition.raw.get("operationId", "")
    # The registry of public addresses talks to none of them.
    if isinstance(case.body, dict | list) and operation != "createAddress":
        case.body = kept_here(case.body)


def aim(case):
    """Puts ids of things that exist into a request, and what it needs to be a good one."""
    operation = case.operation.definition.raw.get("operationId", "")
    is_removal = case.method.upper() == "DELETE" or operation in REMOVALS
    known = {"project_id": PROJECT_ID, "key": "k", "domain_name": "fuzz.example"}
    if operation == "showProject":
        known["id"] = PROJECT_ID
    named = [name for name in fixture.MAKERS if name in (case.path_parameters or {})]
    own_thing = operation in BODIES or operation == "updateAccountProject"
    if (named or own_thing) and roll(case, "ids") < 85:
        try:
            if operation == "batchUpdatePublicRecordsetsTask":
                known |= things_for("recordset_id", operation, is_removal)
            for name in named[:1] or ["recordset_id", "network_id", "ptr_id"]:
                known |= things_for(name, operation, is_removal)
            if operation == "updateAccountProject":
                known |= fixture.project()
            if operation.endswith(("RuleRouter", "PrivateZone", "Router", "PrivateImport")):
                known |= fixture.private_zone()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"fixture: {error.url} {error.code} {error.read()}") from error
    if case.path_parameters and not is_negative(case, ParameterLocation.PATH):
        for name in case.path_parameters:
            if name in known:
                case.path_parameters[name] = known[name]
    if is_negative(case, ParameterLocation.BODY) or not isinstance(case.body, dict):
        return
    base = BODIES.get(operation)
    if base is None or len(known) < 4:
        return
    body = json.loads(json.dumps(base(known, fixture.label())))
    # A good body with some of the made-up members in it, each in turn.
    kept = {name: value for name, value in case.body.items() if roll(case, name) < 30}
    if roll(case, "body") < 80:
        case.body = {**body, **kept}


@schemathesis.check
def has_request_id(context, response, case):
    """Every answer can be found in the log."""
    # A request with too long a head is answered before it is one.
    if response.status_code != 431 and not response.headers.get("x-request-id"):
        raise AssertionError("no X-Request-Id")


@schemathesis.check
def refuses_unknown_methods(context, response, case):
    """A method that the path does not have leads nowhere."""
    raw = case.operation.schema.raw_schema["paths"][case.operation.path]
    method = response.request.method.lower()
    if method in raw or (method == "head" and "get" in raw):
        return
    # The last word of the path may be an id of another one, which has the method.
    if response.status_code not in (400, 404):
        raise AssertionError(f"{method} answered {response.status_code}")


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """What the description cannot say, or says as a plain 503."""
    operation = case.operation.definition.raw.get("operationId", "")
    # Removing the PTR record of an address is a change to null, answered without a body whatever else is sent.
    if operation == "setPtrRecord" and response.status_code == 202 and not response.content:
        return False
    if isinstance(failure, AcceptedNegativeData):
        # `?type=` is no type.
        if any(value in ("", [""]) for value in (case.query or {}).values()):
            return False
        # Each item of a task has an outcome of its own: what is wrong with one is told there.
        if operation.endswith("Task") and "items" in failure.message:
            return False
    # No edge answers all of it yet.
    return not (operation == "readyz" and response.status_code == 503)
