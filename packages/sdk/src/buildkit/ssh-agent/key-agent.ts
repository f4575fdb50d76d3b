import { Transform } from "node:stream";
import type { Identity } from "./identity.ts";
import { WireReader, wireNumber, wireString } from "./wire.ts";

const failure = 5;
const requestIdentities = 11;
const identitiesAnswer = 12;
const signRequest = 13;
const signResponse = 14;

// Bytes; what OpenSSH's agent takes.
const longestMessage = 256 * 1024;

/**
 * One connection to an agent (draft-ietf-sshm-ssh-agent) that lists these keys and signs with them, and refuses
 * whatever else it is asked, such as adding or removing keys.
 */
export function connectToKeys(identities: readonly Identity[]): Transform {
  let waiting = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      waiting = Buffer.concat([waiting, chunk]);
      while (waiting.length >= 4) {
        const length = waiting.readUInt32BE();
        if (length > longestMessage) {
          done(new Error("a message to the ssh agent is too long"));
          return;
        }
        if (waiting.length < 4 + length) break;
        this.push(wireString(answer(waiting.subarray(4, 4 + length), identities)));
        waiting = waiting.subarray(4 + length);
      }
      done();
    },
  });
}

function answer(message: Buffer, identities: readonly Identity[]): Buffer {
  const [type] = message;
  if (type === requestIdentities) {
    const list = identities.flatMap(({ blob, comment }) => [wireString(blob), wireString(comment)]);
    return Buffer.concat([Buffer.of(identitiesAnswer), wireNumber(identities.length), ...list]);
  }
  if (type !== signRequest) return Buffer.of(failure);
  try {
    const fields = new WireReader(message.subarray(1));
    const [blob, data, flags] = [fields.bytes(), fields.bytes(), fields.number()];
    const identity = identities.find((one) => one.blob.equals(blob));
    if (identity === undefined) return Buffer.of(failure);
    return Buffer.concat([Buffer.of(signResponse), wireString(identity.sign(data, flags))]);
  } catch {
    return Buffer.of(failure); // a message that is cut short, or a key too small for the hash
  }
}
