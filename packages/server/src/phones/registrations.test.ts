import { describe, expect, it } from 'vitest';
import { Registrations } from './registrations.ts';

describe('registrations', () => {
  it('are unknown without a list', () => {
    const registrations = new Registrations();
    expect(registrations.has('1000')).toBeNull();
    registrations.are(['1000']);
    expect([registrations.has('1000'), registrations.has('1001')]).toEqual([true, false]);
    registrations.are(undefined);
    expect(registrations.has('1000')).toBeNull();
  });

  it('follow changes, and say whether something changed', () => {
    const registrations = new Registrations();
    registrations.are(['1000']);
    expect(registrations.changed('1000', true)).toBe(false);
    expect(registrations.changed('1000', false)).toBe(true);
    expect(registrations.changed('1001', true)).toBe(true);
    expect([registrations.has('1000'), registrations.has('1001')]).toEqual([false, true]);
  });

  it('keep a change that overtakes the list, which would leave a phone unregistered for ever', () => {
    const registrations = new Registrations();
    registrations.changed('1001', true);
    registrations.changed('1000', true);
    registrations.changed('1000', false);
    registrations.are(['1000']);
    expect([registrations.has('1000'), registrations.has('1001')]).toEqual([false, true]);
    registrations.are(undefined);
    registrations.are([]);
    expect(registrations.has('1001')).toBe(false);
  });
});
