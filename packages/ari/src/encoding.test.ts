import { expect, it } from 'vitest';
import { decode, encode } from './encoding.ts';
import { AriError } from './errors.ts';
import { OPERATIONS } from './generated/operations.ts';

it('puts each parameter where the description says and leaves out what is undefined', () => {
  const params = { channelId: 'a/b ä', endpoint: 'Local/1@x', timeout: 0, app: undefined };
  expect(encode(OPERATIONS.channels.originateWithId, params)).toEqual({
    path: '/channels/a%2Fb%20%C3%A4',
    query: [
      { name: 'endpoint', value: 'Local/1@x' },
      { name: 'timeout', value: '0' },
    ],
    body: undefined,
  });
});

it('joins lists, and puts variables into the body by name', () => {
  const { query, body } = encode(OPERATIONS.bridges.addChannel, { bridgeId: 'b', channel: ['c', 'd'] });
  expect({ query, body }).toEqual({ query: [{ name: 'channel', value: 'c,d' }], body: undefined });
  const made = encode(OPERATIONS.channels.create, { endpoint: 'e', app: 'a', variables: { SECRET: '1' } });
  expect(made.body).toBe('{"variables":{"SECRET":"1"}}');
  expect(made.query.map(({ name }) => name)).toEqual(['endpoint', 'app']);
});

it('sends an object parameter as the whole body', () => {
  const filter = { allowed: [{ type: 'StasisStart' }] };
  const { body } = encode(OPERATIONS.applications.filter, { applicationName: 'a', filter });
  expect(body).toBe(JSON.stringify(filter));
});

it('tells refusals apart from answers that are none', () => {
  expect(decode('x', 204, '')).toBeUndefined();
  expect(() => decode('x', 404, '{"message":"Channel not found"}')).toThrow('x: 404 Channel not found');
  expect(() => decode('x', 401, '<html>')).toThrow(
    expect.objectContaining({ code: 'ARI_HTTP', status: 401 }),
  );
  expect(() => decode('x', 200, '<html>')).toThrow(AriError);
});
