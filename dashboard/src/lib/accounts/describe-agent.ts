export interface Agent {
  /** "Firefox on Windows", as one would say it; never empty. */
  words: string;
  kind: 'computer' | 'phone' | 'program';
}

/** Order matters: most browsers also name those whose pages they want to be given. */
const browsers: [pattern: RegExp, name: string][] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/.* Safari\//, 'Safari'],
];

const systems: [pattern: RegExp, name: string, kind: Agent['kind']][] = [
  [/\biPhone\b/, 'iPhone', 'phone'],
  [/\biPad\b/, 'iPad', 'phone'],
  [/\bAndroid\b/, 'Android', 'phone'],
  [/\bWindows\b/, 'Windows', 'computer'],
  [/\bCrOS\b/, 'ChromeOS', 'computer'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS', 'computer'],
  [/\bLinux\b/, 'Linux', 'computer'],
];

/** A User-Agent header in the words of whoever used it. Pure. */
export function describeAgent(header: string | null): Agent {
  if (header === null || header.trim() === '') return { words: 'Unknown device', kind: 'program' };
  const browser = browsers.find(([pattern]) => pattern.test(header))?.[1];
  const system = systems.find(([pattern]) => pattern.test(header));
  if (browser !== undefined) {
    const words = system === undefined ? browser : `${browser} on ${system[1]}`;
    return { words, kind: system?.[2] ?? 'computer' };
  }
  if (system !== undefined) return { words: `A browser on ${system[1]}`, kind: system[2] };
  const program = /^[\w.-]{1,40}/.exec(header)?.[0];
  return { words: program ?? 'Unknown device', kind: 'program' };
}
