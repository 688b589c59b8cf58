import { formatIpv4, formatIpv6 } from '@waymark/dns/address'
import { encodeMessage } from '@waymark/dns/message/encode'
import { OPCODE_NOTIFY, RCODE_NOERROR } from '@waymark/dns/message/header'
import type { WireName } from '@waymark/dns/name'
import { CLASS_IN, TYPE_SOA } from '@waymark/dns/rr-types/type-codes'
import type { NotifyTarget } from '@waymark/dns/transfer/policy'
import type { TsigKey } from '@waymark/dns/tsig/tsig'
import type { DnsAddress } from '../transport/worker-messages.ts'
import { keyId, ResponseSigner, verifyTsig } from './tsig-session.ts'

/** What is to be told. */
export interface Announcement {
  readonly apex: WireName
  readonly soa: { readonly ttl: number; readonly rdata: Uint8Array }
  readonly targets: readonly (NotifyTarget & { readonly key: TsigKey | undefined })[]
}

/** Messages that wait for the answer of one target. */
const WINDOW = 64
/** RFC 1996 3.6 has longer times; a change is to be seen within a second though a packet was lost. */
const RETRY_MS = [300, 700, 2000, 5000, 15_000]

interface Job {
  readonly announcement: Announcement
  tries: number
  timer: ReturnType<typeof setTimeout> | undefined
  mac: Uint8Array
}

/** What came of NOTIFY messages since the start. */
export interface NotifyCounts {
  /** Messages, repetitions included. */
  sent: number
  acknowledged: number
  /** Answered with an error. */
  refused: number
  /** Not answered, however often they were sent. */
  lost: number
  /** A newer change was told before there was an answer. */
  replaced: number
}

export const noNotifies = (): NotifyCounts => ({ sent: 0, acknowledged: 0, refused: 0, lost: 0, replaced: 0 })

/** One address that is told; unreachable, it holds up no other. */
interface Target {
  readonly host: string
  readonly port: number
  readonly key: TsigKey | undefined
  /** By zone: a later announcement takes the place of an earlier one. */
  readonly waiting: Map<string, Announcement>
  readonly sent: Map<number, Job>
}

/** Sends NOTIFY messages (RFC 1996) and repeats them until they are answered, or there is no hope. */
export class Notifier {
  readonly #hosts: readonly string[]
  readonly #onLost: (host: string, port: number) => void
  readonly #counts: NotifyCounts
  readonly #targets = new Map<string, Target>()
  readonly #sockets = new Map<string, Promise<Bun.udp.Socket<'buffer'>>>()
  readonly #now = (): number => Math.floor(Date.now() / 1000)
  #isStopped = false

  /** `own`: where this server answers; secondaries know it by these addresses. `onLost`: nobody answered. */
  constructor(
    own: readonly DnsAddress[],
    onLost: (host: string, port: number) => void,
    counts: NotifyCounts = noNotifies(),
  ) {
    this.#counts = counts
    this.#hosts = own.map(({ host }) => host)
    this.#onLost = onLost
  }

  announce(announcement: Announcement): void {
    for (const { address, port, key } of announcement.targets) {
      const host = address.length === 4 ? formatIpv4(address) : formatIpv6(address)
      const id = `${host} ${port} ${key === undefined ? '' : keyId(key.name)}`
      let target = this.#targets.get(id)
      if (target === undefined || target.key !== key) {
        target = { host, port, key, waiting: new Map(), sent: new Map() }
        this.#targets.set(id, target)
      }
      target.waiting.set(keyId(announcement.apex), announcement)
      this.#fill(target)
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const { sent, waiting } of this.#targets.values()) {
      waiting.clear()
      for (const { timer } of sent.values()) clearTimeout(timer)
    }
    for (const socket of this.#sockets.values()) (await socket.catch(() => undefined))?.close()
  }

  #fill(target: Target): void {
    for (const [zone, announcement] of target.waiting) {
      if (target.sent.size >= WINDOW) return
      target.waiting.delete(zone)
      // What is under way of the zone is out of date.
      for (const [id, job] of target.sent) {
        if (job.announcement.apex !== announcement.apex) continue
        clearTimeout(job.timer)
        target.sent.delete(id)
        this.#counts.replaced++
      }
      let id: number
      do id = Math.floor(Math.random() * 65536)
      while (target.sent.has(id))
      const job: Job = { announcement, tries: 0, timer: undefined, mac: new Uint8Array() }
      target.sent.set(id, job)
      void this.#send(target, id, job)
    }
  }

