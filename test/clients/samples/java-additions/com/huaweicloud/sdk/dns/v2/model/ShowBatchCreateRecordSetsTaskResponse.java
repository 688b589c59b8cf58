package com.huaweicloud.sdk.dns.v2.model;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.huaweicloud.sdk.core.SdkResponse;
import java.util.List;

/** The task as the API documents it. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
public class ShowBatchCreateRecordSetsTaskResponse extends SdkResponse {
    @JsonProperty("task_id") private String taskId;
    @JsonProperty("status") private String status;
    @JsonProperty("created_at") private String createdAt;
    @JsonProperty("updated_at") private String updatedAt;
    @JsonProperty("total_count") private Integer totalCount;
    @JsonProperty("success_count") private Integer successCount;
    @JsonProperty("error_count") private Integer errorCount;
    @JsonProperty("error_items") private List<ErrorItem> errorItems;

    /** A record set that was not created. */
    public record ErrorItem(
        @JsonProperty("name") String name,
        @JsonProperty("type") String type,
        @JsonProperty("line") String line,
        @JsonProperty("ttl") Integer ttl,
        @JsonProperty("weight") Integer weight,
        @JsonProperty("records") List<String> records,
        @JsonProperty("status") String status,
        @JsonProperty("error_code") String errorCode,
        @JsonProperty("error_message") String errorMessage) {
    }

    @Override
    public String toString() {
        return "class ShowBatchCreateRecordSetsTaskResponse {taskId: " + taskId + ", status: " + status
            + ", createdAt: " + createdAt + ", updatedAt: " + updatedAt + ", totalCount: " + totalCount
            + ", successCount: " + successCount + ", errorCount: " + errorCount + ", errorItems: " + errorItems + "}";
    }
}
