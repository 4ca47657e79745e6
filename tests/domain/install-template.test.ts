import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultTemplates } from '#domain/default-templates.ts';
import {
  findTemplateFault,
  parseTemplate,
  placeholders,
  quoteForShell,
  renderTemplate,
  type TemplateValues,
} from '#domain/install-template.ts';

const plain = Object.fromEntries(placeholders.map((name) => [name, name])) as TemplateValues;
const valuesOf = (value: string) =>
  Object.fromEntries(placeholders.map((name) => [name, value])) as TemplateValues;

/** Anything but NUL, which no argument can hold; the characters that mean something to a shell often. */
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.replaceAll('\0', '')),
  fc.string({
    unit: fc.constantFrom(...'\'"\\$`!#*?~;&|<>(){}[]=% \t\n\r-a'),
    maxLength: 40,
  }),
);

test('whatever the values hold, the shell gives them back unchanged', () => {
  const template = `# Say
printf '%s\\0' {{customerName}} pre{{email}}post {{version}}{{version}} a={{licenseId}} "$(echo x)"'y'{{chart}}`;
  fc.assert(
    fc.property(value, (given) => {
      const [step] = renderTemplate(template, valuesOf(given));
      const said = execFileSync('/bin/sh', ['-c', step!.commands], { env: {} }).toString('utf8');
      assert.equal(said.split('\0').slice(0, -1), [
        given,
        `pre${given}post`,
        given + given,
        `a=${given}`,
        `xy${given}`,
      ]);
    }),
    { numRuns: 60 },
  );
});

test('quoted values stay one word wherever a template that is taken puts them', () => {
  const around = fc.array(
    fc.constantFrom(
      ' ',
      "'",
      '"',
      '\\',
      '$',
      '`',
      '#',
      '\n',
      '{{email}}',
      '(',
      ')',
      '<<EOF',
      '<',
      'EOF\n',
      '{',
      '}',
      ';',
      'x',
      '$(',
      '${',
      "$'",
      '\n# T\n',
      '\t',
    ),
    { maxLength: 14 },
  );
  let taken = 0;
  fc.assert(
    fc.property(around, (parts) => {
      const template = `# T\n: ${parts.join('')}`;
      if (findTemplateFault(template) !== null) return;
      taken += 1;
      // Were the value ever read as commands, it would speak.
      const told = renderTemplate(
        template,
        valuesOf("'; echo SPOKEN; `echo SPOKEN` $(echo SPOKEN) \nEOF\necho SPOKEN #"),
      );
      for (const { commands } of told) {
        const said = sayAll(commands);
        assert.not.match(said.replaceAll('\0', ''), /^SPOKEN/m, template);
      }
    }),
    { numRuns: 4000 },
  );
  assert.ok(taken > 200, `${taken} of the templates were taken`);
});

/** Only what is syntactically whole is run, where nothing but the shell's own words are at hand. */
function sayAll(commands: string): string {
  if (!commands.includes('SPOKEN')) return '';
  try {
    return execFileSync('/bin/sh', ['-c', commands], {
      env: { PATH: '' },
      cwd: '/tmp',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
    }).toString();
  } catch (error) {
    return String((error as { stdout?: Buffer }).stdout ?? '');
  }
}

