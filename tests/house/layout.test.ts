import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import ts from 'typescript-eslint';
import { rooms } from '../../scripts/lint/rooms.js';

const cwd = fileURLToPath(new URL('../..', import.meta.url));
/** The layout's rules alone: the rest of the configuration wants types, and time. */
const eslint = new ESLint({
  cwd,
  overrideConfigFile: true,
  overrideConfig: [
    { plugins: { '@typescript-eslint': ts.plugin } },
    { files: ['**/*.ts'], languageOptions: { parser: ts.parser } },
    ...svelte.configs.recommended,
    ...rooms,
  ],
});

async function complaints(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ message }) => message);
}

const bring = (path: string) => `import { thing } from '${path}';\nconsole.log(thing);\n`;

const forbidden: [room: string, file: string, path: string, names: RegExp][] = [
  ['contract ← domain', 'server/contract/x.ts', '#domain/model.ts', /server\/contract/],
  ['contract ← store', 'server/contract/x.ts', '../store/x.ts', /server\/contract/],
  ['domain ← store', 'server/domain/x.ts', '#server/store/x.ts', /domain is pure/],
  ['domain ← db', 'server/domain/x.ts', '#db/client.ts', /domain is pure/],
  ['domain ← the system', 'server/domain/x.ts', 'node:fs', /domain is pure/],
  ['store ← reports', 'server/store/x.ts', '#server/reports/index.ts', /#db\/…, #domain/],
  ['store ← ingest', 'server/store/x.ts', '../ingest/index.ts', /#db\/…, #domain/],
  ['store ← hono', 'server/store/x.ts', 'hono', /#db\/…, #domain/],
  ['ingest ← inside of reports', 'server/ingest/x.ts', '../reports/routes.ts', /index\.ts/],
  ['live ← inside of ingest', 'server/live/x.ts', '#server/ingest/licensees.ts', /index\.ts/],
  ['the spine ← inside of live', 'server/x.ts', './live/rooms.ts', /index\.ts/],
  ['reports ← inside of accounts', 'server/reports/x.ts', '#server/accounts/desk.ts', /index\.ts/],
  ['accounts ← inside of live', 'server/accounts/x.ts', '../live/guests.ts', /index\.ts/],
  ['reports ← better-auth', 'server/reports/x.ts', 'better-auth', /server\/accounts/],
  ['the spine ← better-auth', 'server/x.ts', 'better-auth/api', /server\/accounts/],
  ['store ← better-auth', 'server/store/x.ts', 'better-auth', /#db\/…, #domain/],
  ['server ← dashboard', 'server/reports/x.ts', '#lib/api.ts', /never imports the dashboard/],
  ['reports ← socket.io', 'server/reports/x.ts', 'socket.io', /server\/live/],
  ['dashboard ← store', 'dashboard/src/lib/x.ts', '#server/store/x.ts', /#lib\/api\.ts/],
  ['dashboard ← db', 'dashboard/src/lib/x.ts', '../../../db/schema.ts', /#lib\/api\.ts/],
  ['dashboard ← zod', 'dashboard/src/lib/x.ts', 'zod', /happens on the server/],
  ['a page ← socket.io-client', 'dashboard/src/routes/x.ts', 'socket.io-client', /src\/lib\/live/],
];
for (const [room, file, path, names] of forbidden) {
  test(`lint forbids ${room} and says where it belongs`, async () => {
    const [message] = await complaints(file, bring(path));
    assert.match(message ?? 'nothing', names);
  });
}

const allowed: [file: string, path: string][] = [
  ['server/contract/x.ts', './status.ts'],
  ['server/domain/x.ts', '#contract/status.ts'],
  ['server/store/x.ts', '#db/schema.ts'],
  ['server/live/x.ts', '#server/reports/index.ts'],
  ['server/live/x.ts', 'socket.io'],
  ['server/reports/x.ts', '#server/store/x.ts'],
  ['server/reports/x.ts', '#server/accounts/index.ts'],
  ['server/accounts/x.ts', '#server/audit/index.ts'],
  ['server/accounts/x.ts', 'better-auth'],
  ['server/index.ts', './live/index.ts'],
  ['dashboard/src/lib/live/x.ts', 'socket.io-client'],
  ['dashboard/src/routes/x.ts', '#domain/status.ts'],
];
for (const [file, path] of allowed) {
  test(`lint lets ${file} import ${path}`, async () => {
    assert.equal(await complaints(file, bring(path)), []);
  });
}

test('lint reads the imports of Svelte components too', async () => {
  const component = `<script lang="ts">\n  ${bring('#db/client.ts')}</script>\n`;
  const found = await complaints('dashboard/src/routes/X.svelte', component);
  assert.match(found.join('\n'), /#lib\/api\.ts/);
});

test('lint knows one place for fetching and one for emitting', async () => {
  const fetching = 'export const load = () => fetch("/api/fleet");\n';
  assert.match((await complaints('dashboard/src/routes/x.ts', fetching)).join(), /only|Only/);
  assert.equal(await complaints('dashboard/src/lib/api.ts', fetching), []);
  const emitting = 'export const tell = (io) => io.emit("x");\n';
  assert.match((await complaints('server/reports/x.ts', emitting)).join(), /server\/live/);
  assert.equal(await complaints('server/live/x.ts', emitting), []);
});

test('lint forbids raw HTML in components', async () => {
  const found = await complaints('dashboard/src/routes/X.svelte', '{@html "<b>x</b>"}\n');
  assert.match(found.join(), /@html/);
});

test('lint notices a test file that never runs, and one that runs only a part', async () => {
  const body = "import { test } from 'uvu';\ntest('x', () => undefined);\n";
  assert.match((await complaints('tests/x.test.ts', body)).join(), /test\.run\(\)/);
  assert.equal(await complaints('tests/x.test.ts', `${body}test.run();\n`), []);
  const part = `${body}test.only('y', () => undefined);\ntest.run();\n`;
  assert.match((await complaints('tests/x.test.ts', part)).join(), /leaves all other tests out/);
});

test('the project’s own configuration carries these rules', async () => {
  const own = new ESLint({ cwd });
  const { rules } = (await own.calculateConfigForFile('server/domain/model.ts')) as {
    rules: Record<string, unknown>;
  };
  assert.match(JSON.stringify(rules['@typescript-eslint/no-restricted-imports']), /domain is pure/);
});

test.run();
