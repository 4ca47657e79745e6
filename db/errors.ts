/** The database cannot be used. The message is one sentence that says what to do; it is meant for whoever starts Rollcall. */
export class DatabaseError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DatabaseError';
  }
}
