package main

import (
	. "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/dns/v2/model"
)

// zoneTask is the bulk creation in one zone, with a verdict for each item.
func (c *clients) zoneTask() {
	zone := c.publicZone("task")
	items := []BatchCreateRecordSetsTaskItem{
		{Name: ptr("www"), Type: "A", Records: []string{"192.0.2.1"}},
		{Name: ptr("mail"), Type: "A", Records: []string{"192.0.2.2"}, Line: ptr("Dianxin"), Ttl: ptr(int32(60)), Weight: ptr(int32(3))},
		{Name: ptr("www"), Type: "A", Records: []string{"192.0.2.300"}},
	}
	submit := &BatchCreateRecordSetsTaskRequest{ZoneId: zone, Body: &BatchCreateRecordSetsTaskRequestBody{Recordsets: items}}
	task := call(c.suite, c.dns.BatchCreateRecordSetsTask, submit, 202, want{"TaskId": present})
	query := &ShowBatchCreateRecordSetsTaskRequest{ZoneId: zone, ErrorItemLimit: ptr(int32(10))}
	until(func() bool {
		shown, err := c.dns.ShowBatchCreateRecordSetsTask(query)
		return err == nil && text(shown.Status) == "DONE"
	})
	call(c.suite, c.dns.ShowBatchCreateRecordSetsTask, query, 200, want{
		"TaskId": text(task.TaskId), "Status": "DONE", "TotalCount": 3, "SuccessCount": 2, "ErrorCount": 1, "CreatedAt": present, "UpdatedAt": present,
		"ErrorItems.#": 1, "ErrorItems.0.Name": "www." + named("task"), "ErrorItems.0.Status": "ERROR", "ErrorItems.0.ErrorCode": "DNS.0308",
		"ErrorItems.0.ErrorMessage": present, "ErrorItems.0.Ttl": 300, "ErrorItems.0.Records.0": "192.0.2.300",
	})
	refused(c.suite, c.dns.BatchCreateRecordSetsTask, submit, 409, "DNS.0021")
	call(c.suite, c.dns.DeleteBatchCreateRecordSetsTask, &DeleteBatchCreateRecordSetsTaskRequest{ZoneId: zone}, 204, nil)
	refused(c.suite, c.dns.ShowBatchCreateRecordSetsTask, query, 404, "DNS.1304")
}

// finish waits for an operation task and checks its counts.
func (c *clients) finish(id *string, kind string, good, bad int) {
	query := &ShowBatchOperationTaskRequest{TaskId: text(id)}
	until(func() bool {
		shown, err := c.dns.ShowBatchOperationTask(query)
		return err == nil && text(shown.Status) == "DONE"
	})
	call(c.suite, c.dns.ShowBatchOperationTask, query, 200, want{
		"Id": text(id), "Type": kind, "Status": "DONE", "SuccessCount": good, "ErrorCount": bad, "ErrorItems.#": bad, "CreatedAt": present,
	})
}

func (c *clients) operationTasks(receiver string) {
	zones := []string{named("many-1"), named("many-2")}
	created := call(c.suite, c.dns.BatchCreatePublicZonesTask,
		&BatchCreatePublicZonesTaskRequest{Body: &BatchCreatePublicZonesTaskRequestBody{ZoneNames: append(zones, "com.")}}, 202, want{"TaskId": present})
	c.finish(created.TaskId, "batch_create_zone", 2, 1)

	items := []BatchCreatePublicRecordsetsTaskItem{
		{ZoneName: zones[0], Name: ptr("www"), Type: "A", Records: []string{"192.0.2.1"}, Status: ptr("ENABLE")},
		{ZoneName: zones[1], Name: ptr("www"), Type: "A", Records: []string{"192.0.2.2"}, Ttl: ptr(int32(60))},
		{ZoneName: named("gone"), Name: ptr("www"), Type: "A", Records: []string{"192.0.2.3"}},
	}
	sets := call(c.suite, c.dns.BatchCreatePublicRecordsetsTask,
		&BatchCreatePublicRecordsetsTaskRequest{Body: &BatchCreatePublicRecordsetsTaskRequestBody{Recordsets: items}}, 202, want{"TaskId": present})
	c.finish(sets.TaskId, "import_recordset", 2, 1)

	combined := call(c.suite, c.dns.BatchCreateCombinedPublicRecordsetsTask,
		&BatchCreateCombinedPublicRecordsetsTaskRequest{Body: &BatchCreateCombinedPublicRecordsetsTaskRequestBody{
			ZoneNames: zones, RecordsetNamePrefixes: []string{"", "*"}, Type: "TXT", Records: []string{`"one"`}, Line: ptr("default_view"), Ttl: ptr(int32(60)),
		}}, 202, want{"TaskId": present})
	c.finish(combined.TaskId, "create", 4, 0)

	updated := call(c.suite, c.dns.BatchUpdatePublicRecordsetsTask,
		&BatchUpdatePublicRecordsetsTaskRequest{Body: &BatchUpdatePublicRecordsetsTaskRequestBody{
			ZoneNames: zones,
			Filter: &BatchUpdatePublicRecordsetsFilter{
				Relation: "OR", Conditions: []BatchUpdatePublicRecordsetsConditionvalue{{Condition: "host_name", Value: ptr("www")}},
			},
			UpdateInfo: &BatchUpdatePublicRecordsetsUpdateValue{Key: "rr_value", Values: []string{"198.51.100.1"}},
		}}, 202, want{"TaskId": present})
	c.finish(updated.TaskId, "batch_update_rs", 2, 0)

	deleted := call(c.suite, c.dns.BatchDeletePublicRecordsetsTask,
		&BatchDeletePublicRecordsetsTaskRequest{Body: &BatchDeletePublicRecordsetsTaskRequestBody{ZoneNames: zones, RecordsetNamePrefixes: []string{"*"}}}, 202,
		want{"TaskId": present})
	c.finish(deleted.TaskId, "delete", 2, 0)

	moved := call(c.suite, c.dns.BatchTransferPublicZonesTask,
		&BatchTransferPublicZonesTaskRequest{Body: &BatchTransferPublicZonesTaskRequestBody{ZoneNames: zones[:1], TargetUser: receiver}}, 202,
		want{"TaskId": present})
	c.finish(moved.TaskId, "transfer", 1, 0)

	call(c.suite, c.dns.ListBatchOperationTasks, &ListBatchOperationTasksRequest{Limit: ptr(int32(2))}, 200,
		want{"Tasks.#": 2, "Tasks.0.Type": "transfer", "Tasks.0.SuccessCount": 1, "Metadata.TotalCount": 6})
	refused(c.suite, c.dns.ShowBatchOperationTask, &ShowBatchOperationTaskRequest{TaskId: "00000000000000000000000000000000"}, 404, "DNS.1304")
}
