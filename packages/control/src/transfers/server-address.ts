import { formatIp, readIp } from '../networks/prefix.ts'

/** Where another server is. */
export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** Reads `192.0.2.1:53`, `[2001:db8::1]:53`, or an address alone, which means port 53; undefined when it is none. */
export function readServerAddress(text: string): ServerAddress | undefined {
  const alone = readIp(text)
  if (alone !== undefined) return { host: formatIp(alone), port: 53 }
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text)
  const ip = readIp(match?.[1] ?? match?.[2])
  const port = Number(match?.[3])
  const hasBrackets = match?.[1] !== undefined
  if (ip === undefined || hasBrackets !== (ip.length === 16) || port < 1 || port > 65535) return undefined
  return { host: formatIp(ip), port }
}

export const formatServerAddress = ({ host, port }: ServerAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
