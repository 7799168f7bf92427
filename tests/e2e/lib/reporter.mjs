// A reporter for node --test: one JSON line a test, which tools/runner counts.
//
// Suites and the wrappers that some versions of node put around a file are no tests and are left out.
import { relative } from 'node:path';

function row(event, failed) {
  const { name, details, skip, todo } = event;
  const skipped = skip !== undefined || todo !== undefined;
  const error = details?.error;
  const cause = error?.cause ?? error;
  return {
    name,
    result: skipped ? 'skipped' : failed ? 'failed' : 'passed',
    seconds: (details?.duration_ms ?? 0) / 1000,
    // Of a skipped test: why.
    detail: skipped ? String([skip, todo].find((reason) => typeof reason === 'string') ?? '') : failed ? String(cause?.stack ?? cause?.message ?? cause ?? '') : '',
  };
}

function isTest(event) {
  if (event.details?.type === 'suite') return false;
  const wrapper = event.file !== undefined && event.nesting === 0 && event.name === event.file;
  return !wrapper && !/\.test\.mjs$/.test(relative(process.cwd(), event.name));
}

export default async function* reporter(events) {
  for await (const { type, data } of events) {
    const failed = type === 'test:fail';
    // A file that can't even be loaded fails as its wrapper, with no test of its own: that one must not get lost.
    const broken = failed && data.details?.error?.failureType === 'testCodeFailure' && !isTest(data);
    if ((failed || type === 'test:pass') && (isTest(data) || broken)) yield `${JSON.stringify(row(data, failed))}\n`;
  }
}
