import type { InstallStep } from '#contract/customers.ts';
import type { Piece } from './shell-cursor.ts';
import { readCommands } from './shell-text.ts';

/** What an install template may ask for, as `{{name}}`. */
export const placeholders = [
  'registry',
  'registryHost',
  'chart',
  'appSlug',
  'appName',
  'channel',
  'channelSlug',
  'version',
  'email',
  'licenseId',
  'customerName',
] as const;
export type Placeholder = (typeof placeholders)[number];
export type TemplateValues = Record<Placeholder, string>;

/** What keeps a template from being used, with its line (from 1). */
export interface TemplateFault {
  line: number;
  message: string;
}

export interface TemplateStep {
  title: Piece[];
  commands: Piece[];
}

/** Titles and commands of a template as its author wrote them. */
interface Section {
  title: string;
  line: number;
  body: string;
}

const titleLine = /^#[ \t]+(\S.*)$/;

/**
 * Reads an install template: a line `# Title` begins a step, and what follows are its commands for a POSIX shell. Values
 * are put in quoted, so a placeholder stands only where a quoted word may stand. Pure.
 * @returns faults in the order of their lines; with any of them the steps are not to be used
 */
export function parseTemplate(template: string): {
  steps: TemplateStep[];
  faults: TemplateFault[];
} {
  const { sections, faults } = splitSections(template.replace(/\r\n?/g, '\n'));
  const steps = sections.map((section) => {
    const title = readTitle(section, faults);
    const read = readCommands(section.body, section.line + 1);
    faults.push(...read.faults);
    if (!read.holdsCommand) {
      faults.push({ line: section.line, message: `the step “${section.title}” holds no command` });
    }
    return { title, commands: read.pieces };
  });
  for (const { title, commands } of steps) checkNames([...title, ...commands], faults);
  return { steps, faults: faults.toSorted((a, b) => a.line - b.line) };
}

/** The first fault of a template as a phrase that names its line; null: it is good. */
export function findTemplateFault(template: string): string | null {
  const [first] = parseTemplate(template).faults;
  return first ? `line ${first.line}: ${first.message}` : null;
}

/**
 * The steps of a template with these values in them. In commands each value is one quoted piece of a word; titles are
 * text for people, and one line.
 * @throws Error when the template is faulty: it was checked before it was stored
 */
export function renderTemplate(template: string, values: TemplateValues): InstallStep[] {
  const { steps, faults } = parseTemplate(template);
  if (faults[0]) throw new Error(`line ${faults[0].line}: ${faults[0].message}`);
  const fill = (pieces: Piece[], put: (value: string) => string) =>
    pieces
      .map((piece) =>
        typeof piece === 'string' ? piece : put(values[piece.placeholder as Placeholder]),
      )
      .join('');
  return steps.map(({ title, commands }) => ({
    title: fill(title, (value) => value.replace(/\s+/g, ' ')),
    commands: fill(commands, quoteForShell).replace(/^(?:[ \t]*\n)+|\s+$/g, ''),
  }));
}

/** One word that a POSIX shell reads as exactly this value, whatever it holds (but NUL, which no shell can). */
export function quoteForShell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function splitSections(template: string) {
  const sections: Section[] = [];
  const faults: TemplateFault[] = [];
  template.split('\n').forEach((text, index) => {
    const line = index + 1;
    const title = titleLine.exec(text)?.[1]?.trim();
    const last = sections.at(-1);
    if (title !== undefined) sections.push({ title, line, body: '' });
    else if (last) last.body += `${text}\n`;
    else if (text.trim() !== '' && faults.length === 0) {
      const message = 'stands before the first step: begin with a title, such as “# Install”';
      faults.push({ line, message });
    }
  });
  if (sections.length === 0 && faults.length === 0) {
    faults.push({ line: 1, message: 'there is no step: a line such as “# Install” begins one' });
  }
  return { sections, faults };
}

function readTitle({ title, line }: Section, faults: TemplateFault[]): Piece[] {
  const parts = title.split(/\{\{([^{}]*)\}\}/);
  if (parts.some((part, index) => index % 2 === 0 && part.includes('{{'))) {
    faults.push({ line, message: '{{ begins a placeholder that is not closed by }}' });
  }
  return parts.map((part, index) => (index % 2 === 0 ? part : { placeholder: part.trim(), line }));
}

function checkNames(pieces: Piece[], faults: TemplateFault[]): void {
  const known: readonly string[] = placeholders;
  for (const piece of pieces) {
    if (typeof piece === 'string' || known.includes(piece.placeholder)) continue;
    const message = `there is no placeholder {{${piece.placeholder}}}; there are ${placeholders.join(', ')}`;
    faults.push({ line: piece.line, message });
  }
}
