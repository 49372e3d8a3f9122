/** The files and folders that tests have left in their run's temp folder. */
export function leftFiles(folder: string): string[];
/** The processes of a run, which have its temp folder in their environment: its workers, and whatever those started. */
export function processes(folder: string): { readonly id: number; readonly command: string }[];
/** Ends what belongs to a run, and removes its temp folder. */
export function remove(folder: string): void;
