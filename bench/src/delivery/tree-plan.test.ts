import { describe, expect, test } from 'vitest';
import { planTree, type NodeAssumptions } from './tree-plan.ts';

const NODE: NodeAssumptions = { sockets: 10_000, usPerMessage: 20, messageBytes: 300, lastMs: 100, hopMs: 1 };

describe('a tree of edges', () => {
  test('is not needed while the server can serve all itself', () => {
    expect(planTree(10_000, NODE)).toEqual({
      sdks: 10_000,
      edges: 0,
      depth: 1,
      atServer: 10_000,
      atBusiest: 10_000,
      messages: 10_000,
      bytes: 10_000 * 356,
      cpuMs: 200,
      busiestCpuMs: 200,
      lastMs: 101,
    });
  });

  test('has one level when the server can serve its edges, and costs one message more for each edge', () => {
    const plan = planTree(1_000_000, NODE);
    expect(plan).toMatchObject({ edges: 100, depth: 2, atServer: 100, atBusiest: 10_000, messages: 1_000_100 });
    // A hundred edges are reached in a hundredth of the time, ten thousand SDKs in all of it.
    expect(plan.lastMs).toBeCloseTo(1 + 1 + 1 + 100);
  });

  test('grows a level when the edges are too many for the server', () => {
    const plan = planTree(10_000, { ...NODE, sockets: 50 });
    expect(plan).toMatchObject({ edges: 200 + 4, depth: 3, atServer: 4, atBusiest: 50 });
  });

  test('spreads SDKs evenly over the edges', () => {
    expect(planTree(15_000, NODE)).toMatchObject({ edges: 2, atBusiest: 7_500 });
  });
});
