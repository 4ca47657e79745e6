import { DrizzleQueryError } from 'drizzle-orm';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLog } from '#server/log.ts';

/** What a log line says that is written by `write`. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  write(createLog({ logLevel: 'trace' }, { write: (line: string) => void (text += line) }));
  for (const line of text.trim().split('\n')) JSON.parse(line);
  return text;
}

const secret = 'Xq7hunter2Z9';

test('a field that is named like a secret is blanked, however deep it lies', () => {
  const names = [
    'licenseId',
    'license_id',
    'password',
    'newPassword',
    'token',
    'cookie',
    'Set-Cookie',
  ];
  for (const name of [...names, 'authorization', 'secret', 'clientSecret', 'databaseUrl']) {
    const line = logged((log) => log.info({ a: { b: [{ [name]: secret }] }, [name]: secret }, 'x'));
    assert.not.match(line, secret, name);
  }
});

test('what looks like a credential is blanked in any text', () => {
  const texts = [
    `Authorization: Bearer ${secret}`,
    `authorization: basic ${Buffer.from(`${secret}:${secret}`).toString('base64')}`,
    `rollcall.session_token=${secret}.abcdef; Path=/`,
    `rc_${secret}${secret}`,
    `GET /set-up?token=${secret}`,
    `postgres://me:${secret}@db/x`,
  ];
  for (const text of texts) {
    const line = logged((log) => log.info({ note: text, err: new Error(text) }, text));
    assert.not.match(line, secret, text);
    assert.not.match(line, Buffer.from(`${secret}:${secret}`).toString('base64'));
  }
});

test('an error is written without the parameters, rows and texts that it was about', () => {
  const refused = Object.assign(new Error(`invalid input syntax for type uuid: "${secret}"`), {
    code: '22P02',
    detail: `Key (license_id)=(${secret}) already exists.`,
    parameters: [secret],
  });
  const failed = new DrizzleQueryError('select $1', [secret], refused);
  let syntax: unknown;
  try {
    JSON.parse(`{"password": ${secret}`);
  } catch (error) {
    syntax = error;
  }
  for (const err of [refused, failed, syntax, new Error('outer', { cause: failed })]) {
    const line = logged((log) => log.error({ err }, 'failed'));
    assert.not.match(line, secret);
    assert.match(line, /"stack":"/);
  }
  assert.match(
    logged((log) => log.error({ err: failed }, 'x')),
    /"statement":"select \$1"/,
  );
  assert.match(
    logged((log) => log.error({ err: refused }, 'x')),
    /"code":"22P02"/,
  );
});

test('what is no secret stays as it was', () => {
  const line = logged((log) =>
    log.info({ ms: 1.5, at: new Date(0), nested: { route: '/api' } }, 'ok'),
  );
  assert.match(line, /"ms":1.5,"at":"1970-01-01T00:00:00.000Z","nested":\{"route":"\/api"\}/);
});

test.run();
