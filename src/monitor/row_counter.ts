/**
 * Counts the events of an interval that a pane selects, as they arrive.
 *
 * @module
 */
import {
  type CountedRows,
  groupableColumns,
  GroupCounter,
  type Grouping,
  groupingBy,
  type Row,
  type RowSelection,
  type RowTest,
  type ToolInfo,
} from "../model/mod.ts";

/** Lifetime of a test, milliseconds: a new test renews the time budget of its patterns. */
const TEST_MS = 50;

/** Counts the events that pass the filter of a selection, and groups them. */
export class RowCounter {
  readonly selection: RowSelection;
  readonly #grouping: Grouping | null;
  #test: RowTest | null = null;
  /** Monotonic milliseconds when the test was made. */
  #testedAt = -Infinity;
  #intervalS = 1;
  #passed = 0;
  #groups: GroupCounter | null = null;
  /** Every event of the interval has been counted so far. */
  #isComplete = true;

  constructor(selection: RowSelection, tool: ToolInfo) {
    this.selection = selection;
    const by = groupableColumns(tool).find(({ key }) => key === selection.by);
    this.#grouping = by && tool.view === "events" ? groupingBy(tool, by) : null;
    this.restart();
  }

  /** Counts an event. Returns true if a filter is set and the event passes it. */
  readonly count = (row: Row): boolean => {
    const test = this.#currentTest();
    if (test && !test(row)) return false;
    this.#passed++;
    this.#groups?.add(row);
    return test !== null;
  };

  /** A test of rows, to be used at once; null: every row passes. */
  test(intervalS: number): RowTest | null {
    return this.selection.test?.(intervalS) ?? null;
  }

  /** Counts from zero. */
  restart(): void {
    this.#isComplete = true;
    this.#passed = 0;
    this.#groups = this.#grouping && new GroupCounter(this.#grouping);
  }

  /** Events of this interval were dropped before they could be counted. */
  markIncomplete(): void {
    this.#isComplete = false;
  }

  /** What was counted in an interval of this many seconds, which ends now; null if it did not count every event. */
  take(intervalS: number): CountedRows | null {
    const { filter, by } = this.selection;
    const groups = this.#groups?.groups();
    const counted = { filter, by, passed: this.#passed, ...(groups ? { groups } : {}) };
    const isComplete = this.#isComplete;
    this.#intervalS = intervalS;
    this.restart();
    return isComplete ? counted : null;
  }

  #currentTest(): RowTest | null {
    if (this.selection.test === null) return null;
    const now = performance.now();
    if (now - this.#testedAt > TEST_MS) {
      this.#testedAt = now;
      this.#test = this.selection.test(this.#intervalS);
    }
    return this.#test;
  }
}
