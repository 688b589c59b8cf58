import com.huaweicloud.sdk.dns.v2.DnsClient;
import com.huaweicloud.sdk.dns.v2.model.*;
import java.util.List;

/** Tags of a public zone; a key with a blank stands in the path when it is deleted. */
record Tags(Suite suite, DnsClient client, String zone) {
    private static final String TYPE = "DNS-public_zone";

    void run() {
        suite.check("CreateTag", check -> {
            var body = new CreateTagReq().withTag(tag("cost center", "4711"));
            var request = new CreateTagRequest().withResourceType(TYPE).withResourceId(zone).withBody(body);
            Suite.equal(check.call(client::createTag, request).getHttpStatusCode(), 204);
        });
        suite.check("BatchCreateTag", check -> {
            var body = new BatchHandTags().withAction("create")
                .withTags(List.of(tag("stage", "test"), tag("例子", "值")));
            var request = new BatchCreateTagRequest().withResourceType(TYPE).withResourceId(zone).withBody(body);
            Suite.equal(check.call(client::batchCreateTag, request).getHttpStatusCode(), 204);
        });
        suite.check("ShowResourceTag", check -> {
            var request = new ShowResourceTagRequest().withResourceType(TYPE).withResourceId(zone);
            List<Tag> tags = check.call(client::showResourceTag, request).getTags();
            Suite.must(tags.containsAll(List.of(tag("cost center", "4711"), tag("例子", "值"))), tags);
        });
        suite.check("ListTags", check -> {
            var tags = check.call(client::listTags, new ListTagsRequest().withResourceType(TYPE)).getTags();
            Suite.must(tags.contains(new TagValues().withKey("stage").withValues(List.of("test"))), tags);
        });
        suite.check("ListTag", check -> {
            var body = new ListTagReq().withAction("filter").withLimit(10).withOffset(0)
                .withTags(List.of(new TagValues().withKey("stage").withValues(List.of("test"))));
            var found = check.call(client::listTag, new ListTagRequest().withResourceType(TYPE).withBody(body));
            Suite.equal(found.getTotalCount() + found.getResources().get(0).getResourceId(), 1 + zone);
        });
        suite.check("DeleteTag", check -> {
            for (String key : List.of("cost center", "例子")) {
                var request = new DeleteTagRequest().withResourceType(TYPE).withResourceId(zone).withKey(key);
                Suite.equal(check.call(client::deleteTag, request).getHttpStatusCode(), 204);
            }
        });
    }

    private static Tag tag(String key, String value) {
        return new Tag().withKey(key).withValue(value);
    }
}
