/** Routes that are no operation of the catalogue, by path, with where their contract comes from. Each route has exactly one source. */
export interface Source {
  readonly title: string
  readonly paths: RegExp
  /** All operations of the source, where it is a closed list. */
  readonly operations?: readonly string[]
}

export const SOURCES: readonly Source[] = [
  {
    title: 'Import and export of workbooks (API v2; in the permission tables, not in the SDKs)',
    paths: /^\/v2\/(templates\/import|zones\/\{zone_id\}\/(import|export))/,
    operations: [
      ...['showPublicImportTemplate', 'createPublicImport', 'showPublicImport', 'deletePublicImport'],
      ...['showPrivateImportTemplate', 'createPrivateImport', 'showPrivateImport', 'deletePrivateImport'],
      'exportZone',
    ],
  },
  { title: 'Identity (Keystone v3)', paths: /^\/v3(\/(auth|projects|regions)|$)/ },
  {
    title: 'Networks and addresses as clients of DNS ask for them (VPC and EIP APIs)',
    paths: /^\/(v1|v2\.0|v3)\/\{project_id\}\//,
  },
  { title: 'Waymark: registry of networks and addresses', paths: /^\/waymark\/v1\/(networks|addresses)/ },
  { title: 'Waymark: files, tasks and keys of zones', paths: /^\/waymark\/v1\/(zones|tasks|explain)/ },
  { title: 'Waymark: transfers to other servers', paths: /^\/waymark\/v1\/transfers/ },
  {
    title: 'Waymark: accounts, users, keys, projects, audit',
    paths: /^\/waymark\/v1\/(accounts|users|keys|projects|audit|whoami|tokens)/,
  },
  {
    title: 'Waymark: state of the installation',
    paths: /^\/(healthz|readyz|metrics|openapi\.json|waymark\/v1\/edges)$/,
  },
]

/** Operations of the contract that are not offered: each answer is a refusal with one of these codes. */
export const NOT_OFFERED: Readonly<Record<string, { readonly code: string; readonly reason: string }>> = {
  AssociateHealthCheck: { code: 'DNS.1101', reason: 'there are no health checks to attach' },
  DisassociateHealthCheck: { code: 'DNS.1105', reason: 'no record set has a health check' },
}
