import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** As much of the Compose specification as this project uses. */
export interface ComposeFile {
  readonly name?: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly name?: string; readonly external?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly command?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart: string;
  readonly networks: readonly string[] | Readonly<Record<string, unknown>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
}

/** The file as it stands, anchors resolved, variables not. */
export const composeFile = (): ComposeFile => composeIn(readFileSync('docker-compose.yml', 'utf8'));

export const composeIn = (yaml: string): ComposeFile => parse(yaml, { merge: true }) as ComposeFile;

/** Sorted names of the services that start under a profile; null: without any. */
export const startedUnder = ({ services }: ComposeFile, profile: string | null): readonly string[] =>
  Object.entries(services)
    .filter(([, { profiles }]) => profiles === undefined || (profile !== null && profiles.includes(profile)))
    .map(([name]) => name)
    .toSorted();

/** What has to be set for the file to be accepted at all. */
export const secrets = {
  JWT_SECRET: '9f1c5be07a24d38660e1b7c94f2a8d53',
  WEBHOOK_SECRET: 'c07d2e91b45f68a3f3d0917be82c6a45',
  ENCRYPTION_KEY: 'Vb1x0mQ4yT8kJ7nR2sWzE5cU9aLgPh3dFqOiYtXv6BM=',
};
