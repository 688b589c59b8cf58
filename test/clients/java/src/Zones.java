import com.fasterxml.jackson.databind.JsonNode;
import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Public and private zones: their life, lists, status, name servers and networks. */
record Zones(Suite suite, DnsClient client, JsonNode setup) {
    private static final String UNKNOWN = "0".repeat(32);

    /** Gives the id of a public zone for the other parts. */
    String run() {
        privateZones();
        return publicZones();
    }

    private String publicZones() {
        String[] ids = new String[2];
        suite.check("CreatePublicZone", check -> {
            var wanted = new CreatePublicZoneReq().withName("java.example").withDescription("例子 with blanks")
                .withEmail("hostmaster@java.example").withTtl(600).withTags(List.of(new Tag().withKey("team").withValue("a b")));
            var made = check.call(client::createPublicZone, new CreatePublicZoneRequest().withBody(wanted));
            ids[0] = made.getId();
            Suite.equal(made.getName() + " " + made.getStatus() + " " + made.getTtl(), "java.example. PENDING_CREATE 600");
            Suite.equal(made.getProjectId(), setup.get("projectId").asText());
            Suite.equal(made.getMasters(), List.of());
            check.refused(400, "DNS.0208", client::createPublicZone, new CreatePublicZoneRequest().withBody(wanted));
            var second = new CreatePublicZoneReq().withName("second.example");
            ids[1] = check.call(client::createPublicZone, new CreatePublicZoneRequest().withBody(second)).getId();
        });
        suite.check("ShowPublicZone", check -> {
            var shown = check.call(client::showPublicZone, new ShowPublicZoneRequest().withZoneId(ids[0]));
            Suite.equal(shown.getStatus() + " " + shown.getDescription() + " " + shown.getRecordNum(), "ACTIVE 例子 with blanks 2");
            var missing = new ShowPublicZoneRequest().withZoneId(UNKNOWN);
            Suite.equal(check.refused(404, "DNS.0302", client::showPublicZone, missing).getErrorMsg(), "This zone does not exist.");
        });
        suite.check("ListPublicZones", check -> {
            var first = check.call(client::listPublicZones, new ListPublicZonesRequest().withType("public").withLimit(1));
            Suite.equal(first.getMetadata().getTotalCount(), 2);
            String marker = first.getZones().get(0).getId();
            var rest = check.call(client::listPublicZones, new ListPublicZonesRequest().withLimit(1).withMarker(marker));
            Suite.equal(Set.of(marker, rest.getZones().get(0).getId()), Set.of(ids[0], ids[1]));
            Suite.must(first.getLinks().getNext() != null && rest.getLinks().getNext() == null, rest.getLinks());
            var tagged = check.call(client::listPublicZones, new ListPublicZonesRequest().withTags("team,a b")).getZones();
            Suite.equal(tagged.stream().map(PublicZoneResp::getId).toList(), List.of(ids[0]));
            Suite.equal(tagged.get(0).getTags(), List.of(new Tag().withKey("team").withValue("a b")));
            check.refused(400, "DNS.0006", client::listPublicZones, new ListPublicZonesRequest().withLimit(501));
        });
        suite.check("UpdatePublicZone", check -> {
            var body = new UpdatePublicZoneInfo().withDescription("new").withTtl(900);
            var request = new UpdatePublicZoneRequest().withZoneId(ids[0]).withBody(body);
            var changed = check.call(client::updatePublicZone, request);
            Suite.equal(changed.getDescription() + " " + changed.getTtl() + " " + changed.getEmail(), "new 900 hostmaster@java.example");
        });
        suite.check("ShowPublicZoneNameServer", check -> {
            var servers = check.call(client::showPublicZoneNameServer, new ShowPublicZoneNameServerRequest().withZoneId(ids[0]));
            Suite.equal(servers.getNameservers().stream().map(Nameserver::getHostname).toList(), texts("nameServers"));
        });
        suite.check("UpdatePublicZoneStatus", check -> {
            for (String status : List.of("DISABLE", "ENABLE")) {
                var body = new UpdatePublicZoneStatusRequestBody().withStatus(status);
                var request = new UpdatePublicZoneStatusRequest().withZoneId(ids[0]).withBody(body);
                Suite.equal(check.call(client::updatePublicZoneStatus, request).getId(), ids[0]);
                String shown = client.showPublicZone(new ShowPublicZoneRequest().withZoneId(ids[0])).getStatus();
                Suite.equal(shown, status.equals("ENABLE") ? "ACTIVE" : "DISABLE");
            }
        });
        suite.check("DeletePublicZone", check -> {
            var request = new DeletePublicZoneRequest().withZoneId(ids[1]);
            Suite.equal(check.call(client::deletePublicZone, request).getStatus(), "PENDING_DELETE");
            check.refused(404, "DNS.0302", client::deletePublicZone, request);
        });
        return ids[0];
    }

