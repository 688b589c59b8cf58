import { describe, expect, test } from 'bun:test'
import type { ContractBed } from './contract-bed.ts'
import { RowExists, RowMissing } from './store.ts'

/** What every engine must do with accounts, projects, users, keys, tokens and settings. */
export function identityContract(bed: ContractBed): void {
  const { newId, write } = bed

  describe('identity', () => {
    test('accounts, projects, users, keys and tokens come back as they went in', async () => {
      const domain = { id: newId(), name: `account-${bed.tenant.domainId}`, enabled: true }
      const project = { id: newId(), domainId: domain.id, name: 'local', enabled: true }
      const user = {
        id: newId(),
        domainId: domain.id,
        name: 'admin',
        passwordHash: '$argon2id$',
        enabled: true,
        createdAt: 5,
      }
      const key = {
        accessKey: `AK${newId()}`,
        userId: user.id,
        sealedSecret: 'c2VhbGVk',
        enabled: true,
        createdAt: 6,
      }
      const token = {
        hash: newId(),
        userId: user.id,
        domainId: domain.id,
        projectId: null,
        methods: ['password'],
        issuedAt: 1,
        expiresAt: 100,
      }
      await write(async (tx) => {
        await tx.insertAccount(domain)
        await tx.insertProject(project)
        await tx.insertUser(user)
        await tx.insertAccessKey(key)
        await tx.insertToken(token)
      })
      expect(await bed.store.findAccount(domain.id)).toEqual(domain)
      expect(await bed.store.findAccountByName(domain.name)).toEqual(domain)
      expect(await bed.store.listAccounts()).toContainEqual(domain)
      expect(await bed.store.findProject(project.id)).toEqual(project)
      expect(await bed.store.listProjects(domain.id)).toEqual([project])
      expect(await bed.store.listProjects(domain.id, { name: 'other' })).toEqual([])
      expect(await bed.store.findUser(user.id)).toEqual(user)
      expect(await bed.store.findUserByName(domain.id, 'admin')).toEqual(user)
      expect(await bed.store.findUserByName(bed.tenant.domainId, 'admin')).toBeUndefined()
      expect(await bed.store.findAccessKey(key.accessKey)).toEqual(key)
      expect(await bed.store.findToken(token.hash)).toEqual(token)

      const off = { ...user, enabled: false, passwordHash: 'new' }
      await write((tx) => tx.updateUser(off))
      expect(await bed.store.listUsers(domain.id)).toEqual([off])
      expect(write((tx) => tx.insertUser({ ...user, id: newId() }))).rejects.toThrow(RowExists)
      expect(write((tx) => tx.updateUser({ ...user, id: newId() }))).rejects.toThrow(RowMissing)
    })

    test('tokens go when they are removed or over', async () => {
      const domain = { id: newId(), name: `account-${bed.tenant.domainId}`, enabled: true }
      const user = {
        id: newId(),
        domainId: domain.id,
        name: 'u',
        passwordHash: '',
        enabled: true,
        createdAt: 5,
      }
      const token = {
        hash: '',
        userId: user.id,
        domainId: domain.id,
        projectId: 'p',
        methods: [],
        issuedAt: 1,
        expiresAt: 100,
      }
      await write(async (tx) => {
        await tx.insertAccount(domain)
        await tx.insertUser(user)
        for (const [hash, expiresAt] of [
          ['t1', 10],
          ['t2', 11],
          ['t3', 12],
        ] as const) {
          await tx.insertToken({ ...token, hash: `${hash}-${bed.tenant.domainId}`, expiresAt })
        }
        await tx.removeExpiredTokens(10)
        await tx.removeToken(`t3-${bed.tenant.domainId}`)
      })
      const left = await Promise.all(
        ['t1', 't2', 't3'].map((hash) => bed.store.findToken(`${hash}-${bed.tenant.domainId}`)),
      )
      expect(left.map((one) => one !== undefined)).toEqual([false, true, false])
    })

    test('settings are put, or only put when there is none', async () => {
      const name = `setting-${bed.tenant.domainId}`
      await write((tx) => tx.putSetting(name, 'one'))
      await write((tx) => tx.insertSetting(name, 'two'))
      expect(await bed.store.findSetting(name)).toBe('one')
      await write((tx) => tx.putSetting(name, 'three'))
      expect(await bed.store.findSetting(name)).toBe('three')
      expect(await bed.store.findSetting('none')).toBeUndefined()
    })

    test('the store says that it can be reached', async () => {
      await bed.store.ping()
    })
  })
}
