/** An SDK instance's word that it now evaluates with this version; implies all versions below. */
export interface Receipt {
  readonly type: 'receipt';
  readonly version: number;
  readonly digest: string;
  /** From the arrival of the message to the swap. */
  readonly applyMs: number;
  /** From the swap to the sending of this. */
  readonly heldMs: number;
  /** Keys of objects in a newer format, which this instance could not take over whole. */
  readonly unreadable?: readonly string[];
}
