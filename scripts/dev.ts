// Server and dashboard, both reloading; one Ctrl-C ends both.
import { spawn, type ChildProcess } from 'node:child_process';
import { startEmbedded } from '#db/embedded.ts';
import { readConfig, readEnvironment } from '#server/config.ts';

const config = readConfig(readEnvironment());
// Held here too, so that the database stays up while the server reloads.
const database = config.databaseUrl ? null : await startEmbedded(config.dataDir);

const server = run('.', ['--watch', '--watch-preserve-output', 'server/index.ts']);
const dashboard = run('dashboard', ['../node_modules/vite/bin/vite.js', 'dev']);

function run(cwd: string, args: string[]): ChildProcess {
  const env = { ...process.env, ROLLCALL_SERVER: `http://${config.host}:${config.port}` };
  return spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
}

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await Promise.all([server, dashboard].map(end));
  await database?.close();
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop());
for (const child of [server, dashboard]) child.once('exit', () => void stop());
