/** Delivers events one after the other; a listener that throws hurts neither the others nor the link. */
import type { Logger } from './logger.js';
import type { BrokerEvent } from './port.js';

export class Listeners {
  private readonly listeners = new Set<(event: BrokerEvent) => void>();

  constructor(private readonly logger: Logger) {}

  add(listener: (event: BrokerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: BrokerEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error('a listener of broker events threw: its event may be lost', {
          kind: event.kind,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    }
  }
}
