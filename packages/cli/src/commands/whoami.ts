import { type Command, JSON_FLAG } from '../command.ts'
import { EXIT } from '../failures.ts'

interface Named {
  readonly id: string
  readonly name: string
}
interface WhoAmI {
  readonly user: Named
  readonly account: Named
  readonly project: Named
  readonly version: string
}

export const whoami: Command = {
  name: 'whoami',
  summary: 'Show whose key is used, and at which server',
  flags: [JSON_FLAG],
  examples: [['whoami', 'user, account and project of the key']],
  async run(call) {
    const who = await call.client.json<WhoAmI>('GET', '/waymark/v1/whoami')
    if (call.isSet('json')) {
      call.print(JSON.stringify(who))
      return EXIT.ok
    }
    const named = ({ id, name }: Named): string => `${name}  ${call.output.dim(id)}`
    const rows = [
      ['server', `${call.client.url}  ${call.output.dim(`version ${who.version}`)}`],
      ['user', named(who.user)],
      ['account', named(who.account)],
      ['project', named(who.project)],
    ]
    for (const [title = '', value = ''] of rows) call.print(`${call.output.dim(title.padEnd(9))}${value}`)
    return EXIT.ok
  },
}
