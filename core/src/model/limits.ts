/** Keys of projects, environments, flags, segments and variants. */
export const KEY_PATTERN: RegExp = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/;

/** Names of the sizes. */
export interface Limits {
  readonly patternCharacters: number;
  readonly conditionDepth: number;
  readonly conditionsPerRule: number;
  readonly flagBytes: number;
  readonly segmentBytes: number;
  readonly bodyBytes: number;
  readonly rulesetBytes: number;
}

/** Sizes the server refuses to exceed; bytes are of canonical JSON in UTF-8. */
export const LIMITS: Limits = {
  patternCharacters: 256,
  conditionDepth: 16,
  conditionsPerRule: 500,
  flagBytes: 1_048_576,
  segmentBytes: 4_194_304,
  bodyBytes: 8_388_608,
  rulesetBytes: 16_777_216,
};
