import { pick } from "./lang.ts";

/** What one points at besides records: offsets of a partition, and records on their way. */
export const words = pick("aim", {
  start: (partition: string, offset: number) => `${partition}, log start offset ${offset}`,
  lso: (partition: string, offset: number) => `${partition}, last stable offset ${offset}`,
  hw: (partition: string, offset: number) => `${partition}, high watermark ${offset}`,
  leo: (partition: string, offset: number) => `${partition}, log end offset ${offset}`,
  underway: (partition: string) => `records on their way, ${partition}`,
  produced: (records: string, producer: string, broker: number) => `${records} from ${producer} to broker ${broker}`,
  fetched: (records: string, broker: number, member: string) => `${records} from broker ${broker} to ${member}`,
  replicated: (records: string, leader: number, follower: number) => `${records} from partition leader ${leader} to follower ${follower}`,
  far: (done: number, all: number) => `${done} of ${all} ms on the way`,
});
