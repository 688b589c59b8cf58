export * from './feed-codec.ts'
export * from './name.ts'
export * from './result.ts'