  async #send(target: Target, id: number, job: Job): Promise<void> {
    if (this.#isStopped) return
    const delay = RETRY_MS[job.tries++]
    const isNewerWaiting = target.waiting.has(keyId(job.announcement.apex))
    if (delay === undefined || (job.tries > 1 && isNewerWaiting)) {
      if (delay === undefined) this.#onLost(target.host, target.port)
      this.#end(target, id, delay === undefined ? 'lost' : 'replaced')
      return
    }
    job.timer = setTimeout(() => void this.#send(target, id, job), delay)
    try {
      const socket = await this.#socketFor(target.host)
      socket.send(this.#message(target, id, job), target.port, target.host)
      this.#counts.sent++
    } catch {
      // No route, no such address of ours: as good as a packet that was lost.
    }
  }

  #end(target: Target, id: number, outcome: Exclude<keyof NotifyCounts, 'sent'>): void {
    this.#counts[outcome]++
    clearTimeout(target.sent.get(id)?.timer)
    target.sent.delete(id)
    this.#fill(target)
  }

  #message({ key }: Target, id: number, job: Job): Uint8Array<ArrayBuffer> {
    const { apex, soa } = job.announcement
    const encoded = encodeMessage({
      header: {
        ...{ id, isResponse: false, opcode: OPCODE_NOTIFY, isAuthoritative: true, isTruncated: false },
        ...{ isRecursionDesired: false, isRecursionAvailable: false },
        ...{ isAuthenticData: false, isCheckingDisabled: false, rcode: 0 },
      },
      questions: [{ name: apex, type: TYPE_SOA, class: CLASS_IN }],
      answers: [{ owner: apex, type: TYPE_SOA, class: CLASS_IN, ...soa }],
      authorities: [],
      additionals: [],
      edns: null,
    })
    if (!encoded.ok) throw new Error(encoded.problems[0]!.detail)
    if (key === undefined) return encoded.value.slice()
    const out = new Uint8Array(encoded.value.length + 512)
    out.set(encoded.value)
    const signer = new ResponseSigner(key, new Uint8Array(), this.#now)
    const size = signer.sign(out, encoded.value.length)
    job.mac = signer.mac
    return out.subarray(0, size)
  }

  /** Sends from the address that secondaries know, where there is one of the family. */
  #socketFor(host: string): Promise<Bun.udp.Socket<'buffer'>> {
    const isV6 = host.includes(':')
    const own = this.#hosts.find((each) => each.includes(':') === isV6)
    const hostname = own ?? (isV6 ? '::' : '0.0.0.0')
    let socket = this.#sockets.get(hostname)
    if (socket === undefined) {
      socket = Bun.udpSocket({
        hostname,
        socket: {
          data: (_socket, packet, port, address) => this.#take(packet, port, address),
          error() {
            // ICMP: the target is not there now, and is tried again.
          },
        },
      })
      this.#sockets.set(hostname, socket)
    }
    return socket
  }

  #take(packet: Uint8Array, port: number, address: string): void {
    if (packet.length < 12 || (packet[2]! & 0xf8) !== (0x80 | (OPCODE_NOTIFY << 3))) return
    const id = (packet[0]! << 8) | packet[1]!
    for (const target of this.#targets.values()) {
      const job = target.sent.get(id)
      if (job === undefined || target.port !== port || target.host !== address) continue
      // Whatever the answer says: it was heard. A forged one must not stop us, where there is a key.
      if (target.key !== undefined && !isSigned(packet, target.key, this.#now(), job.mac)) continue
      this.#end(target, id, (packet[3]! & 15) === RCODE_NOERROR ? 'acknowledged' : 'refused')
      return
    }
  }
}

const isSigned = (packet: Uint8Array, key: TsigKey, now: number, requestMac: Uint8Array): boolean =>
  verifyTsig(packet, new Map([[keyId(key.name), key]]), now, requestMac).key !== undefined
