/**
 * Stands in for the SDK's chain of credential providers (see build.ts): in Lambda the credentials are always in the
 * environment, and what asks profiles, SSO and instance metadata for them would be a fifth of the bundle.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
