import { type Aspect, type Difference, ownerOf, rdataOf, typeOf } from './compare.ts'
import {
  type Both,
  contains,
  countIn,
  endOfChain,
  flagsIn,
  hasOnly,
  isAddresses,
  isLoop,
  isOneOf,
  isReferral,
  limitOf,
  links,
  meetsForeignName,
  NS_SET_SIZE,
  namesOf,
  questionName,
  SILENCE,
  stopsAtBorder,
  uncompressedSize,
  versionIn,
  without,
} from './predicates.ts'
import { FLAG_AA, FLAG_TC } from './reply.ts'

/** A difference that is as it should be: who differs, in what, when, and which rule we follow. */
export interface KnownDifference {
  readonly name: string
  readonly peers: readonly string[]
  readonly aspects: readonly Aspect[]
  /** Where the rule stands that our answer follows, or that leaves the choice. */
  readonly rfc: string
  readonly reason: string
  readonly when: (difference: Both) => boolean
}

export function isKnownAs(entry: KnownDifference, difference: Difference): boolean {
  return entry.when({ ...difference, ours: difference.ours ?? SILENCE, theirs: difference.theirs ?? SILENCE })
}

const NSD = 'NSD'
const KNOT = 'Knot'
const BIND = 'BIND'
const ALL = [NSD, KNOT, BIND]
const CONTENT: readonly Aspect[] = ['rcode', 'answer', 'order', 'authority', 'additional', 'TC', 'AA']

const FLAG_AD = 0x0020
const FLAG_CD = 0x0010
const OPTION_EDE = 15
const CLASS_IN = 1
const CLASS_ANY = 255

const TYPE_A = 1
const TYPE_NS = 2
const TYPE_CNAME = 5
const TYPE_SOA = 6
const TYPE_AAAA = 28
const TYPE_NAPTR = 35
const TYPE_DNAME = 39
const TYPE_DS = 43
const TYPE_SVCB = 64
const TYPE_HTTPS = 65
const TYPE_NXNAME = 128
const TYPE_IXFR = 251
const TYPE_AXFR = 252
const TYPE_ANY = 255
/** SIG, KEY, NXT, RRSIG, NSEC, NSEC3: what may stand beside a CNAME, or describes it. */
const BESIDE_CNAME = [24, 25, 30, 46, 47, 50]
/** TKEY and TSIG. */
const TRANSACTION_TYPES = [249, 250]
/** MAILB and MAILA. */
const MAIL_TYPES = [253, 254]

