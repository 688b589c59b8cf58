import { type Command, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'

export const token: Command = {
  name: 'token',
  summary: 'Print a token for programs that cannot sign requests, such as curl',
  details:
    'It stands for the key and its project for 24 hours, unless the server is set otherwise. Send it as X-Auth-Token.',
  flags: [JSON_FLAG],
  examples: [
    ['token', 'the token alone'],
    ['token --json', 'with the time at which it expires'],
  ],
  async run(call) {
    const issued = await call.client.json<{ token: string }>('POST', '/waymark/v1/tokens')
    call.print(call.isSet('json') ? JSON.stringify(issued) : issued.token)
    return EXIT.ok
  },
}
