export * from './delete-job-input';
export * from './deletion-options';
export * from './job-deletion';
export * from './job-deletion-provider';
export * from './job-selection';
export * from './job-sweep';
