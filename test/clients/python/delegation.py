"""What concerns the world outside: delegation, DNSSEC, sub-domains of zones of others, zones that somebody else hosts."""
from huaweicloudsdkdns.v2 import (
    CreateAuthorizeTxtRecordRequestBody,
    CreatePublicZoneReq,
    CreatePublicZoneRequest,
    CreateRecordSetRequest,
    CreateRecordSetRequestBody,
    CreateRetrievalRequestBody,
)

from connections import connect_as

UNKNOWN = "0" * 32


def check_all(suite, setup):
    zone_id = setup["zone_id"]
    with suite.check("show_zone_name_server") as call:
        answer = call(domain_name="python.example")
        assert answer.expected_dns_servers == setup["nameServers"], answer
        assert (answer.dns_servers, answer.include_hw_dns, answer.all_hw_dns) == ([], False, False), answer

    with suite.check("show_domain_detection") as call:
        answer = call(zone_id=zone_id, domain_name="www.python.example.")
        assert answer.domain_name == "www.python.example.", answer
        assert answer.status in ("FAILED", "NOT_REGISTERED", "CANNOT_RESOLVE", "NOT_HWDNS"), answer
        call.refused(404, "DNS.0302", zone_id=UNKNOWN, domain_name="www.python.example.")

    signing(suite, zone_id)
    owner = connect_as(setup["other"])
    parent = owner.create_public_zone(CreatePublicZoneRequest(body=CreatePublicZoneReq(name="parent.example")))
    authorization(suite, owner, parent.id)
    retrieval(suite)


def signing(suite, zone_id):
    with suite.check("enable_dnssec_config") as call:
        made = call(zone_id=zone_id)
        assert (made.status, made.flag, made.signature_type, made.digest_type) == ("ENABLE", 257, 13, 2), made
        assert made.ds_record.startswith("python.example. "), made

    with suite.check("show_dnssec_config") as call:
        shown = call(zone_id=zone_id)
        assert (shown.status, shown.digest_algorithm) == ("ENABLE", "SHA256"), shown
        assert str(shown.key_tag) in shown.ds_record and shown.digest in shown.ds_record, shown

    with suite.check("disable_dnssec_config") as call:
        assert call(zone_id=zone_id).status == "DISABLE"


def authorization(suite, owner, parent_id):
    """A sub-domain of a zone of another account: its owner shows by a TXT record that this is wanted."""
    name = "sub.parent.example"
    made = None
    with suite.check("create_authorize_txt_record") as call:
        made = call(body=CreateAuthorizeTxtRecordRequestBody(zone_name=name))
        assert (made.zone_name, made.second_level_zone_name) == ("sub.parent.example.", "parent.example."), made
        assert made.record.host.startswith("authorize-") and made.status == "CREATED", made

    with suite.check("show_authorize_txt_record") as call:
        assert call(zone_name=name).id == made.id
        call.refused(404, "DNS.0004", zone_name="absent.parent.example")

    with suite.check("create_authorize_txt_record_verification") as call:
        assert call(id=made.id).status == "CREATED"
        text = CreateRecordSetRequestBody(
            name=f"{made.record.host}.parent.example.", type="TXT", records=[f'"{made.record.value}"']
        )
        owner.create_record_set(CreateRecordSetRequest(zone_id=parent_id, body=text))
        assert call(id=made.id).status == "VERIFIED"
        zone = suite.client.create_public_zone(CreatePublicZoneRequest(body=CreatePublicZoneReq(name=name)))
        assert zone.name == "sub.parent.example.", zone


def retrieval(suite):
    """A zone that another account hosts is asked for; without the TXT record in the world it stays where it is."""
    made = None
    with suite.check("create_retrieval") as call:
        made = call(body=CreateRetrievalRequestBody(zone_name="parent.example"))
        assert (made.zone_name, made.status) == ("parent.example.", "PENDING"), made
        assert made.record.host and made.record.value, made
        call.refused(400, "DNS.0002", body=CreateRetrievalRequestBody(zone_name="python.example"))

    with suite.check("show_retrieval") as call:
        assert call(name="parent.example").id == made.id

    with suite.check("create_retrieval_verification") as call:
        call(id=made.id)
        call.refused(404, "DNS.0302", id=UNKNOWN)

    with suite.check("show_retrieval_verification") as call:
        shown = call(id=made.id)
        assert (shown.id, shown.status) == (made.id, "PENDING"), shown
