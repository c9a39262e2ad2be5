/**
 * Escaping for XML and HTML.
 *
 * @module
 */

/** What XML 1.0 cannot contain (section 2.2, Char), DEL and the C1 controls. */
const UNSAFE = /[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as XML or HTML, with U+FFFD in place of what must not be in it. */
export function xml(text: string): string {
  return text.replace(UNSAFE, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  ).replaceAll(
    '"',
    "&quot;",
  );
}
