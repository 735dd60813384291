import { bigint, customType } from 'drizzle-orm/pg-core';

/** Text in the order of its bytes, as SQLite has it, whatever the language of the database is. */
const bytewise = 'text COLLATE "C"';

const asText = customType<{ data: string; driverData: string }>({ dataType: () => bytewise });

const asJson = customType<{ data: unknown; driverData: string }>({
  dataType: () => bytewise,
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (stored): unknown => JSON.parse(stored),
});

/** A column of text, or of some texts only. */
export function text<T extends string = string>(name: string) {
  return asText(name).$type<T>();
}

/** A value as JSON text. */
export function json<T>(name: string) {
  return asJson(name).$type<T>();
}

/** A whole number that JavaScript can hold: times are epoch milliseconds. */
export function whole(name: string) {
  return bigint(name, { mode: 'number' });
}
