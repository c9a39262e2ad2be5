/**
 * The vocabulary of all rooms: units, columns, rows, ticks, the description of a tool, and the model that a screen draws.
 * Values and pure functions only: nothing here reads, writes or runs a tool.
 *
 * @module
 */
export {
  type Column,
  compareValues,
  displayOrder,
  isAddable,
  isGauge,
  type MetricLabel,
  nameKey,
  namesInRow,
  type Shown,
  sortRows,
  sortsDescending,
  valueName,
} from "./columns.ts";
export type { MonitorCapabilities, MonitorCommand } from "./command.ts";
export { comparedBy, type ComparedRange, type ComparedRow, Comparison, type Side } from "./comparison.ts";
export {
  joinPeaks,
  notablePeaks,
  type Peak,
  PEAK_KINDS,
  type PeakKind,
  type PeakLine,
  type Peaks,
  peakTimes,
} from "./peaks.ts";
export { peaksOf } from "./tick_peaks.ts";
export { columnFormat, formatCell, formatValue } from "./format.ts";
export {
  FLAME_SPAN_MS,
  FlameGraph,
  type FlameTick,
  flameTicks,
  foldedStacks,
  type Frame,
  type FrameKind,
  MovingFlame,
  stacksOf,
  type WeightedStack,
} from "./flame.ts";
export {
  collectGroups,
  GroupCounter,
  groupRows,
  groupTick,
  largestGroups,
  mergeGroups,
  withOther,
} from "./group_counts.ts";
export {
  groupableColumns,
  type Grouping,
  groupingBy,
  groupingNamed,
  groupingNames,
  groupingsNamed,
} from "./grouping.ts";
export { HOST_KEY, type HostStatus } from "./host_status.ts";
export type {
  History,
  KeptCounts,
  KeptRow,
  PastTick,
  PastTickSummary,
  SumRestart,
  TickHistory,
} from "./history.ts";
export {
  countedFilter,
  groupName,
  isCountedIn,
  isInGroup,
  isShownRow,
  type Narrowing,
  narrowingKey,
  narrowingWords,
  type RowGroup,
} from "./narrowing.ts";
export type {
  AncestorDetails,
  CgroupDetails,
  Coverage,
  HostInfo,
  KnownProcess,
  MachineFigures,
  Model,
  Notice,
  Offer,
  PastFlags,
  Pivot,
  Pressure,
  ProcessDetails,
  Replacement,
  SelfCost,
  Snapshot,
  Stall,
  ToolModel,
  ToolState,
  Traffic,
  Watched,
} from "./model.ts";
export { chooseRows, firstInOrder, keptRows, RANKED_PART } from "./kept_rows.ts";
export { MAX_PANES, MAX_SET_PANES, type PaneSet, toolListProblem } from "./panes.ts";
export { MAX_PID } from "./pids.ts";
export { type Ancestor, chainText, parseChain } from "./process_chain.ts";
export { nextSpeed, type ReplayStatus, SPEEDS } from "./replay_status.ts";
export {
  durationOrder,
  keptOrders,
  NO_PREFERENCE,
  type RowOrder,
  type RowPreference,
  type RowSelection,
  type RowTest,
} from "./selection.ts";
export {
  hasRest,
  limitModelRows,
  limitRows,
  OTHER,
  OTHER_NAME,
  REST_KEY,
  restCount,
  restLast,
  withoutRoundingError,
  withRest,
} from "./rest_rows.ts";
export { fittingRows, rowBytes, rowsBytes } from "./row_bytes.ts";
export {
  addLost,
  type CountedRows,
  type Derived,
  type Distribution,
  type Group,
  type Groups,
  type Histogram,
  type Lost,
  makeTick,
  type Measurement,
  missingFrom,
  NOTHING_LOST,
  type RestRows,
  type Row,
  type Stacks,
  type StreamedTick,
  type Tick,
  type Value,
} from "./tick.ts";
export {
  type Example,
  findColumn,
  type Flag,
  flagsOf,
  type FlagValue,
  type GraphSeries,
  hasPattern,
  isList,
  orderTitles,
  ownOrder,
  textColumns,
  type TierName,
  type ToolInfo,
  typedFlag,
  unknownReason,
} from "./tool_info.ts";
export { type Axis, type Unit, type UnitInfo, UNITS } from "./unit.ts";
export {
  filtersIn,
  type IdFilter,
  type NamedFilter,
  negation,
  quotedWords,
  type Restrictions,
} from "./restrictions.ts";
