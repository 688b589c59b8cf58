import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.region.DnsRegion;

/**
 * Calls every operation of the official Java SDK against a running Waymark. Where the service is, and as whom to call, is
 * said only by settings that the SDK reads itself: HUAWEICLOUD_SDK_AK and _SK, HUAWEICLOUD_SDK_REGION_DNS_…,
 * HUAWEICLOUD_SDK_IAM_ENDPOINT. SETUP is JSON about what exists beside: networks and public addresses.
 */
public final class Client {
    public static void main(String[] arguments) throws Exception {
        JsonNode setup = new ObjectMapper().readTree(System.getenv("SETUP"));
        // No credentials in the program: the SDK takes them from the environment and looks the project up.
        DnsClient client = DnsClient.newBuilder().withRegion(DnsRegion.valueOf(setup.get("region").asText())).build();
        Suite suite = new Suite();
        new Connections(suite, client, setup).run();
        String zone = new Zones(suite, client, setup).run();
        new RecordSets(suite, client, zone).run();
        new Lines(suite, client).run();
        new Tags(suite, client, zone).run();
        new Ptrs(suite, client, setup).run();
        System.exit(suite.end());
    }
}
