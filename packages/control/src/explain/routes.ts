import { z } from 'zod'
import type { Context } from '../context.ts'
import type { EdgeQuestions } from '../feed/edge-questions.ts'
import { type Route, route } from '../http/route.ts'
import { explainAnswer } from './explain.ts'
import { ExplanationBody } from './explanation.ts'

/** Our own extension: why somebody is answered what. */
export const explainRoutes = (questions: EdgeQuestions): readonly Route<Context>[] => [
  route<Context>({
    operation: 'explainAnswer',
    method: 'GET',
    path: '/waymark/v1/explain',
    summary: 'Tell what a client is answered, and by which zone, line and record set',
    permission: 'dns:recordset:list',
    query: z.object({
      name: z.string(),
      type: z.string(),
      client: z.string(),
      subnet: z.string().optional(),
      listener: z.string().optional(),
    }),
    responses: { 200: ExplanationBody },
    async handler({ tenant, query }, context) {
      return { status: 200, json: await explainAnswer(context, tenant, questions, query) }
    },
  }),
]
