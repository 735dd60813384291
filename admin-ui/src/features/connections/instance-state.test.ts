// @vitest-environment node
import type { InstanceView } from '@dimmer/core/api';
import { expect, test } from 'vitest';
import { behindBy, isIn } from './instance-state.ts';

const browser: InstanceView = {
  instanceId: 'i',
  environment: 'production',
  kind: 'client',
  transport: 'socket',
  sdk: 'browser/0.1.0',
  address: '::1',
  version: 3,
  connectedAt: '',
  goneAt: null,
};

test('a browser to which the versions since make no difference is not behind', () => {
  expect(behindBy(browser, 7)).toBe(4);
  expect(behindBy({ ...browser, sameUpTo: 7 }, 7)).toBe(0);
  expect(behindBy({ ...browser, sameUpTo: 5 }, 7)).toBe(2);
  expect(isIn('behind', { ...browser, sameUpTo: 7 }, 7)).toBe(false);
  expect(behindBy({ ...browser, version: 0 }, 7)).toBeNull();
});
