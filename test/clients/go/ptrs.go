package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
	eip "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/eip/v2/model"
)

func (c *clients) ptrs() {
	first, second := c.address("203.0.113.25"), c.address("203.0.113.26")
	call(c.suite, c.eip.ListPublicips, &eip.ListPublicipsRequest{}, 200, want{"Publicips.#": 2})
	call(c.suite, c.eip.ShowPublicip, &eip.ShowPublicipRequest{PublicipId: first}, 200, want{"Publicip.Id": first, "Publicip.PublicIpAddress": "203.0.113.25"})

	name := "mail." + named("ptr")
	set := &CreatePtrReq{Ptrdname: name, Ttl: ptr(int32(600)), Description: ptr("mail out"), Tags: &[]Tag{{Key: "env", Value: ptr("prod")}}}
	id := c.region + ":" + first
	call(c.suite, c.dns.CreateEipRecordSet, &CreateEipRecordSetRequest{Region: c.region, FloatingipId: first, Body: set}, 202, want{
		"Id": id, "Ptrdname": name, "Ttl": 600, "Address": "203.0.113.25", "Status": "PENDING_CREATE", "Action": "CREATE", "Links.Self": present,
		"EnterpriseProjectId": "0",
	})
	call(c.suite, c.dns.ShowPtrRecordSet, &ShowPtrRecordSetRequest{Region: c.region, FloatingipId: first}, 200,
		want{"Id": id, "Ptrdname": name, "Status": "ACTIVE", "Description": "mail out"})
	call(c.suite, c.dns.UpdatePtrRecord, &UpdatePtrRecordRequest{Region: c.region, FloatingipId: first, Body: &UpdatePtrReq{Ptrdname: "out." + named("ptr")}}, 202,
		want{"Ptrdname": "out." + named("ptr"), "Ttl": 600})
	call(c.suite, c.dns.ListPtrRecords, &ListPtrRecordsRequest{Tags: ptr("env,prod"), Limit: ptr(int32(5))}, 200,
		want{"Floatingips.#": 1, "Floatingips.0.Id": id, "Floatingips.0.Tags.0.Key": "env", "Metadata.TotalCount": 1})
	restore := &RestorePtrRecordRequest{Region: c.region, FloatingipId: first, Body: &RestorePtrReq{}}
	call(c.suite, c.dns.RestorePtrRecord, restore, 202, nil)
	refused(c.suite, c.dns.RestorePtrRecord, restore, 404, "DNS.0507")

	body := &CreatePtrRequestBody{Publicip: &PublicIpReq{Region: &c.region, Id: &second}, Ptrdnames: []string{name, "out." + named("ptr")}, Ttl: ptr(int32(60))}
	made := call(c.suite, c.dns.CreatePtr, &CreatePtrRequest{Body: body}, 202, want{
		"Id": present, "Publicip.Id": second, "Publicip.Region": c.region, "Publicip.Address": "203.0.113.26", "Ptrdnames.#": 2, "Ttl": 60,
		"Status": "PENDING_CREATE", "Links.Self": present,
	})
	ptrId := text(made.Id)
	call(c.suite, c.dns.ShowPtr, &ShowPtrRequest{PtrId: ptrId}, 200, want{"Status": "ACTIVE", "Ptrdnames.0": name})
	call(c.suite, c.dns.UpdatePtr, &UpdatePtrRequest{PtrId: ptrId, Body: &UpdatePtrRequestBody{Ptrdnames: []string{name}}}, 202,
		want{"Ptrdnames.#": 1, "Ttl": 60, "Status": "PENDING_UPDATE"})
	call(c.suite, c.dns.ListPtrs, &ListPtrsRequest{ResourceType: ptr("publicip")}, 200, want{"Floatingips.#": 1, "Floatingips.0.Id": ptrId, "Metadata.TotalCount": 1})
	refused(c.suite, c.dns.CreatePtr, &CreatePtrRequest{Body: body}, 400, "DNS.0016")
	call(c.suite, c.dns.DeletePtr, &DeletePtrRequest{PtrId: ptrId}, 202, nil)
	refused(c.suite, c.dns.ShowPtr, &ShowPtrRequest{PtrId: ptrId}, 404, "DNS.0507")

	call(c.suite, c.dns.CreateEipRecordSet, &CreateEipRecordSetRequest{Region: c.region, FloatingipId: first, Body: set}, 202, nil)
	ids := &BatchDeletePtrRecordsRequestBody{FloatingipIds: &[]string{id}}
	call(c.suite, c.dns.BatchDeletePtrRecords, &BatchDeletePtrRecordsRequest{Body: ids}, 202, nil)
	for _, address := range []string{first, second} {
		call(c.suite, c.eip.DeletePublicip, &eip.DeletePublicipRequest{PublicipId: address}, 204, nil)
	}
}
