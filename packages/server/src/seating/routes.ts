import { z } from 'zod';
import { reachableAgents } from '../access/rights.ts';
import { AgentError } from '../agents/errors.ts';
import type { Db } from '../database/pool.ts';
import type { AgentView } from '../http/contract.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { SeatingError } from './errors.ts';
import { floorChangeForm, floorForm, floorParams, seatViewForm, type FloorView } from './forms.ts';
import { changeFloor, createFloor, deleteFloor, listFloors, listTaken, type Floor } from './store.ts';

const view = (floor: Floor): FloorView => ({ ...floor, seats: [...floor.seats] });

export interface SeatingRoutesOptions {
  readonly db: Db;
  /** The board's rows of these agents. */
  readonly views: (ids: readonly number[]) => Promise<readonly AgentView[]>;
  /** Whether the seat view option is on. */
  readonly enabled: () => boolean;
}

/** `/api/floors`: floors and their seats; everybody sees where one may sit. `/api/seat-view`: who sits there, as far as one may see agents. */
export function registerSeatingRoutes(app: Api, session: Session, options: SeatingRoutesOptions): void {
  const { db, views, enabled } = options;

  async function one(id: number): Promise<FloorView> {
    const floor = (await listFloors(db)).find((entry) => entry.id === id);
    if (floor === undefined) throw new SeatingError('FLOOR_UNKNOWN');
    return view(floor);
  }

  app.get(
    '/api/floors',
    {
      config: { summary: 'Floors and their seats.' },
      schema: { response: { 200: z.strictObject({ floors: z.array(floorForm) }) } },
    },
    async () => ({ floors: (await listFloors(db)).map(view) }),
  );

  app.get(
    '/api/seat-view',
    {
      config: {
        area: 'floor',
        summary: 'Who sits where, and in which status; the live feed tells of changes.',
      },
      schema: { response: { 200: seatViewForm } },
    },
    async (request) => {
      const { id } = await session.requireAccount(request);
      if (!enabled()) throw new AgentError('SEATING_NOT_ENABLED');
      const [floors, taken, seen] = await Promise.all([
        listFloors(db),
        listTaken(db),
        reachableAgents(db, id, 'see_agent'),
      ]);
      const agents = await views([...seen]);
      const bySeat = new Map(agents.map((agent) => [agent.seat, agent]));
      return {
        floors: floors.map((floor) => ({
          ...floor,
          seats: floor.seats.map((seat) => {
            const agent = bySeat.get(seat.id) ?? null;
            return { ...seat, taken: agent !== null || taken.has(seat.id), agent };
          }),
        })),
      };
    },
  );

  app.post(
    '/api/floors',
    {
      config: { area: 'administration', summary: 'Makes a floor with its seats.' },
      schema: { body: floorChangeForm, response: { 201: floorForm } },
    },
    async (request, reply) => {
      const id = await createFloor(db, request.body, await session.requireAccount(request));
      return reply.status(201).send(await one(id));
    },
  );

  app.put(
    '/api/floors/:id',
    {
      config: { area: 'administration', summary: 'Brings a floor to this name and these seats.' },
      schema: { params: floorParams, body: floorChangeForm, response: { 200: floorForm } },
    },
    async (request) => {
      const { id } = request.params;
      await changeFloor(db, { id, ...request.body }, await session.requireAccount(request));
      return one(id);
    },
  );

  app.delete(
    '/api/floors/:id',
    {
      config: { area: 'administration', summary: 'Deletes a floor on which nobody sits.' },
      schema: { params: floorParams, response: { 204: nothing } },
    },
    async (request, reply) => {
      await deleteFloor(db, request.params.id, await session.requireAccount(request));
      return reply.status(204).send();
    },
  );
}
