"""Tags of zones and record sets, and the search by them."""
from huaweicloudsdkdns.v2 import BatchHandTags, CreateTagReq, ListTagReq, Tag, TagValues

ZONE = "DNS-public_zone"


def check_all(suite, setup):
    zone_id = setup["zone_id"]
    with suite.check("create_tag") as call:
        tag = Tag(key="cost center", value="成本")
        call(resource_type=ZONE, resource_id=zone_id, body=CreateTagReq(tag=tag))

    with suite.check("batch_create_tag") as call:
        tags = [Tag(key="a:b", value="1"), Tag(key="gone", value="2")]
        call(resource_type=ZONE, resource_id=zone_id, body=BatchHandTags(action="create", tags=tags))
        call(resource_type=ZONE, resource_id=zone_id, body=BatchHandTags(action="delete", tags=tags[1:]))

    with suite.check("show_resource_tag") as call:
        shown = {each.key: each.value for each in call(resource_type=ZONE, resource_id=zone_id).tags}
        assert shown == {"team": "a b", "cost center": "成本", "a:b": "1"}, shown

    with suite.check("list_tags") as call:
        known = {each.key: each.values for each in call(resource_type=ZONE).tags}
        assert known["cost center"] == ["成本"], known

    with suite.check("list_tag") as call:
        wanted = [TagValues(key="cost center", values=["成本"])]
        found = call(resource_type=ZONE, body=ListTagReq(action="filter", tags=wanted, limit=10, offset=0))
        assert [each.resource_id for each in found.resources] == [zone_id], found
        assert call(resource_type=ZONE, body=ListTagReq(action="count", tags=wanted)).total_count == 1

    with suite.check("delete_tag") as call:
        # Blank and colon are escaped in the path, and signed.
        call(resource_type=ZONE, resource_id=zone_id, key="cost center")
        call(resource_type=ZONE, resource_id=zone_id, key="a:b")
        call.refused(404, "DNS.1003", resource_type=ZONE, resource_id=zone_id, key="a:b")