    private void privateZones() {
        String region = setup.get("region").asText();
        Router office = new Router().withRouterId(texts("networks").get(0)).withRouterRegion(region);
        Router plant = new Router().withRouterId(texts("networks").get(1)).withRouterRegion(region);
        String[] id = new String[1];
        suite.check("CreatePrivateZone", check -> {
            var body = new CreatePrivateZoneReq().withName("inside.example").withZoneType("private").withRouter(office)
                .withProxyPattern("AUTHORITY");
            var made = check.call(client::createPrivateZone, new CreatePrivateZoneRequest().withBody(body));
            id[0] = made.getId();
            Suite.equal(made.getRouter().getRouterId(), office.getRouterId());
            check.refused(400, "DNS.0208", client::createPrivateZone, new CreatePrivateZoneRequest().withBody(body));
            body.withName("x.example").withRouter(new Router().withRouterId("00000000-0000-4000-8000-000000000000"));
            check.refused(404, "DNS.0711", client::createPrivateZone, new CreatePrivateZoneRequest().withBody(body));
        });
        suite.check("AssociateRouter", check -> {
            var body = new AssociateRouterRequestBody().withRouter(plant);
            var request = new AssociateRouterRequest().withZoneId(id[0]).withBody(body);
            Suite.equal(check.call(client::associateRouter, request).getRouterId(), plant.getRouterId());
        });
        suite.check("ShowPrivateZone", check -> {
            var shown = check.call(client::showPrivateZone, new ShowPrivateZoneRequest().withZoneId(id[0]));
            Set<String> routers = shown.getRouters().stream().map(Router::getRouterId).collect(Collectors.toSet());
            Suite.equal(routers, Set.of(office.getRouterId(), plant.getRouterId()));
            Suite.equal(shown.getProxyPattern(), "AUTHORITY");
        });
        suite.check("ListPrivateZones", check -> {
            var listed = check.call(client::listPrivateZones, new ListPrivateZonesRequest().withType("private"));
            Suite.equal(listed.getZones().stream().map(PrivateZoneResp::getId).toList(), List.of(id[0]));
            var paused = new ListPrivateZonesRequest().withType("private").withStatus("DISABLE");
            Suite.equal(check.call(client::listPrivateZones, paused).getMetadata().getTotalCount(), 0);
        });
        suite.check("ShowPrivateZoneNameServer", check -> {
            var request = new ShowPrivateZoneNameServerRequest().withZoneId(id[0]);
            var servers = check.call(client::showPrivateZoneNameServer, request).getNameservers();
            Suite.equal(servers.stream().map(PrivateNameServer::getAddress).toList(), texts("privateNameServers"));
        });
        suite.check("DisassociateRouter", check -> {
            var body = new DisassociaterouterRequestBody().withRouter(plant);
            var request = new DisassociateRouterRequest().withZoneId(id[0]).withBody(body);
            Suite.equal(check.call(client::disassociateRouter, request).getRouterId(), plant.getRouterId());
            check.refused(400, "DNS.0707", client::disassociateRouter, request);
        });
        suite.check("UpdatePrivateZone", check -> {
            var body = new UpdatePrivateZoneInfoReq().withDescription("at home").withTtl(120);
            var request = new UpdatePrivateZoneRequest().withZoneId(id[0]).withBody(body);
            Suite.equal(check.call(client::updatePrivateZone, request).getTtl(), 120);
        });
        suite.check("DeletePrivateZone", check -> {
            var request = new DeletePrivateZoneRequest().withZoneId(id[0]);
            Suite.equal(check.call(client::deletePrivateZone, request).getStatus(), "PENDING_DELETE");
            check.refused(404, "DNS.0302", client::deletePrivateZone, request);
        });
    }

    private List<String> texts(String member) {
        List<String> texts = new ArrayList<>();
        setup.get(member).forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
