/**
 * Why a host shows nothing, in one sentence, and the remedy. Pure. What the host sent is escaped and shortened.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import type { RecordingError } from "../recording/mod.ts";
import { messageText, shownValue } from "../text/mod.ts";
import { ScriptExit } from "./command.ts";
import type { ConnectionEnd } from "./connection.ts";
import type { Host } from "./hosts.ts";

/** Why a host is lost or refused. Both texts are escaped. */
export interface Failure {
  /** Without a full stop. */
  readonly reason: string;
  /** A full sentence; empty: there is none. */
  readonly remedy: string;
  /** The next attempt would fail, too. */
  readonly isPermanent: boolean;
}

/** Whether ssh may ask on the terminal, and why not. */
export type Prompts = "allowed" | "several hosts" | "reconnecting";

const INSTALL = "--install copies this ktop there, into ~/.cache/ktop.";

/** Exit code of ssh if it failed itself. */
const SSH_FAILED = 255;
/** Exit code of ktop for wrong usage. */
const USAGE = 2;

/** A failure after which ktop does not try again. */
export const permanent = (reason: string, remedy = ""): Failure => ({ reason, remedy, isPermanent: true });

/** A failure that the next attempt may not have. */
const temporary = (reason: string): Failure => ({ reason, remedy: "", isPermanent: false });

/** Longest message of another program, in characters before escaping. */
const MAX_MESSAGE = 300;

/** The last line of an error output, without the name of the program and its full stop. What the ktop of a host has escaped is kept. */
function lastMessage(errors: string): string {
  const lines = errors.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== "");
  const last = (lines.at(-1) ?? "").replace(/^ktop: /, "");
  return messageText(last.slice(0, MAX_MESSAGE)).replace(/[.]$/, "");
}

const SCRIPT_FAILURES: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
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

function sudoFailure({ errors }: ConnectionEnd, { name }: Host): Failure | null {
  if (!/^sudo: .*(?:password|terminal) is required/m.test(errors)) return null;
  const asRoot = `@root@${name.replace(/^.*@/, "")}`;
  return permanent(
    "sudo asks for a password there",
    `Allow ktop without one (NOPASSWD in sudoers), or run ktop ${asRoot} to log in as root.`,
  );
}

const NO_PROMPT: Readonly<Record<Exclude<Prompts, "allowed">, string>> = {
  "several hosts": "With several hosts ssh asks for nothing: load the key into ssh-agent.",
  reconnecting:
    "When ktop reconnects, ssh asks for nothing: load the key into ssh-agent, or start ktop again.",
};

function sshFailure({ errors }: ConnectionEnd, { destination, port }: Host, prompts: Prompts): Failure {
  const message = lastMessage(errors);
  const reason = message === "" ? "ssh failed" : message.replace(/^ssh: /, "");
  if (prompts === "allowed") return temporary(reason);
  if (/permission denied|authentication/i.test(reason)) return permanent(reason, NO_PROMPT[prompts]);
  if (/host key verification failed/i.test(reason)) {
    const words = port === null ? destination : `-p ${port} ${destination}`;
    return permanent(reason, `Run ssh ${words} to check and accept its key.`);
  }
  return temporary(reason);
}

/** Why a connection ended. @param started whether a header had arrived */
export function endFailure(
  end: ConnectionEnd,
  host: Host,
  { started, prompts }: { readonly started: boolean; readonly prompts: Prompts },
): Failure {
  const { code, errors } = end;
  if (code === SSH_FAILED) return sshFailure(end, host, prompts);
  const message = lastMessage(errors);
  if (started) return temporary(message === "" ? "its ktop has ended" : message);
  const known = SCRIPT_FAILURES[code];
  if (known) return permanent(...known);
  const sudo = sudoFailure(end, host);
  if (sudo) return sudo;
  if (message === "") return permanent(`ktop ended there with exit code ${code}, without a message`);
  return permanent(message, code === USAGE ? INSTALL : "");
}

/** The output has ended, and ssh has not. */
export const connectionEnded: Failure = temporary("the connection has ended");

/** Why what a host sends is refused. @param start its first bytes */
export function refusal(error: RecordingError, { name }: Host, start: Uint8Array): Failure {
  const message = error.message.replace(/\.$/, "");
  const what = message.startsWith(name) ? message.slice(name.length).replace(/^:? /, "") : message;
  switch (error.kind) {
    case "newerVersion":
      return permanent(`its recording ${what}`, `${error.remedy} ${INSTALL}`);
    case "notARecording":
      return permanent(
        `it sent something else than ktop does: ${
          shownValue(new TextDecoder().decode(start.subarray(0, 60)))
        }`,
        "A login file such as ~/.bashrc must not print anything.",
      );
    case "empty":
      return permanent("it sent nothing");
    case "damaged":
      return permanent(what);
  }
}

/** A host is connected, and has not sent its first line in time. @param isSending the executable was being copied to it */
export function silence(seconds: number, isSending: boolean): Failure {
  const what = isSending ? "it took nothing of the copied ktop" : "it sent nothing";
  return permanent(`${what} for ${seconds} seconds`);
}

/** A run of limited length has not ended in time. */
export const overdue: Failure = permanent("it did not send all intervals in time");

/** Why a host failed, with the remedy. */
export const failureText = ({ name }: Pick<Host, "name">, { reason, remedy }: Failure): string =>
  `${name}: ${reason}. ${remedy}`.trimEnd();

/** The error of a run that a host has ended. @param more a sentence */
export const failureError = (
  { name }: Pick<Host, "name">,
  { reason, remedy }: Failure,
  more = "",
): KtopError => new KtopError(`${name}: ${reason}. ${more}`.trimEnd(), { remedy });
