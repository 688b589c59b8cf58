import { join } from 'node:path'
import { LineDataFiles, type LineDataReport } from './line-data-files.ts'

export interface OpenLineData {
  /** The file that the edge reads and looks at. */
  readonly path: string
  stop(): Promise<void>
}

/**
 * Line data for an edge: the one file `lines.bin`, of the setting or in the data folder, as it is; any other files compiled into one
 * in the edge's folder.
 */
export async function openLineData(
  files: readonly string[] | undefined,
  operatorFolder: string,
  edgeFolder: string,
  report: LineDataReport,
): Promise<OpenLineData> {
  const [first = join(operatorFolder, 'lines.bin'), ...others] = files ?? []
  if (others.length === 0 && first.endsWith('.bin')) return { path: first, async stop() {} }
  const path = join(edgeFolder, 'lines.compiled.bin')
  const compiler = new LineDataFiles([first, ...others], path, report)
  await compiler.start()
  return { path, stop: () => compiler.stop() }
}
