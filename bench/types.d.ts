/** Types that the files of the benchmark share. */

/** A subject of a scenario: a peer, or a variant of one. */
export interface Subject {
  /** As printed; unique within its scenario. */
  name: string
  /** The file of the peer in peers/. */
  peer: string
  /** Parameters of the task in addition to the scenario's. */
  parameters?: Record<string, unknown>
  /**
   * Why this subject cannot succeed yet. The run then accepts its failure and prints it; its success fails the run, so that the mark is
   * removed.
   */
  pending?: string
}

/** One figure of a scenario. */
export interface Metric {
  key: string
  label: string
  unit: string
  digits?: number
  /** The subject whose figure of the same round is subtracted. */
  over?: string
  /** Whether the README shows this column. */
  headline?: boolean
  /** Whether a greater value is better, as for a rate. */
  rising?: boolean
}

export type Sample = Record<string, number>

export interface Summary {
  median: number
  min: number
  max: number
  count: number
}

/** Figures of one subject, by metric. */
export interface Outcome {
  subject: Subject
  samples: Sample[]
  metrics: Record<string, Summary>
  failure?: string
}

/** The median of a metric for a subject, or NaN without one. */
export type Median = (subject: string, metric: string) => number

export interface Target {
  text: string
  met: (median: Median) => boolean
}

export interface Verdict {
  text: string
  verdict: 'met' | 'missed' | 'unknown'
}

export interface Scenario {
  name: string
  /** The measured work in a few words, such as "load the package". */
  title: string
  subjects: Subject[]
  metrics: Metric[]
  /** The number of runs of each subject: in full, and with --quick. */
  rounds: [full: number, quick: number]
  /** Options of the emulator; absent if the scenario needs no service. */
  emulator?: Record<string, unknown>
  /** Prepares the stage, once, before the first round. */
  prepare?: (stage: Stage) => Promise<void> | void
  /** One sample of one subject. */
  measure: (stage: Stage, subject: Subject) => Promise<Sample>
  targets?: Target[]
  /** What a reader must know to understand the figures. */
  note?: string
}

export interface ScenarioReport {
  scenario: Scenario
  outcomes: Outcome[]
  verdicts: Verdict[]
  /** Why the scenario could not run here. */
  skipped?: string
  /** The duration of the whole scenario. */
  seconds?: number
}

/** The part of the emulator's interface that the benchmark uses; it runs in a separate process. */
export interface Emulator {
  authorityHost: string
  caFile: string
  tenantId: string
  clientId: string
  clientSecret: string
  environment: () => Record<string, string>
  counters: () => Promise<Counters>
  resetCounters: () => Promise<unknown>
  addFault: (fault: Fault) => Promise<unknown>
  clearFaults: () => Promise<unknown>
  close: () => Promise<unknown>
}

export interface Counters {
  requests: number
  tokenRequests: number
  discoveryRequests: number
  connections: number
}

export interface Fault {
  path?: string
  status?: number
  headers?: Record<string, string>
  body?: unknown
  delay?: number
  times?: number
}

/** The surroundings of a scenario: a temporary folder, a clean environment, and an emulator if it needs one. */
export interface Stage {
  quick: boolean
  folder: string
  environment: Record<string, string>
  /** Present if the scenario has options for it. */
  emulator: Emulator
  /** Values that the scenario keeps from one sample to the next. */
  memory: Record<string, any>
  /** Runs a task of tasks/ with a peer of peers/ in a separate process. */
  run: (task: string, subject: Subject, parameters?: Record<string, unknown>, overrides?: RunOptions) => Promise<Run>
  close: () => Promise<void>
}

export interface RunOptions {
  environment?: Record<string, string | undefined>
  nodeArguments?: string[]
  /** A command before node, such as one that creates a network namespace. */
  prefix?: string[]
  timeout?: number
}

/** A finished process: its cost, and its task's answer. */
export interface Run {
  /** Milliseconds from spawn to exit. */
  wall: number
  /** Milliseconds of user and system time of all its threads, up to its exit hook. */
  cpu: number
  /** Peak resident set in MiB. */
  peak: number
  answer: Sample
}

/** The functions of a peer. All are optional: a scenario lists only peers with the functions that it needs. */
export interface Peer {
  /** The name of the module that `load` requires. */
  module?: string
  /** The folder of a program with it in its node_modules; default: bench/. */
  from?: string
  /** A client with a secret, from the settings in the environment. */
  openSecret?: (settings: Settings, parameters: Record<string, any>) => Client
  openCertificate?: (settings: Settings, parameters: Record<string, any>) => Client
  openCli?: (parameters: Record<string, any>) => Client
  openDefault?: (parameters: Record<string, any>) => Client
  /** A client with an assertion, which shares no memory with others; `store` is a connected client of node-redis. */
  openPod?: (settings: Settings, parameters: { assertion: string, store: any }) => Client
  /** Loads what the package needs at its first call, without a request. */
  clearCache?: () => void
  /** Signs assertions: one call, one signature. */
  openSigner?: (parameters: Record<string, any>) => (index: number) => unknown
}

export interface Client {
  /** Gets a token for a resource (default: the default resource) and tenant. */
  token: (resource?: string, tenantId?: string) => Promise<unknown>
  /** The object that a program keeps, and might print. */
  holder?: unknown
}

export interface Settings {
  authorityHost: string
  tenantId: string
  clientId: string
  clientSecret: string
}

export interface Options {
  quick: boolean
  charts: boolean
  write: boolean
  json?: string
  only: string[]
}

/** The machine, and the versions that were run. */
export interface Machine {
  date: string
  cpu: string
  cores: number
  memory: number
  system: string
  node: string
  peers: Record<string, string>
}
