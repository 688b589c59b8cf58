package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

func (c *clients) apiDocuments() {
	call(c.suite, c.dns.ListApiVersions, &ListApiVersionsRequest{}, 200, want{"Versions.Values.0.Id": "v2", "Versions.Values.0.Status": "CURRENT"})
	call(c.suite, c.dns.ShowApiInfo, &ShowApiInfoRequest{Version: "v2"}, 200, want{"Version.Id": "v2", "Version.Links.0.Href": present})
	call(c.suite, c.dns.ListNameServers, &ListNameServersRequest{Type: ptr("public")}, 200,
		want{"Nameservers.0.Type": "public", "Nameservers.0.NsRecords.0.Hostname": present})
	call(c.suite, c.dns.ShowDomainQuota, &ShowDomainQuotaRequest{DomainId: env("DOMAIN_ID")}, 200,
		want{"Quotas.0.QuotaKey": present, "Quotas.0.Unit": present})
	refused(c.suite, c.dns.ShowDomainQuota, &ShowDomainQuotaRequest{DomainId: env("OTHER_DOMAIN_ID")}, 401, "DNS.0005")
}

// publicZone makes a zone that other parts work in.
func (c *clients) publicZone(label string) string {
	name := named(label)
	made := call(c.suite, c.dns.CreatePublicZone, &CreatePublicZoneRequest{Body: &CreatePublicZoneReq{Name: name}}, 202,
		want{"Name": name, "Status": "PENDING_CREATE", "ZoneType": "public", "Id": present, "ProjectId": present})
	return text(made.Id)
}

