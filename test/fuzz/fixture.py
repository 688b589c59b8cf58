"""One of everything that the API keeps, made through the API itself, so that made-up requests meet real things."""

import itertools
import json
import os
import urllib.request

URL = os.environ["WAYMARK_URL"]
CREDENTIALS = json.loads(os.environ["WAYMARK_CREDENTIALS"])
HEADERS = {"X-Auth-Token": os.environ["WAYMARK_TOKEN"], "Content-Type": "application/json"}
LOG_ID = "5e1b3c7a-90d2-4f68-8a1c-2b4d6f8091a3"

_numbers = itertools.count(1)


def label():
    """A name that nothing has yet."""
    return f"f{next(_numbers)}"


def spare_address():
    number = next(_numbers)
    return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, method=method, headers=HEADERS)
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text else None


REGION = call("GET", "/waymark/v1/whoami")["project"]["name"]


def zone():
    made = call("POST", "/v2/zones", {"name": f"{label()}.fuzz.example", "tags": [{"key": "k", "value": "v"}]})
    return {"zone_id": made["id"], "zone_name": made["name"], "resource_type": "DNS-public_zone", "resource_id": made["id"]}


def record_set():
    known = zone()
    made = call(
        "POST",
        f"/v2.1/zones/{known['zone_id']}/recordsets",
        {"name": f"www.{known['zone_name']}", "type": "A", "records": ["192.0.2.1"]},
    )
    return {**known, "recordset_id": made["id"]}


def task():
    known = record_set()
    items = [{"name": f"bad name.{known['zone_name']}", "type": "A", "records": ["192.0.2.1"]}]
    made = call(
        "POST", f"/v2.1/zones/{known['zone_id']}/recordsets/batch-create-task", {"recordsets": items}
    )
    return {**known, "task_id": made["task_id"]}


def operation_task():
    known = record_set()
    zone_name = known["zone_name"].rstrip(".")
    made = call(
        "POST",
        "/v2.1/operation-task/batch-create-recordset",
        {"recordsets": [{"zone_name": zone_name, "name": "x", "type": "A", "records": ["192.0.2.300"]}]},
    )
    return {**known, "task_id": made["task_id"]}


def line():
    start = spare_address()
    segment = f"{start}-{start}"
    made = call("POST", "/v2.1/customlines", {"name": label(), "ip_segments": [segment]})
    return {"line_id": made["line_id"]}


def line_group():
    made = call("POST", "/v2.1/linegroups", {"name": label(), "lines": ["CN", "JP"]})
    return {"linegroup_id": made["line_id"]}


def network():
    body = {"name": label(), "cidr": "10.0.0.0/8", "subnets": [{"name": label(), "cidr": "10.1.0.0/16"}]}
    made = call("POST", "/waymark/v1/networks", body)
    return {"network_id": made["id"], "subnet_id": made["subnets"][0]["id"]}


def private_zone():
    known = network()
    router = {"router_id": known["network_id"], "router_region": REGION}
    made = call(
        "POST", "/v2/zones", {"name": f"{label()}.fuzz.example", "zone_type": "private", "router": router}
    )
    return {**known, "zone_id": made["id"], "zone_name": made["name"]}


def address():
    made = call("POST", "/waymark/v1/addresses", {"name": label(), "address": spare_address()})
    return {
        "address_id": made["id"],
        "region": made["region"],
        "floatingip_id": f"{made['region']}:{made['id']}",
    }


def ptr():
    known = address()
    made = call(
        "POST",
        "/v2.1/ptrs",
        {
            "publicip": {"id": known["address_id"], "region": known["region"]},
            "ptrdnames": [f"{label()}.fuzz.example."],
        },
    )
    return {**known, "ptr_id": made["id"]}


def endpoint():
    known = network()
    desk = {"subnet_id": known["subnet_id"]}
    made = call(
        "POST",
        "/v2.1/endpoints",
        {"name": label(), "direction": "outbound", "region": REGION, "ipaddresses": [desk, desk, desk]},
    )["endpoint"]
    addresses = call("GET", f"/v2.1/endpoints/{made['id']}/ipaddresses")["ipaddresses"]
    return {**known, "endpoint_id": made["id"], "ipaddress_id": addresses[0]["id"]}


def resolver_rule():
    known = endpoint()
    made = call(
        "POST",
        "/v2.1/resolverrules",
        {
            "name": label(),
            "domain_name": f"{label()}.fuzz.example.",
            "endpoint_id": known["endpoint_id"],
            "ipaddresses": [{"ip": "192.0.2.53"}],
        },
    )["resolver_rule"]
    return {**known, "resolverrule_id": made["id"]}


def query_log():
    known = network()
    vpc = {"vpc_id": known["network_id"], "vpc_region": REGION}
    made = call(
        "POST",
        "/v2/resolver/queryloggingconfig",
        {"lts_group_id": LOG_ID, "lts_topic_id": LOG_ID, "vpc": vpc},
    )["resolver_query_log_config"]
    return {**known, "config_id": made["id"]}


def user():
    made = call("POST", "/waymark/v1/users", {"name": label()})
    key = call("POST", "/waymark/v1/keys", {"user_id": made["id"]})
    return {"user_id": made["id"], "access_key": key["access_key"]}


def project():
    return {"id": call("POST", "/waymark/v1/projects", {"name": label()})["id"]}


def account():
    made = call("POST", "/waymark/v1/accounts", {"name": label()})
    return {"account_id": made["id"]}


"""What leads to the thing that a path parameter names. Where two name it, the more particular one comes first."""
MAKERS = {
    "recordset_id": record_set,
    "task_id": task,
    "line_id": line,
    "linegroup_id": line_group,
    "ipaddress_id": endpoint,
    "resolverrule_id": resolver_rule,
    "config_id": query_log,
    "endpoint_id": endpoint,
    "ptr_id": ptr,
    "floatingip_id": ptr,
    "address_id": address,
    "subnet_id": network,
    "network_id": network,
    "access_key": user,
    "user_id": user,
    "account_id": account,
    "resource_id": zone,
    "zone_id": record_set,
}
