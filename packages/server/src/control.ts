import { startControlPart, VERSION } from './control-part.ts'
import { claimDataFolder } from './data-folder.ts'
import { readyText } from './greeting.ts'
import { runPart } from './start.ts'

/** `waymark control`: the control plane alone; edges elsewhere follow it. Resolves to the exit code. */
export const main = (argv: readonly string[]): Promise<number> =>
  runPart('control', argv, async (settings, log) => {
    const folder = claimDataFolder(settings.data)
    const control = await startControlPart(settings, folder.path, log)
    console.log(
      readyText({
        version: VERSION,
        url: control.url,
        httpsUrl: control.https?.url,
        redirectUrl: control.redirectUrl,
        dns: undefined,
        dataFolder: folder.path,
        database: settings.database,
      }),
    )
    return {
      async stop() {
        await control.stop()
        folder.release()
      },
    }
  })
