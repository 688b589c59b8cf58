"""Lines that come with the service, custom lines, groups of lines."""
from huaweicloudsdkdns.v2 import (
    CreateCustomLineRequestBody,
    CreateLineGroupsReq,
    UpdateCustomLineRequestBody,
    UpdateLineGroupsRequestBody,
)


def check_all(suite, setup):
    with suite.check("list_system_lines") as call:
        rows = call(locale="en-us", limit=5)
        assert (len(rows.lines), rows.lines[0].id) == (5, "default_view"), rows
        assert rows.metadata.total_count > 100, rows
        assert call(locale="zh-cn", limit=1).lines[0].name != rows.lines[0].name

    with suite.check("list_public_zone_lines") as call:
        used = {each.line for each in call(zone_id=setup["zone_id"]).lines}
        assert used == {"default_view", "Dianxin"}, used

    line_id = None
    with suite.check("create_custom_line") as call:
        body = CreateCustomLineRequestBody(name="office", ip_segments=["198.51.100.0-198.51.100.255"])
        made = call(body=body)
        line_id = made.line_id
        assert (made.status, made.name) == ("PENDING_CREATE", "office"), made
        call.refused(400, "DNS.1603", body=body)

    with suite.check("update_custom_line") as call:
        changed = call(line_id=line_id, body=UpdateCustomLineRequestBody(description="second floor"))
        assert changed.description == "second floor", changed

    with suite.check("list_custom_line") as call:
        [row] = call(ip="198.51.100.7", show_detail=True).lines
        assert (row.line_id, row.status, row.description) == (line_id, "ACTIVE", "second floor"), row
        assert call(line_id=line_id).lines[0].name == "office"

    group_id = None
    with suite.check("create_line_group") as call:
        made = call(body=CreateLineGroupsReq(name="near", lines=[line_id, "Dianxin"], description="附近"))
        group_id = made.line_id
        assert set(made.lines) == {line_id, "Dianxin"}, made

    with suite.check("show_line_group") as call:
        shown = call(linegroup_id=group_id)
        assert (shown.name, shown.status, shown.description) == ("near", "ACTIVE", "附近"), shown

    with suite.check("list_line_groups") as call:
        assert [each.line_id for each in call(name="near").linegroups] == [group_id]

    with suite.check("update_line_groups") as call:
        body = UpdateLineGroupsRequestBody(name="nearer", lines=[line_id, "Liantong"])
        assert call(linegroup_id=group_id, body=body).name == "nearer"

    with suite.check("delete_line_group") as call:
        assert call(linegroup_id=group_id).status == "PENDING_DELETE"

    with suite.check("delete_custom_line") as call:
        assert call(line_id=line_id).status == "PENDING_DELETE"
        call.refused(404, "DNS.1604", line_id=line_id)
