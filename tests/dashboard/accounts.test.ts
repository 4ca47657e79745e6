import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Person, Role, SessionState } from '#contract/accounts.ts';
import { describeAgent } from '#lib/accounts/describe-agent.ts';
import { formatWait } from '#lib/accounts/format-wait.ts';
import { judgeGate, leadFrom, linkSignIn, readReturn } from '#lib/accounts/gate.ts';
import { makePassword } from '#lib/accounts/make-password.ts';
import { judgePassword } from '#lib/accounts/password-strength.ts';
import { whyFixed, whyNotGiven } from '#lib/accounts/role-words.ts';

const at = (path: string) => new URL(path, 'https://rollcall.example');
const session = (state: SessionState['state']): SessionState => ({
  state,
  person: null,
  permissions: [],
  demo: false,
});

test('where one stands follows from the session, and from whether one was in before', () => {
  assert.is(judgeGate(null, false, false), 'loading');
  assert.is(judgeGate(null, false, true), 'unreachable');
  assert.is(judgeGate(session('set-up'), true, false), 'set-up');
  assert.is(judgeGate(session('signed-out'), false, false), 'out');
  assert.is(judgeGate(session('signed-out'), true, false), 'lost');
  assert.is(
    judgeGate(session('signed-in'), true, true),
    'in',
    'a server that is away ends nothing',
  );
});

test('without any account every page leads to set-up', () => {
  for (const path of ['/', '/sign-in', '/people', '/customers/geeglo?inactive=true']) {
    assert.is(leadFrom(at(path), 'set-up'), '/setup');
  }
  assert.is(leadFrom(at('/setup#token'), 'set-up'), null);
});

test('signed out, a page leads to signing in and back to where one wanted to go', () => {
  const wanted = '/customers/geeglo?inactive=true';
  const door = leadFrom(at(wanted), 'out');
  assert.is(door, `/sign-in?to=${encodeURIComponent(wanted)}`);
  assert.is(leadFrom(at(door ?? ''), 'in'), wanted);
  assert.is(linkSignIn(at('/')), '/sign-in');
  assert.is(leadFrom(at('/setup#used'), 'out'), null, 'a used link says what it is');
  assert.is(leadFrom(at('/people'), 'lost'), null, 'what was typed stays');
  assert.is(leadFrom(at('/people'), 'in'), null);
});

test('signing in leads to pages of this Rollcall only', () => {
  const foreign = [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'people',
    '',
    '/sign-in?to=/people',
    '/setup',
    '/.//evil.example',
  ];
  for (const to of foreign) {
    assert.is(readReturn(at(`/sign-in?to=${encodeURIComponent(to)}`)), '/', to);
  }
  assert.is(readReturn(at('/sign-in?to=%2F%3Fsearch%3Da%26sort%3Dname')), '/?search=a&sort=name');
});

test('a browser is named as its user would', () => {
  const mozilla = (system: string, rest: string) => `Mozilla/5.0 (${system}) ${rest}`;
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  const cases: [header: string | null, words: string, kind: string][] = [
    [
      mozilla('X11; Linux x86_64', `${webkit} Chrome/141.0 Safari/537.36`),
      'Chrome on Linux',
      'computer',
    ],
    [
      mozilla('X11; Linux x86_64', `${webkit} HeadlessChrome/141.0 Safari/537.36`),
      'Chrome on Linux',
      'computer',
    ],
    [
      mozilla('Windows NT 10.0; Win64', `${webkit} Chrome/141.0 Safari/537.36 Edg/141.0`),
      'Edge on Windows',
      'computer',
    ],
    [
      mozilla('Windows NT 10.0; rv:140.0', 'Gecko/20100101 Firefox/140.0'),
      'Firefox on Windows',
      'computer',
    ],
    [
      mozilla('Macintosh; Intel Mac OS X 10_15_7', 'AppleWebKit/605 Version/19.0 Safari/605'),
      'Safari on macOS',
      'computer',
    ],
    [
      mozilla(
        'iPhone; CPU iPhone OS 19_0 like Mac OS X',
        'AppleWebKit/605 Version/19.0 Mobile/15E Safari/604',
      ),
      'Safari on iPhone',
      'phone',
    ],
    [
      mozilla('Linux; Android 16; Pixel 9', `${webkit} Chrome/141.0 Mobile Safari/537.36`),
      'Chrome on Android',
      'phone',
    ],
    ['curl/8.5.0', 'curl', 'program'],
    ['<script>', 'Unknown device', 'program'],
    [null, 'Unknown device', 'program'],
  ];
  for (const [header, words, kind] of cases) {
    assert.equal(describeAgent(header), { words, kind }, String(header));
  }
});

test('a password is judged by what there is to guess', () => {
  const level = (password: string, known: string[] = []) => judgePassword(password, known).level;
  assert.is(judgePassword('elevenchars', []).words, '1 more character needed');
  assert.is(judgePassword('', []).words, '12 more characters needed');
  assert.is(level('x'.repeat(201)), 0);
  for (const easy of [
    'aaaaaaaaaaaaaaaa',
    'abcdefghijklmnop',
    '123456789012',
    'password1234',
    'abababababababab',
  ]) {
    assert.is(level(easy), 1, easy);
  }
  assert.is(level('olga.owner.acme', ['Olga Owner', 'olga@acme.example']), 1);
  assert.is(level('correct horse battery staple'), 3);
});

test('a password that is made up is strong, legible and another one each time', () => {
  const made = Array.from({ length: 200 }, makePassword);
  assert.is(new Set(made).size, made.length);
  for (const password of made) {
    assert.match(password, /^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
    assert.ok(judgePassword(password, []).level >= 2, password);
  }
});

test('why somebody can be neither removed nor given another role is known before it is tried', () => {
  const person = (id: string, role: Role): Person => ({
    id,
    role,
    name: id,
    email: `${id}@acme.example`,
    createdAt: '2026-11-01T00:00:00.000Z',
    lastSeenAt: null,
    sessions: 0,
  });
  const olga = person('olga', 'owner');
  const otto = person('otto', 'owner');
  const adam = person('adam', 'admin');
  assert.match(whyFixed(olga, [olga, adam], olga) ?? '', /last owner/);
  assert.match(whyFixed(olga, [olga, adam], adam) ?? '', /last owner/);
  assert.match(whyFixed(otto, [olga, otto, adam], adam) ?? '', /Only an owner/);
  assert.is(whyFixed(otto, [olga, otto], olga), null);
  assert.is(whyFixed(adam, [olga, adam], olga), null);
  assert.is(whyNotGiven('owner', olga), null);
  assert.match(whyNotGiven('owner', adam) ?? '', /Only an owner/);
  assert.is(whyNotGiven('admin', adam), null);
});

test('a wait is said in minutes and seconds', () => {
  assert.is(formatWait(42), '42 s');
  assert.is(formatWait(60), '1 min');
  assert.is(formatWait(185), '3 min 5 s');
});

test.run();
