// Who may import whom (the house's layout), and which tools have one place only. Every message names the right room.
import { readdirSync } from 'node:fs';

const floor = new Set(['contract', 'domain', 'store']);

/** Folders of server/ that are capabilities: rooms side by side, each entered through its index.ts. */
function listCapabilities() {
  const folders = readdirSync(new URL('../../server', import.meta.url), { withFileTypes: true });
  return folders
    .filter((entry) => entry.isDirectory() && !floor.has(entry.name))
    .map(({ name }) => name);
}

const outward = { regex: '^\\.\\./|^#(server|db|lib)/|^node:' };

function restrict(...patterns) {
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] };
}

const contract = {
  files: ['server/contract/**/*.ts'],
  rules: restrict({
    regex: '^\\.\\./|^#(server|db|lib|domain)/|^node:',
    message:
      'The contract imports nothing of ours: server and dashboard both read it. Move this into server/contract/ or leave it out.',
  }),
};

const domain = {
  files: ['server/domain/**/*.ts'],
  rules: restrict({
    ...outward,
    message:
      'The domain is pure and imports only #contract/…: let the caller (record-check-ins.ts, reports/) read, and pass values in.',
  }),
};

const store = {
  files: ['server/store/**/*.ts'],
  rules: restrict({
    regex: '^\\.\\./|^#(server|lib)/(?!store/)|^(hono|socket\\.io|@hono/.*|better-auth)(/|$)',
    message:
      'The store imports only #db/…, #domain/… and #contract/…: decisions belong to the domain, answers to the capability that calls it.',
  }),
};

/** Types may be taken from anywhere in a room: they bind nothing at run time. */
const entrance = (rooms) => ({
  regex: `^(#server|\\.{1,2}(/\\.\\.)*)/(${rooms.join('|')})/(?!index\\.ts$)`,
  allowTypeImports: true,
  message:
    'A capability is entered through its index.ts: import that, let it export what you need, or let server/index.ts pass it in.',
});
const realtime = {
  regex: '^socket\\.io(/|$)|^@socket\\.io/',
  message: 'Only server/live/ knows Socket.IO: tell its publisher instead.',
};
const accounts = {
  regex: '^better-auth(/|$)',
  message: 'Only server/accounts/ knows better-auth: ask what it exports (requires, identify).',
};
const page = {
  regex: '^#lib/|/dashboard/',
  message:
    'The server never imports the dashboard: what both need belongs into server/contract/ or server/domain/.',
};

/** Each capability on its own, since its own insides are open to it. */
function capability(name, others) {
  const rules = [
    page,
    ...(name === 'live' ? [] : [realtime]),
    ...(name === 'accounts' ? [] : [accounts]),
    ...(others.length > 0 ? [entrance(others)] : []),
  ];
  return { files: [`server/${name}/**/*.ts`], rules: restrict(...rules) };
}

function composition(capabilities) {
  return {
    files: ['server/*.ts'],
    rules: restrict(page, realtime, accounts, entrance(capabilities)),
  };
}

const dashboardImports = {
  regex: '^#(server|db)/|(^|/)\\.\\./(server|db)/|^(postgres|drizzle-orm|hono)(/|$)|^node:',
  message:
    'The dashboard imports only #contract/… and #domain/… from the server: ask for the rest over HTTP through #lib/api.ts.',
};
const validation = {
  regex: '^zod(/|$)',
  message: 'The dashboard takes types from #contract/…; checking happens on the server.',
};
const socket = {
  regex: '^socket\\.io-client(/|$)',
  message: 'Only dashboard/src/lib/live/ opens a socket: use what it exports.',
};
const fetching = 'Only dashboard/src/lib/api.ts fetches: add a function there.';
const inDashboard = ['dashboard/**/*.{ts,svelte}'];
const liveFolder = 'dashboard/src/lib/live/**';
const apiFile = 'dashboard/src/lib/api.ts';

const dashboard = [
  {
    files: inDashboard,
    ignores: [liveFolder],
    rules: restrict(dashboardImports, validation, socket),
  },
  { files: [`${liveFolder}/*.ts`], rules: restrict(dashboardImports, validation) },
  {
    files: inDashboard,
    ignores: [apiFile],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
          name,
          message: fetching,
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...['window', 'globalThis', 'self'].map((object) => ({
          object,
          property: 'fetch',
          message: fetching,
        })),
      ],
    },
  },
];

const emitting = {
  files: ['server/**/*.ts'],
  ignores: ['server/live/**'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: "CallExpression[callee.property.name='emit']",
        message: 'Only server/live/ emits: hand the change to its publisher.',
      },
    ],
  },
};

const tests = {
  files: ['tests/**/*.test.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: "Program:not(:has(CallExpression > MemberExpression[property.name='run']))",
        message: 'Without test.run() at its end uvu runs nothing of this file, silently.',
      },
      {
        selector: "CallExpression > MemberExpression[property.name='only']",
        message: 'test.only() leaves all other tests out.',
      },
    ],
  },
};

const capabilities = listCapabilities();
export const rooms = [
  contract,
  domain,
  store,
  composition(capabilities),
  ...capabilities.map((name) =>
    capability(
      name,
      capabilities.filter((other) => other !== name),
    ),
  ),
  ...dashboard,
  emitting,
  tests,
];
