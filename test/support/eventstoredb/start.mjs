// Starts the test server from its TypeScript: tests are not built, and Node 20 reads none by itself.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
await import('./main.ts');