func (c *clients) publicZones() {
	name := named("zones")
	body := &CreatePublicZoneReq{
		Name: name, ZoneType: ptr("public"), Email: ptr("hostmaster@example.org"), Ttl: ptr(int32(600)),
		Description: ptr("例子, with blanks"), Tags: &[]Tag{{Key: "env", Value: ptr("test run")}},
	}
	made := call(c.suite, c.dns.CreatePublicZone, &CreatePublicZoneRequest{Body: body}, 202, want{
		"Name": name, "Email": "hostmaster@example.org", "Ttl": 600, "Description": "例子, with blanks", "Serial": present,
		"PoolId": present, "CreatedAt": present, "Links.Self": present, "RecordNum": 0, "EnterpriseProjectId": "0", "Masters.#": 0,
	})
	id := text(made.Id)
	call(c.suite, c.dns.ShowPublicZone, &ShowPublicZoneRequest{ZoneId: id}, 200, want{"Name": name, "Status": "ACTIVE", "RecordNum": 2})
	call(c.suite, c.dns.ListPublicZones, &ListPublicZonesRequest{Tags: ptr("env,test run"), Name: ptr("zones.go-sdk"), Limit: ptr(int32(1))}, 200,
		want{"Zones.#": 1, "Zones.0.Id": id, "Zones.0.Tags.0.Key": "env", "Metadata.TotalCount": 1, "Links.Self": present})
	call(c.suite, c.dns.UpdatePublicZone, &UpdatePublicZoneRequest{ZoneId: id, Body: &UpdatePublicZoneInfo{Ttl: ptr(int32(900))}}, 202,
		want{"Ttl": 900, "Email": "hostmaster@example.org", "UpdatedAt": present})
	call(c.suite, c.dns.ShowPublicZoneNameServer, &ShowPublicZoneNameServerRequest{ZoneId: id}, 200,
		want{"Nameservers.0.Hostname": present, "Nameservers.0.Priority": 1})
	call(c.suite, c.dns.ShowZoneNameServer, &ShowZoneNameServerRequest{DomainName: "zones.go-sdk.example"}, 200,
		want{"DomainName": name, "AllHwDns": false, "IncludeHwDns": false, "ExpectedDnsServers.0": present})
	call(c.suite, c.dns.ShowDomainDetection, &ShowDomainDetectionRequest{ZoneId: id, DomainName: "www." + name, Type: ptr("CNAME")}, 200,
		want{"DomainName": "www." + name, "Type": "CNAME", "Status": present})

	call(c.suite, c.dns.ShowDnssecConfig, &ShowDnssecConfigRequest{ZoneId: id}, 200, want{"Status": "DISABLE"})
	call(c.suite, c.dns.EnableDnssecConfig, &EnableDnssecConfigRequest{ZoneId: id}, 202, want{
		"ZoneName": name, "Flag": 257, "DigestAlgorithm": "SHA256", "DigestType": 2, "Digest": present, "Signature": "ECDSAP256SHA256",
		"SignatureType": 13, "KskPublicKey": present, "DsRecord": present, "KeyTag": present, "Status": "ENABLE", "CreatedAt": present,
	})
	call(c.suite, c.dns.ShowDnssecConfig, &ShowDnssecConfigRequest{ZoneId: id}, 200, want{"Status": "ENABLE", "DsRecord": present})
	refused(c.suite, c.dns.EnableDnssecConfig, &EnableDnssecConfigRequest{ZoneId: id}, 400, "DNS.2302")
	call(c.suite, c.dns.DisableDnssecConfig, &DisableDnssecConfigRequest{ZoneId: id}, 202, want{"Status": "DISABLE"})

	pause := &UpdateZoneStatusRequestBody{Status: "DISABLE"}
	call(c.suite, c.dns.UpdatePublicZoneStatus, &UpdatePublicZoneStatusRequest{ZoneId: id, Body: pause}, 202, want{"Status": "DISABLE"})
	enable := &BatchSetZonesStatusRequestBody{Status: "ENABLE", ZoneIds: []string{id}}
	call(c.suite, c.dns.BatchSetZonesStatus, &BatchSetZonesStatusRequest{Body: enable}, 202,
		want{"Zones.#": 1, "Zones.0.Id": id, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.ShowPublicZone, &ShowPublicZoneRequest{ZoneId: id}, 200, want{"Status": "ACTIVE", "Ttl": 900})

	refused(c.suite, c.dns.CreatePublicZone, &CreatePublicZoneRequest{Body: body}, 400, "DNS.0208")
	call(c.suite, c.dns.DeletePublicZone, &DeletePublicZoneRequest{ZoneId: id}, 202, want{"Id": id, "Status": "PENDING_DELETE"})
	refused(c.suite, c.dns.ShowPublicZone, &ShowPublicZoneRequest{ZoneId: id}, 404, "DNS.0302")

	batch := &BatchDeleteZonesRequestBody{ZoneType: "public", ZoneIds: []string{c.publicZone("batch-a"), c.publicZone("batch-b")}}
	call(c.suite, c.dns.BatchDeleteZones, &BatchDeleteZonesRequest{Body: batch}, 202,
		want{"Zones.#": 2, "Zones.0.Status": "PENDING_DELETE", "Metadata.TotalCount": 2})
}

// router names a network; it is a pointer in bodies and lists alike.
func (c *clients) router(n network) *Router { return &Router{RouterId: n.id, RouterRegion: &c.region} }

func (c *clients) privateZones(networks []network) {
	office, plant := networks[0], networks[1]
	name := "corp.internal."
	body := &CreatePrivateZoneReq{Name: name, ZoneType: "private", Router: c.router(office), ProxyPattern: ptr("AUTHORITY")}
	made := call(c.suite, c.dns.CreatePrivateZone, &CreatePrivateZoneRequest{Body: body}, 202, want{
		"Name": name, "ZoneType": "private", "Status": "PENDING_CREATE", "ProxyPattern": "AUTHORITY",
		"Router.RouterId": office.id, "Router.RouterRegion": c.region, "Router.Status": present,
	})
	id := text(made.Id)
	call(c.suite, c.dns.ShowPrivateZone, &ShowPrivateZoneRequest{ZoneId: id}, 200,
		want{"Status": "ACTIVE", "Routers.#": 1, "Routers.0.RouterId": office.id, "Routers.0.Status": "ACTIVE", "ProxyPattern": "AUTHORITY"})
	call(c.suite, c.dns.ListPrivateZones, &ListPrivateZonesRequest{Type: "private", RouterId: &office.id}, 200,
		want{"Zones.#": 1, "Zones.0.Name": name, "Zones.0.Routers.0.RouterId": office.id})
	call(c.suite, c.dns.ShowPrivateZoneNameServer, &ShowPrivateZoneNameServerRequest{ZoneId: id}, 200, nil)
	call(c.suite, c.dns.UpdatePrivateZone, &UpdatePrivateZoneRequest{ZoneId: id, Body: &UpdatePrivateZoneInfoReq{Description: ptr("of the house")}}, 202,
		want{"Description": "of the house"})
	call(c.suite, c.dns.AssociateRouter, &AssociateRouterRequest{ZoneId: id, Body: &AssociateRouterRequestBody{Router: c.router(plant)}}, 202,
		want{"RouterId": plant.id, "RouterRegion": c.region, "Status": present})
	call(c.suite, c.dns.ShowPrivateZone, &ShowPrivateZoneRequest{ZoneId: id}, 200, want{"Routers.#": 2})

	ids := &ListInstancesRequestBody{DimName: []string{"dns_private_zone_id", "vpc_id"}, Ids: [][]string{{id, office.id}}}
	call(c.suite, c.dns.ListInstances, &ListInstancesRequest{Body: ids}, 200,
		want{"Instances.0.DnsPrivateZoneId.Name": name, "Instances.0.VpcId.Id": office.id, "Instances.0.VpcId.Name": "head-office"})

	leave := &DisassociateRouterRequest{ZoneId: id, Body: &DisassociaterouterRequestBody{Router: c.router(plant)}}
	call(c.suite, c.dns.DisassociateRouter, leave, 202, want{"RouterId": plant.id, "Status": present})
	refused(c.suite, c.dns.DisassociateRouter, leave, 400, "DNS.0707")
	pattern := &SetPrivateZoneProxyPatternRequestBody{ProxyPattern: "RECURSIVE"}
	call(c.suite, c.dns.SetPrivateZoneProxyPattern, &SetPrivateZoneProxyPatternRequest{ZoneId: id, Body: pattern}, 202, nil)
	pause := &UpdateZoneStatusRequestBody{Status: "DISABLE"}
	call(c.suite, c.dns.UpdatePrivateZoneStatus, &UpdatePrivateZoneStatusRequest{ZoneId: id, Body: pause}, 202, want{"Status": "DISABLE"})
	call(c.suite, c.dns.DeletePrivateZone, &DeletePrivateZoneRequest{ZoneId: id}, 202,
		want{"Id": id, "Status": "PENDING_DELETE", "Routers.0.RouterId": office.id})
	refused(c.suite, c.dns.ShowPrivateZone, &ShowPrivateZoneRequest{ZoneId: id}, 404, "DNS.0302")
}

// owners reclaims the zone of another account and asks its permission for a name below it. The records that prove ownership
// are at nobody's name servers here, so neither is granted.
func (c *clients) owners(other *clients) {
	zone := other.publicZone("owned")
	name := named("owned")
	retrieval := call(c.suite, c.dns.CreateRetrieval, &CreateRetrievalRequest{Body: &CreateRetrievalRequestBody{ZoneName: &name}}, 200,
		want{"ZoneName": name, "Record.Host": present, "Record.Value": present, "Status": "PENDING", "CreatedAt": present})
	id := text(retrieval.Id)
	call(c.suite, c.dns.ShowRetrieval, &ShowRetrievalRequest{Name: name}, 200, want{"Id": id, "ZoneName": name, "Status": "PENDING"})
	call(c.suite, c.dns.CreateRetrievalVerification, &CreateRetrievalVerificationRequest{Id: id}, 202, nil)
	call(c.suite, c.dns.ShowRetrievalVerification, &ShowRetrievalVerificationRequest{Id: id}, 200, want{"Id": id, "Status": "PENDING"})

	below := "below." + name
	authorization := call(c.suite, c.dns.CreateAuthorizeTxtRecord, &CreateAuthorizeTxtRecordRequest{Body: &CreateAuthorizeTxtRecordRequestBody{ZoneName: below}}, 200,
		want{"ZoneName": below, "Record.Host": present, "Record.Value": present, "Status": "CREATED", "SecondLevelZoneName": present})
	call(c.suite, c.dns.ShowAuthorizeTxtRecord, &ShowAuthorizeTxtRecordRequest{ZoneName: below}, 200, want{"Id": text(authorization.Id), "Status": "CREATED"})
	verify := &CreateAuthorizeTxtRecordVerificationRequest{Id: text(authorization.Id)}
	call(c.suite, c.dns.CreateAuthorizeTxtRecordVerification, verify, 200, want{"Status": "CREATED"})
	call(c.suite, other.dns.DeletePublicZone, &DeletePublicZoneRequest{ZoneId: zone}, 202, nil)
}
