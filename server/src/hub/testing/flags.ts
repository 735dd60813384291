import type { Flag } from '@dimmer/core/model';

/** A boolean flag that serves one variant to everybody. */
export function booleanFlag(on: boolean, more: Partial<Flag> = {}): Flag {
  return {
    type: 'boolean',
    variants: { on: { value: true }, off: { value: false } },
    enabled: true,
    off: 'off',
    default: on ? 'on' : 'off',
    ...more,
  };
}

/** The same, for browsers to see. */
export function visibleFlag(on: boolean, more: Partial<Flag> = {}): Flag {
  return booleanFlag(on, { clientVisible: true, ...more });
}
