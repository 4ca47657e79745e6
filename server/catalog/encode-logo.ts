import { AppError } from '#server/errors.ts';

/** Pixels of the side that a logo fits into. */
const side = 512;
/** Pixels of a picture that is looked at at all: a small file may unfold into a huge one. */
const mostPixels = 25_000_000;

/**
 * A picture of ours, made from one that somebody uploaded: no byte of the original is ever served.
 * @returns a PNG of at most 512 × 512
 * @throws AppError invalid
 */
export async function encodeLogo(picture: Uint8Array): Promise<Buffer> {
  if (!isPicture(picture)) throw refusal('must be a PNG, JPEG or WebP picture');
  // Large, and hardly ever needed.
  const { default: sharp } = await import('sharp');
  try {
    return await sharp(picture, { limitInputPixels: mostPixels, failOn: 'error' })
      .rotate()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .png({ compressionLevel: 9 })
      .toBuffer();
  } catch (error) {
    const isHuge = error instanceof Error && error.message.includes('exceeds pixel limit');
    throw refusal(
      isHuge ? 'must have at most 25 million pixels' : 'cannot be read: the file is damaged',
    );
  }
}

const refusal = (why: string) => new AppError('invalid', `The logo ${why}.`);

/** By its first bytes: what a browser or a name says it is plays no part. */
function isPicture(bytes: Uint8Array): boolean {
  const begins = (at: number, ...expected: number[]) =>
    expected.every((byte, index) => bytes[at + index] === byte);
  const isPng = begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const isJpeg = begins(0, 0xff, 0xd8, 0xff);
  const isWebP = begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50);
  return isPng || isJpeg || isWebP;
}
