/** Several stories at once, told one after the other: each waits until those before it have ended. */

export class Turns {
  private current = 0;
  private readonly kept: string[][];
  private readonly ended: boolean[];

  constructor(
    count: number,
    private readonly print: (text: string) => void,
  ) {
    this.kept = Array.from({ length: count }, () => []);
    this.ended = Array.from({ length: count }, () => false);
  }

  /** Prints at once when it is this story's turn; keeps the text until then. */
  tell(story: number, text: string): void {
    if (story === this.current) this.print(text);
    else this.kept[story]?.push(text);
  }

  /** The story is over; those that waited for it are told. */
  end(story: number): void {
    this.ended[story] = true;
    while (this.ended[this.current] === true) {
      this.current += 1;
      for (const text of this.kept[this.current] ?? []) this.print(text);
      if (this.kept[this.current]) this.kept[this.current] = [];
    }
  }
}
