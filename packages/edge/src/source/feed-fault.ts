import { reasonOf } from '../log.ts'

/** What an answer that is not the feed means for the operator. */
export function refusalOf(status: number): Error {
  switch (status) {
    case 401:
      return new Error(
        'The control plane refuses the feed secret: WAYMARK_FEED_SECRET has to be the same here and there.',
      )
    case 404:
      return new Error('There is no feed at this URL (404): is it that of a Waymark control plane?')
    default:
      return new Error(`The control plane answered ${status}.`)
  }
}

/** OpenSSL's words for a certificate whose authority is not known here. */
const UNKNOWN_AUTHORITY = /self.signed certificate|unable to (get|verify)/i

/** The reason for a log line, with what to do about it where that is known. */
export function faultOf(error: unknown): string {
  const reason = reasonOf(error).replace(/ For more information, pass `verbose.*/, '')
  return UNKNOWN_AUTHORITY.test(reason)
    ? `${reason}: name the file of its authority in NODE_EXTRA_CA_CERTS`
    : reason
}
