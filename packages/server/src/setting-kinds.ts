import { isIP } from 'node:net'
import { readPrefix } from '@waymark/control/networks/prefix'

/** How the text of a setting becomes a value. `parse` returns the value, or throws an Error that says what would be right. */
export interface SettingKind<T> {
  /** What stands for the value in help texts. */
  readonly placeholder: string
  readonly isSwitch?: true
  readonly parse: (text: string) => T
}

/** Where a server listens or is found. Port 0: any free port. */
export interface Address {
  readonly host: string
  readonly port: number
}

export const formatAddress = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

export const address: SettingKind<Address> = {
  placeholder: 'HOST:PORT',
  parse(text) {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text)
    const port = Number(match?.[3])
    if (match === null || port > 65535)
      throw new Error('must be HOST:PORT, for example 127.0.0.1:8080 or [::]:53')
    return { host: match[1] ?? (match[2] || '0.0.0.0'), port }
  },
}

/** One address or several with commas between, for example `0.0.0.0:53,[::]:53`. */
export const addresses: SettingKind<Address[]> = {
  placeholder: 'HOST:PORT,…',
  parse: (text) => text.split(',').map((part) => address.parse(part.trim())),
}

/** DNS servers to ask, each `address:port`; without a port 53. The word `none` stands for an empty list. */
export const resolvers: SettingKind<string[]> = {
  placeholder: 'ADDRESS:PORT,…',
  parse: (text) => (text === 'none' ? [] : text.split(',').map((part) => readResolver(part.trim()))),
}

function readResolver(text: string): string {
  if (isIP(text) !== 0) return formatAddress({ host: text, port: 53 })
  const { host, port } = /:\d+$/.test(text) ? address.parse(text) : { host: '', port: 0 }
  if (isIP(host) === 0 || port === 0)
    throw new Error('must be ADDRESS:PORT, for example 192.0.2.1:53 or [::1]:53, or none')
  return formatAddress({ host, port })
}

export const integer = (min: number, max: number): SettingKind<number> => ({
  placeholder: 'NUMBER',
  parse(text) {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new Error(`must be a whole number from ${min} to ${max}`)
    }
    return value
  },
})

export const onOff: SettingKind<boolean> = {
  placeholder: '',
  isSwitch: true,
  parse(text) {
    if (/^(true|on|yes|1)$/i.test(text)) return true
    if (/^(false|off|no|0)$/i.test(text)) return false
    throw new Error('must be true or false')
  },
}

export const choice = <T extends string>(...words: T[]): SettingKind<T> => ({
  placeholder: words.join('|'),
  parse(text) {
    const found = words.find((word) => word === text)
    if (found === undefined) throw new Error(`must be one of ${words.join(', ')}`)
    return found
  },
})

export const text = (placeholder: string): SettingKind<string> => ({
  placeholder,
  parse(value) {
    if (value === '') throw new Error('must not be empty')
    return value
  },
})

/** Printable ASCII, at most `longest` characters. */
export const shortText = (placeholder: string, longest: number): SettingKind<string> => ({
  placeholder,
  parse(value) {
    if (!/^[\x20-\x7e]+$/.test(value) || value.length > longest) {
      throw new Error(`must be 1 to ${longest} printable ASCII characters`)
    }
    return value
  },
})

/** Secrets of DNS cookies, 16 octets each (RFC 9018 4.4), kept as they are written. */
export const cookieSecrets: SettingKind<string> = {
  placeholder: '32 HEX DIGITS,…',
  parse(value) {
    if (!/^[0-9a-f]{32}(,[0-9a-f]{32})*$/i.test(value)) {
      throw new Error('must be 32 hexadecimal digits, or several such with commas between')
    }
    return value
  },
}

/** Names of files with commas between. */
export const files: SettingKind<string[]> = {
  placeholder: 'FILE,…',
  parse(value) {
    const names = value.split(',').map((name) => name.trim())
    if (names.includes('')) throw new Error('must be names of files with commas between')
    return names
  },
}

/** A URL with one of the schemes, for example `['http', 'https']`; kept without final slash. */
export const url = (...schemes: string[]): SettingKind<string> => ({
  placeholder: 'URL',
  parse(value) {
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    if (parsed === undefined || !schemes.includes(parsed.protocol.slice(0, -1)) || parsed.host === '') {
      throw new Error(
        `must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
      )
    }
    return value.replace(/\/+$/, '')
  },
})

/** Comma-separated words that all match; empty words are dropped. */
const list = (pattern: RegExp, wanted: string, finish: (word: string) => string): SettingKind<string[]> => ({
  placeholder: 'A,B,…',
  parse(value) {
    const words = value
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '')
    const wrong = words.find((word) => !pattern.test(word))
    if (wrong !== undefined) throw new Error(`has "${wrong}", which is no ${wanted}`)
    if (words.length === 0) throw new Error(`needs at least one ${wanted}`)
    return words.map(finish)
  },
})

// RFC 1123 2.1: letters, digits and hyphens, at most 63 in a label; a name server must be a host name (RFC 2181 10.3)
const HOST_NAME =
  /^(?=.{1,253}\.?$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i

export const hostNames = list(HOST_NAME, 'host name', (name) => `${name.toLowerCase().replace(/\.$/, '')}.`)

export const ipAddresses: SettingKind<string[]> = {
  placeholder: 'A,B,…',
  parse(text) {
    const words = text.split(',').map((word) => word.trim())
    // An index (fe80::1%eth0) means something to this machine only.
    const wrong = words.find((word) => isIP(word) === 0 || word.includes('%'))
    if (wrong !== undefined) throw new Error(`has "${wrong}", which is no IP address`)
    return words
  },
}

export const prefixes: SettingKind<string[]> = {
  placeholder: 'PREFIX,…',
  parse(text) {
    const words = text.split(',').map((word) => word.trim())
    for (const word of words) {
      const prefix = readPrefix(word)
      if (typeof prefix === 'string') throw new Error(`is wrong: ${prefix}`)
    }
    return words
  },
}

export const regionIds = list(
  /^[A-Za-z0-9_-]{1,64}$/,
  'region id (letters, digits, hyphen, underscore)',
  (id) => id,
)

/** Name of a zone; kept in lower case with a final dot. */
export const zoneName: SettingKind<string> = {
  placeholder: 'NAME',
  parse(text) {
    if (!HOST_NAME.test(text)) throw new Error('must be the name of a zone, for example catalog.waymark')
    return `${text.toLowerCase().replace(/\.$/, '')}.`
  },
}
