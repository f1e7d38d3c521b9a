import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it.each([
  [['a', 'b'], 'a,b\r\n'],
  [[1, -2, true, null], '1,-2,true,\r\n'],
  [['a,b', 'say "x"', 'two\nlines'], '"a,b","say ""x""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@sum', '\tx'], "'=1+1,'+1,'-1,'@sum,'\tx\r\n"],
  [['\r=1', '=HYPERLINK("x","y")'], `"'\r=1","'=HYPERLINK(""x"",""y"")"\r\n`],
  [['佐藤 一郎', '0120'], '佐藤 一郎,0120\r\n'],
])('%j is %j', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
