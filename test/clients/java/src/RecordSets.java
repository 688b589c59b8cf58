import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;
import java.util.ArrayList;
import java.util.List;

/** Record sets of both versions of the API, their lists, and the calls for many at once. */
record RecordSets(Suite suite, DnsClient client, String zone) {
    void run() {
        versionTwo();
        withLines();
    }

    private void versionTwo() {
        String[] id = new String[1];
        suite.check("CreateRecordSet", check -> {
            var body = new CreateRecordSetRequestBody().withName("www.java.example.").withType("A").withTtl(60)
                .withRecords(List.of("192.0.2.1", "192.0.2.2")).withTags(List.of(new Tag().withKey("role").withValue("web")));
            var request = new CreateRecordSetRequest().withZoneId(zone).withBody(body);
            var made = check.call(client::createRecordSet, request);
            id[0] = made.getId();
            Suite.equal(made.getName() + " " + made.getType() + " " + made.getTtl(), "www.java.example. A 60");
            Suite.equal(made.getRecords(), List.of("192.0.2.1", "192.0.2.2"));
            Suite.must(made.getDefault() == false && made.getCreateAt() != null && made.getUpdateAt() == null, made);
            check.refused(400, "DNS.0312", client::createRecordSet, request);
            body.withName("bad.java.example.").withRecords(List.of("192.0.2.300"));
            check.refused(400, "DNS.0308", client::createRecordSet, request);
        });
        suite.check("ShowRecordSet", check -> {
            var request = new ShowRecordSetRequest().withZoneId(zone).withRecordsetId(id[0]);
            Suite.equal(check.call(client::showRecordSet, request).getStatus(), "ACTIVE");
            check.refused(404, "DNS.0313", client::showRecordSet, request.withRecordsetId("0".repeat(32)));
        });
        suite.check("ListRecordSets", check -> {
            var listed = check.call(client::listRecordSets, new ListRecordSetsRequest().withType("A").withTags("role,web"));
            Suite.equal(listed.getRecordsets().get(0).getId(), id[0]);
            Suite.equal(listed.getRecordsets().get(0).getTags().get(0).getValue(), "web");
        });
        suite.check("ListRecordSetsByZone", check -> {
            var request = new ListRecordSetsByZoneRequest().withZoneId(zone).withSortKey("type").withSortDir("asc");
            var types = check.call(client::listRecordSetsByZone, request).getRecordsets().stream().map(ListRecordSets::getType);
            Suite.equal(types.toList(), List.of("A", "NS", "SOA"));
        });
        suite.check("UpdateRecordSet", check -> {
            var body = new UpdateRecordSetReq().withName("www.java.example.").withType("A").withRecords(List.of("192.0.2.3"));
            var request = new UpdateRecordSetRequest().withZoneId(zone).withRecordsetId(id[0]).withBody(body);
            Suite.equal(check.call(client::updateRecordSet, request).getRecords(), List.of("192.0.2.3"));
        });
        suite.check("DeleteRecordSet", check -> {
            var request = new DeleteRecordSetRequest().withZoneId(zone).withRecordsetId(id[0]);
            Suite.equal(check.call(client::deleteRecordSet, request).getId(), id[0]);
            check.refused(404, "DNS.0313", client::deleteRecordSet, request);
        });
    }

