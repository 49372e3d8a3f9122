export * from './delete-job-input';
export * from './job-deletion';
export * from './job-deletion-provider';
