// Starts one of our programs, waits for its `ready {…}` line, and ends it as an operator or a power cut would.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const LOGS = join(ROOT, 'build/test-logs');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 40_000;
const COMMAND_TIMEOUT_MS = 20_000;

/** Status and output of `acquit`, whatever it was. */
export async function acquit(...command) {
  try {
    const { stdout, stderr } = await promisify(execFile)(join(ROOT, 'build/acquit'), command, { timeout: COMMAND_TIMEOUT_MS });
    return { status: 0, stdout, stderr };
  } catch (error) {
    return { status: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** The first line of standard output, or an error that says how the program ended. */
async function firstLine(child, program, log) {
  const lines = createInterface({ input: child.stdout });
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  return await new Promise((resolve, reject) => {
    const give = (message) => reject(new Error(`${message}; its log is ${log}`));
    lines.once('line', resolve);
    child.once('error', (error) => give(`build/${program} does not start: ${error.message}`));
    child.once('exit', (code, signal) => give(`build/${program} ended with ${code ?? signal} before it was ready`));
    timeout.addEventListener('abort', () => give(`build/${program} was not ready in ${START_TIMEOUT_MS / 1000} s`));
  });
}

/** Gives { ready, child, log, finish(signal) }; `ready` is what the line said, finish gives the exit status. */
export async function startProgram(program, commandLine, { name = program } = {}) {
  await mkdir(LOGS, { recursive: true });
  const log = join(LOGS, `e2e-${name}.log`);
  const child = spawn(join(ROOT, 'build', program), commandLine, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.pipe(createWriteStream(log, { flags: 'a' }));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));

  const finish = async (signal) => {
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const status = await ended;
    clearTimeout(late);
    return status;
  };
  try {
    const line = await firstLine(child, program, log);
    assert.match(line, /^ready \{.*\}$/, 'the one line on standard output');
    return { ready: JSON.parse(line.slice('ready '.length)), child, log, finish };
  } catch (error) {
    await finish('SIGKILL');
    throw error;
  }
}
