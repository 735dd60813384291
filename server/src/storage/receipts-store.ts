/** The summary of how one version spread, stored a minute after its commit. */
export interface ReceiptsRow {
  readonly environmentId: string;
  readonly version: number;
  /** JSON text of the API's receipts without `state`. */
  readonly summary: string;
  readonly at: number;
}

export interface ReceiptsReads {
  get(environmentId: string, version: number): Promise<ReceiptsRow | undefined>;
}

export interface ReceiptsStore extends ReceiptsReads {
  put(row: ReceiptsRow): Promise<void>;
}
