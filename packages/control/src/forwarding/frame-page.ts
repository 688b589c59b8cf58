import type { Forward } from './forward-index.ts'

const STYLE =
  'html,body,iframe{margin:0;padding:0;border:0;width:100%;height:100%;display:block;overflow:hidden}'
const STYLE_HASH = new Bun.CryptoHasher('sha256').update(STYLE).digest('base64')
/** Nothing runs on the page; what is in the frame follows its own rules. */
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-src http: https:; base-uri 'none'; form-action 'none'`

/** A page that shows the target inside, so that the browser goes on showing the name that was asked for. */
export function framePage({ name, target }: Pick<Forward, 'name' | 'target'>): Response {
  const title = escapeHtml(name)
  const page = `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body><iframe src="${escapeHtml(target)}" title="${title}" allowfullscreen></iframe></body>
</html>
`
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-cache',
    },
  })
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!)
