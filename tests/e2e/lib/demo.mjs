// Starts `build/acquit demo` on free ports with data of its own, and stops it as an operator would.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startProgram } from './program.mjs';

export { ROOT } from './program.mjs';

/** Arguments for settings like "limits.tries_per_card=1000". */
export function settings(...pairs) {
  return pairs.flatMap((pair) => ['--set', pair]);
}

/** Lifts the limits that a test which pays a lot from one address would meet. */
export const NO_LIMITS = settings('limits.tries_per_card=1000000', 'limits.tries_per_address=1000000');

/** A new folder for data; the caller removes it. */
export async function dataFolder() {
  return await mkdtemp(join(tmpdir(), 'acquit-e2e-'));
}

/**
 * Starts the demo. `options`: name (of the log), data (a folder to reuse), database (a URL), more (arguments).
 * Gives { server, sandbox, data, child, stop(), kill() }; server and sandbox are base URLs without a last slash.
 */
export async function startDemo({ name = 'demo', data, database, more = [] } = {}) {
  const folder = data ?? (await dataFolder());
  const command = ['demo', '--listen', '127.0.0.1:0', '--sandbox', '127.0.0.1:0', '--data', folder];
  if (database) command.push('--database', database);
  const { ready, child, log, finish } = await startProgram('acquit', [...command, ...more], { name });
  return {
    server: ready.server,
    sandbox: ready.sandbox,
    data: folder,
    log,
    child,
    /** SIGTERM, which has to end it with 0; removes the data folder unless the caller brought it. */
    async stop() {
      assert.equal(await finish('SIGTERM'), 0, `SIGTERM stops the demo cleanly; its log is ${log}`);
      if (!data) await rm(folder, { recursive: true, force: true });
    },
    /** As a power cut would; the data folder stays. */
    async kill() {
      await finish('SIGKILL');
    },
  };
}
