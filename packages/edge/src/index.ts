export { type Edge, startEdge } from './edge.ts'
export { jsonLog, type Log } from './log.ts'
export { type EdgeSettings, formatAddress, parseAddresses, settingsFromEnvironment } from './settings.ts'
