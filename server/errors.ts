const statuses = {
  invalid: 400,
  wrong_password: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  revoked: 410,
  precondition: 412,
  too_large: 413,
  too_many: 429,
  headers_too_large: 431,
  internal: 500,
  overloaded: 503,
} as const;
export type ErrorCode = keyof typeof statuses;
export type ErrorStatus = (typeof statuses)[ErrorCode];

/** An error whose message is meant for the person or software that asked: one sentence, nothing of the inside. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | null;

  constructor(code: ErrorCode, message: string, options: { retryAfter?: number } = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
  }

  get status() {
    return statuses[this.code];
  }
}
