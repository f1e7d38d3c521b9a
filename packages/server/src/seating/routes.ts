import { z } from 'zod';
import type { Db } from '../database/pool.ts';
import { nothing, type Api } from '../http/forms.ts';
import type { Session } from '../http/server.ts';
import { SeatingError } from './errors.ts';
import { floorChangeForm, floorForm, floorParams, type FloorView } from './forms.ts';
import { changeFloor, createFloor, deleteFloor, listFloors, type Floor } from './store.ts';

const view = (floor: Floor): FloorView => ({ ...floor, seats: [...floor.seats] });

/** `/api/floors`: floors and their seats. Everybody sees where one may sit; who sits where is on the board. */
export function registerSeatingRoutes(app: Api, session: Session, db: Db): void {
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
