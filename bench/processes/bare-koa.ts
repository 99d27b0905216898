import { freePort, startServer, type RunningServer } from './server.js';

/** @param variables of the place whose documents it reads; none: it reads none */
export const startBareKoa = async (variables: Readonly<Record<string, string>> = {}): Promise<RunningServer> => {
  const port = await freePort();
  return startServer({
    script: 'http/bare-koa.js',
    port,
    variables: { ...variables, PORT: String(port) },
    readyPath: '/',
  });
};
