import { randomBytes } from 'node:crypto'

const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Letters and digits that cannot be mistaken for each other. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length)
    // 224 = 4 × 56: taking only octets below it gives every character the same chance.
    for (const octet of randomBytes(length))
      if (octet < 224 && text.length < length) text += ALPHABET[octet % 56]
  return text
}

export const newAccessKey = (): string => randomText(20).toUpperCase()
export const newSecretKey = (): string => randomText(40)
export const newPassword = (): string => randomText(24)
