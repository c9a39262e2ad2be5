/**
 * A terminal emulator, for tests of the bytes that ktop writes.
 *
 * @module
 */
import assert from "node:assert/strict";
import xterm from "npm:@xterm/headless@6.0.0";
import {
  type Color,
  type ColorDepth,
  type Grid,
  Style,
  type StyleName,
  type Theme,
  THEMES,
} from "../../src/tui/canvas/mod.ts";

/** The number that a terminal of this depth has for a colour. */
function colorNumber(color: Color | undefined, depth: ColorDepth): number | undefined {
  if (color === undefined || depth === "mono") return undefined;
  return depth === "true" ? color.rgb : depth === "256" ? color.c256 : color.c16;
}

/** An emulated terminal. */
export class Emulator {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  /** Interprets output of a program. */
  write(data: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  /** The lines of the screen, without trailing blanks. */
  lines(): string[] {
    const buffer = this.#terminal.buffer.active;
    return Array.from(
      { length: this.#terminal.rows },
      (_, y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? "",
    );
  }

  /** Fails unless each cell of the screen has the text, width, colours and attributes of the grid. */
  assertShows(
    grid: Grid,
    message = "",
    { theme, depth }: { theme: Theme; depth: ColorDepth } = { theme: THEMES.dark, depth: "256" },
  ): void {
    const names = Object.keys(Style) as StyleName[];
    const buffer = this.#terminal.buffer.active;
    for (let y = 0; y < grid.height; y++) {
      const line = buffer.getLine(buffer.viewportY + y);
      for (let x = 0; x < grid.width; x++) {
        const index = y * grid.width + x;
        const cell = line?.getCell(x);
        assert.ok(cell, `${message} no cell at ${x},${y}`);
        const wanted = grid.text(index);
        const at = `${message} at ${x},${y}`;
        assert.equal(cell.getChars() || (cell.getWidth() === 0 ? "" : " "), wanted, `text${at}`);
        if (wanted !== "") assert.equal(cell.getWidth(), grid.cells(index), `width${at}`);
        const look = theme[names[grid.style(index)] as StyleName];
        assert.equal(
          cell.isFgDefault() ? undefined : cell.getFgColor(),
          colorNumber(look.fg, depth),
          `foreground${at}`,
        );
        assert.equal(
          cell.isBgDefault() ? undefined : cell.getBgColor(),
          colorNumber(look.bg, depth),
          `background${at}`,
        );
        assert.equal(cell.isBold() !== 0, look.bold ?? false, `weight${at}`);
        assert.equal(cell.isInverse() !== 0, look.reverse ?? false, `reverse${at}`);
      }
    }
  }
}
