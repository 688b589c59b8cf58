package com.huaweicloud.sdk.dns.v2;

import com.huaweicloud.sdk.core.ClientBuilder;
import com.huaweicloud.sdk.core.HcClient;
import com.huaweicloud.sdk.core.http.FieldExistence;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequestDef;
import com.huaweicloud.sdk.core.http.LocationType;
import com.huaweicloud.sdk.dns.v2.model.ShowBatchCreateRecordSetsTaskRequest;
import com.huaweicloud.sdk.dns.v2.model.ShowBatchCreateRecordSetsTaskResponse;

/**
 * Stands in the sample's class path before the client of the published package, which is older than the operation that
 * the sample calls. Region, credentials, project, signature, transport and JSON stay those of the SDK.
 */
public class DnsClient {
    private static final HttpRequestDef<ShowBatchCreateRecordSetsTaskRequest, ShowBatchCreateRecordSetsTaskResponse>
        SHOW_TASK = HttpRequestDef
            .builder(HttpMethod.GET, ShowBatchCreateRecordSetsTaskRequest.class, ShowBatchCreateRecordSetsTaskResponse.class)
            .withName("ShowBatchCreateRecordSetsTask")
            .withUri("/v2.1/zones/{zone_id}/recordsets/batch-create-task")
            .withContentType("application/json")
            .<String>withRequestField("zone_id", LocationType.Path, FieldExistence.NON_NULL_NON_EMPTY, String.class,
                field -> field.withMarshaller(ShowBatchCreateRecordSetsTaskRequest::zoneId,
                    ShowBatchCreateRecordSetsTaskRequest::withZoneId))
            .build();

    private final HcClient hcClient;

    public DnsClient(HcClient hcClient) {
        this.hcClient = hcClient;
    }

    public static ClientBuilder<DnsClient> newBuilder() {
        return new ClientBuilder<>(DnsClient::new);
    }

    public ShowBatchCreateRecordSetsTaskResponse showBatchCreateRecordSetsTask(ShowBatchCreateRecordSetsTaskRequest request) {
        return hcClient.syncInvokeHttp(request, SHOW_TASK);
    }
}
