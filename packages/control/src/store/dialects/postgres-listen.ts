import pg from 'pg'

const RECONNECT_MS = 500
/** Notifications wake at once; this finds what was committed while the connection was down. */
const POLL_MS = 1000

/**
 * Calls `listener` for every notification on `channel`, and once in a while without one: it has to look anyway. Returns
 * what stops it.
 */
export function listenTo(databaseUrl: string, channel: string, listener: () => void): () => void {
  let isStopped = false
  let client: pg.Client | undefined

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString: databaseUrl, application_name: 'waymark listen' })
    client = next
    const reconnect = () => {
      if (isStopped || client !== next) return
      client = undefined
      setTimeout(() => isStopped || connect(), RECONNECT_MS).unref()
    }
    next.on('error', reconnect)
    next.on('end', reconnect)
    next.on('notification', listener)
    try {
      await next.connect()
      if (isStopped) return await next.end()
      await next.query(`listen ${channel}`)
      listener()
    } catch {
      reconnect() // the database is away: queries say so, this only waits for it
    }
  }

  void connect()
  const poll = setInterval(listener, POLL_MS)
  poll.unref()
  return () => {
    isStopped = true
    clearInterval(poll)
    client?.end().catch(() => {})
  }
}
