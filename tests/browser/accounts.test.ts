import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import { findGraveInBothThemes } from './axe.ts';
import { drawTwice, type Stage, openStage, rowOf } from './stage.ts';

const run = promisify(execFile);
const olga = { email: 'olga@acme.example', password: 'olga keeps seven brass keys' };
const vera = { email: 'vera@acme.example', password: '' };

const test = suite<{ stage: Stage; link: string }>('accounts');
test.before(async (context) => {
  context.stage = await openStage({ accounts: false });
  await context.stage.report({ instanceId: 'steady-one', status: 'ready' });
  context.link = /\/setup#\S+/.exec(context.stage.server.output())?.[0] ?? '';
  assert.notEqual(context.link, '', 'the server prints a set-up link');
});
test.after(({ stage }) => stage.close());

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
const path = (page: Page) => page.evaluate<string>('location.pathname + location.search');

/** Types as somebody without a pointer: what has the focus now, and then the next field. */
async function typeFields(page: Page, ...fields: (string | null)[]): Promise<void> {
  for (const [index, text] of fields.entries()) {
    if (index > 0) await page.keyboard.press('Tab');
    if (text !== null) await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}

async function signIn(page: Page, { email, password }: typeof olga): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Opens a page as somebody who signs in for it. */
async function openAs(stage: Stage, who: typeof olga, at: string): Promise<Page> {
  const page = await stage.open(at, { reducedMotion: 'reduce' });
  await signIn(page, who);
  await page.waitForURL((url) => url.pathname === at.split('?')[0]);
  return page;
}

async function expectNothingGrave(page: Page): Promise<void> {
  assert.deepEqual(await findGraveInBothThemes(page), [], page.url());
}

// The tests tell one story, in order: the account that one makes is what the next one signs in with.

test('without an account every page shows set-up, and a wrong link what to do', async ({
  stage,
}) => {
  const page = await stage.open('/people', { reducedMotion: 'reduce' });
  await heading(page, 'Set up Rollcall').waitFor();
  await page.getByText('Look where Rollcall was started').waitFor();
  assert.equal(await path(page), '/setup');
  await expectNothingGrave(page);

  await page.goto(`${stage.server.url}/setup#not-the-token`);
  await typeFields(page, 'Mallory', 'mallory@evil.example', olga.password, null, olga.password);
  await heading(page, 'This link cannot be used').waitFor();
  await page.getByText('each start prints a new one').waitFor();
  await page.context().close();
});

test('the set-up link makes the owner, with the keyboard alone, and is used up', async ({
  stage,
  link,
}) => {
  const page = await stage.open(link, { reducedMotion: 'reduce' });
  await page.getByLabel('Name').waitFor();
  await expectNothingGrave(page);
  await typeFields(page, 'Olga Owner', olga.email, olga.password, null, 'something else');
  await page.getByText('The two passwords differ.').waitFor();
  assert.equal(await page.evaluate('document.activeElement.value'), 'something else');
  await page.keyboard.press('ControlOrMeta+A');
  await typeFields(page, olga.password);
  await heading(page, 'Fleet').waitFor();
  assert.equal(await path(page), '/', 'the secret is gone from the address');
  await rowOf(page, 'steady-').waitFor();
  await page.context().close();

  const late = await stage.open(link);
  await heading(late, 'Rollcall is set up').waitFor();
  await late.getByRole('link', { name: 'Sign in' }).click();
  await heading(late, 'Sign in').waitFor();
  await late.context().close();
});

test('the owner adds a viewer, whose password is shown once', async ({ stage }) => {
  const page = await openAs(stage, olga, '/people');
  await page.getByText('The last owner stays').waitFor();
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name').fill('Vera Viewer');
  await page.getByLabel('Email address').fill(vera.email);
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await heading(page, 'Vera Viewer can sign in now').waitFor();
  vera.password = await page.getByRole('dialog').locator('code').nth(1).innerText();
  await expectNothingGrave(page);
  await page.keyboard.press('Escape');
  await drawTwice(page);
  assert.equal(await page.getByRole('dialog').count(), 1, 'Escape does not lose the password');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row', { name: /vera@acme/ }).waitFor();
  await page.context().close();
});

test('the viewer signs in by keyboard, reads the fleet, and is told what is not theirs', async ({
  stage,
}) => {
  const page = await stage.open('/customers/roamway', { reducedMotion: 'reduce' });
  await heading(page, 'Sign in').waitFor();
  await expectNothingGrave(page);
  await typeFields(page, vera.email, 'not the password');
  await page.getByText('Email address or password is wrong.').waitFor();
  await page.getByLabel('Password', { exact: true }).focus();
  await page.keyboard.press('ControlOrMeta+A');
  await typeFields(page, vera.password);
  await heading(page, 'No instance has checked in yet').waitFor();
  assert.equal(await path(page), '/customers/roamway', 'one gets where one wanted to go');
  assert.equal(await page.getByRole('button', { name: 'Show a working example' }).count(), 0);
  await page.getByText('which viewers do not see').waitFor();

  await page.getByRole('link', { name: 'Rollcall, fleet' }).click();
  await rowOf(page, 'steady-').waitFor();
  await page.getByRole('button', { name: /^Account menu/ }).press('Enter');
  await page.getByRole('menuitem', { name: 'Account' }).waitFor();
  assert.deepEqual(await page.getByRole('menuitem').allInnerTexts(), ['Account', 'Sign out']);
  await expectNothingGrave(page);

  for (const at of ['/people', '/tokens']) {
    await page.goto(stage.server.url + at);
    await heading(page, /^Only owners and admins/).waitFor();
    await expectNothingGrave(page);
  }
  const refused = [
    ['GET', '/api/people'],
    ['GET', '/api/tokens'],
    ['POST', '/api/customers/geeglo/license-id'],
  ];
  for (const [method, address] of refused) {
    const answer = await page.evaluate<{ status: number; message: string }>(
      `fetch('${address}', { method: '${method}' }).then(async (response) => ({
        status: response.status,
        message: (await response.json()).error.message,
      }))`,
    );
    assert.equal(answer.status, 403, address);
    assert.match(answer.message, /^[A-Z].*\.$/, 'one sentence');
  }
  await page.context().close();
});

test('a token is shown once, works as its example says, and is refused when it is revoked', async ({
  stage,
}) => {
  const page = await openAs(stage, olga, '/tokens');
  await heading(page, 'No API token yet').waitFor();
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Create a token' }).click();
  await page.getByLabel('Name').fill('Nightly export');
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await heading(page, '“Nightly export” is ready').waitFor();
  const command = await page.getByRole('dialog').locator('code').nth(1).innerText();
  const call = () => run('sh', ['-c', `${command} --silent --fail-with-body`]);
  assert.match((await call()).stdout, /steady-one/);
  await page.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
  await page.getByRole('alertdialog').waitFor();
  await expectNothingGrave(page);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('Nightly export is revoked.').waitFor();
  await assert.rejects(call(), 'a revoked token opens nothing');
  await page.context().close();
});

test('a session that is ended elsewhere leads to signing in, and loses nothing that was typed', async ({
  stage,
}) => {
  const page = await openAs(stage, olga, '/people');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name').fill('Half a Nam');

  const other = await openAs(stage, olga, '/account');
  await other.getByText('This one').waitFor();
  await expectNothingGrave(other);
  const rest = other.getByRole('button', { name: /^Sign out (?!everywhere)/ });
  assert.notEqual(await rest.count(), 0);
  while ((await rest.count()) > 0) {
    const left = (await rest.count()) - 1;
    await rest.first().click();
    await rest.nth(left).waitFor({ state: 'detached' });
  }

  await heading(page, 'Sign in again').waitFor({ timeout: 15_000 });
  await expectNothingGrave(page);
  await page.getByLabel('Password', { exact: true }).last().fill(olga.password);
  await page.keyboard.press('Enter');
  await heading(page, 'Sign in again').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Name').inputValue(), 'Half a Nam');
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 10_000 });
  await page.context().close();

  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await other.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await heading(other, 'Sign in').waitFor();
  await other.goto(`${stage.server.url}/account`);
  await heading(other, 'Sign in').waitFor();
  await other.context().close();
});

