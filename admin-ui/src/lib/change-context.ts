import type { Environment, WriteAnswer, WriteOptions } from '@dimmer/core/api';
import { createContext, use, type ReactNode } from 'react';
import type { Direction } from './exposure.ts';

/** A change somebody asks for. How it is confirmed, reported and undone is the same everywhere. */
export interface ChangeRequest {
  /** Where it takes effect; without one it asks nothing beforehand. */
  readonly environment?: Environment | undefined;
  readonly direction: Direction;
  /** Title of the dialog, if one is due: what will be different. */
  readonly effect: string;
  /** Shown in that dialog. */
  readonly details?: ReactNode;
  /** Ask even where no protection demands it. */
  readonly ask?: boolean;
  /** Has to be typed, whatever the direction is; without it what is protected decides. */
  readonly word?: string | undefined;
  /** The note as it was typed when this was asked for before. */
  readonly comment?: string | undefined;
  readonly confirmLabel?: string;
  readonly danger?: boolean;
  /** What the notice says afterwards. */
  readonly done: string;
  readonly send: (options: WriteOptions) => Promise<WriteAnswer>;
  /** Called before sending, once it is certain that it will be sent. */
  readonly onSend?: () => void;
  /** Returns true when the caller shows the refusal itself. */
  readonly onRefused?: (error: unknown) => boolean;
  readonly undo?: boolean;
}

export type ChangeOutcome =
  | { readonly kind: 'done'; readonly answer: WriteAnswer }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'refused'; readonly error: unknown; readonly comment?: string | undefined };

export type Change = (request: ChangeRequest) => Promise<ChangeOutcome>;

export const ChangeContext = createContext<Change | null>(null);

/** The one way in which features change something. */
export function useChange(): Change {
  const change = use(ChangeContext);
  if (change === null) throw new Error('useChange needs a ChangeContext around it');
  return change;
}
