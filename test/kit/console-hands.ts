import type { Locator, Page } from 'playwright-core';
import { shown } from './console.ts';

/**
 * What a person without a mouse does with the pages of the console.
 * @param page the page that is worked with at the moment
 */
export function handsOn(page: () => Page) {
  const button = (name: string | RegExp): Locator => page().getByRole('button', { name, exact: true });
  const dialog = (name: string): Locator => page().getByRole('dialog', { name });
  const field = (label: string | RegExp): Locator => page().getByLabel(label, { exact: true });

  /** Waits for the page to say what was done. */
  const done = (words: string): Promise<void> =>
    shown(page().getByRole('status').getByText(words, { exact: true }));

  /** Activates by key. */
  const press = async (target: Locator): Promise<void> => {
    await target.focus();
    await page().keyboard.press('Enter');
  };

  /** Replaces what a field holds, by keys. */
  const write = async (label: string, text: string): Promise<void> => {
    await field(label).focus();
    await page().keyboard.press('ControlOrMeta+a');
    await page().keyboard.type(text);
  };

  const choose = async (label: string, option: string): Promise<void> => {
    await field(label).selectOption({ label: option });
  };

  /** Opens the menu of a row and takes one of its entries, by keys. */
  const act = async (row: string, entry: string): Promise<void> => {
    await press(button(`${row} の操作`));
    const wanted = page().getByRole('menuitem', { name: entry, exact: true });
    await shown(wanted);
    for (let i = 0; i < 6 && !(await isFocused(wanted)); i += 1) await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
  };

  /** What a dialog shows to be handed on, by its label. */
  const secret = async (label: string): Promise<string> =>
    page().locator(`dt:text-is("${label}") + dd`).innerText();

  return { button, dialog, field, done, press, write, choose, act, secret };
}

/** Whether it has the focus. */
export const isFocused = async (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);
