import { Signer } from '../dnssec/signer.ts'
import type { Trace } from '../explain/trace.ts'
import { Source } from '../line/source-address.ts'
import { SignedRequests } from '../transfer/signed-requests.ts'
import { NameBuffer } from '../zone-table/name-buffer.ts'
import { ServerProfile } from './server-profile.ts'

/** CNAMEs and DNAMEs that one answer follows. */
export const MAX_CHAIN = 16
/** Names whose addresses one answer adds: more servers than a referral over UDP has room for (RFC 9471). */
export const MAX_TARGETS = 256
/** Name suffixes of one answer that later names can point to. */
export const MAX_SUFFIXES = 96
/** Lines and line groups that one visitor can belong to. */
export const MAX_LINES = 512

/**
 * Everything about the query at hand. One object serves a thread's queries one after the other; `processQuery` resets it.
 * Offsets named `…At` are places in the packet being written, `zone`, `node` and groups are words of the table's arena.
 */
export class Query {
  in: Uint8Array = new Uint8Array(0)
  inLength = 0
  out: Uint8Array = new Uint8Array(0)
  /** Octets the answer may fill, room for the OPT record set aside. */
  limit = 0
  /** Octets of the whole answer. */
  maximum = 0
  /** End of what is written. */
  at = 0
  isTcp = false

  id = 0
  flags = 0
  type = 0
  rrClass = 0
  /** End of the question in the packet received, and in ours: it is copied to the same place. */
  questionEnd = 0
  hasEdns = false
  ednsVersion = 0
  payloadSize = 512
  isDnssecOk = false
  /** RFC 9824 5.1: a name that does not exist may be denied with NXDOMAIN. */
  isCompactOk = false
  /** Info-code of an Extended DNS Error, -1 for none. */
  ede = -1
  wantsNsid = false
  wantsKeepalive = false
  wantsPadding = false
  /** The cookie option's data in the packet received; size 0 without the option. */
  cookieAt = 0
  cookieSize = 0
  /** The client has shown that it receives what is sent to its address. */
  hasValidCookie = false
  /** The client has had its share of answers: it gets none, or a truncated one. */
  isLimited = false

  /** The name being looked up: the question's, later the target of a CNAME. */
  readonly name = new NameBuffer()
  /** Where {@link name} stands in our packet. */
  nameAt = 12
  zone = 0
  zoneNumber = 0
  /** The label of {@link name} where the zone's apex starts. */
  apexLabel = 0
  /** Signatures go along with what is written: the zone at hand is signed, and they are wanted. */
  isSigning = false
  readonly signer: Signer
  /** What the search for the name found last: its node, or that of the wildcard that it is made from; 0 for none. */
  node = 0
  /** The zone cut that ended the search. */
  cut = 0
  cutLabel = 0

  rcode = 0
  isAuthoritative = false
  isTruncated = false
  answers = 0
  authorities = 0
  additionals = 0

  /** Groups that a chain has passed through, with hashes and octets of the names it had there: what tells loops. */
  readonly chain = new Int32Array(MAX_CHAIN)
  readonly chainHashes = new Int32Array(MAX_CHAIN)
  readonly chainSizes = new Int32Array(MAX_CHAIN)
  chainLength = 0

  /** Address of whoever asks: set by the transport before each query. */
  readonly from = new Source()
  /** Whether nobody else reads along: set by the transport before each query. */
  isEncrypted = false
  /** How long the connection at hand may be idle, 0 where HTTP says that: set by the transport before each query. */
  idleSeconds = 10
  /** What this server says of itself and demands: set once. */
  profile: ServerProfile
  /** Address of ours that was asked, as text, '' where it is one for all: set by the transport before each query. */
  listener = ''
  /** Number of the private network that whoever asks belongs to, 0 for none. */
  network = 0
  /** The zone at hand is a private one. */
  isPrivate = false
  /** The search went through a private zone that is not the last word on names it does not have. */
  isRecursive = false
  /** Others would know more than what is written: to be asked where there is somebody to ask. */
  isForUpstream = false
  /** EDNS client subnet (RFC 7871): family 1 or 2, 0 without the option. */
  subnetFamily = 0
  subnetPrefix = 0
  /** Octets of its address, and where they stand in the packet received. */
  subnetSize = 0
  subnetAt = 0
  /** The answer depends on who asks. */
  isForSubnet = false
  readonly address = new Uint8Array(16)

  /** The visitor's lines, the narrowest first, as far as {@link linesAccount} is that of the zone at hand. */
  readonly lines = new Int32Array(MAX_LINES)
  lineCount = 0
  /** Lines behind this place come after the default line. */
  defaultAt = 0
  linesAccount = -1

  readonly targets = new Int32Array(MAX_TARGETS)
  targetCount = 0
  readonly targetHashes = new Int32Array(MAX_TARGETS)
  /** For names of the additional section. */
  readonly target = new NameBuffer()

  readonly suffixHashes = new Int32Array(MAX_SUFFIXES)
  readonly suffixAt = new Int32Array(MAX_SUFFIXES)
  suffixCount = 0
  readonly labelStarts = new Int32Array(129)
  readonly labelHashes = new Int32Array(129)

  /** Is told of the way to the answer; null where nobody wants to know. */
  trace: Trace | null = null

  /** State of the generator behind weighted choices. */
  random = 1

  /** Octets to keep free for the TSIG record of the answer, 0 when the request has none. */
  tsigRoom = 0
  readonly signed: SignedRequests
  /** A transfer is asked for: who can send one does so in place of the answer. */
  isTransfer = false

  /** `clock` in milliseconds since 1970: the time of signatures. */
  constructor(seed = 1, clock: () => number = Date.now) {
    this.random = seed | 1
    this.signer = new Signer(clock)
    this.signed = new SignedRequests(clock)
    this.profile = new ServerProfile()
  }

  reset(input: Uint8Array, inLength: number, out: Uint8Array, isTcp: boolean): void {
    this.in = input
    this.inLength = inLength
    this.out = out
    this.limit = 0
    this.maximum = 0
    this.at = 0
    this.isTcp = isTcp
    this.questionEnd = 0
    this.tsigRoom = 0
    this.isTransfer = false
    this.hasEdns = false
    this.ednsVersion = 0
    this.payloadSize = 512
    this.isDnssecOk = false
    this.isCompactOk = false
    this.isSigning = false
    this.ede = -1
    this.network = 0
    this.isPrivate = false
    this.isRecursive = false
    this.isForUpstream = false
    this.wantsNsid = false
    this.wantsKeepalive = false
    this.wantsPadding = false
    this.cookieSize = 0
    this.hasValidCookie = false
    this.isLimited = false
    this.subnetFamily = 0
    this.subnetPrefix = 0
    this.subnetSize = 0
    this.isForSubnet = false
    this.linesAccount = -1
    this.nameAt = 12
    this.zone = 0
    this.cut = 0
    this.rcode = 0
    this.isAuthoritative = false
    this.isTruncated = false
    this.answers = 0
    this.authorities = 0
    this.additionals = 0
    this.chainLength = 0
    this.targetCount = 0
    this.suffixCount = 0
  }

  /** {@link from} as text. */
  get source(): string {
    return this.from.text
  }

  set source(text: string) {
    this.from.text = text
  }

  /** xorshift32: weighted choices need spread, not secrecy. */
  nextRandom(): number {
    let x = this.random
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.random = x
    return x >>> 0
  }
}
