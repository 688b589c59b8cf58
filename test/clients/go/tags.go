package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

const zoneType = "DNS-public_zone"

func (c *clients) tags() {
	zone := c.publicZone("tags")
	put := &CreateTagRequest{ResourceType: zoneType, ResourceId: zone, Body: &CreateTagReq{Tag: &Tag{Key: "cost center", Value: ptr("a/b")}}}
	call(c.suite, c.dns.CreateTag, put, 204, nil)
	many := []Tag{{Key: "部门", Value: ptr("例子")}, {Key: "env", Value: ptr("")}}
	batch := func(action string, tags []Tag) *BatchCreateTagRequest {
		return &BatchCreateTagRequest{ResourceType: zoneType, ResourceId: zone, Body: &BatchHandTags{Action: action, Tags: tags}}
	}
	call(c.suite, c.dns.BatchCreateTag, batch("create", many), 204, nil)
	call(c.suite, c.dns.ShowResourceTag, &ShowResourceTagRequest{ResourceType: zoneType, ResourceId: zone}, 200, want{"Tags.#": 3})
	call(c.suite, c.dns.ListTags, &ListTagsRequest{ResourceType: zoneType}, 200, want{"Tags.0.Key": present, "Tags.0.Values.#": 1})
	filter := &ListTagReq{Action: "filter", Tags: &[]TagValues{{Key: ptr("cost center"), Values: &[]string{"a/b", "c"}}}, Limit: ptr(int32(10)), Offset: ptr(int32(0))}
	call(c.suite, c.dns.ListTag, &ListTagRequest{ResourceType: zoneType, Body: filter}, 200,
		want{"TotalCount": 1, "Resources.0.ResourceId": zone, "Resources.0.ResourceName": named("tags"), "Resources.0.Tags.#": 3})
	count := &ListTagReq{Action: "count", Matches: &[]Match{{Key: "resource_name", Value: ptr("tags.go-sdk")}}}
	call(c.suite, c.dns.ListTag, &ListTagRequest{ResourceType: zoneType, Body: count}, 200, want{"TotalCount": 1})
	// A blank and letters outside ASCII in the path, as the SDK writes and signs them.
	for _, key := range []string{"cost center", "部门"} {
		call(c.suite, c.dns.DeleteTag, &DeleteTagRequest{ResourceType: zoneType, ResourceId: zone, Key: key}, 204, nil)
	}
	call(c.suite, c.dns.BatchCreateTag, batch("delete", many[1:]), 204, nil)
	call(c.suite, c.dns.ShowResourceTag, &ShowResourceTagRequest{ResourceType: zoneType, ResourceId: zone}, 200, want{"Tags.#": 0})
	refused(c.suite, c.dns.ShowResourceTag, &ShowResourceTagRequest{ResourceType: "DNS-zone", ResourceId: zone}, 400, "DNS.1002")
}
