/** The colours of a download portal, as `#rrggbb`: each reads on what it stands on. */
export interface Accent {
  /** Of buttons: the vendor's colour as it is. */
  fill: string;
  /** Of words on it: white or black. */
  onFill: string;
  /** Of words and lines on a light and on a dark page: as near to the vendor's colour as it can be read. */
  onLight: string;
  onDark: string;
}

/** What WCAG 2.2 asks of text (AA). */
const readable = 4.5;
/** What words stand on: the least kind of the surfaces of each theme. */
const light = '#f5f6f8';
const dark = '#1d222b';

type Rgb = [red: number, green: number, blue: number];

/** Pure. @param color `#rrggbb` */
export function describeAccent(color: string): Accent {
  const fill = color.toLowerCase();
  return {
    fill,
    onFill: contrast(fill, '#ffffff') >= readable ? '#ffffff' : '#000000',
    onLight: mixUntilReadable(fill, '#000000', light),
    onDark: mixUntilReadable(fill, '#ffffff', dark),
  };
}

/** Contrast of two colours by WCAG: from 1 (the same) to 21 (black and white). */
export function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function mixUntilReadable(color: string, towards: string, ground: string): string {
  const [from, to] = [parse(color), parse(towards)];
  for (let step = 0; step <= 20; step += 1) {
    const mixed = from.map((part, i) => part + ((to[i]! - part) * step) / 20) as Rgb;
    const written = write(mixed);
    if (contrast(written, ground) >= readable) return written;
  }
  return towards;
}

function parse(color: string): Rgb {
  const part = (at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

function write(color: Rgb): string {
  return `#${color.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
