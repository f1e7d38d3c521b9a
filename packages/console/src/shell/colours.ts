import { isMantineColorScheme } from '@mantine/core';
import type { MantineColorSchemeManager } from '@mantine/core';
import { recall, remember } from './memory.ts';

/** Remembers light or dark under our own name; without a choice the machine's setting decides. */
export const colourManager: MantineColorSchemeManager = {
  get: (byDefault) => {
    const value = recall('colours');
    return isMantineColorScheme(value) ? value : byDefault;
  },
  set: (value) => remember('colours', value),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => remember('colours', 'auto'),
};
