const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }

/** Seconds of a TTL text: digits, or numbers with units as in `1h30m` (any case). -1 when it is none or above 32 bits. */
export function parseTtl(text: string): number {
  let total = 0
  let number = -1
  let hasUnit = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      number = Math.max(number, 0) * 10 + code - 48
      if (number > 0xffffffff) return -1
      continue
    }
    const unit = UNIT_SECONDS[text.charAt(i).toLowerCase()]
    if (unit === undefined || number < 0) return -1
    total += number * unit
    number = -1
    hasUnit = true
  }
  if (number >= 0) {
    if (hasUnit) return -1 // "1h30": the last number lacks its unit
    total = number
  } else if (!hasUnit) return -1
  return total <= 0xffffffff ? total : -1
}
