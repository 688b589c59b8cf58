import { dlopen } from 'bun:ffi'

/** The two calls that move many packets at once; -1 for an error. Pointers are addresses of memory that stays where it is. */
export interface PacketCalls {
  recvmmsg(fd: number, messages: number, count: number, flags: number, timeout: null): number
  sendmmsg(fd: number, messages: number, count: number, flags: number): number
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
      })
      return symbols as unknown as PacketCalls
    } catch {
      // Another name, or none.
    }
  }
  return null
}
