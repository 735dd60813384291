import { pgTable } from 'drizzle-orm/pg-core';
import { text, whole } from '../columns.ts';

/** What the servers on this database tell each other, numbered without gaps in the order of commits. */
export const announcements = pgTable('announcements', {
  seq: whole('seq').primaryKey(),
  text: text('text').notNull(),
  at: whole('at').notNull(),
});
