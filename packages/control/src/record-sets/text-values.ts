import { isOpenStackClient } from '../http/designate.ts'

/**
 * The body as its sender means it: Designate takes the value of a TXT record without quotes, so clients of OpenStack send
 * `abc`, and send it beside the `"abc"` that they got back. Here every string has quotes, and others are refused (API: values).
 * `typeOfExisting` tells the type where the body does not.
 */
export async function textsMeant(
  sent: unknown,
  headers: Headers,
  typeOfExisting?: () => Promise<string>,
): Promise<unknown> {
  if (!isOpenStackClient(headers)) return sent
  const { type, records } = (sent ?? {}) as { readonly type?: unknown; readonly records?: unknown }
  if (!Array.isArray(records) || !records.some(isBare)) return sent
  if ((type ?? (await typeOfExisting?.())) !== 'TXT') return sent
  const quoted = records.map((value) => (isBare(value) ? `"${value}"` : value))
  return { ...(sent as object), records: [...new Set(quoted)] }
}

const isBare = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('"')
