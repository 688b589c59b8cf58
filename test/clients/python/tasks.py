"""Work on many record sets or zones, with a verdict for each; and names for ids."""
import time

from huaweicloudsdkdns.v2 import (
    BatchCreateCombinedPublicRecordsetsTaskRequestBody,
    BatchCreatePublicRecordsetsTaskItem,
    BatchCreatePublicRecordsetsTaskRequestBody,
    BatchCreatePublicZonesTaskRequestBody,
    BatchCreateRecordSetsTaskItem,
    BatchCreateRecordSetsTaskRequestBody,
    BatchDeletePublicRecordsetsTaskRequestBody,
    BatchTransferPublicZonesTaskRequestBody,
    BatchUpdatePublicRecordsetsConditionvalue,
    BatchUpdatePublicRecordsetsFilter,
    BatchUpdatePublicRecordsetsTaskRequestBody,
    BatchUpdatePublicRecordsetsUpdateValue,
    ListBatchOperationTasksRequest,
    ListInstancesRequestBody,
    ListPublicZonesRequest,
    ShowBatchOperationTaskRequest,
)

from answers import wait_for
from connections import connect_as

ZONES = ["one.example", "two.example"]


def check_all(suite, setup):
    in_a_zone(suite, setup)
    over_zones(suite, setup)

    with suite.check("list_instances") as call:
        dimensions = ["dns_public_zone_id", "dns_public_recordset_id"]
        body = ListInstancesRequestBody(dim_name=dimensions, ids=[[setup["zone_id"], setup["web_id"]]])
        [row] = call(body=body).instances
        assert row.dns_public_zone_id.name == "python.example.", row
        assert row.dns_public_recordset_id.type == "A", row


def in_a_zone(suite, setup):
    zone_id = setup["zone_id"]
    items = [
        BatchCreateRecordSetsTaskItem(name=f"host{n}", type="A", records=[f"192.0.2.{n}"]) for n in range(1, 101)
    ]
    items.append(BatchCreateRecordSetsTaskItem(name="bad", type="A", records=["192.0.2.300"]))
    with suite.check("batch_create_record_sets_task") as call:
        assert call(zone_id=zone_id, body=BatchCreateRecordSetsTaskRequestBody(recordsets=items)).task_id

    with suite.check("show_batch_create_record_sets_task") as call:
        task = until_done(lambda: call(zone_id=zone_id))
        assert (task.total_count, task.success_count, task.error_count) == (101, 100, 1), task
        [bad] = task.error_items
        assert (bad.name, bad.error_code) == ("bad.python.example.", "DNS.0308"), bad
        wait_for(setup, "host100.python.example.", "A", ["192.0.2.100"])

    with suite.check("delete_batch_create_record_sets_task") as call:
        call(zone_id=zone_id)


def over_zones(suite, setup):
    with suite.check("batch_create_public_zones_task") as call:
        body = BatchCreatePublicZonesTaskRequestBody(zone_names=[*ZONES, "python.example"])
        task = finished(suite, call(body=body))
        assert (task.type, task.success_count, task.error_count) == ("batch_create_zone", 2, 1), task

    with suite.check("batch_create_combined_public_recordsets_task") as call:
        body = BatchCreateCombinedPublicRecordsetsTaskRequestBody(
            zone_names=ZONES, recordset_name_prefixes=["", "www"], type="A", records=["192.0.2.40"], ttl=60
        )
        task = finished(suite, call(body=body))
        assert (task.type, task.success_count, task.error_count) == ("create", 4, 0), task
        wait_for(setup, "www.two.example.", "A", ["192.0.2.40"])

    with suite.check("batch_create_public_recordsets_task") as call:
        items = [
            BatchCreatePublicRecordsetsTaskItem(zone_name=zone, name="mail", type="A", records=["192.0.2.41"])
            for zone in (*ZONES, "absent.example")
        ]
        task = finished(suite, call(body=BatchCreatePublicRecordsetsTaskRequestBody(recordsets=items)))
        assert (task.type, task.success_count, task.error_count) == ("import_recordset", 2, 1), task
        assert task.error_items[0].error_message == "This zone does not exist.", task

    with suite.check("batch_update_public_recordsets_task") as call:
        conditions = [BatchUpdatePublicRecordsetsConditionvalue(condition="host_name", value="www")]
        body = BatchUpdatePublicRecordsetsTaskRequestBody(
            zone_names=ZONES,
            filter=BatchUpdatePublicRecordsetsFilter(relation="OR", conditions=conditions),
            update_info=BatchUpdatePublicRecordsetsUpdateValue(key="rr_value", values=["192.0.2.42"]),
        )
        task = finished(suite, call(body=body))
        assert (task.type, task.success_count) == ("batch_update_rs", 2), task
        wait_for(setup, "www.one.example.", "A", ["192.0.2.42"])

    with suite.check("batch_delete_public_recordsets_task") as call:
        body = BatchDeletePublicRecordsetsTaskRequestBody(zone_names=ZONES, recordset_name_prefixes=["mail"])
        task = finished(suite, call(body=body))
        assert (task.type, task.success_count) == ("delete", 2), task
        wait_for(setup, "mail.one.example.", "A", [])

    with suite.check("batch_transfer_public_zones_task") as call:
        target = setup["other"]["domainId"]
        task = finished(
            suite,
            call(body=BatchTransferPublicZonesTaskRequestBody(zone_names=ZONES[1:], target_user=target)),
        )
        assert (task.type, task.success_count) == ("transfer", 1), task
        received = connect_as(setup["other"]).list_public_zones(ListPublicZonesRequest())
        assert [zone.name for zone in received.zones] == ["two.example."], received

    with suite.check("list_batch_operation_tasks") as call:
        listed = call(limit=2)
        assert (len(listed.tasks), listed.metadata.total_count) == (2, 6), listed
        assert listed.tasks[0].type == "transfer", listed

    with suite.check("show_batch_operation_task") as call:
        task = call(task_id=suite.client.list_batch_operation_tasks(ListBatchOperationTasksRequest()).tasks[-1].id)
        assert [each.item for each in task.error_items] == ["python.example."], task
        call.refused(404, "DNS.1304", task_id="0" * 32)


def finished(suite, submitted):
    request = ShowBatchOperationTaskRequest(task_id=submitted.task_id)
    return until_done(lambda: suite.client.show_batch_operation_task(request))


def until_done(show):
    """Asks for the task until it has ended, for at most thirty seconds."""
    end = time.monotonic() + 30
    while True:
        task = show()
        if task.status == "DONE":
            return task
        assert time.monotonic() < end, task
        time.sleep(0.05)
