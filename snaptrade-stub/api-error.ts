/** An answer that is an error, in the shape in which SnapTrade gives its own. */

export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly code = '0000',
    /** Of a throttled request: seconds until it may be sent again. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail);
  }

  get body(): Readonly<Record<string, unknown>> {
    return { detail: this.detail, status_code: this.status, code: this.code };
  }
}

/** What the brokerage behind it does not take. */
export function refused(detail: string): never {
  throw new ApiError(400, detail, '1063');
}
