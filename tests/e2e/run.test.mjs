// ./run, as the README says to begin with: what it prints works, Ctrl-C ends it, and a port that is taken is told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { dataFolder } from './lib/demo.mjs';
import { eventually, getJson } from './lib/http.mjs';
import { ROOT } from './lib/program.mjs';
import { paySilently, silentForm } from './lib/vads.mjs';

// It looks for what is to be built first, which for programs that are there takes seconds.
const PATIENCE_MS = 120_000;

/** Starts a command; { child, lines, errors(), ended }: the lines of its output so far, and how it ended. */
function start(command, ...commandLine) {
  const child = spawn(join(ROOT, command), commandLine, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = [];
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  // Not "exit": only "close" has all the output.
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  return { child, lines, errors: () => errors, ended };
}

async function withFolder(work) {
  const data = await dataFolder();
  try {
    await work(data);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`./run prints addresses that work, and ends with 0 on ${signal}`, { timeout: 2 * PATIENCE_MS }, async () => {
    await withFolder(async (data) => {
      const run = start('run', '--listen', '127.0.0.1:0', '--sandbox', '127.0.0.1:0', '--data', data);
      try {
        const address = async (name) =>
          await eventually(() => run.lines.map((line) => line.match(`^  ${name} +(http://\\S+)`)?.[1]).find(Boolean), `${name}: ${run.errors()}`, PATIENCE_MS);
        const texts = [['Demo shop', /Payer|panier/i], ['Inbox', /<html/i], ["Bank's view", /^\[/]];
        for (const [name, text] of texts) {
          const answer = await fetch(await address(name));
          assert.equal(answer.status, 200, name);
          assert.match(await answer.text(), text, name);
        }
        const page = new URL(await address('Pay page'));
        assert.ok((await fetch(page)).headers.has('x-acquit-form-error'), 'it waits for a form');
        assert.equal((await paySilently(page.origin, silentForm('4970110000000708'))).vads_trans_status, 'AUTHORISED');
        run.child.kill(signal);
        assert.equal(await run.ended, 0, run.errors());
        await assert.rejects(fetch(page), 'nothing is left running');
      } finally {
        run.child.kill('SIGTERM');
        await run.ended;
      }
    });
  });
}

for (const option of ['--listen', '--sandbox']) {
  test(`./run tells that the port of ${option} is taken, and how to choose another`, { timeout: PATIENCE_MS }, async () => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address();
    try {
      await withFolder(async (data) => {
        const free = option === '--listen' ? '--sandbox' : '--listen';
        const run = start('run', option, `127.0.0.1:${port}`, free, '127.0.0.1:0', '--data', data);
        assert.equal(await run.ended, 1);
        assert.match(run.errors(), new RegExp(`Port ${port} is taken`));
        assert.match(run.errors(), /\.\/run --listen \S+ --sandbox \S+/);
        assert.deepEqual(run.lines, []);
      });
    } finally {
      other.close();
    }
  });
}

test('./run refuses what it does not know', async () => {
  const run = start('run', '--lisen', '127.0.0.1:0');
  assert.equal(await run.ended, 2);
  assert.match(run.errors(), /Unknown: --lisen/);
});

test('the demo prints its ready line and nothing else, to the end', async () => {
  await withFolder(async (data) => {
    const demo = start('build/acquit', 'demo', '--listen', '127.0.0.1:0', '--sandbox', '127.0.0.1:0', '--data', data);
    try {
      await eventually(() => demo.lines.length > 0, 'the ready line', PATIENCE_MS);
      const { server, sandbox } = JSON.parse(demo.lines[0].slice('ready '.length));
      await paySilently(server, silentForm('4970110000000708', { vads_url_check: `${sandbox}/shop/notification` }));
      assert.equal((await getJson(`${sandbox}/shop/notifications.json`)).length, 1);
      assert.equal((await fetch(`${server}/no/such/page`)).status, 404);
    } finally {
      demo.child.kill('SIGTERM');
    }
    assert.equal(await demo.ended, 0);
    assert.equal(demo.lines.length, 1, demo.lines.join('\n'));
    assert.match(demo.lines[0], /^ready \{.*\}$/);
  });
});
