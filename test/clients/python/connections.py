"""How programs get a client: settings of the environment, project look-up, wrong keys, the asynchronous client, version documents."""
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, SdkException
from huaweicloudsdkdns.v2 import DnsAsyncClient, DnsClient, ListPublicZonesRequest
from huaweicloudsdkdns.v2.region.dns_region import DnsRegion

REGION = "my-region-1"


def connect(client_type=DnsClient, credentials=None):
    """A client as in the documentation of the SDK; endpoints, keys and trust come from the environment, the project from IAM."""
    builder = client_type.new_builder().with_region(DnsRegion.value_of(REGION))
    return (builder if credentials is None else builder.with_credentials(credentials)).build()


def connect_as(account):
    """A client of another account that was made beforehand."""
    return connect(credentials=BasicCredentials(account["ak"], account["sk"]))


def check_all(suite, setup):
    with suite.topic("project of the region, found through IAM"):
        assert suite.client.get_credentials().project_id == setup["projectId"]

    with suite.topic("wrong secret key: 401"):
        credentials = BasicCredentials(suite.client.get_credentials().ak, "wrong", setup["projectId"])
        try:
            connect(credentials=credentials).list_public_zones(ListPublicZonesRequest())
            raise AssertionError("accepted")
        except ClientRequestException as error:
            assert (error.status_code, error.error_code) == (401, "APIGW.0301"), str(error)
            assert "verify aksk signature fail" in error.error_msg, str(error)

    with suite.topic("wrong secret key: no project"):
        try:
            connect(credentials=BasicCredentials("UNKNOWNKEY", "wrong"))
            raise AssertionError("accepted")
        except SdkException as error:
            assert "401" in error.error_msg, error.error_msg

    with suite.topic("asynchronous client"):
        waiting = connect(DnsAsyncClient).list_public_zones_async(ListPublicZonesRequest(limit=1))
        assert waiting.result().metadata.total_count == 0

    with suite.check("list_api_versions") as call:
        values = call().versions.values
        assert [(each.id, each.status) for each in values][0] == ("v2", "CURRENT"), values

    with suite.check("show_api_info") as call:
        version = call(version="v2").version
        assert (version.id, version.status) == ("v2", "CURRENT"), version
        call.refused(404, "APIGW.0101", version="v9")

    with suite.check("list_name_servers") as call:
        rows = call(type="public").nameservers
        assert [each.hostname for each in rows[0].ns_records] == setup["nameServers"], rows

    with suite.check("show_domain_quota") as call:
        quotas = {each.quota_key: each for each in call(domain_id=setup["domainId"]).quotas}
        assert quotas["zone"].quota_limit > 0 and quotas["zone"].used == 0, quotas
        call.refused(401, "DNS.0005", domain_id="f" * 32)
