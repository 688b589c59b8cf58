/** What the table of routes needs to know of an entry. */
interface Routed {
  readonly method: string
  readonly path: string
}

interface Node<R> {
  readonly literals: Map<string, Node<R>>
  parameter: Node<R> | undefined
  /** By method. `names` are the parameters on the way, in order. */
  readonly routes: Map<string, { readonly route: R; readonly names: readonly string[] }>
}

export interface Match<R> {
  readonly route: R
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds the route of a request in a tree of path segments. A literal segment wins over a parameter, wherever the routes
 * stand in the table; when the literal branch leads nowhere, the parameter is tried. One trailing slash means nothing.
 */
export class Router<R extends Routed> {
  readonly #root = emptyNode<R>()

  constructor(routes: readonly R[]) {
    for (const route of routes) this.#add(route)
  }

  #add(route: R): void {
    const names: string[] = []
    let node = this.#root
    for (const segment of segmentsOf(route.path)) {
      if (segment.startsWith('{')) {
        names.push(segment.slice(1, -1))
        node.parameter ??= emptyNode<R>()
        node = node.parameter
      } else {
        let next = node.literals.get(segment)
        if (next === undefined) {
          next = emptyNode<R>()
          node.literals.set(segment, next)
        }
        node = next
      }
    }
    if (node.routes.has(route.method)) throw new Error(`two routes for ${route.method} ${route.path}`)
    node.routes.set(route.method, { route, names })
  }

  /** `path` is still percent-encoded. HEAD falls back to GET. */
  find(method: string, path: string): Match<R> | undefined {
    const segments = segmentsOf(path)
    const values: string[] = []
    const found =
      descend(this.#root, segments, 0, method, values) ??
      (method === 'HEAD' ? descend(this.#root, segments, 0, 'GET', values) : undefined)
    if (found === undefined) return undefined
    const params: Record<string, string> = Object.create(null)
    for (const [index, name] of found.names.entries()) params[name] = values[index]!
    return { route: found.route, params }
  }
}

const emptyNode = <R>(): Node<R> => ({ literals: new Map(), parameter: undefined, routes: new Map() })

function segmentsOf(path: string): string[] {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length
  return path.slice(1, end).split('/')
}

function descend<R>(
  node: Node<R>,
  segments: readonly string[],
  at: number,
  method: string,
  values: string[],
): { readonly route: R; readonly names: readonly string[] } | undefined {
  if (at === segments.length) return node.routes.get(method)
  const segment = decodeSegment(segments[at]!)
  if (segment === undefined) return undefined
  const literal = node.literals.get(segment)
  if (literal !== undefined) {
    const found = descend(literal, segments, at + 1, method, values)
    if (found !== undefined) return found
  }
  // The root path is one empty segment; an empty segment elsewhere is no value.
  if (node.parameter === undefined || segment === '') return undefined
  values.push(segment)
  const found = descend(node.parameter, segments, at + 1, method, values)
  if (found === undefined) values.pop()
  return found
}

/** undefined when the escapes are not UTF-8, or stand for U+0000, which PostgreSQL's text cannot hold. */
function decodeSegment(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    const text = decodeURIComponent(segment)
    return text.includes('\u0000') ? undefined : text
  } catch {
    return undefined
  }
}
