/** Shapes that the files of the benchmark share. */

/** What a scenario lets run side by side: a peer, perhaps in a variant of its own. */
export interface Subject {
  /** As printed; unique within its scenario. */
  name: string
  /** The file in peers/ that does the work. */
  peer: string
  /** What the task is told besides the scenario's own parameters. */
  parameters?: Record<string, unknown>
  /**
   * Why this subject cannot succeed yet. Its failure is then printed and
   * tolerated; its success fails the run, so that no mark outlives its reason.
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
  /** Which of the columns the README shows. */
  headline?: boolean
  /** More is better, such as a rate; otherwise less is. */
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

/** The median of a metric for a subject; NaN where there is none. */
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
  /** One line: what is done, as in "load the package". */
  title: string
  subjects: Subject[]
  metrics: Metric[]
  /** How many times each subject runs: in full, and with --quick. */
  rounds: [full: number, quick: number]
  /** Options of the emulator; absent where the scenario needs no service. */
  emulator?: Record<string, unknown>
  /** Prepares the stage, once, before the first round. */
  prepare?: (stage: Stage) => Promise<void> | void
  /** One sample of one subject. */
  measure: (stage: Stage, subject: Subject) => Promise<Sample>
  targets?: Target[]
  /** What a reader must know to read the figures right. */
  note?: string
}

export interface ScenarioReport {
  scenario: Scenario
  outcomes: Outcome[]
  verdicts: Verdict[]
  /** Why the scenario could not run here at all. */
  skipped?: string
  /** How long all of it took. */
  seconds?: number
}

/** The emulator in its own process, as far as the benchmark uses it. */
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

/** Where a scenario plays: a scratch folder, a clean environment, perhaps an emulator. */
export interface Stage {
  quick: boolean
  folder: string
  environment: Record<string, string>
  /** Present where the scenario asks for one. */
  emulator: Emulator
  /** What the scenario itself wants to remember from one sample to the next. */
  memory: Record<string, any>
  /** Runs a task of tasks/ with a peer of peers/ in a process of its own. */
  run: (task: string, subject: Subject, parameters?: Record<string, unknown>, overrides?: RunOptions) => Promise<Run>
  close: () => Promise<void>
}

export interface RunOptions {
  environment?: Record<string, string | undefined>
  nodeArguments?: string[]
  /** A command in front of node, such as one that opens a network namespace. */
  prefix?: string[]
  timeout?: number
}

/** A finished process: what it cost, and what its task answered. */
export interface Run {
  /** Milliseconds from spawn to exit. */
  wall: number
  /** Milliseconds of user and system time of all its threads, up to its exit hook. */
  cpu: number
  /** Peak resident set in MiB. */
  peak: number
  answer: Sample
}

/** What a peer does. Every function is optional: a scenario lists only peers that have what it needs. */
export interface Peer {
  /** What `load` requires, by its name. */
  module?: string
  /** The folder of a program that has it in its node_modules; else bench/. */
  from?: string
  /** A client with a secret, from the settings in the environment. */
  openSecret?: (settings: Settings, parameters: Record<string, any>) => Client
  openCertificate?: (settings: Settings, parameters: Record<string, any>) => Client
  openCli?: (parameters: Record<string, any>) => Client
  openDefault?: (parameters: Record<string, any>) => Client
  /** A client with an assertion, which no other one shares its memory with; `store` is a connected client of node-redis. */
  openPod?: (settings: Settings, parameters: { assertion: string, store: any }) => Client
  /** Loads what the package needs at its first call, and asks for nothing. */
  clearCache?: () => void
  /** Signs assertions: one call, one signature. */
  openSigner?: (parameters: Record<string, any>) => (index: number) => unknown
}

export interface Client {
  /** A token for a resource (the default one where none is given) and tenant. */
  token: (resource?: string, tenantId?: string) => Promise<unknown>
  /** The object a program would hold, and might print. */
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

/** What was run, and where. */
export interface Machine {
  date: string
  cpu: string
  cores: number
  memory: number
  system: string
  node: string
  peers: Record<string, string>
}
