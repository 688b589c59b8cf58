import { z } from 'zod'

/** What an edge answers when it is asked to explain: the contract of the edge's explain/explanation.ts. */
export const EdgeStep = z.object({
  name: z.string(),
  zone_id: z.string(),
  zone: z.string(),
  is_private: z.boolean(),
  owner: z.string(),
  outcome: z.enum([
    'exact',
    'wildcard',
    'cname',
    'dname',
    'delegation',
    'no-data',
    'no-name',
    'signer',
    'no-address',
    'passed-on',
    'loop',
  ]),
  lines: z.array(z.string()),
  sets: z.array(
    z.object({ type: z.string(), line: z.string(), is_on_line: z.boolean(), is_chosen: z.boolean() }),
  ),
  variants: z.array(
    z.object({
      weight: z.number().nullable(),
      ttl: z.number(),
      records: z.array(z.string()),
      probability: z.number(),
      is_given: z.boolean(),
    }),
  ),
})
export type EdgeStep = z.infer<typeof EdgeStep>

const Answer = z.object({
  rcode: z.string(),
  is_authoritative: z.boolean(),
  answer: z.array(z.string()),
  authority: z.array(z.string()),
  additional: z.array(z.string()),
  extended_error: z.number().nullable(),
})

export const EdgeExplanation = z.object({
  edge: z.string(),
  position: z.number(),
  network: z.string(),
  client_lines: z.array(z.string()),
  steps: z.array(EdgeStep),
  is_from_upstream: z.boolean(),
  answer: Answer,
})

/** Why a record set is in the answer or not. */
export const REASONS = [
  'given',
  /** Another one of the same line was drawn by weight. */
  'not-drawn',
  'paused',
  /** It has a status in which nothing is answered. */
  'not-active',
  /** There is nothing to answer: an alias whose target has none of the type, forwarding without a forwarder. */
  'nothing-to-answer',
  /** It is for another name: a wildcard where the name itself exists, or the other way round. */
  'other-name',
  'other-type',
  /** The client is not on its line. */
  'other-line',
  /** The client is on a line that comes before. */
  'later-line',
  /** A CNAME on the same line goes before. */
  'behind-cname',
  /** The answer ended before it, at a zone cut or a DNAME. */
  'behind-cut',
] as const

const ExplainedRecordSet = z.strictObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  line: z.string(),
  weight: z.int().nullable(),
  ttl: z.int(),
  status: z.string(),
  records: z.array(z.string()),
  alias_target: z.string().nullable(),
  reason: z.enum(REASONS),
})
export type ExplainedRecordSet = z.infer<typeof ExplainedRecordSet>

const Step = EdgeStep.extend({
  /** False: the zone is another account's, and nothing is told of it. */
  is_own: z.boolean(),
  record_sets: z.array(ExplainedRecordSet),
})
export type Step = z.infer<typeof Step>

/** A zone of the account that could have answered and did not. */
const PassedOver = z.strictObject({
  zone_id: z.string(),
  zone: z.string(),
  is_private: z.boolean(),
  reason: z.enum(['paused', 'not-active', 'other-network', 'shorter', 'public']),
})
export type PassedOver = z.infer<typeof PassedOver>

export const ExplanationBody = z.strictObject({
  name: z.string(),
  type: z.string(),
  client: z.string(),
  subnet: z.string().nullable(),
  listener: z.string().nullable(),
  edge: z.string(),
  position: z.number(),
  network: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  client_lines: z.array(z.string()),
  /** How the last search ended; `refused` where no zone here answers for the name. */
  rule: z.enum([...EdgeStep.shape.outcome.options, 'refused']),
  steps: z.array(Step),
  passed_over: z.array(PassedOver),
  is_from_upstream: z.boolean(),
  answer: Answer,
})
export type ExplanationBody = z.infer<typeof ExplanationBody>
