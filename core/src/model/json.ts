/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a condition may be compared with. */
export type Scalar = boolean | number | string;

/** Free-form facts about a flag, rule, arm or variant; they become OpenFeature flag metadata. */
export type Meta = Readonly<Record<string, Scalar>>;
