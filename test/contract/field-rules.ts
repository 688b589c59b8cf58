import type { Field, Schema } from './operations.ts'

/**
 * Ranges that the pages of the API document and the contract leaves out or gives otherwise. They are held like those of the contract;
 * members here win over those there.
 */
interface FieldRule {
  readonly operations: RegExp
  readonly field: RegExp
  readonly schema?: Schema
  readonly isRequired?: boolean
  readonly reason: string
}

const TTL = { minimum: 1, maximum: 2147483647 }
const LISTS_OF_ZONES = /^List(Public|Private)Zones$/
const RECORD_SET = /^(Create|Update)RecordSet|^BatchUpdateRecordSetWithLine$/

export const FIELD_RULES: readonly FieldRule[] = [
  {
    operations: /./,
    field: /^limit$/,
    schema: { minimum: 0, maximum: 500, default: 500 },
    reason: 'a page of every list has 0 to 500 rows, where the contract gives no other number',
  },
  {
    operations: /./,
    field: /^offset$/,
    schema: { minimum: 0, maximum: 2147483647, default: 0 },
    reason: 'offsets are whole numbers up to 2147483647',
  },
  {
    operations: /^ListCustomLine$/,
    field: /^limit$/,
    schema: { maximum: 100 },
    reason: 'with all fields a page has 100 rows; 3000 are for show_detail=false',
  },
  {
    operations: /^ListTag$/,
    field: /^limit$/,
    schema: { minimum: 1, maximum: 1000, default: 1000 },
    reason: 'the search by tags has pages of its own size',
  },
  {
    operations: RECORD_SET,
    field: /(^|\.)ttl$/,
    schema: TTL,
    reason: 'the pages give the range, the contract only the type',
  },
  {
    operations: /^(Create|Update)(Public|Private)Zone$|Ptr/,
    field: /^ttl$/,
    schema: TTL,
    reason: 'the pages give the range, the contract only the type',
  },
  {
    operations: RECORD_SET,
    field: /(^|\.)weight$/,
    schema: { minimum: 0, maximum: 1000 },
    reason: 'weights are 0 to 1000; older pages say 100',
  },
  {
    operations: /RecordSet|Zone$|Ptr|EipRecordSet/,
    field: /(^|\.)description$/,
    schema: { maxLength: 255 },
    reason: 'descriptions have at most 255 characters',
  },
  {
    operations: /^(Create|Update)RecordSet|^BatchUpdateRecordSetWithLine$/,
    field: /(^|\.)records$/,
    schema: { maxItems: 50 },
    reason: 'a record set has 1 to 50 values',
  },
  {
    operations: /^(CreatePublicZone|CreatePrivateZone|CreateRecordSet|CreateRecordSetWithLine)$/,
    field: /^name$/,
    schema: { maxLength: 254 },
    reason: 'names have at most 254 characters with the final dot',
  },
  {
    operations: /^(CreatePublicZone|CreatePrivateZone|CreateRecordSet|CreateRecordSetWithLine|CreatePtr)$/,
    field: /^tags$/,
    schema: { maxItems: 20 },
    reason: 'a resource has at most 20 tags',
  },
  {
    operations: /^(CreatePtr|UpdatePtr)$/,
    field: /^ptrdnames$/,
    schema: { minItems: 1, maxItems: 10 },
    reason: 'an address has 1 to 10 names',
  },
  {
    operations: /^(CreatePtr|UpdatePtr)$/,
    field: /^ptrdnames\[\]$/,
    schema: { maxLength: 254 },
    reason: 'names have at most 254 characters',
  },
  {
    operations: /^CreatePtr$/,
    field: /^publicip(\.(id|region))?$/,
    isRequired: true,
    reason: 'there is no record without the address that it is of',
  },
  {
    operations: /^BatchDeletePtrRecords$/,
    field: /^floatingip_ids$/,
    isRequired: true,
    reason: 'one call is for 1 to 50 addresses',
  },
  {
    operations: /^(Create|Update)ResolverRule$/,
    field: /^ipaddresses\[\]\.ip$/,
    isRequired: true,
    reason: 'a target is nothing but its address',
  },
  {
    operations: /^CreateResolverRule$/,
    field: /^domain_name$/,
    schema: { maxLength: 254 },
    reason: 'the contract allows 255 characters, a domain name has 254 at most',
  },
  {
    operations: /^ListTag$/,
    field: /tags(_any)?\[\]\.key$/,
    isRequired: true,
    reason: 'keys of conditions must not be empty',
  },
  {
    operations: /^ShowRetrieval$/,
    field: /^name$/,
    isRequired: true,
    reason: 'nothing else says which request is meant',
  },
  {
    operations: /^CreateRetrieval$/,
    field: /^zone_name$/,
    isRequired: true,
    reason: 'nothing else says what is to be reclaimed',
  },
  {
    operations: /^CreateRecordSetWithLine$/,
    field: /^alias_target/,
    isRequired: true,
    reason: 'the request has no values: it is an alias or nothing',
  },
  {
    operations: /^CreateRecordSetWithLine$/,
    field: /^records$/,
    isRequired: true,
    reason: 'values may be missing only where there is an alias',
  },
  {
    operations: /^BatchUpdateRecordSetWithLine$/,
    field: /^recordsets$/,
    schema: { minItems: 1, maxItems: 50 },
    reason: 'one call changes 1 to 50 record sets of a zone',
  },
  {
    operations: /^CreateRecordSetWithBatchLines$/,
    field: /^lines$/,
    schema: { minItems: 1, maxItems: 50 },
    reason: 'one call creates on 1 to 50 lines',
  },
  {
    operations: /^BatchDeleteRecordSetWithLine$/,
    field: /^recordset_ids$/,
    schema: { minItems: 1, maxItems: 100 },
    reason: 'one call removes at most 100 record sets',
  },
  {
    operations: /^(SetRecordSetsStatus|UpdatePublicZoneStatus|UpdatePrivateZoneStatus)$/,
    field: /^status$/,
    schema: { pattern: 'DISABLE' },
    reason: 'ENABLE and DISABLE are the only words; ENABLE is refused by a zone that runs',
  },
  {
    operations: /^(CreateRecordSet|CreateRecordSetWithLine)$/,
    field: /^status$/,
    schema: { pattern: 'ENABLE|DISABLE', default: 'ENABLE' },
    reason: 'ENABLE and DISABLE are the only words',
  },
  {
    operations: /^CreateRecordSetWithLine$/,
    field: /^line$/,
    schema: { pattern: 'default_view|Abroad' },
    reason: 'a line has to exist; samples of the 518 and one that does not',
  },
  {
    operations: LISTS_OF_ZONES,
    field: /^type$/,
    schema: { default: 'public' },
    reason:
      'both lists are one call, of public zones unless the word says otherwise; the contract gives each its own word',
  },
  {
    operations:
      /^(CreateRecordSet|CreateRecordSetWithLine|Create(Public|Private)Zone|CreatePtr|CreateEipRecordSet)$/,
    field: /^ttl$/,
    schema: { default: 300 },
    reason: 'what is created is kept for 300 seconds',
  },
  {
    operations: /^(CreateRecordSetWithBatchLines|BatchUpdateRecordSetWithLine)$/,
    field: /\[\]\.ttl$/,
    schema: { ...TTL, default: 300 },
    reason: 'the pages give range and default; an update of several does not keep the TTL',
  },
  {
    operations:
      /^(CreateRecordSetWithLine|CreateRecordSetWithBatchLines|BatchCreateRecordSetsTask|BatchCreatePublicRecordsetsTask)$/,
    field: /(^|\.)weight$/,
    schema: { default: 1 },
    reason: 'record sets of public zones weigh 1',
  },
  {
    operations: /^(CreateRecordSetWithLine|BatchCreateRecordSetsTask)$/,
    field: /(^|\.)line$/,
    schema: { default: 'default_view' },
    reason: 'the line for everybody',
  },
  {
    operations: /^CreatePrivateZone$/,
    field: /^proxy_pattern$/,
    schema: { default: 'AUTHORITY' },
    reason: 'names that the zone does not have are not looked up elsewhere',
  },
  {
    operations: /^CreatePublicZone$/,
    field: /^zone_type$/,
    schema: { default: 'public' },
    reason: 'zones are public unless the word says otherwise',
  },
  {
    operations: /^(ListRecordSets|ListRecordSetsWithLine)$/,
    field: /^zone_type$/,
    schema: { default: 'public' },
    reason: 'lists are of public zones unless the word says otherwise',
  },
  {
    operations:
      /^(ListRecordSets|ListRecordSetsByZone|ShowRecordSetByZone|ListPublicZones|ListPrivateZones)$/,
    field: /^search_mode$/,
    schema: { pattern: '|like|equal' },
    reason: 'the words of search_mode, which the contract gives for one list only',
  },
  {
    operations:
      /^(ListRecordSets|ListRecordSetsByZone|ShowRecordSetByZone|ListPublicZones|ListPrivateZones)$/,
    field: /^sort_dir$/,
    schema: { pattern: '|asc|desc' },
    reason: 'the words of sort_dir, which the contract gives for one list only',
  },
  {
    operations: /^(ListPublicZones|ListPrivateZones)$/,
    field: /^sort_key$/,
    schema: { pattern: '|name|created_at|updated_at' },
    reason: 'what zones are sorted by',
  },
  {
    operations: /^(ListRecordSets|ListRecordSetsByZone)$/,
    field: /^sort_key$/,
    schema: { pattern: '|name|type' },
    reason: 'what record sets are sorted by in v2',
  },
  {
    operations: /^ShowRecordSetByZone$/,
    field: /^sort_key$/,
    schema: { pattern: '|name|type|created_at|updated_at' },
    reason: 'what record sets are sorted by in v2.1',
  },
  {
    operations: /^(ListRecordSets|ListRecordSetsWithLine)$/,
    field: /^zone_type$/,
    schema: { pattern: '|public|private' },
    reason: 'one kind of zones a call',
  },
  {
    operations: /^(ListRecordSets|ListRecordSetsByZone|ShowRecordSetByZone|ListRecordSetsWithLine)$/,
    field: /^status$/,
    schema: {
      pattern:
        '|ACTIVE|PENDING_CREATE|PENDING_UPDATE|PENDING_DELETE|PENDING_DISABLE|DISABLE|PENDING_FREEZE|FREEZE|ILLEGAL|POLICE|ERROR',
    },
    reason: 'the states of a record set',
  },
  {
    operations: /^(CreatePrivateZone|SetPrivateZoneProxyPattern)$/,
    field: /^proxy_pattern$/,
    schema: { pattern: 'AUTHORITY|RECURSIVE' },
    reason: 'the two words of proxy_pattern',
  },
  {
    operations: /^(CreatePublicZone|CreatePrivateZone|CreatePtr|CreateEipRecordSet)$/,
    field: /^enterprise_project_id$/,
    schema: { pattern: '^(0|[0-9a-zA-Z-]{36})$', default: '0' },
    reason:
      'the form is that of the batch operation; the default is the text "0", which the contract gives as a number',
  },
  {
    operations: /^ListTag$/,
    field: /^action$/,
    schema: { pattern: 'filter|count' },
    reason: 'the two words of the search',
  },
  {
    operations: /^BatchCreateTag$/,
    field: /^action$/,
    schema: { pattern: 'create|delete' },
    reason: 'the two words of the batch, in lower case',
  },
  {
    operations: /^ListTag$/,
    field: /^(not_)?tags(_any)?$/,
    schema: { maxItems: 10 },
    reason: 'a condition has at most 10 keys',
  },
  {
    operations: /^ListTag$/,
    field: /^(not_)?tags(_any)?\[\]\.values$/,
    schema: { maxItems: 10 },
    reason: 'a key has at most 10 values',
  },
]

const rulesFor = ({ operation, name }: Field): readonly FieldRule[] =>
  FIELD_RULES.filter((rule) => rule.operations.test(operation) && rule.field.test(name))

/** A field with what the pages add to it, or say otherwise. */
export function ruled(field: Field): Field {
  const rules = rulesFor(field)
  // A rule for all operations only adds; one that names its operations wins.
  const general = rules.filter(({ operations }) => operations.source === '.')
  const own = rules.filter((rule) => !general.includes(rule))
  const layers = [...general.map(schemaOf), field.schema, ...own.map(schemaOf)]
  const isRequired = rules.some((rule) => rule.isRequired) || field.isRequired
  return { ...field, schema: Object.assign({}, ...layers), isRequired }
}

const schemaOf = ({ schema }: FieldRule): Schema | undefined => schema
