/**
 * Runs calls through the official Node SDK core in a real Node process: a program as users write it. Takes a JSON argument
 * `{ endpoint, ak, sk, projectId?, region?, domainId?, isDerived?, calls }`, prints a JSON array of outcomes.
 */
import core from '@huaweicloud/huaweicloud-sdk-core'
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js'

const { endpoint, ak, sk, projectId, region, domainId, isDerived, calls } = JSON.parse(process.argv[2])

const credentials =
  domainId === undefined
    ? new core.BasicCredentials({ ak, sk, projectId, iamEndpoint: endpoint })
    : new core.GlobalCredentials({ ak, sk, domainId: domainId ?? undefined, iamEndpoint: endpoint })
// What ClientBuilder puts together; the builder itself needs a package that the core forgets to depend on.
const client = new HcClient(new DefaultHttpClient({}, [endpoint]))
client.withCredential(credentials).withEndpoints([endpoint])
if (region !== undefined) client.withRegion(new core.Region(region, endpoint))
if (isDerived) {
  credentials.derivedPredicate = () => true
  credentials.processDerivedAuthParams('dns', region)
}

const outcomes = []
for (const call of calls) {
  const options = {
    method: call.method,
    url: call.path,
    contentType: 'application/json',
    queryParams: call.query ?? {},
    pathParams: call.pathParams ?? {},
    headers: {},
    data: call.body ?? {},
  }
  try {
    outcomes.push({ ok: true, body: await client.sendRequest(options) })
  } catch (error) {
    outcomes.push({
      ok: false,
      status: error.httpStatusCode,
      code: error.errorCode,
      message: error.message ?? error.errorMsg,
      requestId: error.requestId,
    })
  }
}
console.log(JSON.stringify(outcomes))
