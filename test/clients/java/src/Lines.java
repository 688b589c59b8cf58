import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;
import java.util.List;

/** Custom lines and groups of lines. */
record Lines(Suite suite, DnsClient client) {
    void run() {
        customLines();
        groups();
    }

    private void customLines() {
        String[] id = new String[1];
        suite.check("CreateCustomLine", check -> {
            var body = new CreateCustomLines().withName("branch").withIpSegments(List.of("192.0.2.0-192.0.2.9"));
            var request = new CreateCustomLineRequest().withBody(body);
            var made = check.call(client::createCustomLine, request);
            id[0] = made.getLineId();
            Suite.equal(made.getIpSegments(), List.of("192.0.2.0-192.0.2.9"));
            check.refused(400, "DNS.1603", client::createCustomLine, request);
        });
        suite.check("ListCustomLine", check -> {
            var listed = check.call(client::listCustomLine, new ListCustomLineRequest().withLineId(id[0]).withShowDetail(true));
            Suite.equal(listed.getMetadata().getTotalCount() + listed.getLines().get(0).getName(), "1branch");
            Suite.equal(listed.getLines().get(0).getStatus(), "ACTIVE");
        });
        suite.check("UpdateCustomLine", check -> {
            var body = new UpdateCustomsLineReq().withName("plant").withIpSegments(List.of("198.51.100.0-198.51.100.9"));
            var request = new UpdateCustomLineRequest().withLineId(id[0]).withBody(body);
            Suite.equal(check.call(client::updateCustomLine, request).getName(), "plant");
        });
        suite.check("DeleteCustomLine", check -> {
            var request = new DeleteCustomLineRequest().withLineId(id[0]);
            Suite.equal(check.call(client::deleteCustomLine, request).getLineId(), id[0]);
            check.refused(404, "DNS.1604", client::deleteCustomLine, request);
        });
    }

    private void groups() {
        String[] id = new String[1];
        suite.check("CreateLineGroup", check -> {
            var body = new CreateLineGroupsReq().withName("east").withDescription("d").withLines(List.of("CN", "JP"));
            var made = check.call(client::createLineGroup, new CreateLineGroupRequest().withBody(body));
            id[0] = made.getLineId();
            Suite.equal(made.getLines(), List.of("CN", "JP"));
        });
        suite.check("ShowLineGroup", check -> {
            var request = new ShowLineGroupRequest().withLinegroupId(id[0]);
            Suite.equal(check.call(client::showLineGroup, request).getStatus(), "ACTIVE");
        });
        suite.check("ListLineGroups", check -> {
            var listed = check.call(client::listLineGroups, new ListLineGroupsRequest().withName("eas").withLimit(10));
            Suite.equal(listed.getLinegroups().get(0).getLineId(), id[0]);
        });
        suite.check("UpdateLineGroups", check -> {
            var body = new UpdateLineGroupsBody().withName("east").withLines(List.of("CN", "KR"));
            var request = new UpdateLineGroupsRequest().withLinegroupId(id[0]).withBody(body);
            Suite.equal(check.call(client::updateLineGroups, request).getLines(), List.of("CN", "KR"));
        });
        suite.check("DeleteLineGroup", check -> {
            var request = new DeleteLineGroupRequest().withLinegroupId(id[0]);
            Suite.equal(check.call(client::deleteLineGroup, request).getLineId(), id[0]);
            check.refused(404, "DNS.1707", client::deleteLineGroup, request);
        });
    }
}
