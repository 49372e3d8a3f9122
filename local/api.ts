/** One signed HTTP request, as the endpoint hands it to the service that it was signed for. */
export interface ApiRequest {
  readonly requestId: string;
  /** From the signature's credential scope. */
  readonly region: string;
  /** Who signed: an access key id, which {@link Iam} maps to a role. */
  readonly accessKeyId: string;
  readonly method: string;
  /** Path as sent: still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Drop the connection without an answer, as a network that fails does; whatever the call did stays done. */
  readonly disconnect?: true;
}

/** A service of the embedded AWS, in its own wire protocol. */
export interface Service {
  /** The name in the signature's credential scope: `iot`, `sts`, `lambda`, `states`, `cloudformation`. */
  readonly signingName: string;
  /** The regions that it is in besides the endpoint's own. */
  readonly furtherRegions?: readonly string[];
  /** Answers one request. A {@link ServiceError} thrown inside is the service's own to encode in its protocol. */
  handle(request: ApiRequest): Promise<ApiResponse>;
}

/** An error that an AWS service answers with: the code and HTTP status of its service model. */
export class ServiceError extends Error {
  constructor(
    /** The error's shape name, such as `LimitExceededException`. */
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = code;
  }
}
