/**
 * For tests only: compares a schema with the file that the repository holds of it, so that a review shows what a migration
 * really does. With `WAYMARK_GENERATE=1` it writes the file instead.
 */
export async function compareSchema(
  engine: 'sqlite' | 'postgres',
  schema: string,
): Promise<{ held: string; made: string }> {
  const made = `-- Generated from store/migrations (WAYMARK_GENERATE=1 bun test store). Do not edit.\n\n${schema.trim()}\n`
  const file = Bun.file(new URL(`./generated/schema.${engine}.sql`, import.meta.url))
  if (Bun.env.WAYMARK_GENERATE === '1') await file.write(made)
  return { held: (await file.exists()) ? await file.text() : '', made }
}
