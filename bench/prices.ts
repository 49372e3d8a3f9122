/** US dollars in US East (N. Virginia), without a free tier, as the pages say; read on 26 November 2026. */
export const PRICES = {
  /** Lambda on x86: https://aws.amazon.com/lambda/pricing/ */
  gigabyteSecond: 0.0000166667,
  invocation: 0.2 / 1_000_000,
  /** Step Functions, Standard: https://aws.amazon.com/step-functions/pricing/ */
  stateTransition: 0.025 / 1_000,
} as const;
