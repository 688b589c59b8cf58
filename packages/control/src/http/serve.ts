import type { RequestHandler } from './handle-request.ts'
import { readHead } from './request-head.ts'

/** Seconds without an octet in either direction after which a connection is closed. */
const IDLE_SECONDS = 120

/** Certificate chain and private key, PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
}

export interface HttpServer {
  /** For example `http://127.0.0.1:8080`. */
  readonly url: string
  /** New connections get this certificate; those that stand go on with theirs. Only for a server that began with one. */
  readonly useCertificate: (tls: TlsMaterial) => void
  /** Lets running requests finish, at most `graceMs`; then closes every connection. */
  readonly stop: (graceMs?: number) => Promise<void>
}

/** A handler that answers its paths by itself: it does its own authentication and writes its own log. */
export type OwnHandler = (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>

/** Serves HTTP, or HTTPS with `tls`. `own` maps path prefixes to handlers outside the table of routes. */
export function serveHttp(options: {
  readonly hostname: string
  readonly port: number
  readonly tls?: TlsMaterial
  readonly handle: RequestHandler
  readonly own?: Readonly<Record<string, OwnHandler>>
}): HttpServer {
  const own = Object.entries(options.own ?? {})
  let running = 0
  let whenIdle: (() => void) | undefined
  const listen = (port: number, tls: TlsMaterial | undefined) =>
    Bun.serve({
      hostname: options.hostname,
      port,
      tls,
      idleTimeout: IDLE_SECONDS,
      // Every route has its own limit and answers in the API's form; Bun's refusal has no body.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      async fetch(request, self) {
        for (const [prefix, handle] of own)
          if (readHead(request).path.startsWith(prefix)) return handle(request, self)
        running++
        try {
          return await options.handle(request, self.requestIP(request)?.address)
        } finally {
          running--
          if (running === 0) whenIdle?.()
        }
      },
    })
  const server = listen(options.port, options.tls)
  /** Asked while it listens: afterwards it is 0. */
  const port = server.port!
  /** The newest takes new connections, the others serve those they have. */
  const servers = [server]
  const scheme = options.tls === undefined ? 'http' : 'https'
  const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname
  return {
    url: `${scheme}://${host}:${port}`,
    useCertificate(tls) {
      // Bun cannot exchange the certificate of a server that listens.
      void servers.at(-1)!.stop(false)
      servers.push(listen(port, tls))
    },
    async stop(graceMs = 10_000) {
      for (const each of servers) void each.stop(false)
      if (running > 0) {
        let timer: Timer | undefined
        await Promise.race([
          new Promise<void>((resolve) => {
            whenIdle = resolve
          }),
          new Promise<void>((resolve) => {
            timer = setTimeout(resolve, graceMs)
          }),
        ])
        clearTimeout(timer)
      }
      await Promise.all(servers.map((each) => each.stop(true)))
    },
  }
}
