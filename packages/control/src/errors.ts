/**
 * The error catalogue: the only place where wire codes and texts appear. `{name}` is filled from the parameters; a wrong
 * key or a missing parameter does not compile. Texts are those of catalogue/errors.json (a test compares them), except
 * where spec and seeds give the wording of one situation.
 */
interface ErrorEntry {
  readonly status: number
  readonly code: string
  readonly message: string
}

export const ERRORS = {
  INTERNAL: { status: 500, code: 'DNS.0001', message: 'Internal error.' },
  REQUEST_INVALID: { status: 400, code: 'DNS.0002', message: 'Invalid request.' },
  AUTHENTICATION_REQUIRED: { status: 401, code: 'DNS.0005', message: 'Authentication required.' },
  LIMIT_INVALID: { status: 400, code: 'DNS.0006', message: 'The limit parameter is invalid.' },
  MARKER_INVALID: { status: 400, code: 'DNS.0007', message: 'The marker parameter is invalid.' },
  ZONE_TYPE_UNSUPPORTED: {
    status: 400,
    code: 'DNS.0008',
    message: 'The zone of this type is not supported now.',
  },
  OFFSET_INVALID: { status: 400, code: 'DNS.0017', message: 'The offset parameter is invalid.' },
  TASK_EXISTS: {
    status: 409,
    code: 'DNS.0021',
    message: 'A batch task already exists in this zone. Delete it before creating another one.',
  },
  BUSY: { status: 409, code: 'DNS.0021', message: 'Could not acquire the lock, please try again later.' },
  FILE_TOO_LARGE: { status: 413, code: 'DNS.0027', message: 'Warning: upload file too large.' },
  /** A zone that is transferred from elsewhere is changed there. */
  ZONE_SECONDARY: { status: 403, code: 'DNS.0030', message: 'Operation not allowed for this resource.' },
  SORT_KEY_INVALID: { status: 400, code: 'DNS.0032', message: 'Invalid sort key.' },
  SORT_DIR_INVALID: { status: 400, code: 'DNS.0033', message: 'Invalid sort dir.' },
  SHOW_DETAIL_INVALID: { status: 400, code: 'DNS.0038', message: 'The show detail parameter is invalid.' },
  PARAMETER_UNSUPPORTED: { status: 400, code: 'DNS.0043', message: 'Input an unsupported parameter.' },
  LINE_FILTER_LIMIT: {
    status: 400,
    code: 'DNS.0045',
    message: 'The number of line filtering parameters exceeds the limit.',
  },
  ZONE_EMAIL_INVALID: { status: 400, code: 'DNS.0201', message: 'The email address of the zone is invalid.' },
  ZONE_NAME_INVALID: { status: 400, code: 'DNS.0202', message: 'Invalid zone name.' },
  ZONE_TTL_INVALID: {
    status: 400,
    code: 'DNS.0203',
    message: 'Invalid zone TTL value. The value ranges from {min} to {max}.',
  },
  ZONE_TYPE_INVALID: { status: 400, code: 'DNS.0204', message: 'Invalid zone type.' },
  ZONE_DESCRIPTION_INVALID: {
    status: 400,
    code: 'DNS.0206',
    message: 'Invalid zone description. The description can contain a maximum of 255 characters.',
  },
  ZONE_EXISTS: { status: 400, code: 'DNS.0208', message: 'This zone already exists.' },
  ZONE_NOT_STEADY: { status: 409, code: 'DNS.0209', message: 'The zone is not in the Normal state.' },
  /** The one case of this code that is documented as a bad request: a zone that runs cannot be resumed. */
  ZONE_ALREADY_ENABLED: {
    status: 400,
    code: 'DNS.0209',
    message: 'The zone is not in the Normal state.',
  },
  ZONE_NAME_FOREIGN: { status: 400, code: 'DNS.0211', message: 'The zone name is used by another tenant.' },
  /** The same below a zone of another account: there is a way out. */
  ZONE_NOT_AUTHORIZED: {
    status: 400,
    code: 'DNS.0211',
    message:
      'The zone name is used by another tenant. A zone below it needs an authorization by TXT record (POST /v2/authorize-txtrecord).',
  },
  AUTHORIZATION_NOT_FOUND: {
    status: 404,
    code: 'DNS.0004',
    message: 'No authorization of this zone name found.',
  },
  VPC_ALREADY_ASSOCIATED: {
    status: 409,
    code: 'DNS.0212',
    message: 'This VPC has already been associated with the zone.',
  },
  ZONE_DISABLED: { status: 400, code: 'DNS.0213', message: 'The zone is disabled.' },
  ZONE_ID_INVALID: { status: 400, code: 'DNS.0301', message: 'Invalid zone ID.' },
  ZONE_NOT_FOUND: { status: 404, code: 'DNS.0302', message: 'This zone does not exist.' },
  TTL_INVALID: { status: 400, code: 'DNS.0303', message: 'Invalid record set TTL value.' },
  NAME_INVALID: { status: 400, code: 'DNS.0304', message: 'Invalid record set name.' },
  DESCRIPTION_INVALID: {
    status: 400,
    code: 'DNS.0305',
    message: 'Invalid record set description. The description can contain a maximum of 255 characters.',
  },
  TYPE_INVALID: { status: 400, code: 'DNS.0307', message: 'Invalid record set type.' },
  VALUE_INVALID: { status: 400, code: 'DNS.0308', message: 'Invalid record set value. {detail}' },
  RECORD_SET_ID_INVALID: { status: 400, code: 'DNS.0309', message: 'Invalid record set ID.' },
  /** A path that names a project which is not the caller's. */
  PROJECT_FOREIGN: {
    status: 403,
    code: 'DNS.0013',
    message: 'You do not have the permission to perform this operation using the API.',
  },
  PROJECT_ID_INVALID: { status: 400, code: 'DNS.0310', message: 'Invalid tenant ID.' },
  DOMAIN_ID_INVALID: { status: 400, code: 'DNS.0311', message: 'Invalid domain ID.' },
  RECORD_SET_EXISTS: { status: 400, code: 'DNS.0312', message: 'This record set name already exists.' },
  RECORD_SET_CONFLICT: {
    status: 400,
    code: 'DNS.0312',
    message:
      "This record set name already exists.Conflicts with Record Set '{name}' type '{type}' in line '{line}'.",
  },
  /** Wording of the batch-create task (seed A): blank after "exists.", no line. */
  BATCH_DUPLICATE: {
    status: 400,
    code: 'DNS.0312',
    message: 'Duplicate record set exists. (name: {name}, type: {type}, records: {records}).',
  },
  RECORD_SET_NOT_FOUND: { status: 404, code: 'DNS.0313', message: 'This record set does not exist.' },
  RECORD_SET_NOT_STEADY: {
    status: 409,
    code: 'DNS.0314',
    message: 'The record set is not in a steady state.',
  },
  STATUS_INVALID: { status: 400, code: 'DNS.0315', message: 'Invalid status.' },
  DEFAULT_NOT_DELETABLE: {
    status: 400,
    code: 'DNS.0317',
    message: 'This record set is a default one and cannot be deleted.',
  },
  DEFAULT_NOT_UPDATABLE: {
    status: 400,
    code: 'DNS.0318',
    message: 'This record set is a default one and cannot be updated.',
  },
  TTL_OUT_OF_RANGE: { status: 400, code: 'DNS.0319', message: 'The TTL parameter has been out of range.' },
  WEIGHTED_LIMIT: {
    status: 400,
    code: 'DNS.0322',
    message:
      'The number of weighted record sets with the same name, type, and resolution line has reached the limit {limit}.',
  },
  WEIGHT_OUT_OF_RANGE: {
    status: 400,
    code: 'DNS.0323',
    message: 'The weight must range from {min} to {max}.',
  },
  DEFAULT_NOT_OPERABLE: {
    status: 400,
    code: 'DNS.0324',
    message: 'This record set is a default one and cannot be operated.',
  },
  LINE_NOT_DEFAULT: {
    status: 400,
    code: 'DNS.0325',
    message: "The resolution line for record sets in this type of zones must be 'default_view'.",
  },
  BATCH_CREATE_LIMIT: {
    status: 400,
    code: 'DNS.0326',
    message: 'The batch number has been out of MAX count. The maximum is {limit}.',
  },
  BATCH_DELETE_LIMIT: {
    status: 400,
    code: 'DNS.0327',
    message: 'The batch number has been out of MAX count. The maximum is {limit}.',
  },
  NOT_WEIGHTED: {
    status: 400,
    code: 'DNS.0328',
    message:
      'Cannot create this record set because the same one already exists but is not weighted. Specify a weight for the previous record set first.',
  },
  BATCH_UPDATE_LIMIT: {
    status: 400,
    code: 'DNS.0329',
    message: 'The batch number has been out of MAX count. The maximum is {limit}.',
  },
  ALIAS_TYPE_INVALID: { status: 400, code: 'DNS.0330', message: 'Invalid alias resource type.' },
  ALIAS_NAME_INVALID: { status: 400, code: 'DNS.0331', message: 'Invalid alias resource domain name.' },
  ALIAS_UNSUPPORTED: { status: 400, code: 'DNS.0333', message: 'The alias is not supported now.' },
  RECORD_SET_DUPLICATE: {
    status: 400,
    code: 'DNS.0335',
    message: 'Duplicate recordset exists.(name: {name}, type: {type}, line: {line}, records: {records}).',
  },
  RECORD_SET_QUOTA: { status: 403, code: 'DNS.0403', message: 'Insufficient record set quota.' },
  ZONE_QUOTA: { status: 403, code: 'DNS.0404', message: 'Insufficient zone quota.' },
  CUSTOM_LINE_QUOTA: { status: 403, code: 'DNS.0408', message: 'Insufficient custom line quota.' },
  LINE_GROUP_QUOTA: { status: 403, code: 'DNS.0409', message: 'Insufficient line group quota.' },
  LINE_IN_USE: { status: 400, code: 'DNS.0608', message: 'This resource is in use.' },
  VPC_INVALID: { status: 400, code: 'DNS.0701', message: 'Invalid VPC.' },
  VPC_IS_LAST: {
    status: 403,
    code: 'DNS.0706',
    message:
      'You are not allowed to disassociate this VPC because this is the last VPC associated with this zone.',
  },
  VPC_NOT_ASSOCIATED: {
    status: 400,
    code: 'DNS.0707',
    message: 'The VPC is not associated with the zone.',
  },
  VPC_NOT_FOUND: { status: 404, code: 'DNS.0711', message: 'This VPC could not be found.' },
  /** The code of duplicates in general: here an address that has a PTR record. */
  PTR_EXISTS: {
    status: 400,
    code: 'DNS.0016',
    message: 'This record already exists or conflicts with another record.',
  },
  PTR_QUOTA: { status: 403, code: 'DNS.0405', message: 'Insufficient PTR record quota.' },
  PTR_ID_INVALID: { status: 400, code: 'DNS.0501', message: 'Invalid PTR ID.' },
  EIP_NOT_FOUND: { status: 404, code: 'DNS.0502', message: 'This EIP address does not exist.' },
  PTR_NOT_STEADY: { status: 409, code: 'DNS.0503', message: 'The PTR record is not in a steady state.' },
  EIP_ID_INVALID: { status: 400, code: 'DNS.0504', message: 'Invalid EIP address ID.' },
  PTR_NAME_INVALID: { status: 400, code: 'DNS.0505', message: 'Invalid domain name in the PTR record.' },
  PTR_TTL_INVALID: {
    status: 400,
    code: 'DNS.0506',
    message: 'Invalid PTR TTL value. The value must range from {min} to {max}.',
  },
  PTR_NOT_FOUND: { status: 404, code: 'DNS.0507', message: 'This PTR record does not exist.' },
  PTR_DESCRIPTION_INVALID: {
    status: 400,
    code: 'DNS.0508',
    message: 'Invalid PTR description. The description can contain a maximum of 255 characters.',
  },
  REGION_INVALID: { status: 400, code: 'DNS.0601', message: 'Invalid region.' },
  /** A public zone of the reverse name of an address that has a PTR record. */
  ZONE_NAME_RESERVED: { status: 400, code: 'DNS.0210', message: 'The zone name is used by the system.' },
  INBOUND_ENDPOINT_QUOTA: {
    status: 403,
    code: 'DNS.0406',
    message: 'Insufficient inbound endpoint quota.',
  },
  OUTBOUND_ENDPOINT_QUOTA: {
    status: 403,
    code: 'DNS.0407',
    message: 'Insufficient outbound endpoint quota.',
  },
  RESOURCE_IN_USE: { status: 400, code: 'DNS.0608', message: 'This resource is in use.' },
  ENDPOINT_NAME_INVALID: { status: 400, code: 'DNS.1501', message: 'Invalid endpoint name.' },
  SUBNET_INVALID: { status: 400, code: 'DNS.1502', message: 'Invalid subnet id.' },
  ENDPOINT_DIRECTION_INVALID: { status: 400, code: 'DNS.1503', message: 'Invalid endpoint direction.' },
  ENDPOINT_NAME_EXISTS: { status: 400, code: 'DNS.1504', message: 'Endpoint name exists.' },
  IP_NOT_IN_SUBNET: { status: 400, code: 'DNS.1505', message: 'Ip is not in this subnet.' },
  IP_REPEATED: { status: 400, code: 'DNS.1506', message: 'Ip is repeated.' },
  IP_USED: { status: 400, code: 'DNS.1507', message: 'Ip has been used.' },
  SUBNETS_DIFFER: { status: 400, code: 'DNS.1508', message: 'Subnets are in the different vpc.' },
  ENDPOINT_ID_INVALID: { status: 400, code: 'DNS.1509', message: 'Invalid endpoint id.' },
  ENDPOINT_NOT_FOUND: { status: 404, code: 'DNS.1510', message: 'Endpoint not exist.' },
  IP_NOT_FOUND: { status: 404, code: 'DNS.1511', message: 'Ipaddress not exist.' },
  IP_COUNT_INVALID: { status: 400, code: 'DNS.1514', message: 'Invalid number of ipaddress.' },
  IP_INVALID: { status: 400, code: 'DNS.1515', message: 'Ip address is invalid.' },
  IP_RESERVED: {
    status: 400,
    code: 'DNS.1516',
    message: 'Ip address is broadcast ipaddress or network ipaddress.',
  },
  /** Terraform looks for this wording. */
  RULE_NOT_FOUND: { status: 404, code: 'DNS.0004', message: 'Resolver rule not exist' },
  RULE_CONFLICT: {
    status: 400,
    code: 'DNS.0016',
    message: 'This record already exists or conflicts with another record.',
  },
  RULE_QUOTA: { status: 403, code: 'DNS.2002', message: 'Insufficient domain quota.' },
  QUERY_LOG_NOT_FOUND: {
    status: 404,
    code: 'DNS.0004',
    message: 'Resolver query log config not exist.',
  },
  // Registry of networks and addresses: ours, so that each message can say what is wrong.
  NETWORK_INVALID: { status: 400, code: 'WAYMARK.0201', message: 'Invalid network: {detail}.' },
  NETWORK_NOT_FOUND: { status: 404, code: 'WAYMARK.0202', message: 'There is no network {id}.' },
  NETWORK_EXISTS: { status: 409, code: 'WAYMARK.0203', message: 'Network conflict: {detail}.' },
  NETWORK_IN_USE: { status: 409, code: 'WAYMARK.0204', message: 'Network {id} is in use: {detail}.' },
  SUBNET_NOT_FOUND: {
    status: 404,
    code: 'WAYMARK.0205',
    message: 'There is no subnet {id} in this network.',
  },
  ADDRESS_INVALID: { status: 400, code: 'WAYMARK.0211', message: 'Invalid address: {detail}.' },
  ADDRESS_NOT_FOUND: { status: 404, code: 'WAYMARK.0212', message: 'There is no address {id}.' },
  ADDRESS_EXISTS: { status: 409, code: 'WAYMARK.0213', message: 'Address conflict: {detail}.' },
  LINE_UNKNOWN: {
    status: 400,
    code: 'DNS.0806',
    message: 'This line is not be supported in this DNS version.',
  },
  LINE_BUILT_IN: {
    status: 409,
    code: 'DNS.0807',
    message: 'This line is a default one and cannot be operated.',
  },
  TAG_LIMIT: { status: 400, code: 'DNS.1001', message: 'Insufficient tag quota.' },
  TAG_RESOURCE_INVALID: { status: 400, code: 'DNS.1002', message: 'Invalid resource type.' },
  TAG_INVALID: { status: 400, code: 'DNS.1003', message: 'Invalid tag.' },
  TAG_NOT_FOUND: { status: 404, code: 'DNS.1003', message: 'Invalid tag.' },
  HEALTH_CHECK_UNSUPPORTED: {
    status: 400,
    code: 'DNS.1101',
    message: 'Health check is currently not supported.',
  },
  HEALTH_CHECK_NOT_ASSOCIATED: {
    status: 404,
    code: 'DNS.1105',
    message: 'No health check is associated with this record set.',
  },
  FILE_UNPARSABLE: { status: 400, code: 'DNS.1301', message: 'Failed to parse this upload file.' },
  FILE_EMPTY: { status: 400, code: 'DNS.1302', message: 'Empty upload file.' },
  FILE_NOT_XLSX: { status: 400, code: 'DNS.1303', message: 'Only .xlsx files are supported.' },
  TASK_ID_INVALID: { status: 400, code: 'DNS.1304', message: 'Invalid task ID.' },
  TASK_NOT_FOUND: { status: 404, code: 'DNS.1304', message: 'Invalid task ID.' },
  EXPORT_TOO_LARGE: { status: 400, code: 'DNS.1306', message: 'Stop export: too many row exceed max limit.' },
  LINE_ID_INVALID: { status: 400, code: 'DNS.1601', message: 'Invalid line ID.' },
  LINE_NAME_INVALID: { status: 400, code: 'DNS.1602', message: 'Invalid line name.' },
  LINE_NAME_EXISTS: { status: 400, code: 'DNS.1603', message: 'The line name already exists.' },
  LINE_NOT_FOUND: { status: 404, code: 'DNS.1604', message: 'The line does not exist.' },
  SEGMENT_INVALID: { status: 400, code: 'DNS.1605', message: 'Invalid IP address range.' },
  SEGMENT_OVERLAP: {
    status: 400,
    code: 'DNS.1606',
    message: 'The IP address range overlaps with that in another line.',
  },
  LINE_NOT_STEADY: { status: 409, code: 'DNS.1607', message: 'This line is not in a steady state.' },
  SEGMENT_LIMIT: { status: 400, code: 'DNS.1608', message: 'The IP segments has been out of MAX count.' },
  GROUP_LINES_INVALID: { status: 400, code: 'DNS.1702', message: 'The line group contains invalid lines.' },
  LINE_GROUP_NAME_EXISTS: { status: 400, code: 'DNS.1704', message: 'The line group name already exists.' },
  GROUP_LINES_DUPLICATE: {
    status: 400,
    code: 'DNS.1706',
    message: 'The line group contains duplicate lines.',
  },
  LINE_GROUP_NOT_FOUND: { status: 404, code: 'DNS.1707', message: 'The line group does not exist.' },
  POLICY_DENIED: { status: 403, code: 'DNS.1802', message: "Policy doesn't allow {action} to be performed." },
  ZONE_FROZEN: { status: 403, code: 'DNS.2006', message: 'The domain name has been frozen.' },
  DNSSEC_ENABLED: {
    status: 400,
    code: 'DNS.2302',
    message: 'DNSSEC has already been enabled for this zone.',
  },
  DNSSEC_DS_EXISTS: {
    status: 400,
    code: 'DNS.2305',
    message: 'A DS record exists. DNSSEC cannot be disabled.',
  },
  /** Our own extension: keys of zones. */
  DNSSEC_NOT_ENABLED: {
    status: 409,
    code: 'WAYMARK.0601',
    message: 'DNSSEC is not enabled for this zone.',
  },
  KEY_ROLL_RUNNING: {
    status: 409,
    code: 'WAYMARK.0602',
    message: 'The last roll of this key is not over.',
  },
  KEY_ROLL_ABSENT: { status: 409, code: 'WAYMARK.0603', message: 'No new KSK waits for its DS record.' },
  /** Our own extension: zones from other servers. */
  TRANSFER_FAILED: {
    status: 400,
    code: 'WAYMARK.0801',
    message: 'The zone cannot be had from {primary}: {reason}',
  },
  TSIG_KEY_NOT_FOUND: { status: 404, code: 'WAYMARK.0701', message: 'There is no TSIG key {name}.' },
  TSIG_KEY_IN_USE: {
    status: 409,
    code: 'WAYMARK.0702',
    message:
      'The TSIG key {name} is named by what says who may have zones by transfer, or by a zone that follows another server.',
  },
  /** Our own extension: explanations of answers. */
  EDGE_SILENT: { status: 503, code: 'WAYMARK.0901', message: 'No edge has answered in time.' },
  CLIENT_FOREIGN: {
    status: 403,
    code: 'WAYMARK.0902',
    message: 'The client is in a private network of another account.',
  },
  /** Our own extension: accounts, users, keys and projects under /waymark/v1. */
  FIELD_INVALID: { status: 400, code: 'WAYMARK.0001', message: '{field} is invalid: {reason}' },
  ACCOUNT_NOT_FOUND: { status: 404, code: 'WAYMARK.0101', message: 'This account does not exist.' },
  USER_NOT_FOUND: { status: 404, code: 'WAYMARK.0102', message: 'This user does not exist.' },
  ACCESS_KEY_NOT_FOUND: { status: 404, code: 'WAYMARK.0103', message: 'This access key does not exist.' },
  PROJECT_NOT_FOUND: { status: 404, code: 'WAYMARK.0104', message: 'This project does not exist.' },
  NAME_TAKEN: { status: 409, code: 'WAYMARK.0105', message: 'The name {name} is taken.' },
  LAST_ADMINISTRATOR: {
    status: 409,
    code: 'WAYMARK.0106',
    message: 'An account needs an administrator, and this is the last one.',
  },
  OPERATOR_ACCOUNT: {
    status: 409,
    code: 'WAYMARK.0107',
    message: 'The account of the installation cannot be disabled.',
  },
  EPS_INVALID: { status: 400, code: 'DNS.1905', message: 'Invalid enterprise project ID.' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorKey = keyof typeof ERRORS

type Placeholders<M extends string> = M extends `${string}{${infer P}}${infer Rest}`
  ? P | Placeholders<Rest>
  : never
/** The parameters that the message of `K` needs. */
export type ErrorParams<K extends ErrorKey> = {
  readonly [P in Placeholders<(typeof ERRORS)[K]['message']>]: string | number
}
type Args<K extends ErrorKey> = [Placeholders<(typeof ERRORS)[K]['message']>] extends [never]
  ? []
  : [params: ErrorParams<K>]

/** A failure as data: what a rule or an item outcome carries. */
export interface Failure {
  readonly key: ErrorKey
  readonly status: number
  readonly code: string
  readonly message: string
}

export function failure<K extends ErrorKey>(key: K, ...args: Args<K>): Failure {
  const { status, code, message } = ERRORS[key]
  const params = (args[0] ?? {}) as Record<string, string | number>
  return {
    key,
    status,
    code,
    message: message.replace(/\{(\w+)\}/g, (whole, name) => String(params[name] ?? whole)).trim(),
  }
}

/** The one exception that the HTTP edge maps to an answer; everything else is a 500. */
export class ApiError extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(`${failure.code} ${failure.message}`)
    this.failure = failure
  }
}

/** `throw apiError('ZONE_NOT_FOUND')` */
export const apiError = <K extends ErrorKey>(key: K, ...args: Args<K>): ApiError =>
  new ApiError(failure(key, ...args))
