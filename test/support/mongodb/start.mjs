// A MongoDB for tests, as good as this machine has one (README.md). As a command it prints the connection string and serves
// until its parent ends or it is told to stop.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const startsWithinMs = 30_000;

/** The server that MONGODB_URI names, else one of our own. */
export const startMongo = async () => {
  const uri = process.env['MONGODB_URI'];
  return uri ? { uri, kind: 'MONGODB_URI', stop: async () => undefined } : startOwnMongo();
};

/** A server that can be killed: `mongod` from PATH, else mongo-java-server. Whichever ends with this process, however that ends. */
export const startOwnMongo = async ({ port = 0 } = {}) => {
  if (isOnPath('mongod', '--version')) return startMongod(port === 0 ? await freePort() : port);
  if (isOnPath('java', '-version')) return startJavaServer(port);
  throw new Error(nothingFound);
};

const nothingFound =
  'No MongoDB for these tests. Do one of: set MONGODB_URI to a server; put mongod on PATH; put java (11 or newer) and mvn on PATH.';

const isOnPath = (command, versionFlag) => spawnSync(command, [versionFlag], { stdio: 'ignore' }).status === 0;

const startJavaServer = async (port) => {
  buildJavaServer();
  const classes = [join(here, 'target/classes'), join(here, 'target/lib/*')].join(':');
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dslf4j.internal.verbosity=ERROR'];
  const server = spawn('java', [...quick, '-cp', classes, 'TestMongo', String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const uri = await lineOf(server, /^mongodb:\/\/\S+$/);
  return { uri, kind: 'mongo-java-server', stop: () => ended(server) };
};

/** Fetched and compiled once; again when its sources are newer. */
const buildJavaServer = () => {
  const built = join(here, 'target/classes/TestMongo.class');
  const sources = [join(here, 'pom.xml'), join(here, 'java/TestMongo.java')];
  const isBuilt = existsSync(built) && existsSync(join(here, 'target/lib'));
  if (isBuilt && sources.every((source) => statSync(source).mtimeMs <= statSync(built).mtimeMs)) return;
  const maven = spawnSync('mvn', ['-q', '-B', '-f', join(here, 'pom.xml'), 'clean', 'process-classes'], {
    encoding: 'utf8',
  });
  if (maven.status !== 0)
    throw new Error(
      `${nothingFound}\nmvn could not fetch and build mongo-java-server:\n${maven.error ?? maven.stdout}`,
    );
};

/**
 * mongod does not notice that its parent is gone; the shell does, by the end of its input. It lets go of mongod's output, so that
 * this ends with mongod, and throws the folder away.
 */
const endsWithInput =
  'folder=$1; shift; "$@" <&- & mongod=$!; exec >&-; cat >&2; kill -9 $mongod 2>&-; rm -rf "$folder"';

const startMongod = async (port) => {
  const folder = mkdtempSync(join(tmpdir(), 'payments-mongod-'));
  const mongod = ['mongod', '--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
  const server = spawn('sh', ['-c', endsWithInput, 'sh', folder, ...mongod], { stdio: ['pipe', 'pipe', 'inherit'] });
  await lineOf(server, /Waiting for connections/);
  return { uri: `mongodb://127.0.0.1:${port}`, kind: 'mongod', stop: () => ended(server) };
};

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** The first line that matches; the rest of the output is read and dropped, or the server would wait for a reader. */
const lineOf = (server, pattern) =>
  new Promise((resolve, reject) => {
    let last = 'nothing';
    const fail = (why) => {
      clearTimeout(timer);
      server.stdin.end();
      reject(new Error(`The test MongoDB did not start (${why}); its last words: ${last}`));
    };
    const timer = setTimeout(() => fail(`not within ${startsWithinMs} ms`), startsWithinMs);
    server.once('error', (error) => fail(error.message));
    const lines = createInterface({ input: server.stdout });
    lines.once('close', () => fail('it ended'));
    lines.on('line', (line) => {
      last = line;
      if (!pattern.test(line)) return;
      clearTimeout(timer);
      resolve(line);
    });
  });

const ended = (server) =>
  new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.stdin.end();
  });

const serveUntilParentEnds = async () => {
  const parent = process.ppid;
  const { uri, kind, stop } = await startMongo();
  const end = async () => {
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void end());
  setInterval(() => process.ppid === parent || void end(), 500);
  process.stderr.write(`MongoDB for tests: ${kind}\n`);
  process.stdout.write(`${uri}\n`);
};

if (process.argv[1] === fileURLToPath(import.meta.url))
  serveUntilParentEnds().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
