import com.fasterxml.jackson.databind.JsonNode;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.auth.ICredential;
import com.huaweicloud.sdk.dns.v2.DnsAsyncClient;
import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;
import com.huaweicloud.sdk.dns.v2.region.DnsRegion;

/** How programs get a client: wrong keys, derived signatures, the asynchronous client; version documents and quotas. */
record Connections(Suite suite, DnsClient client, JsonNode setup) {
    void run() {
        String ak = System.getenv("HUAWEICLOUD_SDK_AK");
        String sk = System.getenv("HUAWEICLOUD_SDK_SK");
        String projectId = setup.get("projectId").asText();

        suite.topic("wrong secret key: 401", check -> {
            DnsClient wrong = connect(new BasicCredentials().withAk(ak).withSk("wrong").withProjectId(projectId));
            ServiceResponseException refusal =
                check.refused(401, "APIGW.0301", wrong::listPublicZones, new ListPublicZonesRequest());
            Suite.must(refusal.getErrorMsg().contains("verify aksk signature fail"), refusal);
        });
        suite.topic("wrong secret key: no project", check -> {
            try {
                connect(new BasicCredentials().withAk(ak).withSk("wrong")).listPublicZones(new ListPublicZonesRequest());
                throw new AssertionError("accepted");
            } catch (SdkException expected) {
                Suite.must(String.valueOf(expected).contains("401"), expected);
            }
        });
        suite.topic("derived signature", check -> {
            BasicCredentials derived = new BasicCredentials().withAk(ak).withSk(sk).withProjectId(projectId);
            derived.withDerivedPredicate(request -> true);
            DnsClient client = DnsClient.newBuilder().withCredential(derived).withDerivedAuthServiceName("dns")
                .withRegion(region()).build();
            Suite.equal(check.call(client::listPublicZones, new ListPublicZonesRequest()).getMetadata().getTotalCount(), 0);
        });
        suite.topic("asynchronous client", check -> {
            DnsAsyncClient async = DnsAsyncClient.newBuilder().withRegion(region()).build();
            ListPublicZonesRequest request = new ListPublicZonesRequest().withLimit(1);
            Suite.equal(async.listPublicZonesAsync(request).get().getMetadata().getTotalCount(), 0);
        });
        suite.check("ListApiVersions", check -> {
            var values = check.call(client::listApiVersions, new ListApiVersionsRequest()).getVersions().getValues();
            Suite.equal(values.get(0).getId() + " " + values.get(0).getStatus(), "v2 CURRENT");
        });
        suite.check("ShowApiInfo", check -> {
            var version = check.call(client::showApiInfo, new ShowApiInfoRequest().withVersion("v2")).getVersion();
            Suite.equal(version.getId() + " " + version.getStatus(), "v2 CURRENT");
            check.refused(404, "APIGW.0101", client::showApiInfo, new ShowApiInfoRequest().withVersion("v9"));
        });
        suite.check("ListNameServers", check -> {
            var rows = check.call(client::listNameServers, new ListNameServersRequest().withType("public")).getNameservers();
            Suite.equal(rows.get(0).getNsRecords().get(0).getHostname(), setup.get("nameServers").get(0).asText());
        });
        suite.check("ShowDomainQuota", check -> {
            var request = new ShowDomainQuotaRequest().withDomainId(setup.get("domainId").asText());
            var zones = check.call(client::showDomainQuota, request).getQuotas().stream()
                .filter(each -> "zone".equals(each.getQuotaKey())).findFirst().orElseThrow();
            Suite.must(zones.getQuotaLimit() > 0 && zones.getUsed() == 0, zones);
            check.refused(401, "DNS.0005", client::showDomainQuota, request.withDomainId("f".repeat(32)));
        });
    }

    private com.huaweicloud.sdk.core.region.Region region() {
        return DnsRegion.valueOf(setup.get("region").asText());
    }

    private DnsClient connect(ICredential credential) {
        return DnsClient.newBuilder().withCredential(credential).withRegion(region()).build();
    }
}
