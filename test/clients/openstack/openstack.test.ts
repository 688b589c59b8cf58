// needs: python3
/**
 * Clients of OpenStack, unmodified, pointed here by the settings of the environment alone: the `openstack` command with its commands for
 * zones, record sets and PTR records, a process for each; then the libraries below it, python-designateclient and openstacksdk.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  CLIENT_TOOLS,
  type ClientService,
  furnish,
  REGION,
  runClient,
  startClientService,
} from '../../support/client-service.ts'
import { ask, recordLines } from '../../support/dns-client.ts'
import { until } from '../../support/until.ts'

const TOOLS = `${CLIENT_TOOLS}/openstack/bin`
const LIBRARIES = new URL('./libraries.py', import.meta.url).pathname

let service: ClientService
let settings: Record<string, string>
let address: string

beforeAll(async () => {
  service = await startClientService()
  const { addresses } = await furnish(service)
  address = `${REGION}:${addresses[0]}`
  const { user, password, domain } = service.credentials
  settings = {
    OS_AUTH_URL: `${service.https}/v3`,
    OS_IDENTITY_API_VERSION: '3',
    OS_USERNAME: user!,
    OS_PASSWORD: password!,
    OS_USER_DOMAIN_NAME: domain!,
    OS_PROJECT_NAME: REGION,
    OS_PROJECT_DOMAIN_NAME: domain!,
    OS_REGION_NAME: REGION,
    OS_CACERT: service.authority,
  }
}, 120_000)
afterAll(() => service?.stop())

// biome-ignore lint/suspicious/noExplicitAny: what commands print as JSON is looked into
type Json = any

async function openstack(words: readonly string[]): Promise<{ said: string; code: number }> {
  // Refusals are told on standard error.
  const shell = ['sh', '-c', 'exec "$0" "$@" 2>&1', `${TOOLS}/openstack`, ...words]
  const { output, code } = await runClient(shell, { ...settings, PYTHONWARNINGS: 'ignore' })
  return { said: output.trim(), code }
}

/** Runs a command to its success; gives the JSON that it prints, nothing when it prints nothing. */
async function run(...words: string[]): Promise<Json> {
  const { said, code } = await openstack(words)
  if (code !== 0) throw new Error(`openstack ${words.join(' ')}: ${code} ${said}`)
  return said === '' ? undefined : JSON.parse(said)
}
const show = (...words: string[]): Promise<Json> => run(...words, '-f', 'json')

/** What a command says that has to fail. */
async function refusal(...words: string[]): Promise<string> {
  const { said, code } = await openstack(words)
  if (code === 0) throw new Error(`openstack ${words.join(' ')} was accepted: ${said}`)
  return said
}

/** A test that prints its verdict in one line, under the name of the command that it is about. */
function command(name: string, check: () => Promise<void>): void {
  test(`openstack ${name}`, async () => {
    try {
      await check()
    } catch (error) {
      console.log(`FAIL openstack ${name}: ${String(error).replace(/\s+/g, ' ')}`)
      throw error
    }
    console.log(`ok   openstack ${name}`)
  })
}

/** Waits until the DNS server has these values. */
const answered = (name: string, type: string, expected: readonly string[]): Promise<number> =>
  until([...expected].sort(), async () => {
    const { answers } = await ask(service.dnsPort, name, type)
    return recordLines(answers).map((line) => line.split(' ').slice(3).join(' '))
  })

const names = (rows: Json): string[] => rows.map((row: Json) => row.name).sort()

