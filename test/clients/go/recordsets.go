package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

// recordSets are the operations of v2, which know neither lines nor weights.
func (c *clients) recordSets() {
	zone, name := c.publicZone("sets"), "www."+named("sets")
	body := &CreateRecordSetRequestBody{
		Name: name, Type: "A", Ttl: ptr(int32(60)), Records: []string{"192.0.2.1", "192.0.2.2"}, Description: ptr("first"),
		Tags: &[]Tag{{Key: "side", Value: ptr("a")}},
	}
	made := call(c.suite, c.dns.CreateRecordSet, &CreateRecordSetRequest{ZoneId: zone, Body: body}, 202, want{
		"Name": name, "Type": "A", "Ttl": 60, "Records.#": 2, "Status": "PENDING_CREATE", "ZoneId": zone, "ZoneName": named("sets"),
		"CreateAt": present, "Default": false, "ProjectId": present, "Links.Self": present,
	})
	id := text(made.Id)
	call(c.suite, c.dns.ShowRecordSet, &ShowRecordSetRequest{ZoneId: zone, RecordsetId: id}, 200,
		want{"Status": "ACTIVE", "Records.0": "192.0.2.1", "Description": "first"})
	call(c.suite, c.dns.ListRecordSetsByZone, &ListRecordSetsByZoneRequest{ZoneId: zone, Name: &name, Type: ptr("A")}, 200,
		want{"Recordsets.#": 1, "Recordsets.0.Id": id, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.ListRecordSets, &ListRecordSetsRequest{ZoneType: ptr("public"), Tags: ptr("side,a"), SortKey: ptr("name"), SortDir: ptr("asc")}, 200,
		want{"Recordsets.#": 1, "Recordsets.0.Id": id, "Recordsets.0.Tags.0.Value": "a"})
	change := &UpdateRecordSetReq{Name: &name, Type: ptr("A"), Ttl: ptr(int32(120)), Records: &[]string{"192.0.2.3"}, Description: ptr("second")}
	call(c.suite, c.dns.UpdateRecordSet, &UpdateRecordSetRequest{ZoneId: zone, RecordsetId: id, Body: change}, 202,
		want{"Status": "PENDING_UPDATE", "Ttl": 120, "Records.#": 1, "Records.0": "192.0.2.3", "Description": "second", "UpdateAt": present})
	ids := &ListInstancesRequestBody{DimName: []string{"dns_public_zone_id", "dns_public_recordset_id"}, Ids: [][]string{{zone, id}}}
	call(c.suite, c.dns.ListInstances, &ListInstancesRequest{Body: ids}, 200,
		want{"Instances.0.DnsPublicZoneId.Id": zone, "Instances.0.DnsPublicRecordsetId.Name": name, "Instances.0.DnsPublicRecordsetId.Type": "A"})
	wrong := &CreateRecordSetRequestBody{Name: "m." + named("sets"), Type: "A", Records: []string{"192.0.2.300"}}
	refused(c.suite, c.dns.CreateRecordSet, &CreateRecordSetRequest{ZoneId: zone, Body: wrong}, 400, "DNS.0308")
	refused(c.suite, c.dns.CreateRecordSet, &CreateRecordSetRequest{ZoneId: "00000000000000000000000000000000", Body: wrong}, 404, "DNS.0302")
	call(c.suite, c.dns.DeleteRecordSet, &DeleteRecordSetRequest{ZoneId: zone, RecordsetId: id}, 202, want{"Id": id, "Status": "PENDING_DELETE"})
	refused(c.suite, c.dns.ShowRecordSet, &ShowRecordSetRequest{ZoneId: zone, RecordsetId: id}, 404, "DNS.0313")
}

// withLine makes a record set of v2.1 and gives its id.
func (c *clients) withLine(zone, name, kind, line string, weight int32, records ...string) string {
	body := &CreateRecordSetWithLineRequestBody{Name: name, Type: kind, Line: &line, Weight: &weight, Records: &records}
	made := call(c.suite, c.dns.CreateRecordSetWithLine, &CreateRecordSetWithLineRequest{ZoneId: zone, Body: body}, 202,
		want{"Name": name, "Type": kind, "Line": line, "Weight": weight, "Records.#": len(records), "Status": "PENDING_CREATE", "Id": present})
	return text(made.Id)
}

func (c *clients) recordSetsWithLine() {
	apex := named("lines-of")
	zone, name := c.publicZone("lines-of"), "www."+apex
	id := c.withLine(zone, name, "A", "default_view", 5, "192.0.2.1")
	second := c.withLine(zone, name, "A", "Dianxin", 1, "192.0.2.2")
	call(c.suite, c.dns.ShowRecordSetWithLine, &ShowRecordSetWithLineRequest{ZoneId: zone, RecordsetId: id}, 200,
		want{"Status": "ACTIVE", "Line": "default_view", "Weight": 5, "CreatedAt": present})
	call(c.suite, c.dns.ShowRecordSetByZone, &ShowRecordSetByZoneRequest{ZoneId: zone, LineId: ptr("Dianxin")}, 200,
		want{"Recordsets.#": 1, "Recordsets.0.Id": second, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.ListRecordSetsWithLine, &ListRecordSetsWithLineRequest{ZoneType: ptr("public"), ZoneId: &zone, Type: ptr("A")}, 200,
		want{"Recordsets.#": 2, "Metadata.TotalCount": 2, "Recordsets.0.Line": present})
	change := &UpdateRecordSetsReq{Name: name, Type: "A", Ttl: ptr(int32(30)), Weight: ptr(int32(7)), Records: &[]string{"192.0.2.9"}}
	call(c.suite, c.dns.UpdateRecordSets, &UpdateRecordSetsRequest{ZoneId: zone, RecordsetId: id, Body: change}, 202,
		want{"Weight": 7, "Ttl": 30, "Records.0": "192.0.2.9", "Status": "PENDING_UPDATE"})
	call(c.suite, c.dns.SetRecordSetsStatus, &SetRecordSetsStatusRequest{RecordsetId: id, Body: &SetRecordSetsStatusRequestBody{Status: "DISABLE"}}, 202,
		want{"Id": id, "Status": "DISABLE"})
	call(c.suite, c.dns.ListPublicZoneLines, &ListPublicZoneLinesRequest{ZoneId: zone}, 200,
		want{"Lines.#": 2, "Lines.0.Line": present, "Lines.0.CreateTime": present, "Metadata.TotalCount": 2})
	call(c.suite, c.dns.ShowWebsiteRecordSet, &ShowWebsiteRecordSetRequest{ZoneId: zone}, 200,
		want{"Recordsets.#": 1, "Recordsets.0.Name": name, "Metadata.TotalCount": 1})
	c.withLine(zone, apex, "MX", "default_view", 1, "10 mail."+apex)
	call(c.suite, c.dns.ShowEmailRecordSet, &ShowEmailRecordSetRequest{ZoneId: zone}, 200, want{"Recordsets.#": 1, "Recordsets.0.Type": "MX"})
	call(c.suite, c.dns.DeleteRecordSets, &DeleteRecordSetsRequest{ZoneId: zone, RecordsetId: second}, 202, want{"Id": second, "Status": "PENDING_DELETE"})
	refused(c.suite, c.dns.ShowRecordSetWithLine, &ShowRecordSetWithLineRequest{ZoneId: zone, RecordsetId: second}, 404, "DNS.0313")
	c.withLine(zone, "txt."+apex, "TXT", "default_view", 1, `"two strings" "of one value"`)
}

func (c *clients) batches() {
	zone, name := c.publicZone("batches"), "www."+named("batches")
	lines := []BatchCreateRecordSetWithLine{
		{Line: "default_view", Records: []string{"192.0.2.1"}},
		{Line: "Abroad", Records: []string{"192.0.2.2"}, Ttl: ptr(int32(60)), Weight: ptr(int32(5))},
	}
	made := call(c.suite, c.dns.CreateRecordSetWithBatchLines,
		&CreateRecordSetWithBatchLinesRequest{ZoneId: zone, Body: &CreateRSetBatchLinesReq{Name: name, Type: "A", Lines: lines}}, 202,
		want{"Recordsets.#": 2, "Recordsets.1.Line": "Abroad", "Recordsets.1.Ttl": 60, "Metadata.TotalCount": 2})
	var ids []string
	if made.Recordsets != nil {
		for _, set := range *made.Recordsets {
			ids = append(ids, text(set.Id))
		}
	}
	for len(ids) < 2 {
		ids = append(ids, "")
	}
	changes := []BatchUpdateRecordSet{
		{Id: ids[0], Records: []string{"198.51.100.1"}, Ttl: ptr(int32(90)), Weight: ptr(int32(1))},
		{Id: ids[1], Records: []string{"198.51.100.2"}, Weight: ptr(int32(2))},
	}
	call(c.suite, c.dns.BatchUpdateRecordSetWithLine,
		&BatchUpdateRecordSetWithLineRequest{ZoneId: zone, Body: &BatchUpdateRecordSetWithLineRequestBody{Recordsets: changes}}, 202,
		want{"Recordsets.#": 2, "Recordsets.0.Ttl": 90, "Recordsets.1.Ttl": 300, "Recordsets.0.Records.0": "198.51.100.1"})
	call(c.suite, c.dns.BatchSetRecordSetsStatus,
		&BatchSetRecordSetsStatusRequest{Body: &BatchSetRecordSetsStatusRequestBody{Status: "DISABLE", RecordsetIds: ids}}, 202,
		want{"Recordsets.#": 2, "Recordsets.0.Status": "DISABLE", "Metadata.TotalCount": 2})
	call(c.suite, c.dns.BatchDeleteRecordSetWithLine,
		&BatchDeleteRecordSetWithLineRequest{ZoneId: zone, Body: &BatchDeleteRecordSetWithLineRequestBody{RecordsetIds: ids[:1]}}, 202,
		want{"Recordsets.#": 1, "Recordsets.0.Id": ids[0], "Recordsets.0.Status": "PENDING_DELETE"})
	call(c.suite, c.dns.BatchDeleteRecordSets,
		&BatchDeleteRecordSetsRequest{Body: &BatchDeleteRecordSetsRequestBody{ZoneType: "public", RecordsetIds: ids}}, 202,
		want{"Recordsets.#": 1, "Recordsets.0.Id": ids[1], "Metadata.TotalCount": 1})
	refused(c.suite, c.dns.BatchUpdateRecordSetWithLine,
		&BatchUpdateRecordSetWithLineRequest{ZoneId: zone, Body: &BatchUpdateRecordSetWithLineRequestBody{Recordsets: changes}}, 404, "DNS.0313")
}
