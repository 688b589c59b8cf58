import { readName } from './names.ts'

/** The value in the normal form that is compared and published, in the syntax of zone files; or why it is wrong. */
type Normal = { readonly text: string } | string
type ValueRule = (value: string, owner: string) => Normal

const MAX_TEXT_LENGTH = 4096
const MAX_STRING_LENGTH = 255
const MAX_URL_LENGTH = 500

/**
 * Syntax of one value where the API has its own; a type that is not here is read as in a zone file. A rule may refuse what a zone
 * file allows (TXT without quotes) and allow what it does not (host names with Unicode labels).
 */
export const VALUE_RULES: Readonly<Record<string, ValueRule | undefined>> = {
  A: address,
  AAAA: address,
  CNAME: (value, owner) => {
    const host = hostName(value, true)
    if (typeof host !== 'string' && host.text === owner) return 'a CNAME may not point at itself.'
    return host
  },
  NS: (value) => hostName(value, false),
  PTR: (value) => hostName(value, false),
  MX: (value) => {
    const [priority, host, extra] = value.split(BLANKS)
    if (host === undefined || extra !== undefined) return 'write a priority, a blank and a host name.'
    const fault = numberFault('priority', priority!, 65535)
    return fault ?? withHost(`${Number(priority)}`, host === '.' ? { text: '.' } : hostName(host, false))
  },
  SRV: (value) => {
    const [priority, weight, port, target, extra] = value.split(BLANKS)
    if (target === undefined || extra !== undefined) return 'write priority, weight, port and target.'
    const fault =
      numberFault('priority', priority!, 65535) ??
      numberFault('weight', weight!, 65535) ??
      numberFault('port', port!, 65535)
    const numbers = `${Number(priority)} ${Number(weight)} ${Number(port)}`
    return fault ?? withHost(numbers, target === '.' ? { text: '.' } : hostName(target, true))
  },
  TXT: quotedStrings,
  CAA: (value) => {
    const match = CAA_FORM.exec(value)
    if (match === null) return 'write flag, tag and a value in double quotes.'
    const [, flag, tag, text] = match as unknown as [string, string, string, string]
    const fault = numberFault('flag', flag, 255)
    if (fault !== undefined) return fault
    if (!CAA_TAG.test(tag)) return `the tag '${tag}' must be 1 to 15 letters and digits.`
    if (text.length > MAX_STRING_LENGTH) return 'the quoted value has more than 255 characters.'
    if (!CAA_TEXT.test(text)) return 'the quoted value holds a character that is not allowed.'
    // RFC 8659 4.1: tags are matched without regard to case; lower case is what to send.
    return { text: `${Number(flag)} ${tag.toLowerCase()} "${text}"` }
  },
  REDIRECT_URL: url,
  FORWARD_URL: url,
}

const BLANKS = /[ \t]+/
const CAA_FORM = /^(\S+)[ \t]+(\S+)[ \t]+"([^"]*)"$/
const CAA_TAG = /^[0-9A-Za-z]{1,15}$/
const CAA_TEXT = /^[0-9A-Za-z \-#*?&_~=:;.@+^/!%]*$/

// Zone files allow escapes and the generic form (`\# 4 c0000201`); an address of the API is an address.
function address(value: string): Normal {
  return value.charCodeAt(0) === 0x5c ? 'write an address.' : { text: value }
}

/** A full name with or without final dot, as A-labels. `_` is for targets that are names of services, not of hosts. */
function hostName(text: string, allowsUnderscore: boolean): Normal {
  const owner = readName(text)?.owner
  if (owner === undefined) return `'${text}' is not a host name.`
  if (owner.includes('*')) return `the host name '${text}' may not hold '*'.`
  if (!allowsUnderscore && owner.includes('_')) return `the host name '${text}' may not hold '_'.`
  // RFC 1123 2.1: the last label is never all digits, so an address can't pass for a host name.
  if (endsInNumber(owner)) return `'${text}' is an address or ends like one; a host name is needed.`
  return { text: owner }
}

/** Whether the last label of a name with final dot is all digits: an address, or what some take for one. */
export function endsInNumber(owner: string): boolean {
  let at = owner.length - 2
  while (at >= 0 && isDigit(owner.charCodeAt(at))) at--
  return at < owner.length - 2 && (at < 0 || owner.charCodeAt(at) === 0x2e)
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

function withHost(numbers: string, host: Normal): Normal {
  return typeof host === 'string' ? host : { text: `${numbers} ${host.text}` }
}

function numberFault(what: string, text: string, max: number): string | undefined {
  const isNumber = text.length > 0 && text.length <= 10 && /^\d+$/.test(text)
  return isNumber && Number(text) <= max
    ? undefined
    : `the ${what} '${text}' must be an integer of 0 to ${max}.`
}

/** One or more strings in double quotes with exactly one blank between them; no backslash, so no quote inside a string. */
function quotedStrings(value: string): Normal {
  if (value.length > MAX_TEXT_LENGTH) return `it has more than ${MAX_TEXT_LENGTH} characters.`
  let at = 0
  let isEmpty = true
  for (;;) {
    if (value.charCodeAt(at) !== 0x22)
      return 'write each string in double quotes, with one blank between two strings.'
    const end = value.indexOf('"', at + 1)
    if (end < 0) return 'a closing double quote is missing.'
    const length = utf8Length(value, at + 1, end)
    if (length < 0) return 'a backslash is not allowed.'
    if (length > MAX_STRING_LENGTH) return `a string has ${length} octets; at most 255 are allowed, split it.`
    if (length > 0) isEmpty = false
    at = end + 1
    if (at === value.length) return isEmpty ? 'it may not be empty.' : { text: value }
    if (value.charCodeAt(at++) !== 0x20) return 'exactly one blank stands between two strings.'
  }
}

/** Octets of a piece of text in UTF-8; -1 when it holds a backslash. */
function utf8Length(text: string, start: number, end: number): number {
  let size = end - start
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) return -1
    // A surrogate pair is two units and four octets.
    if (code >= 0x80) size += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
  }
  return size
}

const URL_FORM = /^https?:\/\/([^/?#:@\\\s]+)(?::(\d{1,5}))?(?:[/?#]\S*)?$/i

/** An absolute HTTP address whose host is a domain name in ASCII. */
function url(value: string): Normal {
  if (value.length > MAX_URL_LENGTH) return `it has more than ${MAX_URL_LENGTH} characters.`
  const match = URL_FORM.exec(value)
  if (match === null) return 'write an absolute address that begins with http:// or https://.'
  const [, host, port] = match as unknown as [string, string, string | undefined]
  const name = readName(host)
  if (name === undefined || name.owner !== name.name || name.owner.includes('xn--')) {
    return `the host '${host}' must be a domain name of ASCII letters, digits and hyphens.`
  }
  if (endsInNumber(name.owner)) return 'the host must be a domain name, not an address.'
  if (name.owner.includes('*') || name.owner.includes('_')) return `the host '${host}' is no host name.`
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65535)
    ? { text: value }
    : 'the port is out of range.'
}
