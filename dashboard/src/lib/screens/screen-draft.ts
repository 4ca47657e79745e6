import type { Screen } from '#contract/screens.ts';
import type { LicenseType } from '#contract/status.ts';
import type { Redaction, WallDensity, WallMode, WallTheme } from '#contract/wall.ts';
import type { ScreenSettings } from './screens-api.ts';

/** A screen's settings as they are typed; lists stand as text, one value a line. */
export type ScreenValues = {
  name: string;
  redaction: Redaction;
  mode: WallMode;
  theme: WallTheme;
  density: WallDensity;
  rotate: string;
  cols: string;
  tz: string;
  nightFrom: string;
  nightTo: string;
  sound: boolean;
  plain: boolean;
  customers: string;
  apps: string;
  channels: string;
  licenseTypes: string;
  tags: string;
};
export type ScreenField = keyof ScreenValues;
export type Faults = Partial<Record<ScreenField, string>>;

const blank: ScreenValues = {
  name: '',
  redaction: 'full',
  mode: 'instances',
  theme: 'dark',
  density: 'auto',
  rotate: '20',
  cols: '',
  tz: '',
  nightFrom: '',
  nightTo: '',
  sound: false,
  plain: false,
  customers: '',
  apps: '',
  channels: '',
  licenseTypes: '',
  tags: '',
};

export const toList = (text: string): string[] => text.split('\n').filter((line) => line !== '');
export const fromList = (values: readonly string[]): string => values.join('\n');

/** @param screen null: a new one */
export function valuesOf(screen: Screen | null): ScreenValues {
  if (screen === null) return { ...blank };
  const { name, redaction, options, plain, scope } = screen;
  return {
    name,
    redaction,
    plain,
    mode: options.mode,
    theme: options.theme,
    density: options.density,
    rotate: String(options.rotate),
    cols: options.cols === null ? '' : String(options.cols),
    tz: options.tz ?? '',
    nightFrom: options.night?.from ?? '',
    nightTo: options.night?.to ?? '',
    sound: options.sound,
    customers: fromList(scope.customers),
    apps: fromList(scope.apps),
    channels: fromList(scope.channels),
    licenseTypes: fromList(scope.licenseTypes),
    tags: scope.tags.join(', '),
  };
}

/** What is typed as the server takes it. */
export function settingsOf(values: ScreenValues): ScreenSettings {
  const { nightFrom: from, nightTo: to } = values;
  return {
    name: values.name.trim(),
    redaction: values.redaction,
    plain: values.plain,
    scope: {
      customers: toList(values.customers),
      apps: toList(values.apps),
      channels: toList(values.channels),
      licenseTypes: toList(values.licenseTypes) as LicenseType[],
      tags: tagsOf(values.tags),
    },
    options: {
      mode: values.mode,
      theme: values.theme,
      density: values.density,
      rotate: Number(values.rotate),
      cols: values.cols.trim() === '' ? null : Number(values.cols),
      tz: values.tz.trim() === '' ? null : values.tz.trim(),
      night: from === '' && to === '' ? null : { from, to },
      sound: values.sound,
    },
  };
}

const tagsOf = (text: string): string[] =>
  text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/** What is wrong with what is typed, as far as one can tell without the server. Pure. */
export function findFaults(values: ScreenValues): Faults {
  const faults: Faults = {};
  const whole = (text: string, least: number, most: number) =>
    /^\d{1,5}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
  if (values.name.trim() === '') faults.name = 'Enter a name.';
  if (values.mode === 'customer' && toList(values.customers).length !== 1)
    faults.mode = 'Choose exactly one customer above.';
  if (!whole(values.rotate, 5, 3_600)) faults.rotate = 'Enter 5 to 3600 seconds.';
  if (values.cols.trim() !== '' && !whole(values.cols, 1, 60)) faults.cols = 'Enter 1 to 60.';
  const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
  if (values.nightFrom !== '' || values.nightTo !== '') {
    if (!isTime(values.nightFrom)) faults.nightFrom = 'Enter a time such as 22:00.';
    if (!isTime(values.nightTo)) faults.nightTo = 'Enter a time such as 06:00.';
  }
  if (values.tz.trim() !== '' && !isZone(values.tz.trim()))
    faults.tz = 'Enter an IANA time zone such as Europe/Berlin.';
  return faults;
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
