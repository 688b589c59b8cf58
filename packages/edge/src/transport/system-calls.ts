import { dlopen, ptr } from 'bun:ffi'

/** The calls that the runtime lacks; -1 for an error. Pointers are addresses of memory that stays where it is. */
export interface PacketCalls {
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: null): number
  sendmmsg(fd: number, messages: number, count: number, flags: number): number
  setsockopt(fd: number, level: number, option: number, value: number, size: number): number
  /** Of one that the library has no function for, by its number. */
  syscall(number: number, first: number, second: number, third: number, fourth: number): bigint
}

/** The C library under the names that it has with glibc and musl. */
const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1']

let calls: PacketCalls | null | undefined

/**
 * The calls, or null where there are none, or where their structures may be laid out otherwise: they are those of 64-bit
 * Linux, little end first.
 */
export function packetCalls(): PacketCalls | null {
  if (calls === undefined) calls = isLinux64() ? open() : null
  return calls
}

const isLinux64 = (): boolean =>
  process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')

function open(): PacketCalls | null {
  for (const library of LIBRARIES) {
    try {
      const { symbols } = dlopen(library, {
        recvmmsg: { args: ['i32', 'ptr', 'u32', 'i32', 'ptr'], returns: 'i32' },
        sendmmsg: { args: ['i32', 'ptr', 'u32', 'i32'], returns: 'i32' },
        setsockopt: { args: ['i32', 'i32', 'i32', 'ptr', 'u32'], returns: 'i32' },
        syscall: { args: ['i64', 'i64', 'ptr', 'i64', 'i64'], returns: 'i64' },
      })
      return symbols as unknown as PacketCalls
    } catch {
      // Another name, or none.
    }
  }
  return null
}

const SOL_SOCKET = 1
const SO_RCVBUF = 8
/** The same above the limit of the system, for whoever may administer the network. */
const SO_RCVBUFFORCE = 33
/** Some five thousand small packets: what comes while a thread waits for its turn on a busy machine. */
const RECEIVE_BUFFER_BYTES = 4 << 20
const bufferSize = new Int32Array(new ArrayBuffer(4)).fill(RECEIVE_BUFFER_BYTES)

/** Gives a UDP socket as large a queue as the system lets us have; its default holds less than three hundred packets. */
export function growReceiveBuffer({ setsockopt }: PacketCalls, fd: number): void {
  const value = ptr(bufferSize)
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, bufferSize.byteLength) !== 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, bufferSize.byteLength)
}
