"""Bodies that the API accepts, by operation: what is made up goes into them member by member."""

from fixture import LOG_ID, REGION

A = {"type": "A", "records": ["192.0.2.1"]}


def _vpc(known):
    return {"vpc_id": known["network_id"], "vpc_region": REGION}


def _router(known):
    return {"router": {"router_id": known["network_id"], "router_region": REGION}}


def _host(known, name):
    return f"{name}.{known.get('zone_name', 'fuzz.example.')}"


def _record_set(known, name):
    return {"name": _host(known, name), **A}


def _zone_names(known):
    return [known["zone_name"].rstrip(".")]



BODIES = {
    "createZone": lambda k, n: {"name": f"{n}.fuzz.example"},
    "updateZone": lambda k, n: {"description": n},
    "updateZoneStatus": lambda k, n: {"status": "DISABLE"},
    "batchDeleteZones": lambda k, n: {"zone_type": "public", "zone_ids": [k["zone_id"]]},
    "batchSetZonesStatus": lambda k, n: {"status": "ENABLE", "zone_ids": [k["zone_id"]]},
    "associateRouter": lambda k, n: _router(k),
    "disassociateRouter": lambda k, n: _router(k),
    "createRecordSet": _record_set,
    "updateRecordSet": lambda k, n: {"records": ["192.0.2.2"], "ttl": 60},
    "createRecordSetWithLine": _record_set,
    "batchDeleteRecordSetWithLine": lambda k, n: {"recordset_ids": [k["recordset_id"]]},
    "batchUpdateRecordSetWithLine": lambda k, n: {
        "recordsets": [{"id": k["recordset_id"], "records": ["192.0.2.9"], "ttl": 60}]
    },
    "updateRecordSets": lambda k, n: {"name": f"www.{k['zone_name']}", **A, "weight": 3},
    "batchDeleteRecordSets": lambda k, n: {"zone_type": "public", "recordset_ids": [k["recordset_id"]]},
    "setRecordSetsStatus": lambda k, n: {"status": "DISABLE"},
    "batchSetRecordSetsStatus": lambda k, n: {"status": "ENABLE", "recordset_ids": [k["recordset_id"]]},
    "createRecordSetWithBatchLines": lambda k, n: {
        "name": _host(k, n),
        "type": "A",
        "lines": [{"line": "CN", "records": ["192.0.2.1"]}, {"line": "Abroad", "records": ["192.0.2.2"]}],
    },
    "associateHealthCheck": lambda k, n: {"health_check_id": LOG_ID},
    "createCustomLine": lambda k, n: {"name": n, "ip_segments": ["203.0.113.1-203.0.113.2"]},
    "updateCustomLine": lambda k, n: {"name": n},
    "createLineGroup": lambda k, n: {"name": n, "lines": ["CN", "KR"]},
    "updateLineGroups": lambda k, n: {"name": n, "lines": ["CN", "KR"]},
    "createTag": lambda k, n: {"tag": {"key": n, "value": "x"}},
    "batchCreateTag": lambda k, n: {"action": "create", "tags": [{"key": n, "value": "x"}]},
    "listTag": lambda k, n: {"action": "filter", "limit": 5, "offset": 0},
    "listInstances": lambda k, n: {"limit": 5, "offset": 0},
    "batchCreateRecordSetsTask": lambda k, n: {"recordsets": [{"name": n, **A}, {"name": "@", **A}]},
    "batchCreatePublicRecordsetsTask": lambda k, n: {
        "recordsets": [{"zone_name": _zone_names(k)[0], "name": n, **A}]
    },
    "batchCreateCombinedPublicRecordsetsTask": lambda k, n: {
        "zone_names": _zone_names(k),
        "recordset_name_prefixes": [n],
        **A,
    },
    "batchUpdatePublicRecordsetsTask": lambda k, n: {
        "zone_names": _zone_names(k),
        "filter": {"relation": "OR", "conditions": [{"condition": "host_name", "value": "www"}]},
        "update_info": {"key": "rr_value", "values": ["192.0.2.7"]},
    },
    "batchDeletePublicRecordsetsTask": lambda k, n: {
        "zone_names": _zone_names(k),
        "recordset_name_prefixes": ["www"],
    },
    "batchCreatePublicZonesTask": lambda k, n: {"zone_names": [f"{n}.fuzz.example"]},
    "batchTransferPublicZonesTask": lambda k, n: {"zone_names": _zone_names(k), "target_user": LOG_ID},
    "createNetwork": lambda k, n: {"name": n, "cidr": "10.0.0.0/8", "subnets": [{"name": n, "cidr": "10.1.0.0/24"}]},
    "updateNetwork": lambda k, n: {"name": n},
    "createSubnet": lambda k, n: {"name": n, "cidr": "10.9.0.0/24"},
    "createAddress": lambda k, n: {"name": n, "address": "198.51.100.9"},
    "updateAddress": lambda k, n: {"name": n},
    "createVpc": lambda k, n: {"vpc": {"name": n, "cidr": "10.0.0.0/8"}},
    "updateVpc": lambda k, n: {"vpc": {"name": n}},
    "createVpcSubnet": lambda k, n: {
        "subnet": {"name": n, "cidr": "10.8.0.0/24", "gateway_ip": "10.8.0.1", "vpc_id": k["network_id"]}
    },
    "setPtrRecord": lambda k, n: {"ptrdname": f"{n}.fuzz.example."},
    "batchDeletePtrRecords": lambda k, n: {"floatingip_ids": [k["floatingip_id"]]},
    "createPtr": lambda k, n: {
        "publicip": {"id": k["address_id"], "region": k["region"]},
        "ptrdnames": [f"{n}.fuzz.example."],
    },
    "updatePtr": lambda k, n: {"ptrdnames": [f"{n}.fuzz.example."]},
    "createEndpoint": lambda k, n: {
        "name": n,
        "direction": "inbound",
        "region": REGION,
        "ipaddresses": [{"subnet_id": k["subnet_id"]}, {"subnet_id": k["subnet_id"]}],
    },
    "updateEndpoint": lambda k, n: {"name": n},
    "associateEndpointIpaddress": lambda k, n: {"ipaddress": {"subnet_id": k["subnet_id"]}},
    "createResolverRule": lambda k, n: {
        "name": n,
        "domain_name": f"{n}.fuzz.example.",
        "endpoint_id": k.get("endpoint_id", LOG_ID),
        "ipaddresses": [{"ip": "192.0.2.53"}],
    },
    "updateResolverRule": lambda k, n: {"name": n},
    "associateResolverRuleRouter": lambda k, n: _router(k),
    "disassociateResolverRuleRouter": lambda k, n: _router(k),
    "createResolverQueryLogConfig": lambda k, n: {"lts_group_id": LOG_ID, "lts_topic_id": LOG_ID, "vpc": _vpc(k)},
    "associateResolverQueryLogConfig": lambda k, n: {"vpc": _vpc(k)},
    "disassociateResolverQueryLogConfig": lambda k, n: {"vpc": _vpc(k)},
    "createUser": lambda k, n: {"name": n},
    "updateUser": lambda k, n: {"role": "read_only"},
    "createAccessKey": lambda k, n: {"user_id": k.get("user_id", LOG_ID)},
    "updateAccessKey": lambda k, n: {"enabled": False},
    "createAccount": lambda k, n: {"name": n},
    "updateAccount": lambda k, n: {"enabled": False},
    "createAccountProject": lambda k, n: {"name": n},
}