let token = ''
command('token issue', async () => {
  const issued = await show('token', 'issue')
  token = issued.id
  expect(issued.project_id).toBe(service.credentials.project_id!)
})
command('token revoke', async () => {
  await run('token', 'revoke', token)
  const probe = await fetch(`${service.url}/v2/zones`, { headers: { 'X-Auth-Token': token } })
  expect(probe.status).toBe(401)
})
command('catalog list', async () => {
  const services = await show('catalog', 'list')
  expect(services.map(({ Type }: Json) => Type).sort()).toEqual(['dns', 'identity'])
})
command('versions show', async () => {
  const rows = await show('versions', 'show', '--service', 'dns')
  expect(rows.map((row: Json) => [row['Region Name'], row.Version, row.Status])).toContainEqual([
    REGION,
    '2.0',
    'CURRENT',
  ])
})
command('project list', async () => {
  expect((await show('project', 'list')).map(({ Name }: Json) => Name)).toEqual([REGION])
})
command('region list', async () => {
  expect((await show('region', 'list')).map(({ Region }: Json) => Region)).toEqual([REGION])
})
command('(wrong password)', async () => {
  expect(await refusal('--os-password', 'wrong', 'zone', 'list')).toContain('401')
})
command('(address of the service without /v3)', async () => {
  expect(await show('--os-auth-url', service.https, 'zone', 'list')).toEqual([])
})

let zoneId = ''
command('zone create', async () => {
  const made = await show('zone', 'create', 'os.example.', '--email', 'ops@os.example', '--ttl', '600')
  zoneId = made.id
  expect(made).toMatchObject({ name: 'os.example.', email: 'ops@os.example', ttl: 600, type: 'PRIMARY' })
  await run('zone', 'create', 'sub.os.example.', '--email', 'ops@os.example', '-f', 'json')
  expect(await refusal('zone', 'create', 'os.example.', '--email', 'a@os.example')).toBe(
    'This zone already exists.',
  )
})
command('zone list', async () => {
  expect(names(await show('zone', 'list'))).toEqual(['os.example.', 'sub.os.example.'])
  expect(names(await show('zone', 'list', '--name', 'os.example.', '--type', 'PRIMARY'))).toEqual([
    'os.example.',
  ])
})
command('zone show', async () => {
  // By name although a zone below it ends in the same name, and by id.
  const byName = await show('zone', 'show', 'os.example.')
  expect(byName).toMatchObject({ id: zoneId, status: 'ACTIVE', action: 'NONE', serial: 1 })
  expect(await show('zone', 'show', zoneId)).toEqual(byName)
  expect(await refusal('zone', 'show', 'absent.example.')).toContain("didn't resolve")
  expect(await refusal('zone', 'show', '0'.repeat(32))).toBe('This zone does not exist.')
})
command('zone set', async () => {
  const words = ['--ttl', '900', '--description', '例子 with blanks', '--email', 'new@os.example']
  await run('zone', 'set', 'os.example.', ...words, '-f', 'json')
  expect(await show('zone', 'show', zoneId)).toMatchObject({
    ...{ ttl: 900, description: '例子 with blanks', email: 'new@os.example', status: 'ACTIVE' },
  })
})
command('zone nameservers list', async () => {
  const rows = await show('zone', 'nameservers', 'list', 'os.example.')
  expect(rows.map((row: Json) => row.hostname)).toEqual(['ns1.waymark.example.', 'ns2.waymark.example.'])
})

