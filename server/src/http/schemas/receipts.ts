import type { InstanceView, LateInstance, Receipts } from '@dimmer/core/api';
import { z } from 'zod';

const late = z
  .object({
    instanceId: z.string(),
    sdk: z.string(),
    appVersion: z.string().exactOptional(),
    address: z.string(),
    version: z.int(),
  })
  .meta({ id: 'LateInstance' }) satisfies z.ZodType<LateInstance>;

const summary = {
  instances: z.int(),
  applied: z.int(),
  gone: z.int().describe('Left before they said so.'),
  unaffected: z.int().describe('Browsers whose values did not change.'),
  polling: z.int(),
  complete: z.boolean(),
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  away: z.int().exactOptional().describe('Server instances seen in the last five minutes and not connected now.'),
  restartedMsAgo: z
    .number()
    .exactOptional()
    .describe('In the first two minutes of a server process: instances of before may still be reconnecting.'),
  late: z.array(late).describe('Those still expected, at most 100.'),
};

/** How far the versions of one write have spread. */
export const receiptsSummary = z.object(summary).meta({ id: 'ReceiptsSummary' }) satisfies z.ZodType<
  Omit<Receipts, 'state'>
>;

/** How far one version of one environment has spread. */
export const receipts = z
  .object({ state: z.enum(['live', 'stored', 'unknown']), ...summary })
  .meta({ id: 'Receipts' }) satisfies z.ZodType<Receipts>;

/** A connected SDK instance. */
export const instanceView = z
  .object({
    instanceId: z.string(),
    environment: z.string(),
    kind: z.enum(['server', 'client']),
    transport: z.enum(['socket', 'polling', 'event-stream']),
    sdk: z.string(),
    appVersion: z.string().exactOptional(),
    address: z.string(),
    version: z.int().describe('Last version it is known to evaluate with; 0 before the first receipt.'),
    sameUpTo: z.int().exactOptional().describe('Of a browser: its values are the same up to this later version.'),
    connectedAt: z.string(),
    goneAt: z.string().nullable(),
    clients: z.int().exactOptional().describe('Of an edge: how many clients it has.'),
    unreadable: z.array(z.string()).exactOptional(),
  })
  .meta({ id: 'Instance' }) satisfies z.ZodType<InstanceView>;
