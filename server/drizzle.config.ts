import { defineConfig } from 'drizzle-kit';

/** `npx drizzle-kit generate` writes the next migration after the schema was changed. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/storage/sqlite/schema.ts',
  out: './drizzle/sqlite',
});
