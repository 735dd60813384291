import { DEFAULT_AXIS } from '../model/bucket.ts';
import type { Arm } from '../model/flag.ts';
import type { Meta } from '../model/json.ts';

/** How much of the axis a variant is to get, relative to the others: percent, parts, anything. */
export interface Weight {
  /** Variant, null for the caller's default, absent for "the rule does not apply". */
  readonly serve?: string | null | undefined;
  readonly weight: number;
  /** For arms of a variant that has none yet. */
  readonly metadata?: Meta;
}

/**
 * Cuts the whole axis anew so that each variant gets its weight and as few positions as possible change hands:
 * exactly those that variants lose which shrink. A variant that grows or stays loses nobody; for that, its arms
 * may come to lie apart. Weights are rounded to whole cut units so that they add up to `of`. Variants of `arms`
 * without a weight get nothing. Throws a RangeError when a weight is negative or not finite, or all are zero.
 */
export function reweigh(arms: readonly Arm[], weights: readonly Weight[], of: number = DEFAULT_AXIS): Arm[] {
  const pieces = toPieces(arms, of);
  const surplus = surplusOf(pieces, toUnits(weights, of));
  // Moving a cut between neighbours keeps arms in one piece, so that is done as far as it goes.
  while (moveOneCut(pieces, surplus));
  const metadata = metadataOf(arms, weights);
  return toArms(handOver(pieces, surplus, metadata));
}

interface Piece {
  readonly serve: string | null | undefined;
  readonly metadata: Meta | undefined;
  width: number;
}

type ByServe<T> = Map<string | null | undefined, T>;

function toPieces(arms: readonly Arm[], of: number): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const { upTo, serve, metadata } of arms) {
    // Positions are whole: a cut between two of them is the upper one.
    const end = Math.min(of, Math.ceil(upTo));
    if (end <= start) continue;
    pieces.push({ serve, metadata, width: end - start });
    start = end;
  }
  if (start < of) pieces.push({ serve: undefined, metadata: undefined, width: of - start });
  return pieces;
}

/** Whole units that add up to the axis: the largest remainders are rounded up. */
function toUnits(weights: readonly Weight[], of: number): ByServe<number> {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  if (!weights.every(({ weight }) => weight >= 0) || !Number.isFinite(total) || total <= 0) {
    throw new RangeError('weights are numbers from 0 on, not all of them 0');
  }
  const shares = weights.map(({ serve, weight }) => {
    const exact = (weight / total) * of;
    return { serve, units: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let missing = of - shares.reduce((sum, { units }) => sum + units, 0);
  for (const share of [...shares].sort((a, b) => b.rest - a.rest)) {
    if (missing <= 0) break;
    share.units += 1;
    missing -= 1;
  }
  const units: ByServe<number> = new Map();
  for (const share of shares) units.set(share.serve, (units.get(share.serve) ?? 0) + share.units);
  return units;
}

/** What each variant has too much (above 0) or too little (below). */
function surplusOf(pieces: readonly Piece[], units: ByServe<number>): ByServe<number> {
  const surplus: ByServe<number> = new Map();
  for (const { serve, width } of pieces) surplus.set(serve, (surplus.get(serve) ?? 0) + width);
  for (const [serve, wanted] of units) surplus.set(serve, (surplus.get(serve) ?? 0) - wanted);
  return surplus;
}

function moveOneCut(pieces: Piece[], surplus: ByServe<number>): boolean {
  for (const [index, piece] of pieces.entries()) {
    for (const side of [index - 1, index + 1]) {
      const neighbour = pieces[side];
      if (neighbour === undefined) continue;
      const has = surplus.get(piece.serve) ?? 0;
      const needs = -(surplus.get(neighbour.serve) ?? 0);
      const moved = Math.min(has, needs, piece.width);
      if (moved <= 0) continue;
      piece.width -= moved;
      neighbour.width += moved;
      surplus.set(piece.serve, has - moved);
      surplus.set(neighbour.serve, moved - needs);
      if (piece.width === 0) pieces.splice(index, 1);
      return true;
    }
  }
  return false;
}

/** Gives what is still too much, from the ends of arms, to those that have no arm beside it. */
function handOver(pieces: readonly Piece[], surplus: ByServe<number>, metadata: ByServe<Meta | undefined>): Piece[] {
  const takers = [...surplus].filter(([, units]) => units < 0).map(([serve, units]) => ({ serve, needs: -units }));
  const result: Piece[] = [];
  for (const piece of pieces) {
    let given = Math.min(piece.width, Math.max(0, surplus.get(piece.serve) ?? 0));
    surplus.set(piece.serve, (surplus.get(piece.serve) ?? 0) - given);
    if (piece.width > given) result.push({ ...piece, width: piece.width - given });
    for (const taker of takers) {
      const taken = Math.min(given, taker.needs);
      if (taken === 0) continue;
      result.push({ serve: taker.serve, metadata: metadata.get(taker.serve), width: taken });
      taker.needs -= taken;
      given -= taken;
    }
  }
  return result;
}

function metadataOf(arms: readonly Arm[], weights: readonly Weight[]): ByServe<Meta | undefined> {
  const metadata: ByServe<Meta | undefined> = new Map();
  for (const { serve, metadata: own } of [...arms, ...weights]) {
    if (!metadata.has(serve)) metadata.set(serve, own);
  }
  return metadata;
}

function toArms(pieces: readonly Piece[]): Arm[] {
  const arms: Arm[] = [];
  let upTo = 0;
  for (const { serve, metadata, width } of pieces) {
    upTo += width;
    const before = arms.at(-1);
    if (before !== undefined && before.serve === serve && before.metadata === metadata) arms.pop();
    arms.push({
      upTo,
      ...(serve === undefined ? {} : { serve }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
  return arms;
}
