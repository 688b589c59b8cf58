/** Exit codes of every command; `waymark --help` shows this table. */
export const EXIT = {
  ok: 0,
  someFailed: 1,
  usage: 2,
  unreachable: 3,
  refused: 4,
  notAnswered: 5,
  interrupted: 130,
} as const

export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, 'everything asked for was done'],
  [EXIT.someFailed, 'the task is done, but some of its items failed; or an unexpected fault'],
  [EXIT.usage, 'the command line is wrong; nothing was sent'],
  [EXIT.unreachable, 'the server could not be reached'],
  [EXIT.refused, 'the server refused the request'],
  [EXIT.notAnswered, 'done, but not answered by every edge within the time given'],
]

/** Ends the command with a message for the user. */
export class CommandFailure extends Error {
  override name = 'CommandFailure'
  readonly exitCode: number
  /** What the user can do next. */
  readonly advice: string | undefined
  constructor(exitCode: number, message: string, advice?: string) {
    super(message)
    this.exitCode = exitCode
    this.advice = advice
  }
}

export const usageFailure = (message: string, advice?: string): CommandFailure =>
  new CommandFailure(EXIT.usage, message, advice)

/** The server's refusal: its error code and text, and the id under which its log has the request. */
export class ServerRefusal extends CommandFailure {
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly text: string
  constructor(status: number, code: string, text: string, requestId: string) {
    super(EXIT.refused, `${code === '' ? `HTTP ${status}` : code}: ${text}`, adviceFor(status, code, text))
    this.status = status
    this.code = code
    this.requestId = requestId
    this.text = text
  }
}

function adviceFor(status: number, code: string, text: string): string | undefined {
  if (status === 401) {
    return /expire|date|time/i.test(text)
      ? 'check the clock of this machine and of the server'
      : 'check WAYMARK_ACCESS_KEY and WAYMARK_SECRET_KEY, or point --data at the data folder of this server'
  }
  if (status === 403 && code === 'DNS.0403')
    return 'the account has used up its record sets; see the setting --record-set-quota'
  if (status === 404 && code === 'DNS.0302') return 'list the zones with: waymark zones list'
  if (status === 413) return 'split the file, or raise the limit of the server (see its --help)'
  if (status >= 500) return 'look for the request id in the log of the server'
  return undefined
}
