import type { Expression, ExpressionBuilder, ReferenceExpression, SqlBool } from 'kysely'
import type { ZoneScope } from '../access-calls.ts'

/** Conditions that keep the ids of zones in `column` within the scope; none where there is no limit. */
export function inScope<DB, TB extends keyof DB>(
  e: ExpressionBuilder<DB, TB>,
  column: ReferenceExpression<DB, TB>,
  scope: ZoneScope | undefined,
): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = []
  if (scope?.only !== undefined) all.push(e(column, 'in', scope.only.length === 0 ? [''] : scope.only))
  if (scope?.except !== undefined && scope.except.length > 0) all.push(e(column, 'not in', scope.except))
  return all
}
