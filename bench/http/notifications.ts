import type { Benchmark } from '../bench.js';
import { freePort, startServer, type RunningServer } from '../processes/server.js';
import { startService } from '../processes/service.js';
import type { Figure } from '../report/figure.js';
import { inRounds } from './rounds.js';

const atOnce = 64;

export const startBareKoa = async (variables: Readonly<Record<string, string>> = {}): Promise<RunningServer> => {
  const port = await freePort();
  return startServer({
    script: 'http/bare-koa.js',
    port,
    variables: { ...variables, PORT: String(port) },
    readyPath: '/',
  });
};

/** HTTP in, checked, raw stored durably, 200 out. */
export const notifications: Benchmark = {
  name: 'notifications',
  async measure({ folder }) {
    const accepting = await startService({ dataDir: folder('accepting'), role: 'api', simulator: null });
    const working = await startService({ dataDir: folder('working'), role: 'all', simulator: null });
    const bare = await startBareKoa();
    const servers = [accepting, working, bare];
    try {
      const kind = { of: 'notifications' } as const;
      const [accepted, worked, parsed] = await inRounds(servers.map(({ url }) => ({ url, kind, atOnce })));
      const ceiling = { what: 'bare Koa handler, same JSON', value: parsed?.perSecond ?? 0 };
      const figure = (work: string, ours: number, aim: Figure['aim']): Figure => ({
        work,
        unit: 'per second',
        ours,
        ceiling,
        aim,
      });
      return [
        figure(`notifications accepted, ${atOnce} at once`, accepted?.perSecond ?? 0, { kind: 'share', atLeast: 0.75 }),
        figure('the same, worked on in the same process', worked?.perSecond ?? 0, null),
      ];
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  },
};
