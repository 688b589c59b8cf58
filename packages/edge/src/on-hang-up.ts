/**
 * Calls `look` whenever this process gets SIGHUP, with which operators tell a server that files have changed. Files are looked at
 * by themselves too, so nobody has to. Returns what ends it.
 */
export function onHangUp(look: () => void): () => void {
  process.on('SIGHUP', look)
  return () => void process.off('SIGHUP', look)
}
