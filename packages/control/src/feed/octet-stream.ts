/**
 * A body written by `produce`, which is held back while the client reads slowly: `send` resolves when there is room for
 * more. `signal` is aborted when the client has gone; `send` rejects then, too. A failure breaks the body off
 * and is given to `onFailure`, unless it is only that the client has gone.
 */
export function octetStream(
  produce: (send: (octets: Uint8Array) => Promise<void>, signal: AbortSignal) => Promise<void>,
  onFailure: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const gone = new AbortController()
  writer.closed.catch(() => gone.abort())
  produce((octets) => writer.write(octets), gone.signal)
    .then(() => writer.close())
    .catch((error) => {
      if (!gone.signal.aborted) onFailure(error)
      writer.abort(error).catch(() => {})
    })
  return readable
}
