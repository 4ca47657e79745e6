import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  buildStamp,
  hashInstall,
  hashSources,
  installStamp,
  isBuilt,
  isInstalled,
} from '../../scripts/setup.mjs';

/** A tiny project: one package and one optional one, installed as npm leaves them behind. */
function inProject(work: (root: string, write: (path: string, content: string) => void) => void) {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-setup-'));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  try {
    write('package-lock.json', lock({ 'node_modules/a': '1.0.0' }));
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': '1.0.0' }));
    write('node_modules/node/bin/node', '');
    write('node_modules/node/bin/node.exe', '');
    write('dashboard/src/app.html', '<p>');
    write('server/contract/status.ts', '1');
    write('server/domain/status.ts', '1');
    work(root, write);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function lock(versions: Record<string, string>): string {
  const packages = Object.entries(versions).map(([path, version]) => [path, { version }]);
  return JSON.stringify({
    packages: { '': { name: 'x' }, ...Object.fromEntries(packages) },
  });
}

test('what the lock names and node_modules holds is installed', () =>
  inProject((root) => assert.ok(isInstalled(root))));

test('a package that is missing or of another version is not', () =>
  inProject((root, write) => {
    write('package-lock.json', lock({ 'node_modules/a': '1.0.1' }));
    assert.not(isInstalled(root));
    write('package-lock.json', lock({ 'node_modules/a': '1.0.0', 'node_modules/b': '1.0.0' }));
    assert.not(isInstalled(root));
  }));

test('an optional package of another platform may be missing', () =>
  inProject((root, write) => {
    const packages = {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '1.0.0', optional: true },
    };
    write('package-lock.json', JSON.stringify({ packages }));
    assert.ok(isInstalled(root));
  }));

test('what an install of ours ended with is good, until the lock or node_modules changes', () =>
  inProject((root, write) => {
    write('package-lock.json', lock({ 'node_modules/a': '1.0.0', 'node_modules/odd': '1.0.0' }));
    assert.not(isInstalled(root));
    const finish = () => writeFileSync(installStamp(root), hashInstall(root));
    finish();
    assert.ok(isInstalled(root));
    write('node_modules/.package-lock.json', lock({ 'node_modules/a': '2.0.0' }));
    assert.not(isInstalled(root));
    finish();
    write('package-lock.json', lock({ 'node_modules/a': '1.0.0' }));
    assert.not(isInstalled(root));
  }));

test('an install that broke off, or left the pinned Node out, is done again', () =>
  inProject((root) => {
    rmSync(join(root, 'node_modules/node'), { recursive: true });
    assert.not(isInstalled(root));
    rmSync(join(root, 'node_modules/.package-lock.json'));
    assert.not(isInstalled(root));
  }));

test('the dashboard is current until one of its sources changes, goes or comes', () =>
  inProject((root, write) => {
    assert.not(isBuilt(root));
    write('dashboard/wall/build/index.html', 'x');
    const build = () => write('dashboard/build/.sources', hashSources(root));
    build();
    assert.ok(isBuilt(root));
    const changes = [
      () => write('server/contract/status.ts', '2'),
      () => write('server/domain/status.ts', '2'),
      () => write('dashboard/src/app.html', '<b>'),
      () => write('dashboard/src/new.css', ''),
      () => rmSync(join(root, 'dashboard/src/new.css')),
      () => write('package-lock.json', lock({})),
    ];
    for (const change of changes) {
      change();
      assert.not(isBuilt(root));
      build();
      assert.ok(isBuilt(root));
    }
  }));

test('a build that was removed is made again, and what it makes itself is no source', () =>
  inProject((root, write) => {
    write('dashboard/build/.sources', hashSources(root));
    write('dashboard/build/index.html', 'x');
    write('dashboard/wall/build/index.html', 'x');
    write('dashboard/.svelte-kit/types.ts', 'x');
    assert.ok(isBuilt(root));
    assert.is(buildStamp(root), join(root, 'dashboard/build/.sources'));
    rmSync(join(root, 'dashboard/wall/build'), { recursive: true });
    assert.not(isBuilt(root));
    write('dashboard/wall/build/index.html', 'x');
    rmSync(join(root, 'dashboard/build'), { recursive: true });
    assert.not(isBuilt(root));
  }));

test.run();
