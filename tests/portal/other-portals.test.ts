import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { licenseIds } from '../support/fleet.ts';
import { addressOf, type PortalHouse, sharePortal } from './house.ts';
import { addFile, logIn, portalOf, setPassword } from './visit.ts';

/** Two customers of two apps, each with a file that holds a word of its own: whatever one sends, it never gets the other's. */
const test = suite<PortalHouse>('a portal shows nothing of another customer');
sharePortal(test);

const words = { mine: 'heron-of-geeglo', theirs: 'walrus-of-roamway', beta: 'lynx-of-beta' };
const text = (word: string) => new TextEncoder().encode(word);

interface World {
  /** What only the other customer may read. */
  secrets: string[];
  cookies: string[];
  slugs: string[];
  files: { id: number; name: string }[];
  own: string;
}

async function build({ house, ask, vendor, portal, cookie }: PortalHouse): Promise<World> {
  const { db } = house.fresh;
  const other = await portalOf(db, 'roamway');
  await setPassword(ask, vendor, 'roamway', 'a quite different password');
  const otherCookie = await logIn(ask, other, 'a quite different password');
  const add = (name: string, word: string, to: object) =>
    addFile(ask, vendor, { name, content: text(word), ...to });
  const own = await add('own.txt', words.mine, { release: 12 });
  const theirs = await add('walrus.txt', words.theirs, { app: 'beacon', release: 1 });
  const beta = await add('lynx.txt', words.beta, { release: 20 });
  return {
    secrets: [
      words.theirs,
      words.beta,
      'walrus.txt',
      'lynx.txt',
      theirs.sha256,
      beta.sha256,
    ].concat(['Roamway', 'Beacon', licenseIds.roamway, licenseIds.expired]),
    // Never both whole and rightly placed: that would be to be the other customer.
    cookies: [
      cookie,
      `${cookie.split('=')[0]}=${otherCookie.split('=')[1]}`,
      `${otherCookie.split('=')[0]}=${cookie.split('=')[1]}`,
      `${cookie}; ${otherCookie.split('=')[0]}=${cookie.split('=')[1]}`,
      '',
    ],
    slugs: [portal, other],
    files: [own, theirs, beta],
    own: addressOf(portal, own),
  };
}

/** Paths below a portal as somebody might bend them. */
function paths({ slugs, files, own }: World): fc.Arbitrary<string> {
  const slug = fc.constantFrom(...slugs);
  const id = fc.oneof(
    fc.constantFrom(...files.map((file) => String(file.id))),
    fc.constantFrom('0', '-1', '1e0', '01', '%31', '1%00', '9'.repeat(20), '2 or 1=1', "1'--"),
  );
  const name = fc.oneof(
    fc.constantFrom(...files.map((file) => file.name)),
    fc.constantFrom('..', '%2e%2e', '%2e%2e%2f%2e%2e', '..%5c..', '.', '%', '%00', '%ff'),
  );
  const dots = fc.constantFrom(
    '/..',
    '/../..',
    '/%2e%2e',
    '/..%2f..',
    '//',
    '/./',
    ';x=y',
    '%2f',
    '',
  );
  const bent = fc
    .tuple(slug, dots, id, name)
    .map(([at, by, n, as]) => `${at}${by}/files/${n}/${as}`);
  const across = fc.tuple(slug, dots, slug).map(([at, by, to]) => `${at}${by}${to}/license`);
  const plain = fc.tuple(
    slug,
    fc.constantFrom('', '/license', '/logo/x', '?before=1', '?before=-1'),
  );
  const simple = plain.map(([at, rest]) => at + rest);
  return fc.oneof({ weight: 5, arbitrary: bent }, across, simple, fc.constant(own));
}

test('whatever paths, ids, cookies and headers are sent', async (context) => {
  const world = await build(context);
  const { ask, cookie } = context;
  assert.is(await (await ask(world.own, { headers: { cookie } })).text(), words.mine);
  const request = fc.record({
    path: paths(world),
    cookie: fc.constantFrom(...world.cookies),
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'),
    more: fc.constantFrom<Record<string, string>>(
      {},
      { range: 'bytes=0-' },
      { range: 'bytes=-5' },
      { 'if-none-match': '*' },
      { 'x-original-url': '/portal/x', 'x-forwarded-host': 'evil.example' },
    ),
  });
  let found = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ path, cookie: sent, method, more }) => {
      context.clock.now += 60_000;
      const headers = { ...more, ...(sent === '' ? {} : { cookie: sent }) };
      const answer = await ask(path, { method, headers });
      const told = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      assert.ok(answer.status < 500, `${answer.status}: ${method} ${path}`);
      // Before the login the other portal's page names its app and customer: its address alone shows that much.
      const isLogin = told.includes('name="password"');
      const secrets = world.secrets.slice(0, isLogin ? 6 : undefined);
      for (const secret of secrets)
        assert.not.ok(told.includes(secret), `${secret}: ${method} ${path} ${sent}`);
      if (told.includes(words.mine)) found += 1;
    }),
    { numRuns: 1500 },
  );
  assert.ok(found > 0, 'it would be no proof if nothing had been found at all');
});

test.run();