const faulty: [template: string, fault: RegExp][] = [
  ['', /^line 1: there is no step/],
  ['\n\n', /^line 1: there is no step/],
  ['helm install\n# Install\nhelm install', /^line 1: stands before the first step/],
  ['# One\n\n# Two\necho', /^line 1: the step “One” holds no command$/],
  ['# One\necho\n# Two\n  # only said\n', /^line 3: the step “Two” holds no command$/],
  [
    '# One\necho {{appSlug}} {{unknown}}',
    /^line 2: there is no placeholder \{\{unknown\}\}; there are registry,/,
  ],
  ['# Install {{nothing}}\necho', /^line 1: there is no placeholder \{\{nothing\}\}/],
  ['# One\necho {{appSlug', /^line 2: \{\{ begins a placeholder that is not closed by \}\}$/],
  [
    "# One\necho\necho 'a {{version}}'",
    /^line 3: \{\{version\}\} must not stand inside single quotes: it brings its own quotes$/,
  ],
  ['# One\necho "{{version}}"', /^line 2: .* inside double quotes/],
  ['# One\necho "a\nb {{version}}"', /^line 3: .* inside double quotes/],
  ['# One\necho `echo {{version}}`', /^line 2: .* inside backticks/],
  ['# One\necho "`echo {{version}}`"', /^line 2: .* inside backticks/],
  ['# One\necho $(echo {{version}})', /^line 2: .* inside \$\(…\)/],
  ['# One\necho $(( 1 + {{version}} ))', /^line 2: .* inside \$\(…\)/],
  ['# One\necho "$(echo {{version}})"', /^line 2: .* inside \$\(…\)/],
  ['# One\necho x # {{version}}', /^line 2: .* inside a comment/],
  ['# One\necho x;# {{version}}', /^line 2: .* inside a comment/],
  ['# One\ncat <<EOF\nversion: {{version}}\nEOF', /^line 3: .* inside a here-document/],
  ["# One\ncat <<-'EOF'\nversion: {{version}}\n\tEOF", /^line 3: .* inside a here-document/],
  ['# One\necho ${HOME:-{{version}}}', /^line 2: \$\{…\} is too intricate/],
  ['# One\necho ${{version}}', /^line 2: a placeholder must not follow a \$$/],
  ['# One\necho \\{{version}}', /^line 2: a placeholder must not follow a backslash$/],
  ["# One\necho $'a\\'' {{version}}", /^line 2: \$' is not read alike by all shells$/],
  ["# One\necho 'open\n# Two\necho {{version}}", /^line 2: a single quote is not closed$/],
  ['# One\necho "open', /^line 2: a double quote is not closed$/],
  ['# One\necho $(open', /^line 2: \$\(…\) is not closed$/],
  ['# One\ncat <<EOF\nno end', /^line 2: a here-document is not ended by a line EOF$/],
  ['# One\ncat <<EOF', /^line 2: a here-document is (missing|not ended)/],
  [
    '# One\ncat <<EOF\nto be continued \\\nEOF\n',
    /^line 3: a line of a here-document must not end/,
  ],
  ['# One\ncat <<"E F"\nE F\n', /^line 2: the end of a here-document must be a plain word/],
  ['# One\necho $(cat <<EOF\nEOF\n)', /^line 2: a here-document must not stand inside/],
  ['# One\necho $(case x in x) echo;; esac)', /^line 2: case must not stand inside/],
  ['# One\necho $(echo # )\n)', /^line 2: a comment must not stand inside/],
];
for (const [template, fault] of faulty) {
  test(`a template is refused by line and reason: ${JSON.stringify(template)}`, () => {
    assert.match(findTemplateFault(template) ?? 'no fault', fault);
    assert.throws(() => renderTemplate(template, plain));
  });
}

const good: [template: string, commands: string[]][] = [
  ['# One\necho {{version}}', ["echo 'version'"]],
  ['\n# One\r\necho {{ version }}\r\n\r\n# Two\r\ntrue\r\n', ["echo 'version'", 'true']],
  ['# One\n#!/bin/sh\n# \n  # not a title\nls', ['#!/bin/sh\n# \n  # not a title\nls']],
  [
    '# One\necho a#b {{email}} "it\'s" \'"\' \\"{{chart}}',
    [`echo a#b 'email' "it's" '"' \\"'chart'`],
  ],
  [
    '# One\necho $HOME ${HOME} "$(id -u)" `id` $((1 + 2)) {{email}}',
    ['echo $HOME ${HOME} "$(id -u)" `id` $((1 + 2)) \'email\''],
  ],
  [
    "# One\ncat <<'EOF' > x\n{ $(' \" `\nEOF\necho {{email}}",
    ["cat <<'EOF' > x\n{ $(' \" `\nEOF\necho 'email'"],
  ],
  [
    '# One\nhelm install a \\\n  --version {{version}}',
    ["helm install a \\\n  --version 'version'"],
  ],
  ['# One\nhelm a{{appSlug}}/{{chart}}:{{version}}', ["helm a'appSlug'/'chart':'version'"]],
  [
    "# One\nkubectl get x -o jsonpath='{.a}' {{email}}",
    ["kubectl get x -o jsonpath='{.a}' 'email'"],
  ],
];
for (const [template, commands] of good) {
  test(`a template is taken and its values are quoted: ${JSON.stringify(template)}`, () => {
    assert.is(findTemplateFault(template), null);
    assert.equal(
      renderTemplate(template, plain).map((step) => step.commands),
      commands,
    );
  });
}

test('all faults are named, in the order of their lines', () => {
  const { faults } = parseTemplate('echo\n# One\necho "{{a}}" {{b}}\n# Two');
  assert.equal(
    faults.map(({ line }) => line),
    [1, 3, 3, 4],
  );
});

test('titles are one line of plain text, whatever the values hold', () => {
  const [step] = renderTemplate('# Install {{customerName}}\ntrue', {
    ...plain,
    customerName: "Bob's\nrm -rf /",
  });
  assert.equal(step, { title: "Install Bob's rm -rf /", commands: 'true' });
});

test('the templates that come with Rollcall are good', () => {
  const [login, install, upgrade] = renderTemplate(defaultTemplates.install, {
    ...plain,
    registry: 'registry.example.com/acme',
    registryHost: 'registry.example.com',
    chart: 'acme',
    appSlug: 'acme',
    version: '1.2.0',
  });
  assert.is(
    login!.commands,
    "helm registry login 'registry.example.com' --username 'email' --password 'licenseId'",
  );
  assert.is(
    install!.commands,
    "helm install 'acme' oci://'registry.example.com/acme'/'acme' --version '1.2.0'",
  );
  assert.match(upgrade!.commands, /^helm upgrade /);
  assert.is(renderTemplate(defaultTemplates.airGap, plain).length, 3);
});

test('a quote is the one character that ends a quoted value, and it is put outside', () => {
  assert.is(quoteForShell("it's"), "'it'\\''s'");
  assert.is(quoteForShell(''), "''");
});

test.run();
