import { z } from 'zod';
import { agentForm } from '../agents/forms.ts';
import { id } from '../http/forms.ts';

const name = z.string().trim().min(1).max(100);
const seatForm = z.strictObject({ id: z.string().regex(/^[0-9]{1,6}$/), name });

export const floorForm = z.strictObject({ id: z.int(), name: z.string(), seats: z.array(seatForm) });
export type FloorView = z.infer<typeof floorForm>;

export const floorChangeForm = z.strictObject({
  name,
  /** All seats of the floor; those that are not listed go. */
  seats: z.array(seatForm).max(2_000),
});
export type FloorRequest = z.infer<typeof floorChangeForm>;

export const floorParams = z.strictObject({ id });

/** Who sits where. */
export const seatViewForm = z.strictObject({
  floors: z.array(
    z.strictObject({
      id: z.int(),
      name: z.string(),
      seats: z.array(
        seatForm.extend({
          taken: z.boolean(),
          /** Who sits there; null also when it is somebody whom the account may not see. */
          agent: agentForm.nullable(),
        }),
      ),
    }),
  ),
});
export type SeatViewAnswer = z.infer<typeof seatViewForm>;
