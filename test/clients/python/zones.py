"""Public zones: their life, status, name servers, lists, and the calls for many at once."""
from huaweicloudsdkdns.v2 import (
    BatchDeleteZonesRequestBody,
    BatchSetZonesStatusRequestBody,
    CreatePublicZoneReq,
    ListPublicZonesRequest,
    ShowPublicZoneRequest,
    Tag,
    UpdatePublicZoneInfo,
    UpdateZoneStatusRequestBody,
)

UNKNOWN = "0" * 32


def check_all(suite, setup):
    zone_id = None
    with suite.check("create_public_zone") as call:
        wanted = CreatePublicZoneReq(
            name="python.example",
            description="例子 with blanks",
            email="hostmaster@python.example",
            ttl=600,
            tags=[Tag(key="team", value="a b")],
        )
        made = call(body=wanted)
        zone_id = made.id
        assert (made.name, made.status, made.ttl) == ("python.example.", "PENDING_CREATE", 600), made
        assert (made.zone_type, made.project_id) == ("public", setup["projectId"]), made
        call.refused(400, "DNS.0208", body=wanted)
        call.refused(400, "DNS.0202", body=CreatePublicZoneReq(name="-.example"))
        for name in ("second.example", "third.example"):
            call(body=CreatePublicZoneReq(name=name))

    with suite.check("show_public_zone") as call:
        shown = call(zone_id=zone_id)
        assert (shown.status, shown.description, shown.record_num) == ("ACTIVE", "例子 with blanks", 2), shown
        error = call.refused(404, "DNS.0302", zone_id=UNKNOWN)
        assert error.error_msg == "This zone does not exist.", error.error_msg

    with suite.check("list_public_zones") as call:
        listed = call(type="public", sort_key="name", sort_dir="asc")
        names = [zone.name for zone in listed.zones]
        assert names == ["python.example.", "second.example.", "third.example."], names
        assert [zone.id for zone in call(tags="team,a b").zones] == [zone_id]
        assert call(name="thon.exam", search_mode="like").metadata.total_count == 1
        assert call(name="python.example", search_mode="equal").zones[0].id == zone_id
        first = call(limit=2)
        second = call(limit=2, marker=first.zones[-1].id)
        assert first.links.next and second.links.next is None, (first.links, second.links)
        assert len({zone.id for zone in first.zones + second.zones}) == 3
        call.refused(400, "DNS.0006", limit=501)

    with suite.check("update_public_zone") as call:
        changed = call(zone_id=zone_id, body=UpdatePublicZoneInfo(description="new", ttl=900))
        assert (changed.description, changed.ttl, changed.email) == ("new", 900, "hostmaster@python.example"), changed

    with suite.check("show_public_zone_name_server") as call:
        assert [each.hostname for each in call(zone_id=zone_id).nameservers] == setup["nameServers"]

    with suite.check("update_public_zone_status") as call:
        for status, shown in (("DISABLE", "DISABLE"), ("ENABLE", "ACTIVE")):
            call(zone_id=zone_id, body=UpdateZoneStatusRequestBody(status=status))
            assert one(suite, zone_id).status == shown, one(suite, zone_id)
        call.refused(400, "DNS.0315", zone_id=zone_id, body=UpdateZoneStatusRequestBody(status="OFF"))

    ids = {zone.name: zone.id for zone in suite.client.list_public_zones(ListPublicZonesRequest()).zones}
    others = [ids["second.example."], ids["third.example."]]
    with suite.check("batch_set_zones_status") as call:
        answer = call(body=BatchSetZonesStatusRequestBody(status="DISABLE", zone_ids=others))
        assert (answer.metadata.total_count, {zone.id for zone in answer.zones}) == (2, set(others)), answer
        call(body=BatchSetZonesStatusRequestBody(status="ENABLE", zone_ids=others))

    with suite.check("batch_delete_zones") as call:
        answer = call(body=BatchDeleteZonesRequestBody(zone_type="public", zone_ids=others[:1]))
        assert [zone.name for zone in answer.zones] == ["second.example."], answer

    with suite.check("delete_public_zone") as call:
        assert call(zone_id=others[1]).status == "PENDING_DELETE"
        call.refused(404, "DNS.0302", zone_id=others[1])

    setup["zone_id"] = zone_id


def one(suite, zone_id):
    return suite.client.show_public_zone(ShowPublicZoneRequest(zone_id=zone_id))
