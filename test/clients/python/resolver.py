"""Resolver endpoints, forwarding rules and query log configurations."""
from huaweicloudsdkdns.v2 import (
    AssociateOrDisassociateRouterWithRuleRequestBody,
    AssociateResolverQueryLogConfigRequestBody,
    CreateEndpointRequestBody,
    CreateResolverQueryLogConfigRequestBody,
    CreateResolverRuleRequestBody,
    Ipaddresses,
    IpaddressInfo,
    IpInfo,
    RouterForRule,
    UpdateEndpointRequestBody,
    UpdateResolverRuleRequestBody,
    Vpc,
)

UNKNOWN = "0" * 32


def check_all(suite, setup):
    endpoint_id = endpoints(suite, setup)
    rules(suite, setup, endpoint_id)
    with suite.check("delete_endpoint") as call:
        assert call(endpoint_id=endpoint_id).endpoint.status == "PENDING_DELETE"
        call.refused(404, "DNS.1510", endpoint_id=endpoint_id)
    query_logs(suite, setup)


def endpoints(suite, setup):
    subnet, office = setup["subnet"], setup["networks"][0]
    endpoint_id = None
    with suite.check("create_endpoint") as call:
        addresses = [IpaddressInfo(subnet_id=subnet, ip="10.1.2.10"), IpaddressInfo(subnet_id=subnet)]
        wanted = CreateEndpointRequestBody(
            name="out", direction="outbound", region=setup["region"], ipaddresses=addresses
        )
        made = call(body=wanted).endpoint
        endpoint_id = made.id
        assert (made.direction, made.status, made.vpc_id) == ("outbound", "PENDING_CREATE", None), made
        call.refused(400, "DNS.1504", body=wanted)

    with suite.check("show_endpoint") as call:
        shown = call(endpoint_id=endpoint_id).endpoint
        assert (shown.status, shown.vpc_id, shown.ipaddress_count) == ("ACTIVE", office, 2), shown

    with suite.check("list_endpoints") as call:
        assert [each.id for each in call(direction="outbound", vpc_id=office).endpoints] == [endpoint_id]

    with suite.check("update_endpoint") as call:
        assert call(endpoint_id=endpoint_id, body=UpdateEndpointRequestBody(name="out2")).endpoint.name == "out2"

    with suite.check("associate_endpoint_ipaddress") as call:
        wanted = Ipaddresses(ipaddress=IpaddressInfo(subnet_id=subnet, ip="10.1.2.12"))
        assert call(endpoint_id=endpoint_id, body=wanted).endpoint.ipaddress_count == 3
        call.refused(400, "DNS.1507", endpoint_id=endpoint_id, body=wanted)

    ids = {}
    with suite.check("list_endpoint_ipaddresses") as call:
        ids = {each.ip: each.id for each in call(endpoint_id=endpoint_id).ipaddresses}
        assert len(ids) == 3 and "10.1.2.12" in ids, ids

    with suite.check("disassociate_endpoint_ipaddress") as call:
        answer = call(endpoint_id=endpoint_id, ipaddress_id=ids["10.1.2.12"])
        assert answer.endpoint.ipaddress_count == 2, answer

    with suite.check("list_endpoint_vpcs") as call:
        [row] = call().vpcs
        assert (row.id, row.outbound_endpoint_count) == (office, 1), row
    return endpoint_id


def rules(suite, setup, endpoint_id):
    plant = setup["networks"][1]
    rule_id = None
    with suite.check("create_resolver_rule") as call:
        wanted = CreateResolverRuleRequestBody(
            name="forward", domain_name="corp.example", endpoint_id=endpoint_id, ipaddresses=[IpInfo(ip="10.9.0.1")]
        )
        made = call(body=wanted).resolver_rule
        rule_id = made.id
        assert (made.domain_name, made.endpoint_id) == ("corp.example", endpoint_id), made

    with suite.check("associate_resolver_rule_router") as call:
        body = AssociateOrDisassociateRouterWithRuleRequestBody(router=RouterForRule(router_id=plant))
        assert call(resolverrule_id=rule_id, body=body).router_id == plant

    with suite.check("show_resolver_rule") as call:
        rule = call(resolverrule_id=rule_id).resolver_rule
        assert [each.router_id for each in rule.routers] == [plant], rule
        assert [each.ip for each in rule.ipaddresses] == ["10.9.0.1"], rule
        assert call.refused(404, "DNS.0004", resolverrule_id=UNKNOWN).error_msg == "Resolver rule not exist"

    with suite.check("list_resolver_rules") as call:
        assert [each.id for each in call(endpoint_id=endpoint_id, domain_name="corp").resolver_rules] == [rule_id]

    with suite.check("update_resolver_rule") as call:
        body = UpdateResolverRuleRequestBody(name="forward2", ipaddresses=[IpInfo(ip="10.9.0.2")])
        assert call(resolverrule_id=rule_id, body=body).resolver_rule.name == "forward2"

    with suite.check("disassociate_resolver_rule_router") as call:
        body = AssociateOrDisassociateRouterWithRuleRequestBody(router=RouterForRule(router_id=plant))
        assert call(resolverrule_id=rule_id, body=body).router_id == plant

    with suite.check("delete_resolver_rule") as call:
        assert call(resolverrule_id=rule_id).resolver_rule.id == rule_id


def query_logs(suite, setup):
    office, plant = setup["networks"]
    config_id = None
    second = AssociateResolverQueryLogConfigRequestBody(vpc=Vpc(vpc_id=plant, vpc_region=setup["region"]))
    with suite.check("create_resolver_query_log_config") as call:
        made = call(
            body=CreateResolverQueryLogConfigRequestBody(
                lts_group_id="6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c21",
                lts_topic_id="6f3d0c1e-58b7-4a53-8d2e-9b1f4f0a7c22",
                vpc=Vpc(vpc_id=office, vpc_region=setup["region"]),
            )
        ).resolver_query_log_config
        config_id = made.id
        assert made.vpc_ids == [office], made

    with suite.check("associate_resolver_query_log_config") as call:
        answer = call(id=config_id, body=second).resolver_query_log_config
        assert set(answer.vpc_ids) == {office, plant}, answer

    with suite.check("show_resolver_query_log_config") as call:
        assert len(call(id=config_id).resolver_query_log_config.vpc_ids) == 2

    with suite.check("list_resolver_query_log_configs") as call:
        assert [each.id for each in call(vpc_id=plant).resolver_query_log_configs] == [config_id]

    with suite.check("disassociate_resolver_query_log_config") as call:
        assert call(id=config_id, body=second).resolver_query_log_config.vpc_ids == [office]

    with suite.check("delete_resolver_query_log_config") as call:
        call(id=config_id)
