import { describe, expect, it } from 'vitest';
import { Throttle } from './throttle.ts';

const LIMITS = { free: 3, firstWaitMs: 1_000, longestWaitMs: 8_000, forgetMs: 60_000, capacity: 4 };
const KEYS = ['name:a', 'address:1'];

describe('the throttle of guesses', () => {
  it('lets some failures pass, then doubles the wait up to the longest', () => {
    const throttle = new Throttle(LIMITS);
    const waits = Array.from({ length: 8 }, () => {
      throttle.failed(KEYS, 0);
      return throttle.waitMs(KEYS, 0);
    });
    expect(waits).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    expect(throttle.waitMs(KEYS, 7_999)).toBe(1);
    expect(throttle.waitMs(KEYS, 8_000)).toBe(0);
  });

  it('counts each key apart, and the longest wait of those that are asked for holds', () => {
    const throttle = new Throttle(LIMITS);
    for (let index = 0; index < 3; index += 1) throttle.failed([`name:${index}`, 'address:1'], 0);
    expect(throttle.waitMs(['name:0'], 0)).toBe(0);
    expect(throttle.waitMs(['name:9', 'address:1'], 0)).toBe(1_000);
  });

  it('forgets after a time without failures, and a name that got in at once', () => {
    const throttle = new Throttle(LIMITS);
    for (let index = 0; index < 5; index += 1) throttle.failed(KEYS, 0);
    throttle.failed(KEYS, 60_001);
    expect(throttle.waitMs(KEYS, 60_001)).toBe(0);
    for (let index = 0; index < 4; index += 1) throttle.failed(KEYS, 70_000);
    throttle.succeeded('name:a');
    expect(throttle.waitMs(['name:a'], 70_000)).toBe(0);
    expect(throttle.waitMs(['address:1'], 70_000)).toBeGreaterThan(0);
  });

  it('does not grow: the key that has been unused for longest makes room', () => {
    const throttle = new Throttle(LIMITS);
    for (let index = 0; index < 3; index += 1) throttle.failed(['old'], 0);
    for (let index = 0; index < 3; index += 1) throttle.failed(['busy'], 0);
    for (let index = 0; index < 2; index += 1) throttle.failed([`other:${index}`], 0);
    expect(throttle.waitMs(['old'], 0)).toBe(1_000);
    throttle.failed(['new'], 0);
    expect(throttle.waitMs(['old'], 0)).toBe(0);
    expect(throttle.waitMs(['busy'], 0)).toBe(1_000);
  });
});
