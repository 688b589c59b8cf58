package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

func (c *clients) lines() {
	call(c.suite, c.dns.ListSystemLines, &ListSystemLinesRequest{Locale: ptr("en-us"), Limit: ptr(int32(5))}, 200,
		want{"Lines.#": 5, "Lines.0.Id": "default_view", "Lines.0.FatherId": present, "Metadata.TotalCount": present})

	segments := []string{"198.51.100.7-198.51.100.7", "203.0.113.0-203.0.113.127"}
	body := &CreateCustomLineRequestBody{Name: "go-office", IpSegments: segments, Description: ptr("branch offices")}
	made := call(c.suite, c.dns.CreateCustomLine, &CreateCustomLineRequest{Body: body}, 202,
		want{"LineId": present, "Name": "go-office", "IpSegments.#": 2, "Status": "PENDING_CREATE", "CreatedAt": present})
	id := text(made.LineId)
	call(c.suite, c.dns.ListCustomLine, &ListCustomLineRequest{LineId: &id}, 200,
		want{"Lines.#": 1, "Lines.0.Status": "ACTIVE", "Lines.0.IpSegments.0": segments[0], "Metadata.TotalCount": 1})
	call(c.suite, c.dns.ListCustomLine, &ListCustomLineRequest{Ip: ptr("203.0.113.5"), ShowDetail: ptr(false)}, 200,
		want{"Lines.#": 1, "Lines.0.LineId": id})
	call(c.suite, c.dns.UpdateCustomLine, &UpdateCustomLineRequest{LineId: id, Body: &UpdateCustomLineRequestBody{IpSegments: ptr(segments[:1])}}, 202,
		want{"LineId": id, "IpSegments.#": 1, "Status": "PENDING_UPDATE", "Name": "go-office"})
	refused(c.suite, c.dns.CreateCustomLine,
		&CreateCustomLineRequest{Body: &CreateCustomLineRequestBody{Name: "go-cidr", IpSegments: []string{"10.0.0.0/8"}}}, 400, "DNS.1605")

	group := call(c.suite, c.dns.CreateLineGroup,
		&CreateLineGroupRequest{Body: &CreateLineGroupsReq{Name: "go-group", Lines: []string{"Dianxin", id}}}, 202,
		want{"LineId": present, "Lines.#": 2, "Status": "PENDING_CREATE"})
	groupId := text(group.LineId)
	call(c.suite, c.dns.ShowLineGroup, &ShowLineGroupRequest{LinegroupId: groupId}, 200, want{"Status": "ACTIVE", "Name": "go-group"})
	call(c.suite, c.dns.ListLineGroups, &ListLineGroupsRequest{Name: ptr("go-")}, 200,
		want{"Linegroups.#": 1, "Linegroups.0.LineId": groupId, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.UpdateLineGroups,
		&UpdateLineGroupsRequest{LinegroupId: groupId, Body: &UpdateLineGroupsRequestBody{Name: "go-group", Lines: []string{"Dianxin", "Liantong", id}}}, 202,
		want{"Lines.#": 3, "Status": "PENDING_UPDATE"})
	refused(c.suite, c.dns.DeleteCustomLine, &DeleteCustomLineRequest{LineId: id}, 400, "DNS.0608")
	call(c.suite, c.dns.DeleteLineGroup, &DeleteLineGroupRequest{LinegroupId: groupId}, 202, want{"Status": "PENDING_DELETE"})
	refused(c.suite, c.dns.ShowLineGroup, &ShowLineGroupRequest{LinegroupId: groupId}, 404, "DNS.1707")
	call(c.suite, c.dns.DeleteCustomLine, &DeleteCustomLineRequest{LineId: id}, 202, want{"LineId": id, "Status": "PENDING_DELETE"})
}
