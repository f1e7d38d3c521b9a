import { request } from 'node:http';

/** Whether a server that listens here says that it and its neighbours are well. */
export async function isHealthy(bind: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host: reachable(bind), port, path: '/healthz', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(false));
    asking.end();
  });
}

/** The address at which what listens here is called from the same machine. */
export function reachable(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}
