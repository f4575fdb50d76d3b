/** Events that came at once. Handed on together, they cost a turn of the event loop together and not one each. */
export class EventBatch<Event> {
  readonly events: readonly Event[];

  constructor(events: readonly Event[]) {
    this.events = events;
  }
}

/** Work as an operation does it: yields its events, and returns its result. */
export type Work<Event, Result> = AsyncGenerator<Event | EventBatch<Event>, Result, void>;
