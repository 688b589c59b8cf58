import type { Check, Rule } from './field-checks.ts'
import type { Field } from './operations.ts'

/** Where the service does not do what the schema alone would have it do, and why. Each is tested to be so. */
interface Departure {
  readonly operations: RegExp
  readonly field: RegExp
  readonly rule: Rule
  readonly value?: (value: unknown) => boolean
  readonly reason: string
}

const is =
  (...words: readonly unknown[]) =>
  (value: unknown): boolean =>
    words.includes(value)

export const DEPARTURES: readonly Departure[] = [
  {
    operations: /^ListInstances$/,
    field: /^dim_name\[\]$/,
    rule: 'pattern',
    value: is('dns_recordset_id', 'dns_public_recordset_id', 'vpc_id'),
    reason: 'what lies in a zone is asked for after the kind of zone, not alone',
  },
  {
    operations: /^CreateEndpoint$/,
    field: /^region$/,
    rule: 'pattern',
    value: (value) => value === 'x' || value === 'x'.repeat(36),
    reason: 'the region has to be that of the network',
  },
  {
    operations: /^BatchTransferPublicZonesTask$/,
    field: /^target_user$/,
    rule: 'minLength',
    value: is('x'),
    reason: 'the account has to exist',
  },
  {
    operations: /^BatchTransferPublicZonesTask$/,
    field: /^target_user$/,
    rule: 'maxLength',
    value: is('x'.repeat(64)),
    reason: 'the account has to exist',
  },
  {
    operations: /^BatchDeleteZones$/,
    field: /^zone_type$/,
    rule: 'pattern',
    value: is('private'),
    reason: 'the ids are of public zones; all have to be of the kind that is named',
  },
  {
    operations: /^ListRecordSets$/,
    field: /^zone_type$/,
    rule: 'pattern',
    value: is('private'),
    reason: 'the marker is of a list of the other kind',
  },
  {
    operations: /^CreateAuthorizeTxtRecord$/,
    field: /^zone_name$/,
    rule: 'minLength',
    value: is('x'),
    reason: 'there is nothing above a top-level domain that could belong to somebody',
  },
  {
    operations: /^ListPrivateZones$/,
    field: /^type$/,
    rule: 'presence',
    reason: 'without the word the call lists public zones',
  },
  {
    operations: /^(CreatePrivateZone|AssociateRouter|DisassociateRouter)$/,
    field: /^router\.status$/,
    rule: 'type',
    reason: 'the status in a request is ignored',
  },
  {
    operations: /^CreatePrivateZone$/,
    field: /^zone_type$/,
    rule: 'presence',
    reason: 'one route makes both kinds of zones; without the word it makes a public one',
  },
  {
    operations: /^CreatePrivateZone$/,
    field: /^zone_type$/,
    rule: 'null',
    reason: 'one route makes both kinds of zones; null is like not sent',
  },
  {
    operations: /^RestorePtrRecord$/,
    field: /^ptrdname$/,
    rule: 'type',
    value: (value) => typeof value !== 'number',
    reason: 'one path sets and restores: a name sets, what is no name at all restores',
  },
  {
    operations: /^(RestorePtrRecord|UpdatePtrRecord)$/,
    field: /^ptrdname$/,
    rule: 'presence',
    reason: 'one path sets and restores: without a name the record is removed',
  },
  {
    operations: /^(RestorePtrRecord|UpdatePtrRecord)$/,
    field: /^ptrdname$/,
    rule: 'null',
    reason: 'one path sets and restores: null removes the record',
  },
  {
    operations: /^UpdatePtrRecord$/,
    field: /^ptrdname$/,
    rule: 'type',
    value: (value) => typeof value === 'object',
    reason: 'one path sets and restores: what is no name at all removes the record',
  },
]

/** The departure that a check falls under. */
export const departureOf = ({ operation, name }: Field, { rule, value }: Check): Departure | undefined =>
  DEPARTURES.find(
    (each) =>
      each.rule === rule &&
      each.operations.test(operation) &&
      each.field.test(name) &&
      (each.value === undefined || each.value(value)),
  )
