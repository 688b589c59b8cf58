"""Record sets, through both generations of the API, one at a time and many at once; and that they are answered."""
from huaweicloudsdkdns.v2 import (
    BatchCreateRecordSetWithLine,
    BatchDeleteRecordSetsRequestBody,
    BatchDeleteRecordSetWithLineRequestBody,
    BatchSetRecordSetsStatusRequestBody,
    BatchUpdateRecordSet,
    BatchUpdateRecordSetWithLineRequestBody,
    CreateRecordSetRequest,
    CreateRecordSetRequestBody,
    CreateRecordSetWithLineRequestBody,
    CreateRSetBatchLinesReq,
    SetRecordSetsStatusRequestBody,
    Tag,
    UpdateRecordSetReq,
    UpdateRecordSetsReq,
)

from answers import wait_for

UNKNOWN = "0" * 32


def check_all(suite, setup):
    zone_id = setup["zone_id"]
    first_generation(suite, setup, zone_id)
    with_lines(suite, setup, zone_id)
    many(suite, setup, zone_id)


def first_generation(suite, setup, zone_id):
    set_id = None
    with suite.check("create_record_set") as call:
        wanted = CreateRecordSetRequestBody(
            name="www.python.example.",
            type="A",
            ttl=60,
            records=["192.0.2.1", "192.0.2.2"],
            description="网站",
            tags=[Tag(key="kind", value="web")],
        )
        made = call(zone_id=zone_id, body=wanted)
        set_id = made.id
        assert (made.status, made.type, made.ttl, made.default) == ("PENDING_CREATE", "A", 60, False), made
        assert (made.zone_id, made.zone_name) == (zone_id, "python.example."), made
        call.refused(400, "DNS.0312", zone_id=zone_id, body=wanted)
        wrong = CreateRecordSetRequestBody(name="x.python.example.", type="A", records=["192.0.2.300"])
        assert "192.0.2.300" in call.refused(400, "DNS.0308", zone_id=zone_id, body=wrong).error_msg
        call.refused(404, "DNS.0302", zone_id=UNKNOWN, body=wanted)
        wait_for(setup, "www.python.example.", "A", ["192.0.2.1", "192.0.2.2"])

    with suite.check("show_record_set") as call:
        shown = call(zone_id=zone_id, recordset_id=set_id)
        assert (shown.status, shown.description, shown.records) == ("ACTIVE", "网站", ["192.0.2.1", "192.0.2.2"]), shown
        call.refused(404, "DNS.0313", zone_id=zone_id, recordset_id=UNKNOWN)

    with suite.check("update_record_set") as call:
        body = UpdateRecordSetReq(name="www.python.example.", type="A", ttl=90, records=["192.0.2.3"])
        assert call(zone_id=zone_id, recordset_id=set_id, body=body).records == ["192.0.2.3"]
        wait_for(setup, "www.python.example.", "A", ["192.0.2.3"])

    with suite.check("list_record_sets_by_zone") as call:
        listed = call(zone_id=zone_id)
        assert sorted(each.type for each in listed.recordsets) == ["A", "NS", "SOA"], listed
        assert call(zone_id=zone_id, type="A", tags="kind,web").recordsets[0].id == set_id

    with suite.check("list_record_sets") as call:
        assert call(zone_type="public", name="www.python", search_mode="like").recordsets[0].id == set_id
        assert call(records="192.0.2.3").metadata.total_count == 1

    with suite.check("delete_record_set") as call:
        assert call(zone_id=zone_id, recordset_id=set_id).status == "PENDING_DELETE"
        call.refused(404, "DNS.0313", zone_id=zone_id, recordset_id=set_id)
        wait_for(setup, "www.python.example.", "A", [])


