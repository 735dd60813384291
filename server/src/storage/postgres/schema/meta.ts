import { pgTable } from 'drizzle-orm/pg-core';
import { text } from '../columns.ts';

export const meta = pgTable('meta', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});
