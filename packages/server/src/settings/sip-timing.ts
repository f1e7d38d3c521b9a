import { z } from 'zod';

const seconds = z.int().min(1);

/** How long Asterisk waits for phones and providers, s. Chosen where the system is started, as no page has to change them. */
export const sipTimingSchema = z.strictObject({
  /** A phone that sends no sound for this long in a talk is taken out of it. */
  phoneSilence: seconds,
  /** The same for a provider. Longer than for phones: some send nothing while nobody speaks. */
  trunkSilence: seconds,
  /** Who holds the other party sends no sound, and may do so for this long. */
  holdSilence: seconds,
  /** Phones and providers are asked this often whether they are there. */
  ask: seconds,
  /** How long after a refused registration it is tried again. */
  retry: seconds,
});

export type SipTiming = z.infer<typeof sipTimingSchema>;
