import { defineConfig } from 'drizzle-kit';

/** `DIALECT=… npx drizzle-kit generate` writes the next migration after a schema was changed; there are two. */
const dialect = process.env['DIALECT'] === 'postgres' ? 'postgres' : 'sqlite';

export default defineConfig({
  dialect: dialect === 'postgres' ? 'postgresql' : 'sqlite',
  schema: `./src/storage/${dialect}/*schema.ts`,
  out: `./drizzle/${dialect}`,
});
