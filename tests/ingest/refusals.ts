import * as assert from 'uvu/assert';
import { AppError } from '#server/errors.ts';

/** The code and message with which `act` is refused. Anything but an AppError fails the test. */
export function refusal(act: () => unknown): { code: string; message: string } {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, message: error.message };
  }
  assert.unreachable('it was not refused');
  return { code: '', message: '' };
}
