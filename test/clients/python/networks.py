"""Private zones and the networks they hold for."""
from huaweicloudsdkdns.v2 import (
    AssociateRouterRequestBody,
    CreatePrivateZoneReq,
    DisassociaterouterRequestBody,
    Router,
    SetPrivateZoneProxyPatternRequestBody,
    UpdatePrivateZoneInfoReq,
    UpdateZoneStatusRequestBody,
)


def check_all(suite, setup):
    office, plant = setup["networks"]
    region = setup["region"]
    zone_id = None
    with suite.check("create_private_zone") as call:
        router = Router(router_id=office, router_region=region)
        wanted = CreatePrivateZoneReq(name="inside.example", zone_type="private", router=router, proxy_pattern="AUTHORITY")
        made = call(body=wanted)
        zone_id = made.id
        assert (made.zone_type, made.router.router_id) == ("private", office), made
        call.refused(400, "DNS.0208", body=wanted)
        nowhere = Router(router_id="00000000-0000-4000-8000-000000000000", router_region=region)
        call.refused(404, "DNS.0711", body=CreatePrivateZoneReq(name="x.example", zone_type="private", router=nowhere))

    with suite.check("associate_router") as call:
        answer = call(
            zone_id=zone_id, body=AssociateRouterRequestBody(router=Router(router_id=plant, router_region=region))
        )
        assert (answer.router_id, answer.router_region) == (plant, region), answer

    with suite.check("show_private_zone") as call:
        shown = call(zone_id=zone_id)
        assert {each.router_id for each in shown.routers} == {office, plant}, shown
        assert shown.proxy_pattern == "AUTHORITY", shown

    with suite.check("list_private_zones") as call:
        assert [zone.id for zone in call(type="private", router_id=plant).zones] == [zone_id]
        assert call(type="private", router_id=plant, status="DISABLE").metadata.total_count == 0

    with suite.check("disassociate_router") as call:
        gone = DisassociaterouterRequestBody(router=Router(router_id=plant, router_region=region))
        assert call(zone_id=zone_id, body=gone).router_id == plant
        call.refused(400, "DNS.0707", zone_id=zone_id, body=gone)

    with suite.check("update_private_zone") as call:
        changed = call(zone_id=zone_id, body=UpdatePrivateZoneInfoReq(description="at home", ttl=120))
        assert (changed.description, changed.ttl) == ("at home", 120), changed

    with suite.check("set_private_zone_proxy_pattern") as call:
        call(zone_id=zone_id, body=SetPrivateZoneProxyPatternRequestBody(proxy_pattern="RECURSIVE"))
        call.refused(
            400, "DNS.0002", zone_id=zone_id, body=SetPrivateZoneProxyPatternRequestBody(proxy_pattern="NONE")
        )

    with suite.check("update_private_zone_status") as call:
        for status in ("DISABLE", "ENABLE"):
            assert call(zone_id=zone_id, body=UpdateZoneStatusRequestBody(status=status)).id == zone_id

    with suite.check("show_private_zone_name_server") as call:
        servers = call(zone_id=zone_id).nameservers
        assert [each.address for each in servers] == setup["privateNameServers"], servers

    with suite.check("delete_private_zone") as call:
        assert call(zone_id=zone_id).status == "PENDING_DELETE"
        call.refused(404, "DNS.0302", zone_id=zone_id)
