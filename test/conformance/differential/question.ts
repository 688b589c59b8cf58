/** A question and how it is asked. Octets of `name` are its labels on the wire; `octets` is the packet, its id 0. */
export interface Question {
  readonly text: string
  readonly type: number
  readonly rrClass: number
  readonly isTcp: boolean
  /** EDNS payload size, 0 for a query without EDNS. */
  readonly payloadSize: number
  readonly isDnssecOk: boolean
  readonly opcode: number
  readonly octets: Uint8Array
}

export interface Asking {
  readonly type: number
  readonly rrClass?: number
  readonly isTcp?: boolean
  readonly payloadSize?: number
  readonly ednsVersion?: number
  readonly isDnssecOk?: boolean
  /** The octets of the header between id and counts: RD 0x0100, AD 0x0020, CD 0x0010, opcode in bits 11 to 14. */
  readonly flags?: number
  /** Number of questions that the header says; the one question stands behind it when it is not 0. */
  readonly count?: number
}

/** Presentation form, with final dot and without escapes, to the octets of the packet. */
export function makeQuestion(text: string, asking: Asking): Question {
  const { type, rrClass = 1, payloadSize = 0, flags = 0, count = 1 } = asking
  const labels = text === '.' ? [] : text.slice(0, -1).split('.')
  const nameSize = labels.reduce((size, label) => size + label.length + 1, 1)
  const hasEdns = payloadSize > 0
  const octets = new Uint8Array(12 + count * (nameSize + 4) + (hasEdns ? 11 : 0))
  const view = new DataView(octets.buffer)
  view.setUint16(2, flags)
  view.setUint16(4, count)
  view.setUint16(10, hasEdns ? 1 : 0)
  let at = 12
  for (let i = 0; i < count; i++) {
    for (const label of labels) {
      octets[at++] = label.length
      for (let k = 0; k < label.length; k++) octets[at++] = label.charCodeAt(k)
    }
    at++
    view.setUint16(at, type)
    view.setUint16(at + 2, rrClass)
    at += 4
  }
  if (hasEdns) {
    octets[at + 2] = 41
    view.setUint16(at + 3, payloadSize)
    octets[at + 6] = asking.ednsVersion ?? 0
    if (asking.isDnssecOk) octets[at + 7] = 0x80
  }
  return {
    text,
    type,
    rrClass,
    isTcp: asking.isTcp ?? false,
    payloadSize,
    isDnssecOk: asking.isDnssecOk ?? false,
    opcode: (flags >> 11) & 15,
    octets,
  }
}
