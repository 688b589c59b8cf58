import { ReplyError } from '../http/reply-error.ts'

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  429: 'Too Many Requests',
} as const

/** A failure of the identity API: `{"error": {"code", "message", "title"}}`. */
export class IdentityError extends ReplyError {
  override readonly status: keyof typeof TITLES

  constructor(status: keyof typeof TITLES, message: string) {
    super(message)
    this.status = status
  }

  override body(): object {
    return { error: { code: this.status, message: this.message, title: TITLES[this.status] } }
  }
}
