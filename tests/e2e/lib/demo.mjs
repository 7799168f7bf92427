// Starts `build/acquit demo` on free ports with data of its own, and stops it as an operator would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LOGS = join(ROOT, 'build/test-logs');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;

/** The first line of standard output, or an error that says how the program ended. */
async function firstLine(child, log) {
  const lines = createInterface({ input: child.stdout });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  return await new Promise((resolve, reject) => {
    const give = (message) => reject(new Error(`${message}; its log is ${log}`));
    lines.once('line', resolve);
    child.once('error', (error) => give(`build/acquit does not start: ${error.message}`));
    child.once('exit', (code, signal) => give(`build/acquit ended with ${code ?? signal} before it was ready`));
    timeout.addEventListener('abort', () => give(`build/acquit was not ready in ${START_TIMEOUT_MS / 1000} s`));
  });
}

/**
 * Starts the demo. `options`: name (of the log), data (a folder to reuse), database (a URL), more (arguments).
 * Gives { server, sandbox, data, child, stop(), kill() }; server and sandbox are base URLs without a last slash.
 */
export async function startDemo({ name = 'demo', data, database, more = [] } = {}) {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'acquit-e2e-')));
  await mkdir(LOGS, { recursive: true });
  const log = join(LOGS, `e2e-${name}.log`);
  const stderr = createWriteStream(log, { flags: 'a' });
  const command = ['demo', '--listen', '127.0.0.1:0', '--sandbox', '127.0.0.1:0', '--data', folder];
  if (database) command.push('--database', database);
  const child = spawn(join(ROOT, 'build/acquit'), [...command, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(stderr);
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

  const finish = async (signal) => {
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const status = await ended;
    clearTimeout(late);
    return status;
  };
  let line;
  try {
    line = await firstLine(child, log);
  } catch (error) {
    await finish('SIGKILL');
    throw error;
  }
  assert.match(line, /^ready \{.*\}$/, 'the one line on standard output');
  const { server, sandbox } = JSON.parse(line.slice('ready '.length));

  return {
    server,
    sandbox,
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