test('a password is changed by who knows it', async ({ stage }) => {
  const page = await openAs(stage, vera, '/account');
  const changed = 'vera found a quiet harbour';
  await page.getByLabel('Present password', { exact: true }).fill('not the present one');
  await page.getByLabel('New password', { exact: true }).fill(changed);
  await page.getByLabel('New password again', { exact: true }).fill(changed);
  await page.keyboard.press('Enter');
  await page.getByText('This is not your present password.').waitFor();
  await page.getByLabel('Present password', { exact: true }).fill(vera.password);
  await page.keyboard.press('Enter');
  await page.getByText('Your password is changed.').waitFor();
  vera.password = changed;
  await page.getByRole('button', { name: /^Account menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  await signIn(page, vera);
  await heading(page, 'Fleet').waitFor();
  await page.context().close();
});

// Last, since it shuts the door for a while.
test('guessing is slowed down, and the page counts the wait', async ({ stage }) => {
  const page = await stage.open('/sign-in');
  const wait = page.getByText(/^Too many attempts\. Try again in \d+/);
  for (let n = 0; n < 50 && (await wait.count()) === 0; n += 1) {
    await signIn(page, { email: olga.email, password: `guess number ${n}` });
    await page.getByRole('alert').getByText(/./).waitFor();
  }
  await wait.waitFor();
  const first = await wait.innerText();
  await page.getByText(first, { exact: true }).waitFor({ state: 'detached' });
  await wait.waitFor();
  await page.context().close();
});

test.run();
