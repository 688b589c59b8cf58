/**
 * Calls every operation of the catalogue through the official Node SDK core: a program as users write it. Keys come from the environment as
 * the SDK reads it, the authority of the server from NODE_EXTRA_CA_CERTS, the project from the identity service. SETUP is JSON about the
 * region and what exists beside.
 */
import core from '@huaweicloud/huaweicloud-sdk-core'
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js'
import { delegation } from './delegation.mjs'
import { lines } from './lines.mjs'
import { ptrs } from './ptrs.mjs'
import { recordSets } from './record-sets.mjs'
import { resolver } from './resolver.mjs'
import { Suite } from './suite.mjs'
import { tags } from './tags.mjs'
import { tasks } from './tasks.mjs'
import { privateZones, publicZones, service } from './zones.mjs'

const { HUAWEICLOUD_SDK_AK: ak, HUAWEICLOUD_SDK_SK: sk, ENDPOINT: endpoint } = process.env
const setup = JSON.parse(process.env.SETUP)

/** What ClientBuilder puts together; the builder itself needs a package that the core forgets to depend on. */
const connect = (keys) => {
  const credentials = new core.BasicCredentials({ ...keys, iamEndpoint: endpoint })
  return new HcClient(new DefaultHttpClient({}, [endpoint]))
    .withCredential(credentials)
    .withEndpoints([endpoint])
    .withRegion(new core.Region(setup.region, endpoint))
}

const suite = new Suite(connect({ ak, sk }))
const other = new Suite(connect(setup.other))
await service(suite, setup)
await privateZones(suite, setup)
const zoneId = await publicZones(suite, setup)
for (const part of [recordSets, tasks, lines, tags, ptrs, resolver]) await part(suite, setup, zoneId)
await delegation(suite, setup, zoneId, other)
process.exitCode = suite.end()
