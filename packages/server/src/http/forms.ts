import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { z } from 'zod';
import type { Area } from '../access/rules.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call at all; `own` when nothing is said, `public` without a session. */
    area?: Area | 'public';
    /** Needs a session of the console: what makes or ends credentials is not for a token, which may have leaked. */
    sessionOnly?: boolean;
    /** Answers with a password: not for a token that is for reading only. */
    secret?: boolean;
    /** What it does, for the API document. */
    summary?: string;
    /** The content type of the answer when it is not JSON. */
    produces?: string;
  }
}

/** A route's forms are zod schemas: the same ones check the request, the answer, and make the API document. */
export interface FormTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  readonly serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}

/** Fastify whose routes have zod forms. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  FormTypes
>;

/** Makes Fastify check requests and answers by zod. An answer that is not of its form is our defect and answers INTERNAL. */
export function useForms(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const result = schema.safeParse(data);
    return result.success ? { value: result.data } : { error: result.error };
  });
  app.setSerializerCompiler<z.ZodType>(({ schema, method, url }) => (data) => {
    const result = schema.safeParse(data);
    if (result.success) return JSON.stringify(result.data);
    throw new Error(`The answer of ${method} ${url} is not of its form: ${z.prettifyError(result.error)}`);
  });
}

/** Numbers of query strings and paths. */
export const id = z.coerce.number().pipe(z.int().positive());
/** ISO 8601 in UTC. */
export const time = z.iso.datetime();
/** The account itself, or another one by its id. */
export const whose = z.union([z.literal('me'), id]);
/** 204. */
export const nothing = z.undefined();
export const language = z.enum(['ja', 'en']);
export const extension = z.string().regex(/^[1-3][0-9]{3}$/);
export const callCenterNumber = z.string().regex(/^7[0-9]{3}$/);
