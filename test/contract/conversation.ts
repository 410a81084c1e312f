// What conversations.json holds, what a language's program is given, and what it answers.

/** The languages that hold the conversations. */
export const LANGUAGES = ['TypeScript', 'Python', 'Go', 'C++', 'Java', 'Rust'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One conversation: who is at the other end, what happens on the way, what the client does and how it must end. */
export interface Conversation {
  readonly name: string;
  /** A claim about the client, for the table. */
  readonly title: string;
  readonly host: {
    /** `real` is the default; `none`: nothing listens; `next`: a host that speaks only a later revision. */
    readonly kind?: 'real' | 'none' | 'next';
    /** Folders of examples/workflows; none when not given. */
    readonly workflows?: readonly string[];
    readonly token?: string;
    /** Speaks TLS, which the client does not. */
    readonly tls?: boolean;
  };
  readonly network?: {
    /** Breaks all connections once when this many bytes have gone up, or down. */
    readonly cutUpAfterBytes?: number;
    readonly cutDownAfterBytes?: number;
    /** Breaks all connections once when the client makes its call of this number; connecting is the first. */
    readonly cutAtCall?: number;
    /** Delivers what comes down in pieces of this many bytes, one a turn. */
    readonly piecesBytes?: number;
    /** The cut is the host's end: new connections lead to one that was started anew and knows nothing. */
    readonly cutIsRestart?: boolean;
    /** The cut is for good: new connections are refused. */
    readonly cutIsFinal?: boolean;
  };
  /** What happens when the run's `network` stage is reached; `vanish`: nobody answers from then on. */
  readonly atNetwork?: 'cut' | 'undeploy' | 'restart' | 'vanish';
  /** Another run keeps the client's waiting, and somebody else cancels the one that waits. */
  readonly cancelledInQueue?: boolean;
  readonly client: {
    readonly do: Task['do'];
    readonly workflow?: string;
    readonly token?: string;
    readonly image?: 'head-mri' | 'noise' | 'small' | 'flat' | 'rgb';
    readonly parameters?: Readonly<Record<string, number>>;
    /** The client cancels when it sees progress of this stage. */
    readonly cancelAt?: string;
  };
  readonly expect: {
    readonly outcome: Ending['outcome'];
    readonly class?: string;
    readonly reason?: string;
    /** What came out: MONAI's mask, the voxels that went in, the names of the workflows, how many messages. */
    readonly digest?: 'mask' | 'image' | 'workflows' | 'messages';
    /** How the run must stand on the host afterwards. */
    readonly runState?: 'cancelled';
  };
}

/** A VolumeHeader in protobuf's JSON. */
export interface ProtoHeader {
  readonly sizes: readonly string[];
  readonly componentType: string;
  readonly components: number;
  readonly indexToWorldLps: readonly number[];
  readonly modality: string;
}

/** What a language's program reads from standard input. */
export interface Task {
  readonly do: 'list' | 'transfer' | 'run' | 'messages';
  readonly address: string;
  readonly token?: string;
  readonly workflow?: string;
  readonly parameters?: Readonly<Record<string, number>>;
  readonly cancelAt?: string;
  /** `voxels`: a file of them as they lie in memory. */
  readonly image?: { readonly voxels: string; readonly header: ProtoHeader };
  /** The file of golden messages. */
  readonly messages?: string;
}

/** What it prints. */
export interface Ending {
  readonly outcome: 'succeeded' | 'failed';
  /** SHA-256 of what came out (for `list`, of the names joined by newlines); how many, for `messages`. */
  readonly digest?: string;
  /** The gRPC status code's name. */
  readonly class?: string;
  readonly reason?: string;
  readonly message?: string;
}
