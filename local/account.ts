/** Where the embedded AWS pretends to be: part of every ARN. */
export interface Account {
  readonly accountId: string;
  readonly region: string;
}

/** The account that AWS's own documentation uses, in the region that its tools default to. */
export const exampleAccount: Account = { accountId: '123456789012', region: 'us-east-1' };
