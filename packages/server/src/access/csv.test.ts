import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from '../http/csv.ts';
import { parseCsv } from './csv.ts';

it('reads cells, quoted cells, marks and line ends of every kind', () => {
  expect(parseCsv('\uFEFFa,b\r\n"x,y","say ""hi"""\n\n"two\nlines",\nlast,1')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x,y', 'say "hi"'] },
    { line: 4, cells: ['two\nlines', ''] },
    { line: 6, cells: ['last', '1'] },
  ]);
});

it('reads back what was written', () => {
  const plain = fc
    .string({ minLength: 1 })
    .filter((text) => !/^[=+\-@\t\r]/.test(text) && !text.includes('\r'));
  fc.assert(
    fc.property(fc.array(fc.array(plain, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (rows) => {
      expect(parseCsv(rows.map(csvLine).join('')).map(({ cells }) => cells)).toEqual(rows);
    }),
  );
});
