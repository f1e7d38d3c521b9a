import { expect, it } from 'vitest';
import type { AgentState } from '../agents/rules.ts';
import { DialMemory, type Remembered } from './memory.ts';

const NOW = new Date('2026-11-21T00:00:00Z');

function state(accountId: number, baseStatus: AgentState['baseStatus'] = 'ready'): AgentState {
  return {
    accountId,
    baseStatus,
    baseSince: NOW,
    callStatus: null,
    callSince: null,
    phone: null,
    seat: null,
    idleSince: NOW,
    readyAt: null,
    misses: 0,
  };
}

function seen(accountId: number): Remembered {
  const key = Buffer.alloc(32);
  return {
    account: {
      accountId,
      version: '7',
      agentEnabled: true,
      signInPhone: null,
      sealedPassword: Buffer.alloc(0),
      agent: { state: state(accountId), version: '8' },
    },
    keys: [
      { kind: 'pair', key },
      { kind: 'id', key },
      { kind: 'phone', key },
    ],
    passwordHash: key,
  };
}

it('remembers an ID at one phone, not at another', () => {
  const memory = new DialMemory();
  memory.remember('482915', '1000', seen(1));
  expect(memory.recall('482915', '1000')).toEqual(seen(1));
  expect(memory.recall('482915', '1001')).toBeUndefined();
  expect(memory.recall('48291', '51000')).toBeUndefined();
});

it('knows of a changed agent at every phone where the ID is remembered', () => {
  const memory = new DialMemory();
  memory.remember('482915', '1000', seen(1));
  memory.remember('482915', '1001', seen(1));
  memory.remember('615023', '1000', seen(2));
  expect(memory.known([1, 2, 3])).toEqual([1, 2]);
  const agent = { state: state(1, 'away'), version: '9' };
  memory.agentIs(agent);
  expect(memory.recall('482915', '1000')?.account.agent).toEqual(agent);
  expect(memory.recall('482915', '1001')?.account).toEqual({ ...seen(1).account, agent });
  expect(memory.recall('615023', '1000')).toEqual(seen(2));
});

it('keeps nothing of what was forgotten', () => {
  const memory = new DialMemory();
  memory.remember('482915', '1000', seen(1));
  memory.remember('482915', '1001', seen(1));
  memory.forget('482915', '1000');
  memory.forget('482915', '1000');
  expect(memory.recall('482915', '1000')).toBeUndefined();
  expect(memory.known([1])).toEqual([1]);
  memory.forget('482915', '1001');
  expect(memory.known([1])).toEqual([]);
  memory.agentIs({ state: state(1, 'away'), version: '9' });
  expect(memory.recall('482915', '1001')).toBeUndefined();
});

it('an ID that became another account is of that account alone', () => {
  const memory = new DialMemory();
  memory.remember('482915', '1000', seen(1));
  memory.remember('482915', '1000', seen(2));
  expect(memory.known([1, 2])).toEqual([2]);
});

it('never grows past 20,000', () => {
  const memory = new DialMemory();
  for (let id = 0; id <= 20_000; id += 1) memory.remember(String(id), '1000', seen(id));
  expect(memory.recall('0', '1000')).toBeUndefined();
  expect(memory.recall('20000', '1000')).toEqual(seen(20_000));
  expect(memory.known([0, 19_999, 20_000])).toEqual([20_000]);
});
