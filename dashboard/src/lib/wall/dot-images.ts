import { type Attention, attentionOrder } from '#contract/status.ts';
import { type Stroke, glyphs } from '../components/glyphs.ts';
import { isProblem } from './items.ts';

/** Colours by their names in wall.css. */
type ColourOf = (name: string) => string;

/** Pixels of a picture's side: about as many as the largest dots have, and small ones are made of it as well. */
const side = 128;
/** The box in which glyphs are drawn. */
const box = 16;

/**
 * The glyphs of dots as pictures, in declarations of `--dot-ready` and so on. A thousand drawings in the page, each with
 * its own clip, take a slow television 120 ms to lay out anew; a thousand boxes with one of nine pictures take 30.
 * @param stale nobody vouches for them: all in one colour
 */
export function dotImages(colourOf: ColourOf, stale: boolean): string {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = side;
  const pen = canvas.getContext('2d');
  if (pen === null) return '';
  pen.scale(side / box, side / box);
  pen.lineCap = pen.lineJoin = 'round';
  return attentionOrder
    .map((attention) => {
      const state = colourOf(stale ? '--w-inactive' : nameColour(attention));
      // A problem is filled, as its tile would be.
      const [ink, ground] = isProblem(attention)
        ? [colourOf('--w-on-fill'), state]
        : [state, colourOf('--w-page')];
      pen.clearRect(0, 0, box, box);
      for (const stroke of glyphs[attention]) draw(pen, stroke, ink, ground);
      return `--dot-${attention}: url(${canvas.toDataURL()})`;
    })
    .join('; ');
}

const nameColour = (attention: Attention) =>
  `--w-${attention === 'unreported' ? 'inactive' : attention}`;

const widths = { fill: 0, round: 1.2, line: 1.7, cut: 1.9 };

function draw(
  pen: CanvasRenderingContext2D,
  { kind, d, dashes }: Stroke,
  ink: string,
  ground: string,
): void {
  const path = new Path2D(d);
  pen.fillStyle = ink;
  pen.strokeStyle = kind === 'cut' ? ground : ink;
  pen.lineWidth = widths[kind];
  pen.setLineDash(dashes?.split(' ').map(Number) ?? []);
  if (kind === 'fill' || kind === 'round') pen.fill(path);
  if (kind !== 'fill') pen.stroke(path);
}
