package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

func (c *clients) resolver(networks []network) {
	office, plant := networks[0], networks[1]
	addresses := []IpaddressInfo{{SubnetId: office.subnet, Ip: ptr("10.20.1.11")}, {SubnetId: office.subnet, Ip: ptr("")}}
	body := &CreateEndpointRequestBody{Name: "to-hq", Direction: "outbound", Region: c.region, Ipaddresses: addresses}
	made := call(c.suite, c.dns.CreateEndpoint, &CreateEndpointRequest{Body: body}, 202,
		want{"Endpoint.Id": present, "Endpoint.Name": "to-hq", "Endpoint.Direction": "outbound", "Endpoint.Status": "PENDING_CREATE", "Endpoint.CreateTime": present})
	if made.Endpoint == nil {
		made.Endpoint = &EndpointResp{}
	}
	id := text(made.Endpoint.Id)
	call(c.suite, c.dns.ShowEndpoint, &ShowEndpointRequest{EndpointId: id}, 200,
		want{"Endpoint.Status": "ACTIVE", "Endpoint.VpcId": office.id, "Endpoint.IpaddressCount": 2, "Endpoint.ResolverRuleCount": 0})
	call(c.suite, c.dns.ListEndpoints, &ListEndpointsRequest{Direction: "outbound", VpcId: &office.id}, 200,
		want{"Endpoints.#": 1, "Endpoints.0.Id": id, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.UpdateEndpoint, &UpdateEndpointRequest{EndpointId: id, Body: &UpdateEndpointRequestBody{Name: "to-head-office"}}, 202,
		want{"Endpoint.Name": "to-head-office"})
	call(c.suite, c.dns.ListEndpointVpcs, &ListEndpointVpcsRequest{VpcId: &office.id}, 200,
		want{"Vpcs.#": 1, "Vpcs.0.Id": office.id, "Vpcs.0.OutboundEndpointCount": 1, "Vpcs.0.InboundEndpointCount": 0})
	add := &Ipaddresses{Ipaddress: &IpaddressInfo{SubnetId: office.subnet, Ip: ptr("10.20.1.13")}}
	call(c.suite, c.dns.AssociateEndpointIpaddress, &AssociateEndpointIpaddressRequest{EndpointId: id, Body: add}, 202, want{"Endpoint.Id": id})
	listed := call(c.suite, c.dns.ListEndpointIpaddresses, &ListEndpointIpaddressesRequest{EndpointId: id}, 200,
		want{"Ipaddresses.#": 3, "Ipaddresses.0.SubnetId": office.subnet, "Ipaddresses.0.Status": "ACTIVE", "Ipaddresses.0.Ip": present})
	if listed.Ipaddresses != nil && len(*listed.Ipaddresses) > 0 {
		remove := &DisassociateEndpointIpaddressRequest{EndpointId: id, IpaddressId: text((*listed.Ipaddresses)[0].Id)}
		call(c.suite, c.dns.DisassociateEndpointIpaddress, remove, 202, want{"Endpoint.Id": id})
	}

	c.rules(id, office, plant)
	call(c.suite, c.dns.DeleteEndpoint, &DeleteEndpointRequest{EndpointId: id}, 202, want{"Endpoint.Status": "PENDING_DELETE"})
	refused(c.suite, c.dns.ShowEndpoint, &ShowEndpointRequest{EndpointId: id}, 404, "DNS.1510")
	c.queryLogs(office, plant)
}

func (c *clients) rules(endpoint string, office, plant network) {
	targets := []IpInfo{{Ip: ptr("192.0.2.53")}, {Ip: ptr("192.0.2.54")}}
	body := &CreateResolverRuleRequestBody{Name: "hq-names", DomainName: "hq.example", EndpointId: endpoint, Ipaddresses: targets}
	made := call(c.suite, c.dns.CreateResolverRule, &CreateResolverRuleRequest{Body: body}, 202,
		want{"ResolverRule.Id": present, "ResolverRule.RuleType": "FORWARD", "ResolverRule.EndpointId": endpoint, "ResolverRule.IpaddressCount": 2})
	if made.ResolverRule == nil {
		made.ResolverRule = &ResolverRuleParam{}
	}
	id := text(made.ResolverRule.Id)
	join := &AssociateOrDisassociateRouterWithRuleRequestBody{Router: &RouterForRule{RouterId: plant.id}}
	call(c.suite, c.dns.AssociateResolverRuleRouter, &AssociateResolverRuleRouterRequest{ResolverruleId: id, Body: join}, 202,
		want{"RouterId": plant.id, "Status": "PENDING_CREATE"})
	call(c.suite, c.dns.ShowResolverRule, &ShowResolverRuleRequest{ResolverruleId: id}, 200, want{
		"ResolverRule.Status": "ACTIVE", "ResolverRule.Routers.0.RouterId": plant.id, "ResolverRule.Routers.0.Status": "ACTIVE",
		"ResolverRule.Ipaddresses.#": 2, "ResolverRule.DomainName": "hq.example",
	})
	call(c.suite, c.dns.ListResolverRules, &ListResolverRulesRequest{EndpointId: &endpoint, DomainName: ptr("hq")}, 200,
		want{"ResolverRules.#": 1, "ResolverRules.0.Id": id, "Metadata.TotalCount": 1})
	call(c.suite, c.dns.UpdateResolverRule, &UpdateResolverRuleRequest{ResolverruleId: id, Body: &UpdateResolverRuleRequestBody{Ipaddresses: ptr(targets[:1])}}, 202,
		want{"ResolverRule.IpaddressCount": 1, "ResolverRule.Name": "hq-names"})
	refused(c.suite, c.dns.DeleteEndpoint, &DeleteEndpointRequest{EndpointId: endpoint}, 400, "DNS.0608")
	call(c.suite, c.dns.DisassociateResolverRuleRouter, &DisassociateResolverRuleRouterRequest{ResolverruleId: id, Body: join}, 202,
		want{"RouterId": plant.id, "Status": "PENDING_DELETE"})
	call(c.suite, c.dns.DeleteResolverRule, &DeleteResolverRuleRequest{ResolverruleId: id}, 202, want{"ResolverRule.Id": id, "ResolverRule.Status": "DELETED"})
	refused(c.suite, c.dns.ShowResolverRule, &ShowResolverRuleRequest{ResolverruleId: id}, 404, "DNS.0004")
}

func (c *clients) queryLogs(office, plant network) {
	vpc := func(n network) *Vpc { return &Vpc{VpcId: n.id, VpcRegion: &c.region} }
	body := &CreateResolverQueryLogConfigRequestBody{
		LtsGroupId: "6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c21", LtsTopicId: "6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c22", Vpc: vpc(office),
	}
	made := call(c.suite, c.dns.CreateResolverQueryLogConfig, &CreateResolverQueryLogConfigRequest{Body: body}, 202,
		want{"ResolverQueryLogConfig.Id": present, "ResolverQueryLogConfig.VpcIds.0": office.id})
	if made.ResolverQueryLogConfig == nil {
		made.ResolverQueryLogConfig = &ResolverQueryLogConfig{}
	}
	id := text(made.ResolverQueryLogConfig.Id)
	join := &AssociateResolverQueryLogConfigRequestBody{Vpc: vpc(plant)}
	call(c.suite, c.dns.AssociateResolverQueryLogConfig, &AssociateResolverQueryLogConfigRequest{Id: id, Body: join}, 202,
		want{"ResolverQueryLogConfig.VpcIds.#": 2})
	call(c.suite, c.dns.ShowResolverQueryLogConfig, &ShowResolverQueryLogConfigRequest{Id: id}, 200,
		want{"ResolverQueryLogConfig.Id": id, "ResolverQueryLogConfig.LtsGroupId": body.LtsGroupId})
	call(c.suite, c.dns.ListResolverQueryLogConfigs, &ListResolverQueryLogConfigsRequest{VpcId: &office.id, Limit: ptr(int32(10))}, 200,
		want{"ResolverQueryLogConfigs.#": 1, "PageInfo.CurrentCount": 1})
	call(c.suite, c.dns.DisassociateResolverQueryLogConfig, &DisassociateResolverQueryLogConfigRequest{Id: id, Body: join}, 202,
		want{"ResolverQueryLogConfig.VpcIds.#": 1})
	call(c.suite, c.dns.DeleteResolverQueryLogConfig, &DeleteResolverQueryLogConfigRequest{Id: id}, 204, nil)
	refused(c.suite, c.dns.ShowResolverQueryLogConfig, &ShowResolverQueryLogConfigRequest{Id: id}, 404, "DNS.0004")
}
