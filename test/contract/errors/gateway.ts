import { signedFetch } from '../../../packages/control/src/http/test-platform.ts'
import { type ErrorCases, refusal } from './error-case.ts'

const answered = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { error_code: string }).error_code,
})

/** Refusals before the service proper is reached. */
export const GATEWAY_CASES: ErrorCases = {
  'APIGW.0101': refusal(404, 'a path that there is not', () => ['GET', '/v2/nowhere']),
  'APIGW.0201': refusal(
    413,
    'a body larger than the setting',
    () => ['POST', '/v2/zones', { name: 'x'.repeat(60_000) }],
    { bodyBytes: 50_000 },
  ),
  'APIGW.0301': {
    how: 'no credentials',
    status: 401,
    reach: async ({ control }) => answered(await fetch(`${control.url}/v2/zones`)),
  },
  'APIGW.0302': {
    how: 'a signature for a project of another account',
    status: 403,
    async reach(lab) {
      const headers = { 'x-project-id': lab.operator.project_id }
      return answered(await signedFetch(lab.owner, `${lab.control.url}/v2/zones`, { headers }))
    },
  },
  'APIGW.0308': {
    ...{ how: 'more requests of an account than the setting', status: 429, settings: { accountRate: 5 } },
    async reach(lab) {
      const answers = await Promise.all(Array.from({ length: 30 }, () => lab.call('GET', '/v2/zones')))
      const { status, json } = answers.find((each) => each.status !== 200)!
      return { status, code: json.error_code }
    },
  },
  'APIGW.0310': {
    how: 'an account without a project in force',
    status: 403,
    async reach(lab) {
      const account = await lab.newAccount(lab.word())
      const { projects } = (await lab.callAs(account, 'GET', '/waymark/v1/projects')).json
      for (const { id } of projects)
        await lab.callAs(account, 'PATCH', `/waymark/v1/projects/${id}`, { enabled: false })
      const { status, json } = await lab.callAs(account, 'GET', '/v2/zones')
      return { status, code: json.error_code }
    },
  },
}
