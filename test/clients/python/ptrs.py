"""PTR records of registered addresses, through both generations of the API."""
from huaweicloudsdkdns.v2 import (
    BatchDeletePtrRecordsRequestBody,
    CreatePtrReq,
    CreatePtrRequestBody,
    PublicIpReq,
    RestorePtrReq,
    UpdatePtrReq,
    UpdatePtrRequestBody,
)

from answers import wait_for

REVERSE = ["25.113.0.203.in-addr.arpa.", "26.113.0.203.in-addr.arpa."]


def check_all(suite, setup):
    region = setup["region"]
    first, second = setup["addresses"][:2]
    first_generation(suite, setup, region, first, second)
    second_generation(suite, setup, region, second)


def first_generation(suite, setup, region, first, second):
    with suite.check("create_eip_record_set") as call:
        made = call(region=region, floatingip_id=first, body=CreatePtrReq(ptrdname="mail.python.example", ttl=600))
        assert (made.id, made.address) == (f"{region}:{first}", "203.0.113.25"), made
        call(region=region, floatingip_id=second, body=CreatePtrReq(ptrdname="out.python.example"))
        unknown = "00000000-0000-4000-8000-000000000000"
        call.refused(404, "DNS.0502", region=region, floatingip_id=unknown, body=CreatePtrReq(ptrdname="a.example"))
        wait_for(setup, REVERSE[0], "PTR", ["mail.python.example."])

    with suite.check("show_ptr_record_set") as call:
        shown = call(region=region, floatingip_id=first)
        assert (shown.ptrdname, shown.ttl, shown.status) == ("mail.python.example.", 600, "ACTIVE"), shown

    with suite.check("update_ptr_record") as call:
        call(region=region, floatingip_id=first, body=UpdatePtrReq(ptrdname="mx.python.example", description="post"))
        wait_for(setup, REVERSE[0], "PTR", ["mx.python.example."])

    with suite.check("list_ptr_records") as call:
        assert {each.ptrdname for each in call().floatingips} == {"mx.python.example.", "out.python.example."}

    with suite.check("restore_ptr_record") as call:
        call(region=region, floatingip_id=first, body=RestorePtrReq())
        wait_for(setup, REVERSE[0], "PTR", [])

    with suite.check("batch_delete_ptr_records") as call:
        call(body=BatchDeletePtrRecordsRequestBody(floatingip_ids=[f"{region}:{second}"]))
        wait_for(setup, REVERSE[1], "PTR", [])


def second_generation(suite, setup, region, address):
    ptr_id = None
    with suite.check("create_ptr") as call:
        publicip = PublicIpReq(region=region, id=address)
        names = ["a.python.example", "b.python.example"]
        made = call(body=CreatePtrRequestBody(publicip=publicip, ptrdnames=names))
        ptr_id = made.id
        assert (made.publicip.address, len(made.ptrdnames)) == ("203.0.113.26", 2), made
        wait_for(setup, REVERSE[1], "PTR", ["a.python.example.", "b.python.example."])

    with suite.check("show_ptr") as call:
        assert call(ptr_id=ptr_id).status == "ACTIVE"

    with suite.check("update_ptr") as call:
        changed = call(ptr_id=ptr_id, body=UpdatePtrRequestBody(ptrdnames=["c.python.example"], ttl=120))
        assert (changed.ptrdnames, changed.ttl) == (["c.python.example."], 120), changed

    with suite.check("list_ptrs") as call:
        assert [each.id for each in call(resource_type="publicip").floatingips] == [ptr_id]

    with suite.check("delete_ptr") as call:
        call(ptr_id=ptr_id)
        call.refused(404, "DNS.0507", ptr_id=ptr_id)
