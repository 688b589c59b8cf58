/** Knot with a signed zone: signatures made as it is asked (its module onlinesign), or all of them made beforehand. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Peer, type PeerZone, untilAnswers } from '../../test/support/peers.ts'
import { freePort, sleep } from '../../test/support/process.ts'

export async function startSigningKnot(
  folder: string,
  zone: PeerZone,
  cpu: number,
  signs: 'online' | 'beforehand',
  algorithm: string,
): Promise<Peer> {
  const port = freePort()
  mkdirSync(folder, { recursive: true })
  const config = [
    `server:\n  rundir: ${folder}\n  listen: 127.0.0.1@${port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1`,
    `database:\n  storage: ${folder}\nlog:\n  - target: stderr\n    any: warning`,
    `policy:\n  - id: bench\n    algorithm: ${algorithm}`,
    `mod-onlinesign:\n  - id: bench\n    policy: bench`,
    `zone:\n  - domain: ${zone.name}\n    file: ${zone.file}\n    zonefile-sync: -1\n    journal-content: none`,
    signs === 'online'
      ? '    module: mod-onlinesign/bench'
      : '    dnssec-signing: on\n    dnssec-policy: bench',
  ]
  writeFileSync(`${folder}/knot.conf`, `${config.join('\n')}\n`)
  const log = Bun.file(`${folder}/log`)
  const command = ['taskset', '-c', String(cpu), 'knotd', '-c', `${folder}/knot.conf`]
  const child = Bun.spawn(command, { stdout: log, stderr: log, cwd: folder })
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([child.exited, sleep(5000)])
    child.kill('SIGKILL')
  }
  try {
    await untilAnswers(port, zone.name)
  } catch (error) {
    await stop()
    throw new Error(`Knot did not start: ${await log.text()}`, { cause: error })
  }
  return { name: signs === 'online' ? 'Knot, online' : 'Knot, signed beforehand', port, pid: child.pid, stop }
}