def with_lines(suite, setup, zone_id):
    set_id = None
    with suite.check("create_record_set_with_line") as call:
        made = call(
            zone_id=zone_id,
            body=CreateRecordSetWithLineRequestBody(
                name="line.python.example.", type="A", records=["192.0.2.10"], line="default_view", weight=5
            ),
        )
        set_id = made.id
        assert (made.line, made.weight, made.ttl) == ("default_view", 5, 300), made
        other = CreateRecordSetWithLineRequestBody(
            name="line.python.example.", type="A", records=["192.0.2.11"], line="Dianxin"
        )
        assert call(zone_id=zone_id, body=other).line == "Dianxin"
        unknown = CreateRecordSetWithLineRequestBody(
            name="line.python.example.", type="A", records=["192.0.2.12"], line="Nowhere"
        )
        call.refused(400, "DNS.0806", zone_id=zone_id, body=unknown)
        wait_for(setup, "line.python.example.", "A", ["192.0.2.10"])

    with suite.check("show_record_set_with_line") as call:
        shown = call(zone_id=zone_id, recordset_id=set_id)
        assert (shown.status, shown.weight, shown.created_at is None) == ("ACTIVE", 5, False), shown

    with suite.check("update_record_sets") as call:
        body = UpdateRecordSetsReq(name="line.python.example.", type="A", records=["192.0.2.13"], weight=7, ttl=30)
        changed = call(zone_id=zone_id, recordset_id=set_id, body=body)
        assert (changed.weight, changed.ttl, changed.records) == (7, 30, ["192.0.2.13"]), changed

    with suite.check("show_record_set_by_zone") as call:
        rows = call(zone_id=zone_id, name="line.python.example.").recordsets
        assert {each.line for each in rows} == {"default_view", "Dianxin"}, rows
        assert [each.id for each in call(zone_id=zone_id, line_id="default_view", type="A").recordsets] == [set_id]

    with suite.check("list_record_sets_with_line") as call:
        assert call(zone_type="public", line_id="Dianxin").metadata.total_count == 1
        assert call(zone_id=zone_id, type="A", sort_key="name", sort_dir="desc").metadata.total_count == 2

    with suite.check("set_record_sets_status") as call:
        assert call(recordset_id=set_id, body=SetRecordSetsStatusRequestBody(status="DISABLE")).id == set_id
        wait_for(setup, "line.python.example.", "A", [])
        call(recordset_id=set_id, body=SetRecordSetsStatusRequestBody(status="ENABLE"))
        wait_for(setup, "line.python.example.", "A", ["192.0.2.13"])

    with suite.check("delete_record_sets") as call:
        assert call(zone_id=zone_id, recordset_id=set_id).line == "default_view"
        call.refused(404, "DNS.0313", zone_id=zone_id, recordset_id=set_id)


def many(suite, setup, zone_id):
    made = []
    with suite.check("create_record_set_with_batch_lines") as call:
        lines = [
            BatchCreateRecordSetWithLine(line="default_view", ttl=60, records=["192.0.2.20"]),
            BatchCreateRecordSetWithLine(line="Abroad", ttl=60, records=["192.0.2.21"]),
        ]
        body = CreateRSetBatchLinesReq(name="many.python.example.", type="A", lines=lines)
        answer = call(zone_id=zone_id, body=body)
        made = [each.id for each in answer.recordsets]
        assert {each.line for each in answer.recordsets} == {"default_view", "Abroad"}, answer

    with suite.check("batch_update_record_set_with_line") as call:
        changes = [BatchUpdateRecordSet(id=each, ttl=120, records=["192.0.2.22"]) for each in made]
        answer = call(zone_id=zone_id, body=BatchUpdateRecordSetWithLineRequestBody(recordsets=changes))
        assert [each.ttl for each in answer.recordsets] == [120, 120], answer
        wait_for(setup, "many.python.example.", "A", ["192.0.2.22"])

    with suite.check("batch_set_record_sets_status") as call:
        for status in ("DISABLE", "ENABLE"):
            answer = call(body=BatchSetRecordSetsStatusRequestBody(status=status, recordset_ids=made))
            assert {each.id for each in answer.recordsets} == set(made), answer

    with suite.check("batch_delete_record_set_with_line") as call:
        body = BatchDeleteRecordSetWithLineRequestBody(recordset_ids=made[:1])
        assert [each.id for each in call(zone_id=zone_id, body=body).recordsets] == made[:1]

    with suite.check("batch_delete_record_sets") as call:
        body = BatchDeleteRecordSetsRequestBody(zone_type="public", recordset_ids=made[1:])
        assert [each.id for each in call(body=body).recordsets] == made[1:]

    mail = CreateRecordSetRequestBody(name="python.example.", type="MX", records=["10 mail.python.example."])
    web = CreateRecordSetRequestBody(name="www.python.example.", type="A", records=["192.0.2.30"])
    setup["web_id"] = create(suite, zone_id, web)
    create(suite, zone_id, mail)
    with suite.check("show_email_record_set") as call:
        assert [each.type for each in call(zone_id=zone_id).recordsets] == ["MX"]
    with suite.check("show_website_record_set") as call:
        names = {each.name for each in call(zone_id=zone_id).recordsets}
        assert names == {"line.python.example.", "www.python.example."}, names


def create(suite, zone_id, body):
    return suite.client.create_record_set(CreateRecordSetRequest(zone_id=zone_id, body=body)).id
