package com.huaweicloud.sdk.dns.v2.model;

/** Names the zone; the paging of failed items is left out, the sample does not use it. */
public class ShowBatchCreateRecordSetsTaskRequest {
    private String zoneId;

    public ShowBatchCreateRecordSetsTaskRequest withZoneId(String zoneId) {
        this.zoneId = zoneId;
        return this;
    }

    public String zoneId() {
        return zoneId;
    }
}
