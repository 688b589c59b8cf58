import { readFileSync } from 'node:fs'

/**
 * Packets that the system dropped before our UDP sockets on these ports because their buffers were full: a thread did not come to read for
 * too long. Linux tells it in /proc; undefined where it does not.
 */
export function kernelDrops(ports: ReadonlySet<number>): number | undefined {
  let drops: number | undefined
  for (const file of ['/proc/self/net/udp', '/proc/self/net/udp6']) {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      continue
    }
    drops = (drops ?? 0) + dropsIn(text, ports)
  }
  return drops
}

/** Column 2 is the local address with its port in hexadecimal, column 3 the remote one, the last the drops. */
export function dropsIn(text: string, ports: ReadonlySet<number>): number {
  let drops = 0
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/)
    const [, local = '', remote = ''] = columns
    const isOurs = ports.has(Number.parseInt(local.split(':')[1] ?? '', 16)) && remote.endsWith(':0000')
    if (isOurs) drops += Number(columns.at(-1))
  }
  return drops
}
