import { describePath, type Fault } from '#server/describe-issues.ts';

/** A fleet that cannot be imported, with all its faults. The message has one a line, each with its path in the file. */
export class FleetFaults extends Error {
  readonly faults: Fault[];

  constructor(faults: Fault[]) {
    super(faults.map(describeFault).join('\n'));
    this.name = 'FleetFaults';
    this.faults = faults;
  }
}

function describeFault({ path, message }: Fault): string {
  const place = describePath(path);
  return place ? `${place}: ${message}` : message;
}
