"""The libraries below the openstack command, with a session as programs make it from OS_* settings. Prints a line for each operation."""
import contextlib
import sys
import traceback

import openstack
from designateclient import exceptions
from designateclient.v2 import client as designate
from designateclient.v2.utils import get_all

cloud = openstack.connect()
dns = designate.Client(session=cloud.session, region_name=cloud.config.get_region_name())
failed = []


@contextlib.contextmanager
def check(name):
    try:
        yield
        print(f"ok   openstack {name}")
    except Exception as error:
        failed.append(name)
        at = traceback.extract_tb(error.__traceback__)[1]
        print(f"FAIL openstack {name}:", *f"{type(error).__name__} {error} ({at.lineno}: {at.line})".split())


def refused(kind, call, *words, **named):
    try:
        call(*words, **named)
    except kind as error:
        return error
    raise AssertionError("not refused")


ZONES = [f"page{n}.example." for n in range(5)]

with check("designateclient zones.create"):
    for name in ZONES:
        made = dns.zones.create(name, email="hostmaster@example.org", ttl=300)
        assert (made["name"], made["status"]) == (name, "PENDING_CREATE"), made
    error = refused(exceptions.BadRequest, dns.zones.create, ZONES[0], email="a@example.org")
    assert error.code == "DNS.0208", error.__dict__

with check("designateclient zones.list, page by page"):
    first = dns.zones.list(limit=2)
    assert len(first) == 2 and first.next_page, first
    every = get_all(dns.zones.list, criterion={"limit": 2})
    assert {zone["name"] for zone in every} >= set(ZONES) and len(every) == len({zone["id"] for zone in every}), every
    assert [zone["name"] for zone in dns.zones.list(criterion={"name": "page3.example."})] == ["page3.example."]

with check("designateclient zones.get"):
    assert dns.zones.get("page2.example.")["name"] == "page2.example."
    refused(exceptions.NotFound, dns.zones.get, "page.example.")
    error = refused(exceptions.NotFound, dns.zones.get, "0" * 32)
    assert (error.code, str(error)) == ("DNS.0302", "This zone does not exist."), error.__dict__

with check("designateclient zones.update"):
    assert dns.zones.update("page2.example.", {"ttl": 1200, "description": "two"})["ttl"] == 1200

with check("designateclient zones.nameservers"):
    assert [each["priority"] for each in dns.zones.nameservers("page2.example.")] == [1, 2]

with check("designateclient recordsets.create"):
    for n in range(5):
        made = dns.recordsets.create("page0.example.", f"host{n}", "A", [f"192.0.2.{n}"], ttl=60)
        assert made["name"] == f"host{n}.page0.example.", made

with check("designateclient recordsets.list, page by page"):
    every = get_all(dns.recordsets.list, criterion={"limit": 2, "type": "A"}, args=["page0.example."])
    assert sorted(each["name"] for each in every) == [f"host{n}.page0.example." for n in range(5)], every
    everywhere = get_all(dns.recordsets.list_all_zones, criterion={"limit": 3, "type": "A"})
    assert len([each for each in everywhere if each["zone_name"] == "page0.example."]) == 5, everywhere

with check("designateclient recordsets.update"):
    changed = dns.recordsets.update("page0.example.", "host1.page0.example.", {"records": ["192.0.2.99"], "ttl": 30})
    assert (changed["records"], changed["ttl"]) == (["192.0.2.99"], 30), changed
    assert dns.recordsets.get("page0.example.", "host1.page0.example.")["records"] == ["192.0.2.99"]

with check("designateclient recordsets.delete"):
    dns.recordsets.delete("page0.example.", "host1.page0.example.")
    refused(exceptions.NotFound, dns.recordsets.get, "page0.example.", "host1.page0.example.")

with check("designateclient zones.delete"):
    dns.zones.delete("page4.example.")
    refused(exceptions.NotFound, dns.zones.get, "page4.example.")

with check("openstacksdk dns.create_zone"):
    zone = cloud.dns.create_zone(name="sdk.example.", email="hostmaster@sdk.example", ttl=300)
    assert (zone.name, zone.type) == ("sdk.example.", "PRIMARY"), zone
    cloud.dns.create_zone(name="below.sdk.example.", email="hostmaster@sdk.example")

with check("openstacksdk dns.zones"):
    listed = {each.name for each in cloud.dns.zones(limit=2)}
    assert listed >= {"sdk.example.", "below.sdk.example.", *ZONES[:4]}, listed

with check("openstacksdk dns.find_zone"):
    found = cloud.dns.find_zone("sdk.example.")
    assert (found.id, found.status) == (zone.id, "ACTIVE"), found
    assert cloud.dns.find_zone("absent.example.") is None
    assert cloud.dns.get_zone(zone.id).name == "sdk.example."

with check("openstacksdk dns.update_zone"):
    assert cloud.dns.update_zone(zone, description="of the SDK", ttl=600).description == "of the SDK"

with check("openstacksdk dns.create_recordset"):
    made = cloud.dns.create_recordset(zone, name="www.sdk.example.", type="A", records=["192.0.2.1"], ttl=60)
    assert (made.name, made.records) == ("www.sdk.example.", ["192.0.2.1"]), made
    cloud.dns.create_recordset(zone, name="x.www.sdk.example.", type="A", records=["192.0.2.2"])

with check("openstacksdk dns.recordsets"):
    names = sorted(each.name for each in cloud.dns.recordsets(zone, type="A"))
    assert names == ["www.sdk.example.", "x.www.sdk.example."], names

with check("openstacksdk dns.find_recordset"):
    assert cloud.dns.find_recordset(zone, "www.sdk.example.").id == made.id
    assert cloud.dns.get_recordset(made.id, zone).status == "ACTIVE"

with check("openstacksdk dns.update_recordset"):
    assert cloud.dns.update_recordset(made, records=["192.0.2.5"], ttl=90).records == ["192.0.2.5"]

with check("openstacksdk dns.delete_recordset"):
    cloud.dns.delete_recordset(made)
    assert cloud.dns.find_recordset(zone, "www.sdk.example.") is None

with check("openstacksdk dns.delete_zone"):
    cloud.dns.delete_zone(zone)
    assert cloud.dns.find_zone("sdk.example.") is None

with check("openstacksdk dns.floating_ips"):
    assert list(cloud.dns.floating_ips()) == []

sys.exit(1 if failed else 0)
