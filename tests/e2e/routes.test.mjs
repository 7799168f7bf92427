// What `acquit routes` tells of a server, held against one that runs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startDemo } from './lib/demo.mjs';
import { getJson } from './lib/http.mjs';
import { acquit } from './lib/program.mjs';

let demo;
before(async () => {
  demo = await startDemo({ name: 'routes' });
});
after(async () => {
  await demo?.stop();
});

/** The answer at a route, whatever it is called with. */
async function call({ method, path }) {
  const answer = await fetch(demo.server + path.replaceAll(/\{[a-z]+\}/g, 'x'), { method, redirect: 'manual' });
  return { status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') ?? '' };
}

test('acquit routes tells of what a running server answers, by the guard that it names', async () => {
  const listed = await acquit('routes', '--json');
  assert.equal(listed.status, 0, listed.stderr);
  const routes = JSON.parse(listed.stdout);
  const refusals = { payment_token: 404, signed_form: 400, step_token: 400, scheme: 200 };
  for (const route of routes) {
    const answer = await call(route);
    assert.ok(![404, 405].includes(answer.status) || route.access === 'payment_token', `${route.method} ${route.path}: ${answer.status}`);
    assert.doesNotMatch(answer.text, /no such page\n/, route.path);
    if (route.access in refusals) assert.equal(answer.status, refusals[route.access], route.path);
  }
  assert.ok(routes.some((route) => route.path === '/metrics' && route.access === 'operator_only'));
  const table = await acquit('routes');
  assert.equal(table.stdout.trimEnd().split('\n').length, routes.length + 1);
});

test('acquit routes --openapi describes /health as it is', async () => {
  const described = JSON.parse((await acquit('routes', '--openapi')).stdout);
  const { schema } = described.paths['/health'].get.responses[200].content['application/json'];
  const health = await getJson(`${demo.server}/health`);
  assert.deepEqual(Object.keys(health), Object.keys(schema.properties));
  for (const [name, value] of Object.entries(health)) assert.equal(typeof value, schema.properties[name].type, name);
});
