/** A value of a metric with its labels, as `{name="value"}` or nothing. */
export type MetricValue = readonly [labels: string, value: number]

/** Adds a metric; its name is without the prefix that all have. */
export type Add = (
  name: string,
  kind: 'counter' | 'gauge' | 'histogram',
  help: string,
  values: number | readonly MetricValue[],
) => void

const PREFIX = 'waymark_edge_'

/** Lines in the text format of Prometheus, and what adds to them. */
export function metricLines(): { readonly lines: string[]; readonly add: Add } {
  const lines: string[] = []
  return {
    lines,
    add(name, kind, help, values) {
      lines.push(`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${kind}`)
      const list: readonly MetricValue[] = typeof values === 'number' ? [['', values]] : values
      for (const [labels, value] of list) lines.push(`${PREFIX}${name}${labels} ${value}`)
    },
  }
}

/** `counts` has one more than `bounds`: what is above them all. Each bucket shown holds those below as well. */
export function histogram(
  add: Add,
  name: string,
  help: string,
  { bounds, counts, sum }: { bounds: readonly number[]; counts: readonly number[]; sum: number },
): void {
  let count = 0
  const buckets = counts.map((inBucket, i): MetricValue => {
    count += inBucket
    return [`_bucket{le="${bounds[i] ?? '+Inf'}"}`, count]
  })
  add(name, 'histogram', help, [...buckets, ['_sum', sum], ['_count', count]])
}

export const labelValue = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')
