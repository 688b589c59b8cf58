import { domainToASCII } from 'node:url'

/**
 * The A-label of one label with characters outside ASCII (UTS 46, as browsers do it), lower case; undefined when IDNA
 * refuses it. The label is converted alone, since its neighbours may hold `_` or `*`, which are no business of IDNA.
 */
export function labelToAscii(label: string): string | undefined {
  const ascii = domainToASCII(label)
  // A dot comes out where a character is mapped to one (U+3002) or the label reads as an address (full-width digits).
  return ascii === '' || ascii.length > 63 || ascii.includes('.') ? undefined : ascii
}
