/**
 * How a completion script reads the tools of a recording.
 *
 * @module
 */

/**
 * A command of all shells: prints the name of each tool in the header of the recording `$file`, plain or gzip, one a line; fails
 * if there is none. It reads at most 64 KiB, and prints nothing but lower-case letters, digits and `_`, whatever the file holds.
 */
export const READ_HEADER = [
  'gzip -dcf < "$file" 2> /dev/null',
  "head -c 65536",
  "head -n 1",
  `grep -a '^{"format":"ktop-recording"'`,
  `grep -aoE '"tool":"[a-z0-9_]+"'`,
  "cut -d '\"' -f 4",
  "grep .",
].join(" | ");