    private void withLines() {
        List<String> ids = new ArrayList<>();
        suite.check("CreateRecordSetWithLine", check -> {
            var body = new CreateRecordSetWithLineRequestBody().withName("line.java.example.").withType("TXT")
                .withRecords(List.of("\"例子 of a text\"")).withLine("default_view").withWeight(3);
            var request = new CreateRecordSetWithLineRequest().withZoneId(zone).withBody(body);
            var made = check.call(client::createRecordSetWithLine, request);
            ids.add(made.getId());
            Suite.equal(made.getLine() + " " + made.getWeight() + " " + made.getRecords(), "default_view 3 [\"例子 of a text\"]");
            check.refused(400, "DNS.0806", client::createRecordSetWithLine, request.withBody(body.withLine("nowhere")));
        });
        suite.check("CreateRecordSetWithBatchLines", check -> {
            var lines = List.of(line("CN", "192.0.2.10"), line("JP", "192.0.2.11"));
            var body = new CreateRSetBatchLinesReq().withName("many.java.example.").withType("A").withLines(lines);
            var made = check.call(client::createRecordSetWithBatchLines,
                new CreateRecordSetWithBatchLinesRequest().withZoneId(zone).withBody(body));
            made.getRecordsets().forEach(each -> ids.add(each.getId()));
            Suite.equal(made.getRecordsets().stream().map(QueryRecordSetWithLineResp::getLine).toList(), List.of("CN", "JP"));
        });
        suite.check("ShowRecordSetWithLine", check -> {
            var request = new ShowRecordSetWithLineRequest().withZoneId(zone).withRecordsetId(ids.get(0));
            Suite.equal(check.call(client::showRecordSetWithLine, request).getWeight(), 3);
        });
        suite.check("ShowRecordSetByZone", check -> {
            var request = new ShowRecordSetByZoneRequest().withZoneId(zone).withLineId("JP");
            var listed = check.call(client::showRecordSetByZone, request).getRecordsets();
            Suite.equal(listed.stream().map(ShowRecordSetByZoneResp::getId).toList(), List.of(ids.get(2)));
        });
        suite.check("ListRecordSetsWithLine", check -> {
            var request = new ListRecordSetsWithLineRequest().withName("many.java").withSearchMode("like").withLimit(1);
            var first = check.call(client::listRecordSetsWithLine, request);
            Suite.equal(first.getMetadata().getTotalCount(), 2);
            Suite.must(first.getLinks().getNext() != null, first.getLinks());
        });
        suite.check("UpdateRecordSets", check -> {
            var body = new UpdateRecordSetsReq().withName("line.java.example.").withType("TXT").withWeight(5).withTtl(30)
                .withRecords(List.of("\"second\""));
            var changed = check.call(client::updateRecordSets,
                new UpdateRecordSetsRequest().withZoneId(zone).withRecordsetId(ids.get(0)).withBody(body));
            Suite.equal(changed.getWeight() + " " + changed.getTtl() + " " + changed.getRecords(), "5 30 [\"second\"]");
        });
        suite.check("SetRecordSetsStatus", check -> {
            for (String status : List.of("DISABLE", "ENABLE")) {
                var body = new SetRecordSetsStatusReq().withStatus(status);
                var request = new SetRecordSetsStatusRequest().withRecordsetId(ids.get(0)).withBody(body);
                Suite.equal(check.call(client::setRecordSetsStatus, request).getId(), ids.get(0));
                var shown = new ShowRecordSetWithLineRequest().withZoneId(zone).withRecordsetId(ids.get(0));
                Suite.equal(client.showRecordSetWithLine(shown).getStatus(), status.equals("ENABLE") ? "ACTIVE" : "DISABLE");
            }
        });
        suite.check("BatchUpdateRecordSetWithLine", check -> {
            var row = new BatchUpdateRecordSet().withId(ids.get(1)).withTtl(90).withRecords(List.of("192.0.2.12"));
            var body = new BatchUpdateRecordSetWithLineReq().withRecordsets(List.of(row));
            var changed = check.call(client::batchUpdateRecordSetWithLine,
                new BatchUpdateRecordSetWithLineRequest().withZoneId(zone).withBody(body)).getRecordsets().get(0);
            Suite.equal(changed.getTtl() + " " + changed.getRecords(), "90 [192.0.2.12]");
        });
        suite.check("BatchDeleteRecordSetWithLine", check -> {
            var body = new BatchDeleteRecordSetWithLineRequestBody().withRecordsetIds(ids.subList(1, 3));
            var request = new BatchDeleteRecordSetWithLineRequest().withZoneId(zone).withBody(body);
            Suite.equal(check.call(client::batchDeleteRecordSetWithLine, request).getMetadata().getTotalCount(), 2);
        });
        suite.check("DeleteRecordSets", check -> {
            var request = new DeleteRecordSetsRequest().withZoneId(zone).withRecordsetId(ids.get(0));
            Suite.equal(check.call(client::deleteRecordSets, request).getId(), ids.get(0));
            check.refused(404, "DNS.0313", client::deleteRecordSets, request);
        });
    }

    private static BatchCreateRecordSetWithLine line(String line, String address) {
        return new BatchCreateRecordSetWithLine().withLine(line).withTtl(300).withWeight(1).withRecords(List.of(address));
    }
}
