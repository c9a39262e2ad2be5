/**
 * Runs `ktop serve` and reads its metrics.
 *
 * @module
 */
import { RunningKtop } from "./ktop.ts";

/** Series by name and labels as they are written: `ktop_lost_events_total{tool="vfsstat"}`. */
export type Scrape = ReadonlyMap<string, number>;

/** The series of a response in the older text format. */
export function parseMetrics(text: string): Scrape {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}

/** Opens sockets as descriptors 3, 4 …, sets the variables of sd_listen_fds(3), and becomes the command after "--". */
const PASS = `
use Socket qw(:all);
$^F = 255; # without O_CLOEXEC
while (($_ = shift @ARGV) ne "--") {
  my $family = m{^/} ? AF_UNIX : /:/ ? AF_INET6 : AF_INET;
  socket(my $socket, $family, SOCK_STREAM, 0) or die "socket: $!";
  my $address = m{^/} ? pack_sockaddr_un($_)
    : /:/ ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $_)) : pack_sockaddr_in(0, inet_aton($_));
  bind($socket, $address) or die "bind $_: $!";
  listen($socket, 128) or die "listen: $!";
  fileno($socket) == 3 + @sockets or die "descriptor " . fileno($socket);
  push @sockets, $socket;
}
$ENV{LISTEN_PID} = $$;
$ENV{LISTEN_FDS} = @sockets;
exec @ARGV;
`;

/** The start of a command that passes listening sockets to the rest of it. */
export const passing = (sockets: readonly string[]): string[] => ["perl", "-e", PASS, ...sockets, "--"];

/** A running `ktop serve` on a port that the kernel chose. */
export class ServingKtop implements AsyncDisposable {
  readonly #ktop: RunningKtop;
  /** Address of the metrics. */
  readonly url: URL;

  /** What ktop prints about each of its sockets. */
  readonly places: readonly string[];

  private constructor(ktop: RunningKtop, url: URL, places: readonly string[] = [url.href]) {
    this.#ktop = ktop;
    this.url = url;
    this.places = places;
  }

  /** Starts it with these arguments, and waits until it listens. */
  static async start(args: readonly string[], listen = "127.0.0.1:0"): Promise<ServingKtop> {
    const ktop = new RunningKtop(["serve", "--listen", listen, ...args]);
    const line = await ktop.line();
    return new ServingKtop(ktop, new URL(line.replace(/^Metrics are at /, "")));
  }

  /**
   * Starts it with listening sockets that a parent passes, and waits until it listens: an IPv4 or IPv6 address, with a port that the kernel
   * chooses, or the path of a Unix socket. The result's URL is that of the first, which must be an address.
   */
  static async startPassed(sockets: readonly string[], args: readonly string[]): Promise<ServingKtop> {
    const ktop = new RunningKtop(["serve", ...args], { through: passing(sockets) });
    const places: string[] = [];
    for (const _ of sockets) places.push((await ktop.line()).replace(/^Metrics are at /, ""));
    return new ServingKtop(ktop, new URL(places[0]!), places);
  }

  /** Process id of ktop. */
  get pid(): number {
    return this.#ktop.pid;
  }

  /** One scrape. */
  async scrape(): Promise<Scrape> {
    const response = await fetch(this.url);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    return parseMetrics(text);
  }

  /** Ends it with SIGINT. */
  end(): ReturnType<RunningKtop["end"]> {
    return this.#ktop.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#ktop.end();
    } catch {
      // it has ended
    }
  }
}