let setId = ''
command('recordset create', async () => {
  const values = ['--record', '192.0.2.1', '--record', '192.0.2.2']
  const made = await show(
    'recordset',
    'create',
    'os.example.',
    'www',
    '--type',
    'A',
    ...values,
    '--ttl',
    '60',
  )
  setId = made.id
  expect(made).toMatchObject({ name: 'www.os.example.', ttl: 60, records: '192.0.2.1\n192.0.2.2' })
  await answered('www.os.example.', 'A', ['192.0.2.1', '192.0.2.2'])
  await show('recordset', 'create', zoneId, 'x.www.os.example.', '--type', 'A', '--record', '192.0.2.3')
  const text = ['--type', 'TXT', '--record', '"some text"']
  await show('recordset', 'create', 'os.example.', 'os.example.', ...text)
  await answered('os.example.', 'TXT', ['"some text"'])
  const mail = ['--type', 'MX', '--record', '10 mail.os.example.']
  await show('recordset', 'create', 'os.example.', '*', ...mail)
  await answered('anything.os.example.', 'MX', ['10 mail.os.example.'])
  const wrong = ['--type', 'A', '--record', '192.0.2.300']
  expect(await refusal('recordset', 'create', 'os.example.', 'bad', ...wrong)).toContain('192.0.2.300')
})
command('recordset list', async () => {
  const rows = await show('recordset', 'list', 'os.example.')
  expect(rows.map((row: Json) => `${row.name} ${row.type} ${row.status}`).sort()).toEqual([
    '*.os.example. MX ACTIVE',
    'os.example. NS ACTIVE',
    'os.example. SOA ACTIVE',
    'os.example. TXT ACTIVE',
    'www.os.example. A ACTIVE',
    'x.www.os.example. A ACTIVE',
  ])
  const some = await show('recordset', 'list', zoneId, '--type', 'A', '--name', 'www.os.example.')
  expect(some.map((row: Json) => row.id)).toEqual([setId])
})
command('recordset list all', async () => {
  const rows = await show('recordset', 'list', 'all', '--type', 'SOA')
  expect(rows.map((row: Json) => row.zone_name).sort()).toEqual(['os.example.', 'sub.os.example.'])
})
command('recordset show', async () => {
  const byName = await show('recordset', 'show', 'os.example.', 'www.os.example.')
  expect(byName).toMatchObject({ id: setId, status: 'ACTIVE', zone_id: zoneId })
  expect(await show('recordset', 'show', zoneId, setId)).toEqual(byName)
  expect(await refusal('recordset', 'show', zoneId, '0'.repeat(32))).toBe('This record set does not exist.')
})
command('recordset set', async () => {
  const words = ['--record', '192.0.2.9', '--ttl', '120', '--description', 'new']
  const changed = await show('recordset', 'set', 'os.example.', 'www.os.example.', ...words)
  expect(changed).toMatchObject({ ttl: 120, description: 'new', records: '192.0.2.9' })
  await answered('www.os.example.', 'A', ['192.0.2.9'])
})
command('recordset delete', async () => {
  await show('recordset', 'delete', 'os.example.', 'www.os.example.')
  await answered('www.os.example.', 'A', [])
  expect(await refusal('recordset', 'delete', zoneId, setId)).toBe('This record set does not exist.')
})

const REVERSE = '25.113.0.203.in-addr.arpa.'
command('ptr record set', async () => {
  const made = await show('ptr', 'record', 'set', address, 'mail.os.example.', '--ttl', '600')
  expect(made).toMatchObject({ id: address, address: '203.0.113.25', ptrdname: 'mail.os.example.', ttl: 600 })
  await answered(REVERSE, 'PTR', ['mail.os.example.'])
})
command('ptr record show', async () => {
  expect(await show('ptr', 'record', 'show', address)).toMatchObject({ status: 'ACTIVE', action: 'NONE' })
})
command('ptr record list', async () => {
  expect((await show('ptr', 'record', 'list')).map((row: Json) => row.id)).toEqual([address])
})
command('ptr record unset', async () => {
  await run('ptr', 'record', 'unset', address)
  await answered(REVERSE, 'PTR', [])
})

command('zone delete', async () => {
  expect(await show('zone', 'delete', 'os.example.')).toMatchObject({ id: zoneId, status: 'PENDING_DELETE' })
})

test('python-designateclient and openstacksdk, with lists of several pages', async () => {
  const { output, code } = await runClient([`${TOOLS}/python`, '-B', LIBRARIES], settings)
  console.log(output.trimEnd())
  const lines = output.trim().split('\n')
  expect(lines.filter((line) => !line.startsWith('ok   openstack '))).toEqual([])
  expect(code).toBe(0)
})
