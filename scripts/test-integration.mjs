// `npm run test:integration`: the contract suites and journeys against real servers. It fails, and never skips, without them.
const missing = ['EVENTSTORE_URL', 'MONGODB_URI'].filter((name) => !process.env[name]);
for (const name of missing) process.stderr.write(`${name}: must name a running server\n`);
if (missing.length === 0)
  process.stderr.write(
    'The EventStoreDB and MongoDB adapters are not written yet, so there is nothing to run against these servers.\n',
  );
process.exit(1);
