import { getServers } from 'node:dns'

/** A DNS server to ask. */
export interface ServerAddress {
  /** IPv4 or IPv6 address. */
  readonly host: string
  readonly port: number
}

/** Reads `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; port 53 when none is named. */
export function readServerAddress(text: string): ServerAddress {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  return { host: bracketed ?? plain ?? text, port: port === undefined ? 53 : Number(port) }
}

/** The servers that look-ups go to: those of the settings, else those that this machine asks. */
export const resolversOf = ({
  resolvers,
}: {
  readonly resolvers: readonly string[] | undefined
}): ServerAddress[] => (resolvers ?? getServers()).map(readServerAddress)
