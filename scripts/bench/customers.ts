import { type Figure, quantile } from './figures.ts';
import { manyCustomers } from './fleet.ts';
import { setStage, type Stage } from './stage.ts';

/** What people ask for: every order both ways, pages near and far, every filter, searches. */
const queries = [
  '',
  'page=1',
  'page=19',
  ...['name', 'channel', 'type', 'expires', 'active', 'inactive', 'airGap', 'worst', 'uptime']
    .concat('lastCheckIn')
    .flatMap((sort) => [`sort=${sort}&page=3`, `sort=${sort}&direction=desc`]),
  'search=customer%201',
  'search=ops@customer-77.example',
  'type=trial,dev&sort=expires',
  'expiring=soon&sort=expires',
  'expiring=expired',
  'problems=true&sort=worst',
  'app=bench&channel=bench-stable&archived=true',
];
const turns = 5;
const customerPages = 200;

/** The list of customers and a customer's page, with 2,000 customers of five instances and fourteen days of history. */
export async function measureCustomers(tell: (line: string) => void): Promise<Figure[]> {
  const stage = await setStage(tell, manyCustomers);
  try {
    return [...(await measureList(stage)), ...(await measurePages(stage))];
  } finally {
    await stage.stop();
  }
}

async function measureList(stage: Stage): Promise<Figure[]> {
  const cold = await read(stage, '/api/customers?sort=uptime');
  for (const query of queries) await read(stage, `/api/customers?${query}`);
  const took: number[] = [];
  const worst = { query: '', took: 0 };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const query of queries) {
      const one = await read(stage, `/api/customers?${query}`);
      if (one > worst.took) Object.assign(worst, { query, took: one });
      took.push(one);
    }
  }
  const name = `GET /api/customers, ${manyCustomers.customers.toLocaleString('en')} of them`;
  return [
    { name: `${name}, p50`, value: quantile(took, 0.5), unit: 'ms' },
    {
      name: `${name}, p95`,
      value: quantile(took, 0.95),
      unit: 'ms',
      target: { most: 60 },
      note: `slowest: ?${worst.query}`,
    },
    { name: `${name}, first order by uptime of a day`, value: cold, unit: 'ms' },
  ];
}

async function measurePages(stage: Stage): Promise<Figure[]> {
  const took: number[] = [];
  for (let n = 0; n < customerPages; n += 1)
    took.push(await read(stage, `/api/customers/customer-${(n * 7) % manyCustomers.customers}`));
  return [
    {
      name: 'GET /api/customers/:id p95',
      value: quantile(took, 0.95),
      unit: 'ms',
      target: { most: 50 },
    },
  ];
}

async function read({ url, cookie }: Stage, path: string): Promise<number> {
  const start = performance.now();
  const answer = await fetch(url + path, { headers: { cookie } });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}.`);
  return performance.now() - start;
}
