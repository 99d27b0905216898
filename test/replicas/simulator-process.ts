import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SimulatorHand } from '../service/simulator-hand.js';
import { clientKey, serverKey } from '../service/start-service.js';
import { compileSimulator } from '../simulator/compiled-simulator.js';

/** A Midtrans in a process of its own that remembers on disk. */
export const startSimulatorProcess = async (notificationUrl: string): Promise<SimulatorHand> => {
  const { main, remove } = await compileSimulator();
  const folder = mkdtempSync(join(tmpdir(), 'payments-simulator-'));
  const env = {
    PATH: process.env['PATH'],
    SIMULATOR_PORT: '0',
    DATA_DIR: folder,
    MIDTRANS_SERVER_KEY: serverKey,
    MIDTRANS_CLIENT_KEY: clientKey,
    MIDTRANS_NOTIFICATION_URL: notificationUrl,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  child.stdout.resume();
  const url = line.slice(line.indexOf('http'));
  return SimulatorHand.on(url, async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
    await remove();
  });
};
