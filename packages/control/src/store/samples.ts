import { encodeRdatas } from '@waymark/dns/feed-codec'
import type { RecordSet, Task, Zone } from './store.ts'

/** For tests only: rows in which nothing is special but what the test says. */

export const zone = (special: Partial<Zone> & Pick<Zone, 'id' | 'apex'>): Zone => ({
  domainId: 'd'.repeat(32),
  projectId: 'e'.repeat(32),
  zoneType: 'public',
  name: special.apex,
  description: '',
  email: 'hostmaster@example.org',
  ttl: 300,
  status: 'ACTIVE',
  serial: 1,
  revision: 1,
  recordCount: 0,
  enterpriseProjectId: '0',
  proxyPattern: null,
  routers: [],
  primaries: [],
  tags: [],
  createdAt: 1_700_000_000_000,
  updatedAt: null,
  ...special,
})

export const recordSet = (
  { id: zoneId }: Pick<Zone, 'id'>,
  special: Partial<RecordSet> & Pick<RecordSet, 'id' | 'owner'>,
): RecordSet => ({
  zoneId,
  name: special.owner,
  type: 'A',
  line: 'default_view',
  ttl: 300,
  weight: null,
  records: ['192.0.2.1'],
  rdatas: encodeRdatas([Uint8Array.of(192, 0, 2, 1)]),
  status: 'ACTIVE',
  isDefault: false,
  description: null,
  aliasTarget: null,
  tags: [],
  createdAt: 1_700_000_000_000,
  updatedAt: null,
  ...special,
})

export const task = (special: Partial<Task> & Pick<Task, 'id' | 'zoneId'>): Task => ({
  kind: 'create_record_sets',
  domainId: 'd'.repeat(32),
  projectId: 'e'.repeat(32),
  slot: null,
  status: 'PENDING',
  totalCount: 0,
  successCount: 0,
  errorCount: 0,
  cursor: 0,
  itemCount: 0,
  chunkCount: 0,
  params: {},
  idempotencyKey: null,
  createdBy: 'f'.repeat(32),
  createdAt: 1_700_000_000_000,
  updatedAt: 1_700_000_000_000,
  feedSeq: 0,
  ...special,
})
