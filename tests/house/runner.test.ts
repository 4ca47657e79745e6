import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judge } from '../../scripts/test/judge.ts';
import { runFile } from '../../scripts/test/run-file.ts';

const run = (name: string, limit = 20_000) =>
  runFile(fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url)), limit, process.env);

const cases: [
  what: string,
  name: string,
  expected: { passed: number; failed: number; skipped: number },
  fault: RegExp | null,
][] = [
  ['counts what passed', 'good', { passed: 2, failed: 0, skipped: 0 }, null],
  ['counts what failed', 'failing', { passed: 1, failed: 1, skipped: 0 }, null],
  ['counts what was skipped', 'skipping', { passed: 1, failed: 0, skipped: 1 }, null],
  [
    'fails a file without test.run()',
    'never-run',
    { passed: 0, failed: 1, skipped: 0 },
    /test\.run\(\) missing/,
  ],
  ['fails a file without tests', 'empty', { passed: 0, failed: 1, skipped: 0 }, /ran no test/],
  [
    'fails a file whose promise never settles',
    'never-settling',
    { passed: 0, failed: 1, skipped: 0 },
    /broke before/,
  ],
  [
    'fails a file that loses a rejection',
    'floating',
    { passed: 0, failed: 1, skipped: 0 },
    /broke before/,
  ],
  [
    'fails a file that loses one at its end',
    'floating-late',
    { passed: 1, failed: 1, skipped: 0 },
    /process ended with 1/,
  ],
  [
    'fails a file that cannot be loaded',
    'broken',
    { passed: 0, failed: 1, skipped: 0 },
    /broke before/,
  ],
];
for (const [what, name, expected, reason] of cases) {
  test(`the runner ${what}`, async () => {
    const { fault, ...counts } = judge(await run(name));
    assert.equal(counts, expected);
    if (reason) assert.match(fault ?? 'nothing', reason);
    else assert.is(fault, null);
  });
}

test('the runner kills a file that hangs', async () => {
  const ended = await run('hanging', 1500);
  assert.equal(judge(ended), {
    passed: 0,
    failed: 1,
    skipped: 0,
    fault: 'it took too long and was killed',
  });
});

test('the runner names a file whose tests end but whose process does not', async () => {
  const { failed, fault } = judge(await run('left-open', 1500));
  assert.is(failed, 1);
  assert.match(fault ?? '', /left open/);
});

test('nothing that a file started outlives it', async () => {
  const { output } = await run('bequeathing');
  const pid = Number(/^left (\d+)$/m.exec(output)?.[1]);
  assert.ok(pid > 0);
  for (let tries = 0; tries < 50 && isAlive(pid); tries += 1)
    await new Promise((done) => setTimeout(done, 50));
  assert.not(isAlive(pid));
});

test('how many files run at once is told as it is', () => {
  const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  const source = read('scripts/test.ts');
  const ends = /^const ends = \[(.*)\]/m.exec(source)?.[1]?.split(',') ?? [];
  const words = ['none', 'one', 'two', 'three', 'four'][ends.length];
  for (const text of [source, read('CONTRIBUTING.md')])
    assert.is(/(\w+) at a time/.exec(text)?.[1], words);
});

test('a reason to skip is part of the output', async () => {
  assert.match((await run('skipping')).output, /^skipped: needs a moon \(there is none here\)$/m);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isDefunct(pid);
  } catch {
    return false;
  }
}

/** Dead, but not yet buried by whoever inherited it. */
function isDefunct(pid: number): boolean {
  return process.platform === 'linux' && / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

test.run();
