import type { Home } from '../aws/place';
import type { Subject } from '../words/subject';
import type { Event } from './event';
import { parseProperties } from './properties';

/** What to say of an event before it is known what it means. Where its properties can't be read, no command is exact. */
export function undecided({ RequestType, ResourceProperties, ResourceType }: Event, home: Home): Subject {
  const isDelete = RequestType === 'Delete';
  try {
    const { force, namespaceId, place, selection } = parseProperties(ResourceType, ResourceProperties);
    const jobId = 'job' in selection ? selection.job : undefined;
    return { jobId, place, home, force, namespaceId, occasion: isDelete ? 'undecided' : undefined };
  } catch {
    return { place: {}, home, occasion: isDelete ? 'unreadable' : undefined };
  }
}
