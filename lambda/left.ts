import type { Obstacle } from './patience';

/** Why a job is not gone. */
export type Left =
  | { readonly kind: 'active'; readonly status: string }
  | { readonly kind: 'other namespace'; readonly actual: string | undefined }
  | { readonly kind: 'outside patterns'; readonly patterns: readonly string[] }
  /** AWS's own: nobody else can delete it, so it is reported, and nothing fails for it. */
  | { readonly kind: 'reserved'; readonly namespaceId: string }
  | { readonly kind: 'executions in progress'; readonly count: number }
  | { readonly kind: 'in deletion' }
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** Ten jobs are in deletion, as the list of them says. */
  | { readonly kind: 'no slot' };