const NOERROR = 0
const FORMERR = 1
const SERVFAIL = 2
const NXDOMAIN = 3
const NOTIMP = 4
const REFUSED = 5
const YXDOMAIN = 6
const NOTAUTH = 9
const BADVERS = 16

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    name: 'CD is given back',
    peers: [NSD, KNOT],
    aspects: ['header'],
    rfc: 'RFC 4035 3.1.6',
    reason: 'the CD bit must be copied into the response; these clear it',
    when: ({ ours, theirs }) =>
      ((ours.flags ^ theirs.flags) & 0xf9f0) === FLAG_CD && (ours.flags & FLAG_CD) !== 0,
  },
  {
    name: 'refusals say why',
    peers: ALL,
    aspects: ['EDNS'],
    rfc: 'RFC 8914 2',
    reason: 'an Extended DNS Error goes along with what we refuse',
    when: ({ ours, theirs }) =>
      ours.rcode !== NOERROR &&
      `${ours.edns?.options}` === `${OPTION_EDE}` &&
      theirs.edns?.options.length === 0,
  },
  {
    name: 'payload sizes below 512',
    peers: [KNOT],
    aspects: ['rcode', 'EDNS'],
    rfc: 'RFC 6891 6.2.3',
    reason: 'they are to be treated as 512; Knot answers FORMERR',
    when: ({ question, theirs }) =>
      question.payloadSize > 0 && question.payloadSize < 512 && theirs.rcode === FORMERR,
  },
  {
    name: 'NS set beside an answer',
    peers: [NSD, BIND],
    aspects: ['authority'],
    rfc: 'RFC 1034 4.3.2',
    reason: 'no step puts the NS set of the zone beside an answer, and resolvers do not need it',
    when: ({ ours, theirs }) =>
      ours.authorities.length === 0 &&
      ours.answers.length > 0 &&
      theirs.authorities.length > 0 &&
      hasOnly(theirs.authorities, TYPE_NS),
  },
  {
    name: 'addresses of the NS set beside an answer',
    peers: [NSD, BIND],
    aspects: ['additional'],
    rfc: 'RFC 1034 4.3.2',
    reason: 'they come along with that NS set',
    when: ({ ours, theirs }) => {
      const servers = without(theirs.authorities, ours.authorities)
        .filter((record) => typeOf(record) === TYPE_NS)
        .map(rdataOf)
      const extra = without(theirs.additionals, ours.additionals)
      return (
        contains(theirs.additionals, ours.additionals) &&
        extra.every((record) => servers.includes(ownerOf(record)))
      )
    },
  },
  {
    name: 'NAPTR brings nothing along',
    peers: [BIND],
    aspects: ['additional'],
    rfc: 'RFC 3403 4.2',
    reason: 'additional records are optional, and who follows a NAPTR asks on anyway',
    when: ({ question, ours, theirs }) =>
      question.type === TYPE_NAPTR && contains(theirs.additionals, ours.additionals),
  },
  {
    name: 'QCLASS ANY is refused',
    peers: ALL,
    aspects: ['rcode'],
    rfc: 'RFC 1035 3.2.5, RFC 1034 4.3.1',
    reason:
      'an answer for all classes can never be authoritative; NSD and Knot take IN for it, BIND answers FORMERR',
    when: ({ question, ours, theirs }) =>
      question.rrClass === CLASS_ANY && ours.rcode === REFUSED && theirs.rcode !== REFUSED,
  },
  {
    name: 'classes without zones are refused',
    peers: ALL,
    aspects: ['rcode', 'question', 'reply'],
    rfc: 'RFC 1034 4.3.1, RFC 1035 4.1.1',
    reason:
      'REFUSED, with the question; BIND has FORMERR or NOTIMP for some and few replies for CHAOS, NSD leaves the question out',
    when: ({ question, peer, aspect, ours, theirs }) =>
      question.rrClass !== CLASS_IN &&
      ours.rcode === REFUSED &&
      (peer === BIND ? isOneOf(theirs.rcode, FORMERR, NOTIMP, -1) : peer === NSD && aspect !== 'reply'),
  },
  {
    name: 'ANY is answered with one set',
    peers: ALL,
    aspects: ['rcode', 'answer', 'authority', 'additional', 'TC'],
    rfc: 'RFC 8482 4.1',
    reason: 'which set of the name it is, is free; a DNAME ends the search, as its CNAME is such a set',
    when: ({ question, ours }) =>
      question.type === TYPE_ANY &&
      ours.rcode === NOERROR &&
      (ours.flags & FLAG_AA) !== 0 &&
      (ours.answers.length > 0 || (ours.flags & FLAG_TC) !== 0) &&
      (new Set(ours.answers.map(typeOf)).size === 1 || hasOnly(ours.answers, TYPE_CNAME, TYPE_DNAME)),
  },
  {
    name: 'NXNAME is no question',
    peers: ALL,
    aspects: ['rcode'],
    rfc: 'RFC 9824 3.5',
    reason: 'FORMERR; the peers are older than the type',
    when: ({ question, ours }) => question.type === TYPE_NXNAME && ours.rcode === FORMERR,
  },
  {
    name: 'transaction types as question types',
    peers: [BIND],
    aspects: ['rcode'],
    rfc: 'RFC 8945 4.2, RFC 2930 2',
    reason: 'they never stand in a zone, so there is no such data; BIND answers FORMERR',
    when: ({ question, theirs }) => isOneOf(question.type, ...TRANSACTION_TYPES) && theirs.rcode === FORMERR,
  },
  {
    name: 'MAILA and MAILB',
    peers: [BIND],
    aspects: ['rcode'],
    rfc: 'RFC 1035 3.2.3',
    reason: 'obsolete, and no such data; BIND answers NOTIMP',
    when: ({ question, theirs }) => isOneOf(question.type, ...MAIL_TYPES) && theirs.rcode === NOTIMP,
  },
  {
    name: 'transfers are refused',
    peers: ALL,
    aspects: ['rcode'],
    rfc: 'RFC 5936 2.2.1, 4.2',
    reason:
      'REFUSED where nobody may transfer, over UDP as over TCP; the peers tell NOTAUTH or NOTIMP in some of these cases',
    when: ({ question, ours, theirs }) =>
      isOneOf(question.type, TYPE_AXFR, TYPE_IXFR) &&
      ours.rcode === REFUSED &&
      isOneOf(theirs.rcode, NOTIMP, NOTAUTH, FORMERR),
  },
  {
    name: 'chains go on in other zones of the server',
    peers: [KNOT, BIND],
    aspects: CONTENT,
    rfc: 'RFC 1034 4.3.2 step 3a, RFC 6604 3',
    reason: 'the search begins again at step 1 for the target; these stop where the zone ends',
    when: stopsAtBorder,
  },
  {
    name: 'loops are no failure',
    peers: [BIND],
    aspects: ['rcode'],
    rfc: 'RFC 1034 3.6.2',
    reason: 'the loop is answered as it stands; BIND adds SERVFAIL',
    when: ({ ours, theirs }) =>
      theirs.rcode === SERVFAIL && ours.rcode === NOERROR && isLoop(ours, questionName(ours)),
  },
  {
    name: 'types that may stand beside a CNAME',
    peers: ALL,
    aspects: CONTENT,
    rfc: 'RFC 4035 2.5, RFC 1034 3.6.2',
    reason: 'where there is no such record, the CNAME is the answer',
    when: ({ question, ours, theirs }) =>
      isOneOf(question.type, ...BESIDE_CNAME) &&
      ours.answers.length > theirs.answers.length &&
      contains(ours.answers, theirs.answers) &&
      hasOnly(ours.answers, TYPE_CNAME, TYPE_DNAME),
  },
  {
    name: 'more than one question, or none',
    peers: ALL,
    aspects: ['rcode', 'reply', 'question', 'EDNS'],
    rfc: 'RFC 9619 3',
    reason: 'FORMERR; Knot is silent, others repeat some of it',
    when: ({ question, ours }) => countIn(question) !== 1 && ours.rcode === FORMERR,
  },
  {
    name: 'other opcodes',
    peers: ALL,
    aspects: ['rcode', 'reply', 'question', 'EDNS', 'header'],
    rfc: 'RFC 1035 4.1.1',
    reason: 'NOTIMP without the question: what the sections of an unknown opcode mean is unknown',
    when: ({ question, ours }) => question.opcode !== 0 && ours.rcode === NOTIMP && ours.question === '',
  },
  {
    name: 'BADVERS',
    peers: ALL,
    aspects: ['EDNS', 'question'],
    rfc: 'RFC 3225 3, RFC 6891 6.1.3',
    reason: 'the DO bit is given back here too; NSD clears it',
    when: ({ question, ours }) => versionIn(question) !== 0 && ours.rcode === BADVERS,
  },
  {
    name: 'flags of replies in a query',
    peers: [NSD],
    aspects: ['rcode'],
    rfc: 'RFC 1035 4.1.1',
    reason: 'they mean nothing in a query and are passed over; NSD answers FORMERR',
    when: ({ question, theirs }) => (flagsIn(question) & 0x068f) !== 0 && theirs.rcode === FORMERR,
  },
  {
    name: 'names of other zones',
    peers: [NSD],
    aspects: CONTENT,
    rfc: 'RFC 1034 4.2, RFC 4592 2.2.2',
    reason:
      'each zone has the names of its own records; NSD keeps one tree for all, where a name of a zone above or below counts',
    when: (difference) => namesOf(difference).some((name) => meetsForeignName(difference, name)),
  },
  {
    name: 'DS at an apex whose parent zone has no delegation',
    peers: ALL,
    aspects: ['rcode', 'authority', 'answer', 'AA', 'additional'],
    rfc: 'RFC 4035 3.1.4.1, RFC 8020 2',
    reason:
      'the apex answers that it has none; a zone above that does not know the cut would deny the whole zone, or refer to who has it not',
    when: ({ question, ours, apexOf }) =>
      question.type === TYPE_DS &&
      apexOf(endOfChain(ours.answers, questionName(ours))) === endOfChain(ours.answers, questionName(ours)) &&
      ours.rcode === NOERROR,
  },
  {
    name: 'glue that does not fit',
    peers: ALL,
    aspects: ['TC'],
    rfc: 'RFC 9471 3.1',
    reason: 'TC is set when not all addresses of in-domain servers fit; the peers send some of them, or none',
    when: ({ ours, theirs }) => isReferral(ours) && isReferral(theirs) && (ours.flags & FLAG_TC) !== 0,
  },
  {
    name: 'owner names in the case of the zone',
    peers: [BIND],
    aspects: ['TC'],
    rfc: 'RFC 4343 4.1, RFC 1035 4.1.4',
    reason:
      'BIND writes them out to keep their case, adds the NS set, and sets TC when it runs out of room; ours point to the question',
    when: ({ question, ours, theirs }) =>
      (theirs.flags & FLAG_TC) !== 0 &&
      (ours.flags & FLAG_TC) === 0 &&
      uncompressedSize(ours) + ours.question.length + NS_SET_SIZE > limitOf(question),
  },
  {
    name: 'length of chains',
    peers: ALL,
    aspects: CONTENT,
    rfc: 'RFC 1034 5.2.2',
    reason:
      'how many links are followed is free; ours are 16; Knot stops after 6, BIND after 11 with SERVFAIL',
    when: ({ ours, theirs, peer }) =>
      contains(ours.answers, theirs.answers)
        ? (peer === KNOT && links(theirs) >= 5) ||
          (peer === BIND && theirs.rcode === SERVFAIL && links(ours) > 10)
        : links(ours) === 16,
  },
  {
    name: 'DNAMEs that make a name longer each time',
    peers: ALL,
    aspects: CONTENT,
    rfc: 'RFC 6672 2.2, RFC 1034 5.2.2',
    reason:
      'coming back to a DNAME with a longer name has no end: the chain ends there; the peers go on to their limits',
    when: ({ ours }) => {
      const end = endOfChain(ours.answers, questionName(ours))
      const owners = ours.answers.filter((record) => typeOf(record) === TYPE_DNAME).map(ownerOf)
      return ours.authorities.length === 0 && owners.some((owner) => end !== owner && end.endsWith(owner))
    },
  },
  {
    name: 'names too long for a DNAME',
    peers: [KNOT],
    aspects: ['rcode', 'authority'],
    rfc: 'RFC 6672 2.2',
    reason: 'YXDOMAIN, which is no denial and has no SOA; Knot answers NXDOMAIN, or adds the SOA',
    when: ({ ours, theirs }) => ours.rcode === YXDOMAIN && isOneOf(theirs.rcode, NXDOMAIN, YXDOMAIN),
  },
  {
    name: 'IXFR over UDP',
    peers: ALL,
    aspects: CONTENT,
    rfc: 'RFC 1995 2',
    reason:
      'the SOA record tells whether to come over TCP; NSD refuses, and BIND misses the SOA of the question',
    when: ({ question, ours }) =>
      question.type === TYPE_IXFR &&
      !question.isTcp &&
      ours.rcode === NOERROR &&
      hasOnly(ours.answers, TYPE_SOA),
  },
  {
    name: 'addresses that BIND leaves out',
    peers: [BIND],
    aspects: ['additional'],
    rfc: 'RFC 1034 4.3.2 steps 3b and 6',
    reason:
      'of servers outside the cut, of sets of more than 13 records, and of targets that its cache does not link yet',
    when: ({ ours, theirs }) =>
      contains(ours.additionals, theirs.additionals) && isAddresses(ours.additionals),
  },
  {
    name: 'addresses from below a cut',
    peers: [KNOT, BIND],
    aspects: ['additional'],
    rfc: 'RFC 2181 5.4.1',
    reason:
      'beside an answer they are left out, as the child zone has to tell them; Knot gives them, BIND now and then',
    when: ({ ours, theirs }) =>
      !isReferral(ours) && contains(theirs.additionals, ours.additionals) && isAddresses(theirs.additionals),
  },
  {
    name: 'addresses from wildcards',
    peers: ALL,
    aspects: ['additional'],
    rfc: 'RFC 1034 4.3.2 step 6, RFC 4592 4',
    reason: 'what may be useful is free; a wildcard is not looked up for it',
    when: ({ ours, theirs, isOwner }) => {
      const extra = without(theirs.additionals, ours.additionals)
      // Knot names the wildcard itself, and NSD now and then a name that nobody asked for.
      const isTarget = (name: string) =>
        [...ours.answers, ...ours.authorities].some((record) => record.endsWith(name))
      const isMade = (name: string) => !isOwner(name) || name.startsWith('\x01*') || !isTarget(name)
      return (
        contains(theirs.additionals, ours.additionals) &&
        isAddresses(extra) &&
        extra.every((record) => isMade(ownerOf(record)))
      )
    },
  },
  {
    name: 'what goes along with service bindings',
    peers: ALL,
    aspects: ['additional'],
    rfc: 'RFC 9460 4.1, 2.5',
    reason:
      'addresses and bindings of the targets in the zone, "." meaning the owner; NSD adds none, Knot none for ".", Knot and BIND those of targets under wildcards',
    when: ({ question, ours, theirs }) =>
      isOneOf(question.type, TYPE_SVCB, TYPE_HTTPS) &&
      hasOnly([...ours.additionals, ...theirs.additionals], TYPE_A, TYPE_AAAA, TYPE_CNAME, question.type),
  },
  {
    name: 'additional records up to the limit',
    peers: ALL,
    aspects: ['additional'],
    rfc: 'RFC 2181 9',
    reason: 'as many as fit, without TC; which ones depends on order and compression',
    when: ({ question, ours, theirs }) =>
      isAddresses([...ours.additionals, ...theirs.additionals]) &&
      Math.max(ours.octets.length, theirs.octets.length) + 44 > limitOf(question),
  },
  {
    name: 'a record stands once',
    peers: [NSD, KNOT],
    aspects: ['answer', 'TC'],
    rfc: 'RFC 2181 5',
    reason: 'a loop at a wildcard or a DNAME makes the same record again; these repeat it',
    when: ({ aspect, ours, theirs }) => {
      if (aspect === 'TC') return (theirs.flags & FLAG_TC) !== 0 && isLoop(ours, questionName(ours))
      const once = new Set(theirs.answers)
      return (
        once.size < theirs.answers.length &&
        once.size === ours.answers.length &&
        contains(theirs.answers, ours.answers)
      )
    },
  },
  {
    name: 'what does not fit sets TC',
    peers: [KNOT],
    aspects: ['TC', 'answer', 'authority'],
    rfc: 'RFC 2181 9, RFC 2308 2',
    reason: 'links of a chain and the SOA of a denial are needed; Knot leaves them out without a word',
    when: ({ question, ours, theirs }) =>
      theirs.authorities.length === 0 &&
      (theirs.flags & FLAG_TC) === 0 &&
      theirs.octets.length + 100 > limitOf(question) &&
      ((ours.flags & FLAG_TC) !== 0 ||
        (contains(ours.answers, theirs.answers) && hasOnly(ours.authorities, TYPE_SOA))),
  },
  {
    name: 'the CNAME of a DNAME is compressed',
    peers: ALL,
    aspects: ['TC'],
    rfc: 'RFC 1035 4.1.4, RFC 6672 3.1',
    reason: 'an answer fits where the peer writes the long name twice',
    when: ({ question, ours, theirs }) =>
      (theirs.flags & FLAG_TC) !== 0 &&
      ours.answers.some((record) => typeOf(record) === TYPE_DNAME) &&
      ours.octets.length + 255 > limitOf(question),
  },
  {
    name: 'RCODE of a truncated reply',
    peers: ALL,
    aspects: ['rcode'],
    rfc: 'RFC 2181 9',
    reason: 'it is that of the chain as far as it went; who asked has to ask again over TCP',
    when: ({ ours, theirs }) => (ours.flags & theirs.flags & FLAG_TC) !== 0 && links(ours) > 0,
  },
  {
    name: 'peers that say more',
    peers: [NSD, BIND],
    aspects: ['EDNS'],
    rfc: 'RFC 8914 2',
    reason: 'an Extended DNS Error is free to give; these have one with YXDOMAIN and with refused transfers',
    when: ({ ours, theirs }) =>
      isOneOf(ours.rcode, YXDOMAIN, REFUSED) &&
      ours.edns?.options.length === 0 &&
      `${theirs.edns?.options}` === `${OPTION_EDE}`,
  },
  {
    name: 'AD in a truncated reply',
    peers: [BIND],
    aspects: ['header'],
    rfc: 'RFC 6840 5.8',
    reason: 'nothing was validated; BIND sets AD for who asks with it, when nothing fits',
    when: ({ ours, theirs }) =>
      ((ours.flags ^ theirs.flags) & 0xf9f0) === FLAG_AD && (ours.flags & FLAG_AD) === 0,
  },
]
