import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { sipTimingSchema } from './settings/sip-timing.ts';

/** What the launcher tells the server (docs/engineer/house.md). Holds secrets: never logged. */
const configSchema = z.object({
  version: z.string(),
  node: z.string(),
  dataDir: z.string(),
  bind: z.string(),
  httpPort: z.number().int(),
  sipPort: z.number().int(),
  databaseUrl: z.string(),
  ari: z.object({ url: z.string(), username: z.string(), password: z.string() }),
  asterisk: z.object({ phonesFile: z.string(), trunksFile: z.string() }),
  sipTiming: sipTimingSchema,
  soundsDir: z.string(),
  consoleDir: z.string(),
  masterKeyFile: z.string(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
});

export type ServerConfig = z.infer<typeof configSchema> & { readonly masterKey: Buffer };

/** @throws Error when the file is missing or not of this form, or the key has not 32 bytes */
export async function readConfig(path: string): Promise<ServerConfig> {
  const config = configSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const masterKey = Buffer.from((await readFile(config.masterKeyFile, 'utf8')).trim(), 'base64url');
  if (masterKey.length !== 32) throw new Error(`${config.masterKeyFile} does not hold 32 bytes.`);
  return { ...config, masterKey };
}
