import com.fasterxml.jackson.databind.JsonNode;
import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;

/** PTR records of public addresses; region and id stand in the path with a colon between them. */
record Ptrs(Suite suite, DnsClient client, JsonNode setup) {
    void run() {
        String region = setup.get("region").asText();
        String address = setup.get("addresses").get(0).asText();
        suite.check("CreateEipRecordSet", check -> {
            var body = new CreatePtrReq().withPtrdname("mail.java.example.").withTtl(300).withDescription("d");
            var request = new CreateEipRecordSetRequest().withRegion(region).withFloatingipId(address).withBody(body);
            var made = check.call(client::createEipRecordSet, request);
            Suite.equal(made.getPtrdname() + " " + made.getAddress(), "mail.java.example. 203.0.113.25");
            Suite.equal(made.getId(), region + ":" + address);
        });
        suite.check("ShowPtrRecordSet", check -> {
            var request = new ShowPtrRecordSetRequest().withRegion(region).withFloatingipId(address);
            Suite.equal(check.call(client::showPtrRecordSet, request).getStatus(), "ACTIVE");
            check.refused(404, "DNS.0502", client::showPtrRecordSet, request.withFloatingipId("00000000-0000-4000-8000-000000000000"));
        });
        suite.check("ListPtrRecords", check -> {
            var listed = check.call(client::listPtrRecords, new ListPtrRecordsRequest().withLimit(10)).getFloatingips();
            Suite.equal(listed.get(0).getPtrdname(), "mail.java.example.");
        });
        suite.check("UpdatePtrRecord", check -> {
            var body = new UpdatePtrReq().withPtrdname("mx.java.example.").withTtl(600);
            var request = new UpdatePtrRecordRequest().withRegion(region).withFloatingipId(address).withBody(body);
            Suite.equal(check.call(client::updatePtrRecord, request).getPtrdname(), "mx.java.example.");
        });
        suite.check("RestorePtrRecord", check -> {
            var request = new RestorePtrRecordRequest().withRegion(region).withFloatingipId(address).withBody(new RestorePtrReq());
            check.call(client::restorePtrRecord, request);
            var listed = client.listPtrRecords(new ListPtrRecordsRequest()).getFloatingips();
            Suite.must(listed.stream().noneMatch(each -> "mx.java.example.".equals(each.getPtrdname())), listed);
        });
    }
}
