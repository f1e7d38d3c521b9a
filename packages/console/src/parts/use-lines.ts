import { useState } from 'react';

/** A line of a list that is edited as a whole; the key is only of the list on the screen. */
export type Line<Content> = Content & { readonly key: number };

/** Lines that are changed, added, taken out and moved on the screen, until the list is sent as a whole. */
export function useLines<Content extends object>(initial: readonly Content[]) {
  const [lines, setLines] = useState<readonly Line<Content>[]>(() =>
    initial.map((content, key) => ({ ...content, key })),
  );
  const edit = (key: number, part: Partial<Content>): void =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  /** @returns the key of the new line, which is the last */
  const add = (content: Content): number => {
    const key = Math.max(-1, ...lines.map((line) => line.key)) + 1;
    setLines([...lines, { ...content, key }]);
    return key;
  };
  const remove = (key: number): void => setLines(lines.filter((line) => line.key !== key));
  const move = (index: number, by: 1 | -1): void => {
    const next = [...lines];
    const [line] = next.splice(index, 1);
    if (line !== undefined) next.splice(index + by, 0, line);
    setLines(next);
  };
  return { lines, edit, add, remove, move };
}
