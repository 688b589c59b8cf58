import { ApiError, type ErrorKey, failure } from '../errors.ts'

/** Path parameters that are ids of the service: their form is checked before permission and body. */
export const ID_FORMS: Readonly<Record<string, readonly [form: RegExp, key: ErrorKey]>> = {
  project_id: [/^[0-9a-zA-Z]{32}$/, 'PROJECT_ID_INVALID'],
  zone_id: [/^[0-9a-zA-Z]{32}$/, 'ZONE_ID_INVALID'],
  recordset_id: [/^[0-9a-zA-Z]{32}$/, 'RECORD_SET_ID_INVALID'],
  task_id: [/^[0-9a-fA-F]{32}$/, 'TASK_ID_INVALID'],
  ptr_id: [/^[0-9a-fA-F]{32}$/, 'PTR_ID_INVALID'],
  endpoint_id: [/^[0-9a-fA-F]{32}$/, 'ENDPOINT_ID_INVALID'],
  ipaddress_id: [/^[0-9a-fA-F]{32}$/, 'REQUEST_INVALID'],
  resolverrule_id: [/^[0-9a-fA-F]{32}$/, 'REQUEST_INVALID'],
  config_id: [/^[0-9a-fA-F]{32}$/, 'REQUEST_INVALID'],
}

/** Throws the refusal of the first id that has not the form of one. */
export function checkPathIds(params: Readonly<Record<string, string>>): void {
  for (const name in params) {
    const entry = ID_FORMS[name]
    if (entry !== undefined && !entry[0].test(params[name]!))
      throw new ApiError(failure(entry[1] as 'ZONE_ID_INVALID'))
  }
}
