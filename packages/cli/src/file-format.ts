import { extname } from 'node:path'

export const FORMATS = ['xlsx', 'csv', 'json', 'zone'] as const
export type Format = (typeof FORMATS)[number]

const BY_EXTENSION: Readonly<Record<string, Format>> = {
  '.xlsx': 'xlsx',
  '.csv': 'csv',
  '.json': 'json',
  '.zone': 'zone',
  '.db': 'zone',
  '.bind': 'zone',
}

export const formatOfName = (file: string): Format | undefined => BY_EXTENSION[extname(file).toLowerCase()]

/** The format of a file: by its extension, else by how it begins. undefined when neither tells. */
export function detectFormat(file: string, bytes: Uint8Array): Format | undefined {
  const byName = formatOfName(file)
  if (byName !== undefined) return byName
  // A workbook is a ZIP archive.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) return 'xlsx'
  const start = new TextDecoder()
    .decode(bytes.subarray(0, 4096))
    .replace(/^\ufeff/, '')
    .trimStart()
  if (start.startsWith('{') || start.startsWith('[')) return 'json'
  const firstLine = start.split('\n', 1)[0] ?? ''
  if (/^(\$(ORIGIN|TTL|INCLUDE|GENERATE)\b|;)/i.test(start) || /\sIN\s+[A-Z]+\s/i.test(firstLine))
    return 'zone'
  if (firstLine.includes(',')) return 'csv'
  return undefined
}
