import type { FastifyInstance, RouteOptions } from 'fastify';
import { z } from 'zod';
import { SITE_PROBLEM_CODES } from '../site/problems.ts';
import { API_ERRORS } from './errors.ts';

const errorForm = z.strictObject({
  error: z.strictObject({
    code: z.enum(Object.keys(API_ERRORS)),
    message: z.string(),
    problems: z
      .array(
        z.strictObject({
          line: z.int(),
          column: z.int(),
          path: z.string(),
          code: z.enum(SITE_PROBLEM_CODES),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
          message: z.string(),
        }),
      )
      .optional()
      .describe('Where a file that was sent is wrong.'),
  }),
});

/** What is not JSON Schema in a form (a transformation, a refinement) is left out: the document says less, never something wrong. */
function jsonSchema(form: unknown, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(form as z.ZodType, { io, unrepresentable: 'any' });
  return schema;
}

/**
 * The OpenAPI 3.1 document of every `/api` route, made from the forms that check requests and answers. To be made before the first route is
 * registered.
 */
export class ApiDocument {
  readonly #paths: Record<string, Record<string, unknown>> = {};
  readonly #version: string;

  constructor(app: FastifyInstance, version: string) {
    this.#version = version;
    app.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) {
        if (method !== 'HEAD' && route.url.startsWith('/api/')) this.#add(route, method.toLowerCase());
      }
    });
  }

  get json(): Readonly<Record<string, unknown>> {
    return {
      openapi: '3.1.0',
      info: { title: 'Sasayaki', version: this.#version },
      servers: [{ url: '/' }],
      security: [{ token: [] }, { session: [] }],
      paths: this.#paths,
      components: {
        schemas: { Error: jsonSchema(errorForm, 'output') },
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'An API token; acts as its account.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'sasayaki_session',
            description: 'Of the console; every change needs the Origin header of the same site.',
          },
        },
      },
    };
  }

  #add(route: RouteOptions, method: string): void {
    const { schema = {}, config = {} } = route;
    const path = route.url.replaceAll(/:([a-zA-Z]+)/g, '{$1}');
    const security =
      config.area === 'public' ? [] : config.sessionOnly === true ? [{ session: [] }] : undefined;
    (this.#paths[path] ??= {})[method] = {
      operationId: `${method}${path.replaceAll(/[^a-zA-Z]+([a-zA-Z])?/g, (_all, letter?: string) => letter?.toUpperCase() ?? '')}`,
      summary: config.summary ?? '',
      tags: [path.split('/')[2]?.replace(/\..*$/, '')],
      'x-area': config.area ?? 'own',
      ...(security === undefined ? {} : { security }),
      parameters: [...parameters(schema.params, 'path'), ...parameters(schema.querystring, 'query')],
      ...(schema.body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: { 'application/json': { schema: jsonSchema(schema.body, 'input') } },
            },
          }),
      responses: responses(schema.response, config.produces),
    };
  }
}

function parameters(form: unknown, place: 'path' | 'query'): readonly object[] {
  if (form === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(form, 'input') as {
    properties?: Record<string, object>;
    required?: readonly string[];
  };
  const output = jsonSchema(form, 'output') as { properties?: Record<string, object> };
  return Object.keys(properties).map((name) => ({
    name,
    in: place,
    required: required.includes(name),
    // Numbers travel as text; what they must be is said by what is read from them.
    schema: output.properties?.[name] ?? {},
  }));
}

function responses(forms: unknown, produces = 'application/json'): object {
  const answers = Object.entries((forms ?? {}) as Record<string, unknown>).map(([status, form]) => [
    status,
    status === '204'
      ? { description: 'Done.' }
      : { description: 'The answer.', content: { [produces]: { schema: jsonSchema(form, 'output') } } },
  ]);
  const error = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return {
    ...(Object.fromEntries(answers) as object),
    default: { description: 'Refused or failed.', content: error },
  };
}
