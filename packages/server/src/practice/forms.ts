import { z } from 'zod';

/** What the page's guide must know; null when there is no practice, or none for this account. */
export const practiceForm = z.strictObject({
  practice: z
    .strictObject({
      /** The practice agents' accounts, of those that this account may see. */
      agents: z.array(z.int()),
      /** The account's own phone, which is called to listen; null without one. */
      phone: z.strictObject({ number: z.string(), registered: z.boolean().nullable() }).nullable(),
    })
    .nullable(),
});
export type PracticeAnswer = z.infer<typeof practiceForm>;
