import type { Context } from '../context.ts'
import { listed, readPage, type Sorting } from '../http/paging.ts'
import { type Call, type Route, route } from '../http/route.ts'
import { readDomainFilter, readIdFilter, readNameFilter } from './resolver-input.ts'
import { associateRule, createRule, disassociateRule, removeRule, showRule, updateRule } from './rules.ts'
import {
  NewRuleBody,
  RouterOfRuleBody,
  RuleBody,
  RuleChangeBody,
  RuleList,
  RuleQuery,
  RuleRouterBody,
  routerBody,
  ruleBody,
} from './schemas.ts'

const ALL = '/v2.1/resolverrules'
const ONE = `${ALL}/{resolverrule_id}`
const SORTING: Sorting = { keys: [], defaultKey: 'created_at', defaultDir: 'desc', dirOfKey: 'desc' }

const ruleIdOf = ({ params }: Call): string => params.resolverrule_id!.toLowerCase()

/** Rules that say where queries of private networks are forwarded to. Kept and checked; nothing is forwarded yet. */
export const ruleRoutes: readonly Route<Context>[] = [
  route<Context>({
    operation: 'createResolverRule',
    method: 'POST',
    path: ALL,
    summary: 'Create a resolver rule',
    permission: 'dns:resolverRule:create',
    input: 'json',
    bodySchema: NewRuleBody,
    responses: { 202: RuleBody },
    async handler(call, context) {
      return {
        status: 202,
        json: { resolver_rule: ruleBody(await createRule(context, call.tenant, call.body)) },
      }
    },
  }),
  route<Context>({
    operation: 'listResolverRules',
    method: 'GET',
    path: ALL,
    summary: 'List resolver rules',
    permission: 'dns:resolverRule:list',
    query: RuleQuery,
    responses: { 200: RuleList },
    async handler(call, context) {
      const { id, endpoint_id: endpointId, name, domain_name: domainName } = call.query
      const { sort_key: _key, sort_dir: _dir, ...query } = call.query
      const page = readPage(query, SORTING)
      const filter = {
        id: readIdFilter(id),
        endpointId: readIdFilter(endpointId),
        name: readNameFilter(name, 'REQUEST_INVALID'),
        domainName: readDomainFilter(domainName),
      }
      const { rows, total } = await listed(context.store.listRules(call.tenant, filter, page))
      const rules = rows.map((rule) => ruleBody(rule, { hasRouters: true }))
      return { status: 200, json: { resolver_rules: rules, metadata: { total_count: total } } }
    },
  }),
  route<Context>({
    operation: 'showResolverRule',
    method: 'GET',
    path: ONE,
    summary: 'Show a resolver rule with its targets and networks',
    permission: 'dns:resolverRule:get',
    responses: { 200: RuleBody },
    async handler(call, context) {
      const rule = await showRule(context, call.tenant, ruleIdOf(call))
      const view = { hasRouters: true, hasTargets: true }
      return { status: 200, json: { resolver_rule: ruleBody(rule, view) } }
    },
  }),
  route<Context>({
    operation: 'updateResolverRule',
    method: 'PUT',
    path: ONE,
    summary: 'Change the name or the targets of a resolver rule',
    permission: 'dns:resolverRule:update',
    input: 'json',
    bodySchema: RuleChangeBody,
    responses: { 202: RuleBody },
    async handler(call, context) {
      const rule = await updateRule(context, call.tenant, ruleIdOf(call), call.body)
      return { status: 202, json: { resolver_rule: ruleBody(rule, { status: 'PENDING_UPDATE' }) } }
    },
  }),
  route<Context>({
    operation: 'deleteResolverRule',
    method: 'DELETE',
    path: ONE,
    summary: 'Delete a resolver rule that is for no network',
    permission: 'dns:resolverRule:delete',
    responses: { 202: RuleBody },
    async handler(call, context) {
      const rule = await removeRule(context, call.tenant, ruleIdOf(call))
      return { status: 202, json: { resolver_rule: ruleBody(rule, { status: 'DELETED' }) } }
    },
  }),
  route<Context>({
    operation: 'associateResolverRuleRouter',
    method: 'POST',
    path: `${ONE}/associaterouter`,
    summary: 'Make a resolver rule hold for a private network',
    permission: 'dns:resolverRule:associateRouter',
    input: 'json',
    bodySchema: RouterOfRuleBody,
    responses: { 202: RuleRouterBody },
    async handler(call, context) {
      const router = await associateRule(context, call.tenant, ruleIdOf(call), call.body)
      return { status: 202, json: routerBody({ ...router, status: 'PENDING_CREATE' }) }
    },
  }),
  route<Context>({
    operation: 'disassociateResolverRuleRouter',
    method: 'POST',
    path: `${ONE}/disassociaterouter`,
    summary: 'End that a resolver rule holds for a private network',
    permission: 'dns:resolverRule:disassociateRouter',
    input: 'json',
    bodySchema: RouterOfRuleBody,
    responses: { 202: RuleRouterBody },
    async handler(call, context) {
      const router = await disassociateRule(context, call.tenant, ruleIdOf(call), call.body)
      return { status: 202, json: routerBody({ ...router, status: 'PENDING_DELETE' }) }
    },
  }),
]
