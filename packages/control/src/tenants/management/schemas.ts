import { z } from 'zod'
import { apiError } from '../../errors.ts'
import type { Grant } from '../../store/access-calls.ts'
import type { AccessKey, Account, Project, User } from '../../store/store.ts'
import { ROLE_NAMES } from '../roles.ts'

/** Bodies and answers of accounts, users, access keys and projects. */

/** Letters and digits of any script; what would need escaping in a log, a path or a shell is kept out. */
const Name = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}_.@-]{0,63}$/u, 'up to 64 letters, digits and "_", ".", "@", "-"')
const Password = z.string().min(8, 'at least 8 characters').max(1024, 'at most 1024 characters')
const ProjectName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'up to 64 letters, digits, hyphens, underscores')
const ZoneIds = z
  .array(z.string().regex(/^[0-9a-z]{32}$/, 'ids of zones, 32 characters each'))
  .max(500, 'at most 500 zones')
const MAX_POLICIES = 20

const UserFields = {
  password: Password.optional(),
  enabled: z.boolean().optional(),
  role: z.enum(ROLE_NAMES).optional(),
  /** Of a zone administrator. */
  zones: ZoneIds.optional(),
  policies: z.array(z.record(z.string(), z.unknown())).max(MAX_POLICIES, 'at most 20 policies').optional(),
}

export const NewAccountBody = z.strictObject({
  name: Name,
  user: Name.optional(),
  password: Password.optional(),
})
export const AccountChangeBody = z.strictObject({ name: Name.optional(), enabled: z.boolean().optional() })
export const NewUserBody = z.strictObject({ name: Name, ...UserFields })
export const UserChangeBody = z.strictObject(UserFields)
export const NewKeyBody = z.strictObject({ user_id: z.string() })
export const KeyChangeBody = z.strictObject({ enabled: z.boolean() })
export const NewProjectBody = z.strictObject({ name: ProjectName })
export const ProjectChangeBody = z.strictObject({ enabled: z.boolean() })
export const AccountQuery = z.object({ account_id: z.string().optional() })
export const KeyQuery = z.object({ account_id: z.string().optional(), user_id: z.string().optional() })

export const AccountBody = z.object({
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  is_operator: z.boolean(),
})
export const UserBody = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  role: z.string(),
  zones: z.array(z.string()),
  policies: z.array(z.record(z.string(), z.unknown())),
  created_at: z.string(),
})
export const KeyBody = z.object({
  access_key: z.string(),
  user_id: z.string(),
  enabled: z.boolean(),
  created_at: z.string(),
})
/** Shown once: the secret cannot be read back. */
export const MadeKeyBody = KeyBody.extend({ secret_key: z.string() })
/** `password` only where it was made up. */
export const MadeUserBody = UserBody.extend({ password: z.string().optional() })
export const ProjectBody = z.object({
  id: z.string(),
  account_id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
})
/** In the form of credentials.json, which the CLI reads. */
export const MadeAccountBody = AccountBody.extend({
  credentials: z.object({
    access_key: z.string(),
    secret_key: z.string(),
    user: z.string(),
    password: z.string().optional(),
    domain: z.string(),
    domain_id: z.string(),
    region: z.string(),
    project_id: z.string(),
  }),
})

export const accountBody = (account: Account, operatorId: string | undefined) => ({
  id: account.id,
  name: account.name,
  enabled: account.enabled,
  is_operator: account.id === operatorId,
})

export const userBody = (user: User, grant: Grant | undefined) => ({
  id: user.id,
  account_id: user.domainId,
  name: user.name,
  enabled: user.enabled,
  role: grant?.role ?? 'none',
  zones: grant?.zoneIds ?? [],
  policies: grant?.policies ?? [],
  created_at: new Date(user.createdAt).toISOString(),
})

export const keyBody = (key: AccessKey) => ({
  access_key: key.accessKey,
  user_id: key.userId,
  enabled: key.enabled,
  created_at: new Date(key.createdAt).toISOString(),
})

export const projectBody = (project: Project) => ({
  id: project.id,
  account_id: project.domainId,
  name: project.name,
  enabled: project.enabled,
})

/** A body after its schema. Throws FIELD_INVALID with the first field that does not fit. */
export function readBody<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue!.path.join('.') || (issue!.code === 'unrecognized_keys' ? issue!.keys[0]! : 'body')
  throw apiError('FIELD_INVALID', { field, reason: issue!.message })
}
