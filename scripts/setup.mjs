// First-time set-up, hidden behind `npm start`, `npm run demo` and `npm test`: installs what package-lock.json names and,
// with --build, builds the dashboard; does nothing when both are current (--rebuild builds in any case).
// Runs on any Node from 20 on and needs no package.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const buildSources = ['dashboard', 'server/contract', 'server/domain', 'package-lock.json'];
const notSources = new Set(['build', '.svelte-kit', 'node_modules']);

/** True when node_modules holds what the lock names, and the pinned Node. */
export function isInstalled(root) {
  if (!existsSync(npmRecord(root)) || !existsSync(pinnedNode(root))) return false;
  const stamp = installStamp(root);
  return (
    (existsSync(stamp) && readFileSync(stamp, 'utf8') === hashInstall(root)) || matchesLock(root)
  );
}

/** Written after an install of ours; npm removes it with the rest of node_modules. */
export function installStamp(root) {
  return join(root, 'node_modules/.rollcall-setup');
}

/** Of what was wanted and what npm says is there: if either changes afterwards, the stamp holds no longer. */
export function hashInstall(root) {
  const files = [join(root, 'package-lock.json'), npmRecord(root)];
  return files
    .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
    .digest('hex');
}

/** Where npm notes what it has put into node_modules, last of all. */
function npmRecord(root) {
  return join(root, 'node_modules/.package-lock.json');
}

/** For an install that npm was asked for directly. */
function matchesLock(root) {
  const found = JSON.parse(readFileSync(npmRecord(root), 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return found[path] ? found[path].version === entry.version : entry.optional || entry.extraneous;
  });
}

/** A fingerprint of everything that the dashboard is built from. */
export function hashSources(root) {
  const hash = createHash('sha256');
  const add = (path) => {
    const file = join(root, path);
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      const names = readdirSync(file).filter((name) => !notSources.has(name));
      for (const name of names.sort()) add(`${path}/${name}`);
    } else hash.update(`${path}\0`).update(readFileSync(file)).update('\0');
  };
  buildSources.forEach(add);
  return hash.digest('hex');
}

/** True when the built dashboard was made from the sources as they are. */
export function isBuilt(root) {
  const stamp = buildStamp(root);
  if (!existsSync(stamp) || !existsSync(join(root, 'dashboard/wall/build/index.html')))
    return false;
  return readFileSync(stamp, 'utf8') === hashSources(root);
}

/** Written into the build itself, so that it goes when the build goes. */
export function buildStamp(root) {
  return join(root, 'dashboard/build/.sources');
}

function pinnedNode(root) {
  return join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function install(root) {
  if (isInstalled(root)) return;
  console.log('Installing what Rollcall needs (once, about a minute) …');
  run(root, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (!existsSync(pinnedNode(root))) {
    throw new Error(
      'npm did not fetch the pinned Node: allow install scripts (npm config set ignore-scripts false) and try again.',
    );
  }
  writeFileSync(installStamp(root), hashInstall(root));
}

function build(root, always) {
  if (!always && isBuilt(root)) return;
  console.log('Building the dashboard …');
  const sources = hashSources(root);
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build'];
  // One name for both: a wall screen compares what it runs with what the server says.
  const env = { ...process.env, ROLLCALL_BUILD: sources.slice(0, 16) };
  for (const more of [[], ['--config', 'wall/vite.config.ts']]) {
    run(join(root, 'dashboard'), pinnedNode(root), [...vite, ...more], { quiet: true, env });
  }
  writeFileSync(buildStamp(root), sources);
}

/** `quiet`: what it says is shown only if it fails. */
function run(cwd, command, args, { quiet = false, env = process.env } = {}) {
  const shell = process.platform === 'win32' && command === 'npm';
  const output = quiet ? 'pipe' : 'inherit';
  const ended = spawnSync(command, args, { cwd, shell, env, stdio: ['ignore', output, output] });
  if (ended.status === 0) return;
  if (quiet) process.stderr.write(`${ended.stdout ?? ''}${ended.stderr ?? ''}`);
  const reason = ended.error ? `: ${ended.error.message}` : '; see above';
  throw new Error(`\`${command} ${args.join(' ')}\` failed${reason}.`);
}

/** One set-up at a time: two npm scripts may be started at once. A lock whose holder has died is taken over. */
async function withLock(root, work) {
  const lock = join(
    tmpdir(),
    `rollcall-setup-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`,
  );
  const holder = join(lock, 'pid');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld(lock, holder)) rmSync(lock, { recursive: true, force: true });
      else await new Promise((done) => setTimeout(done, 200));
    }
  }
  try {
    writeFileSync(holder, String(process.pid));
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isHeld(lock, holder) {
  try {
    const young = Date.now() - statSync(lock).mtimeMs < 2000;
    if (!existsSync(holder)) return young;
    process.kill(Number(readFileSync(holder, 'utf8')), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function main() {
  const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
  const rebuilds = process.argv.includes('--rebuild');
  const wantsBuild = rebuilds || process.argv.includes('--build');
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Error(
      `Rollcall needs Node 20 or later to set itself up; this is ${process.version}.`,
    );
  }
  if (!rebuilds && isInstalled(root) && (!wantsBuild || isBuilt(root))) return;
  await withLock(root, () => {
    install(root);
    if (wantsBuild) build(root, rebuilds);
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
