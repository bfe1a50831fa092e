/** What was seen and lies ahead of the time that is shown, after one has gone back. */
export class Memory<T> {
  private seen: T[] = [];

  constructor(private most: number, private key: (item: T) => string, private when: (item: T) => number) {}

  /**
   * Takes over what a frame lists, oldest first. What it should list and does not never
   * happened in this run of time; what lies before its list, or after its time, is kept.
   */
  merge(list: T[], now: number): T[] {
    const here = new Set(list.map(this.key));
    const from = list.length > 0 ? this.when(list[0]!) : -Infinity;
    const kept = this.seen.filter((item) => !here.has(this.key(item)) && (this.when(item) > now || (this.when(item) < from && list.length > 0)));
    const keys = list.map(this.key);
    const once = list.filter((_, i) => keys.indexOf(keys[i]!) === i);
    this.seen = [...kept, ...once].sort((a, b) => this.when(a) - this.when(b)).slice(-this.most);
    return this.seen;
  }

  clear(): void {
    this.seen = [];
  }
}
