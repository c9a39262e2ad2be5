/**
 * Text as roff, in the macros of man(7).
 *
 * @module
 */

/** Escapes text, so that roff shows it literally. */
export function roffText(text: string): string {
  return [...text].map((char) => {
    if (char === "\\") return "\\e";
    if (char === "-") return "\\-";
    if (char === "'") return "\\(aq";
    if (char === "^") return "\\(ha";
    if (char === "~") return "\\(ti";
    if (char === "`") return "\\(ga";
    const code = char.codePointAt(0)!;
    return code < 0x7f ? char : `\\[u${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  }).join("").replace(/^\./, "\\&.");
}

/** Escapes prose: hyphens within words stay hyphens, at which lines may break. */
export function prose(text: string): string {
  return roffText(text).replace(/(?<=[A-Za-z])\\-(?=[A-Za-z])/g, "-");
}

/** Bold for literal text, italic for placeholders. */
export const bold = (text: string): string => `\\fB${roffText(text)}\\fR`;
export const italic = (text: string): string => `\\fI${roffText(text)}\\fR`;

/** A section and a part of one. */
export const section = (title: string): string => `.SH ${roffText(title.toUpperCase())}\n`;
export const part = (title: string): string => `.SS ${roffText(title)}\n`;

/** A paragraph. */
export const paragraph = (roff: string): string => `.PP\n${roff}\n`;

/** A tagged paragraph. Both parts are roff. */
export const tagged = (tag: string, meaning: string): string => `.TP\n${tag}\n${meaning}\n`;

/** Lines shown as they are, indented. */
export function example(lines: readonly string[]): string {
  return `.PP\n.RS 4\n.nf\n${lines.map(bold).join("\n")}\n.fi\n.RE\n`;
}
