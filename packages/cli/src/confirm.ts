import type { CommandFlag, Invocation } from './command.ts'
import { CommandFailure, EXIT, usageFailure } from './failures.ts'

/** The flag of every command that {@link confirm}s. */
export const YES_FLAG: CommandFlag = { name: 'yes', alias: 'y', takesValue: false, sentence: 'Do not ask.' }

/** Asks on a terminal before something is lost; without one, or to say so beforehand, `--yes` is needed. */
export function confirm(call: Invocation, question: string): void {
  if (call.isSet('yes')) return
  if (process.stdin.isTTY !== true) throw usageFailure(`${question} Give --yes to do it without a question`)
  const answer = prompt(`${question} [y/N]`) ?? ''
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailure(EXIT.interrupted, 'nothing was deleted')
}
