/**
 * Why a host shows nothing, in one sentence, and what helps. Pure. What the host sent is escaped and shortened.
 *
 * @module
 */
import { RecordingError } from "../recording/mod.ts";
import { messageText, shownValue } from "../text/mod.ts";
import { ScriptExit } from "./command.ts";
import type { ConnectionEnd } from "./connection.ts";
import type { Host } from "./hosts.ts";

/** Why a host is lost or refused. Both texts are escaped. */
export interface Failure {
  readonly reason: string;
  /** A full sentence; empty: nothing helps. */
  readonly remedy: string;
  /** Whether another attempt may succeed. */
  readonly isLasting: boolean;
}

const INSTALL = "--install copies this ktop there, into ~/.cache/ktop.";

/** Exit code of ssh if it failed itself. */
const SSH_FAILED = 255;
/** Exit code of ktop for wrong usage. */
const USAGE = 2;

const lasting = (reason: string, remedy = ""): Failure => ({ reason, remedy, isLasting: true });

/** The last line of an error output that says something, without the name of the program. */
function lastLine(errors: string): string {
  const lines = errors.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  return (lines.at(-1) ?? "").replace(/^ktop: /, "");
}

/** Longest sentence of another program, in characters before escaping. */
const MAX_SAID = 300;

/** A sentence that another program printed, without its full stop. What the ktop of a host has escaped is kept. */
const said = (errors: string): string => messageText(lastLine(errors).slice(0, MAX_SAID)).replace(/[.]$/, "");

const OF_SCRIPT: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
  [ScriptExit.absent]: ["ktop is not installed there", INSTALL],
  [ScriptExit.otherMachine]: [
    "its processor differs, so that this ktop cannot be copied",
    "Install ktop for its processor there.",
  ],
  [ScriptExit.damaged]: ["the copied ktop arrived damaged and was removed", ""],
  [ScriptExit.notWritable]: [
    "ktop cannot be copied to ~/.cache/ktop there",
    "Check its free space and owner.",
  ],
  [ScriptExit.noChecksum]: ["it has no sha256sum to check the copied ktop", "Install ktop there."],
  126: ["its ktop may not be executed there", "Its file system may be mounted with noexec."],
};

function ofSudo({ errors }: ConnectionEnd, { name }: Host): Failure | null {
  if (!/^sudo: .*(?:password|terminal) is required/m.test(errors)) return null;
  return lasting(
    "sudo asks for a password there",
    `Allow ktop without one (NOPASSWD in sudoers), or log in as root: ktop @root@${
      name.replace(/^.*@/, "")
    }.`,
  );
}

function ofSsh(end: ConnectionEnd, { name }: Host, asks: boolean): Failure {
  const text = said(end.errors);
  const reason = text === "" ? "ssh failed" : text.replace(/^ssh: /, "");
  if (/permission denied|authentication/i.test(reason) && !asks) {
    return lasting(reason, "With several hosts ssh asks for nothing: load the key into ssh-agent.");
  }
  if (/host key verification failed/i.test(reason) && !asks) {
    return lasting(reason, `Check and accept its key: ssh ${name}.`);
  }
  return { reason, remedy: "", isLasting: false };
}

/** Why a connection ended. @param started whether a header had arrived. @param asks whether ssh could ask for passwords */
export function endFailure(
  end: ConnectionEnd,
  host: Host,
  { started, asks }: { readonly started: boolean; readonly asks: boolean },
): Failure {
  const { code, errors } = end;
  if (code === SSH_FAILED) return ofSsh(end, host, asks);
  const known = OF_SCRIPT[code];
  if (known && !started) return lasting(...known);
  const sudo = started ? null : ofSudo(end, host);
  if (sudo) return sudo;
  const text = said(errors);
  if (started) return { reason: text === "" ? "its ktop has ended" : text, remedy: "", isLasting: false };
  if (text === "") return lasting(`ktop ended there with exit code ${code}, without a message`);
  return lasting(text, code === USAGE ? INSTALL : "");
}

/** Why what a host sends is refused. @param start its first bytes */
export function refusal(error: RecordingError, host: Host, start: Uint8Array): Failure {
  const message = error.message.replace(/\.$/, "");
  const { name } = host;
  const what = message.startsWith(name) ? message.slice(name.length).replace(/^:? /, "") : message;
  if (/^was made by a newer ktop/.test(what)) {
    return lasting(`its recording ${what}`, `${error.remedy} ${INSTALL}`);
  }
  if (/^is not a recording|^is empty/.test(what)) {
    const sent = shownValue(new TextDecoder().decode(start.subarray(0, 60)));
    return lasting(
      sent === "" ? "it sent nothing" : `it sent something else than ktop does: ${sent}`,
      "A login file such as ~/.bashrc must not print anything.",
    );
  }
  return lasting(what);
}

/** A host that is connected and does not send. */
export const silence = (seconds: number): Failure => lasting(`it sent nothing for ${seconds} seconds`);
