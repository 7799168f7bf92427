// Plain HTTP for tests: posts forms and reads answers without following what a browser would follow.

/** Posts `fields` as application/x-www-form-urlencoded; the answer as it is, redirects included. */
export async function postForm(url, fields, headers = {}) {
  return await fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
}

/** The JSON at `url`; throws with the answer's beginning if it is not 200. */
export async function getJson(url) {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`GET ${url}: ${answer.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** Posts JSON; the answer's JSON, or nothing if it has no body. */
export async function postJson(url, value) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(value), headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${url}: ${answer.status} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : undefined;
}

/** Asks `probe` again until it gives something true, at most `ms`; what it gave. */
export async function eventually(probe, what, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
